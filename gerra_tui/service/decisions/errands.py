"""What the outbox knows of each decision that it tries, and whose turn it is."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.failures import Failure


@dataclass(slots=True, eq=False)
class Errand:
    """One decision on its way. Times are seconds by a monotonic clock."""

    decision_id: str
    tries: int = 0  # without success, in a row
    not_before: float | None = None  # a second POST
    task: asyncio.Task[float | None] | None = None  # while it is in flight
    wanted_again: bool = False  # asked for while it was in flight
    needs_other_key: bool = False  # it is of another organization than the key in use
    given_up: bool = False  # it is not tried any more from here
    failure: Failure | None = None  # what the last try met
    reached: bool = False  # some try was answered


@dataclass(frozen=True, slots=True)
class Tries:
    """What the tries of one decision met: the last failure, null if there was none; `reached` is
    false if nothing answered for the service."""

    failure: Failure | None
    reached: bool


class Turns:
    """Errands in the order in which they fall due. One may be in it more than once."""

    def __init__(self) -> None:
        self._ready: deque[Errand] = deque()
        self._later: list[tuple[float, int, Errand]] = []
        self._aside: dict[str, list[Errand]] = {}  # by batch
        self._count = 0

    def put(self, errand: Errand, at: float = 0.0) -> None:
        """Its turn comes at that moment, at once if it has passed."""
        if at <= 0:
            self._ready.append(errand)
        else:
            self._count += 1
            heappush(self._later, (at, self._count, errand))

    def put_aside(self, batch_id: str, errand: Errand) -> None:
        """Until its batch goes on."""
        self._aside.setdefault(batch_id, []).append(errand)

    def take_up(self, batch_id: str) -> None:
        self._ready.extend(self._aside.pop(batch_id, ()))

    def come_up(self, now: float) -> bool:
        """Those whose time has come could go at once; whether any could."""
        while self._later and self._later[0][0] <= now:
            self._ready.append(heappop(self._later)[2])
        return bool(self._ready)

    def next(self) -> Errand:
        """The first one that could go. Raises `IndexError`."""
        return self._ready.popleft()

    def opens_in(self, now: float) -> float | None:
        """Seconds until one more falls due; null if that is not a matter of time."""
        return max(0.0, self._later[0][0] - now) if self._later else None


def drawn(decisions: Iterable[Decision]) -> list[Decision]:
    """Those of batches in an order of chance: reviewers who go down the same rows at the same time
    would meet at each of them, and each time one could overwrite the other."""
    ordered = list(decisions)
    places = [place for place, one in enumerate(ordered) if one.batch_id is not None]
    batches = [ordered[place] for place in random.sample(places, len(places))]
    for place, one in zip(places, batches, strict=True):
        ordered[place] = one
    return ordered
