"""What the reviewer has done, from the audit log: by day and hour, how fast, why, of which type."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.moments import moment_of
from gerra_tui.domain.query import parse
from gerra_tui.service.tally import DONE, LONGEST_THOUGHT, entries, reason_of, thought

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from gerra_tui.domain.decision import Decision

DAYS: Final = 14
HOURS: Final = 24


class OwnWork:
    """Verdicts of `user` at one service that took effect in the last two weeks, days as they are
    here. Other consoles that write to the same log count in; each decision counts once.

    `type_of` gives a dataset's type where it is known; else the query tells it, where that asked
    for one type. The log itself does not have it.
    """

    def __init__(
        self, base_url: str, user: str, now: datetime, type_of: Callable[[str], str | None]
    ) -> None:
        self._base_url = base_url
        self._user = user
        self._type_of = type_of
        self._seen: set[str] = set()
        self._seconds: list[float] = []
        self.today = now.astimezone().date()
        self.days: Counter[date] = Counter()
        self.hours = [0] * HOURS  # of today
        self.verdicts: Counter[str] = Counter()  # of today: accept, reject
        self.reasons: Counter[str] = Counter()  # up to the details
        self.types: dict[str, Counter[str]] = {}  # verdicts by type

    @property
    def seconds_each(self) -> float | None:
        """The median of today's."""
        return median(self._seconds) if self._seconds else None

    @property
    def slowest(self) -> float | None:
        """Seconds of today's longest."""
        return max(self._seconds, default=None)

    def read(self, lines: Iterable[bytes]) -> None:
        """Lines of the log, newest first, until they are too old.

        Blocks: to be called off the event loop. Raises `OSError`.
        """
        for entry in entries(lines):
            if not self._take(entry):
                return

    def note(self, decision: Decision) -> None:
        """A verdict of this console took effect: the log may not have it yet."""
        if decision.settled_at is not None:
            self._count(
                decision.id,
                decision.data_type,
                decision.verdict.value,
                decision.reason,
                decision.seconds,
                decision.settled_at,
            )

    def _take(self, entry: Mapping[str, Any]) -> bool:
        """One line; whether it is of these days."""
        moment = moment_of(entry.get("time"))
        if moment is None:
            return True
        if self.today - moment.astimezone().date() >= timedelta(days=DAYS):
            return False
        mine = entry.get("user") == self._user and entry.get("base_url") == self._base_url
        if mine and entry.get("result") == DONE:
            self._count(
                str(entry.get("decision_id")),
                self._type_of(str(entry.get("dataset_id"))) or _asked_type(entry.get("query")),
                str(entry.get("verdict")),
                reason_of(entry),
                thought(entry),
                moment,
            )
        return True

    def _count(
        self,
        decision_id: str,
        data_type: str,
        verdict: str,
        reason: str | None,
        seconds: float | None,
        moment: datetime,
    ) -> None:
        if decision_id in self._seen:
            return
        self._seen.add(decision_id)
        here = moment.astimezone()
        self.days[here.date()] += 1
        self.types.setdefault(data_type, Counter())[verdict] += 1
        if reason:
            self.reasons[reason.partition(":")[0].strip()] += 1
        if here.date() == self.today:
            self.hours[here.hour] += 1
            self.verdicts[verdict] += 1
            if seconds is not None and 0 <= seconds < LONGEST_THOUGHT:
                self._seconds.append(float(seconds))


def _asked_type(query: object) -> str:
    return _type_in(query) if isinstance(query, str) else ""


@lru_cache(maxsize=64)
def _type_in(query: str) -> str:
    """The one type that every row of the query has; empty where it has several."""
    found = parse(query).query
    terms = found.terms if found is not None else ()
    asked = [
        term.values[0].casefold()
        for term in terms
        if term.field == "type" and term.is_equality and not term.negated and len(term.values) == 1
    ]
    return asked[0] if asked else ""
