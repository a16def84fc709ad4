"""What this user has decided, from the audit log: how much today, how fast, for which reasons."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gerra_tui.domain.decision import DecisionState
from gerra_tui.domain.moments import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision

DONE: Final = DecisionState.DONE.value
MARK: Final = b'"result":"done"'  # a quick look, before a line is parsed
MOST: Final = 50_000  # lines that are read for who decided what
LONGEST_THOUGHT: Final = 86_400.0  # seconds; more is no thinking time
YOU: Final = "you"


class Verdict(NamedTuple):
    """Who said what of a dataset: the user's name, and the status that the verdict gives."""

    user: str
    status: str


class Tally:
    """Counts the verdicts that took effect at one service. `user`: whose console this is.

    Each decision counts once, however often its line is read.
    """

    def __init__(self, base_url: str, user: str) -> None:
        self._base_url = base_url
        self._user = user
        self._seen: set[str] = set()
        self._seconds: list[float] = []
        self._verdicts: dict[str, Verdict] = {}
        self._day: str | None = None
        self.decided = 0  # today
        self.reasons: Counter[str] = Counter()  # today, as they were sent

    @property
    def seconds_each(self) -> float | None:
        """The median of today's decisions, null while there is none with a known time."""
        return median(self._seconds) if self._seconds else None

    def by(self, dataset: Dataset) -> str:
        """Who gave it the status that it has; empty where the log does not say."""
        verdict = self._verdicts.get(dataset.id)
        if verdict is None or verdict.status != dataset.status:
            return ""
        return YOU if verdict.user == self._user else verdict.user

    def read(self, lines: Iterable[bytes], now: datetime, *, whole: bool) -> None:
        """Lines of the log, newest first: today's, or so many more as tell who decided what.

        Blocks: to be called off the event loop. Raises `OSError`.
        """
        for entry in entries(lines):
            if not self.take(entry, now) and not whole:
                return

    def take(self, entry: Mapping[str, Any], now: datetime) -> bool:
        """One line; whether it is of today."""
        moment = moment_of(entry.get("time"))
        today = moment is not None and _day(moment) == _day(now)
        if entry.get("result") != DONE or entry.get("base_url") != self._base_url:
            return today
        user, dataset_id = str(entry.get("user")), str(entry.get("dataset_id"))
        status = "accepted" if entry.get("verdict") == "accept" else "rejected"
        self._verdicts.setdefault(dataset_id, Verdict(user, status))
        if today and user == self._user:
            decision_id = str(entry.get("decision_id"))
            self._count(decision_id, thought(entry), reason_of(entry), now)
        return today

    def note(self, decision: Decision, now: datetime) -> None:
        """A verdict of this console took effect."""
        status = decision.verdict.status
        self._verdicts[decision.dataset_id] = Verdict(self._user, status)
        if decision.settled_at is not None and _day(decision.settled_at) == _day(now):
            self._count(decision.id, decision.seconds, decision.reason, now)

    def _count(
        self, decision_id: str, seconds: float | None, reason: str | None, now: datetime
    ) -> None:
        if self._day != _day(now):  # a day has passed since the last one
            self._day, self.decided, self._seconds = _day(now), 0, []
            self.reasons.clear()
        if decision_id in self._seen:
            return
        self._seen.add(decision_id)
        self.decided += 1
        if seconds is not None:
            self._seconds.append(seconds)
        if reason:
            self.reasons[reason] += 1


def entries(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """What may be verdicts that took effect, of lines of the log in their order, up to `MOST`."""
    for line in islice(lines, MOST):
        if MARK in line:
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict):
                yield entry


def thought(entry: Mapping[str, Any]) -> float | None:
    """How many seconds the verdict took; null where that is not told, or nobody thinks so long."""
    seconds = entry.get("seconds")
    if not isinstance(seconds, int | float) or not 0 <= seconds < LONGEST_THOUGHT:
        return None
    return float(seconds)


def reason_of(entry: Mapping[str, Any]) -> str | None:
    """As it was sent."""
    reason = entry.get("reason")
    return reason if isinstance(reason, str) else None


def _day(moment: datetime) -> str:
    return moment.astimezone().date().isoformat()
