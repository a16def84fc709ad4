"""Decisions, whoever makes them, and what a check wants to know about each."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.demo.world.population import ACCEPTED, REJECTED

if TYPE_CHECKING:
    from gerra_tui.demo.world.catalogue import Catalogue

POSTED: Final = "post"
OTHERS: Final = "others"
OUTCOMES: Final = {"accept": ACCEPTED, "reject": REJECTED}

_KEPT = 20_000


class Verdicts:
    """`overwrite` lets a second verdict replace the first, as one backend has been seen to do."""

    def __init__(self, catalogue: Catalogue, *, overwrite: bool) -> None:
        self._catalogue = catalogue
        self._overwrite = overwrite
        self._reads: OrderedDict[int, float] = OrderedDict()
        self._taken: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def was_read(self, row: int) -> None:
        """Someone asked for this single dataset."""
        self._reads[row] = monotonic()
        self._reads.move_to_end(row)
        if len(self._reads) > _KEPT:
            self._reads.popitem(last=False)

    def decide(self, row: int, verdict: str, reason: str | None, by: str) -> None:
        """Takes a verdict, `accept` or `reject`. Raises NotPending."""
        before = self._catalogue.status(row)
        overwrite = self._overwrite and by == POSTED
        self._catalogue.decide(row, OUTCOMES[verdict], reason, overwrite=overwrite)
        read = self._reads.get(row)
        self._taken.append(
            {
                "time": datetime.now(UTC).isoformat(),
                "dataset_id": self._catalogue.identity.dataset_id(row),
                "verdict": verdict,
                "reason": reason,
                "by": by,
                "status_before": before,
                "seconds_since_read": None if read is None else monotonic() - read,
            }
        )

    def report(self) -> list[dict[str, Any]]:
        """Those that took effect, oldest first; `by` is `post` or `others`."""
        return list(self._taken)
