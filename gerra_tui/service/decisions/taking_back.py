"""What `u` does: the latest decision that has not left, or a word about the one that has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import Decision, DecisionState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gerra_tui.service.decisions.book import Book

SENT_LATELY: Final = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class TakenBack:
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class AlreadySent:
    """Nothing is held, and this one left within the last 60 s."""

    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True)
class NothingHeld:
    """Neither: `u` goes on to undo the last mark, set-aside, flag, query or view change."""


@dataclass(frozen=True, slots=True)
class NeverDecided:
    """What was decided last could not be written: there is nothing of it to take back."""


def latest(open_ones: Iterable[Decision]) -> list[Decision]:
    """The latest decision that can be taken back, a batch as a whole; held ones go before waiting
    ones. `open_ones` are oldest first."""
    ones = [one for one in open_ones if one.can_be_taken_back]
    held = [one for one in ones if one.state is DecisionState.HELD]
    if not ones:
        return []
    last = (held or ones)[-1]
    if last.batch_id is None:
        return [last]
    return [one for one in ones if one.batch_id == last.batch_id]


class Departure:
    """The last decision that left, told once. Times are seconds by a monotonic clock."""

    def __init__(self) -> None:
        self._last: tuple[str, float] | None = None

    def note(self, decision: Decision, now: float) -> None:
        self._last = (decision.id, now)

    def tell(self, book: Book, now: float) -> AlreadySent | NothingHeld:
        """It is only told the first time: the second `u` means something else."""
        last, self._last = self._last, None
        if last is None or now - last[1] > SENT_LATELY:
            return NothingHeld()
        decision = book.get(last[0])
        if decision is None or not decision.posted or decision.posted_at is None:
            return NothingHeld()  # turned away by the service, and waiting again
        return AlreadySent(decision, decision.posted_at)
