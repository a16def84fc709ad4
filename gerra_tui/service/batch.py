"""Decisions made at once: how far they are, and when to stop and ask."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import OPEN_STATES, DecisionState

if TYPE_CHECKING:
    from gerra_tui.domain.decision import Decision

STOP_AFTER: Final = 3  # failed ones in a row: what is wrong is probably wrong with all


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    batch_id: str
    total: int
    done: int
    failed: int
    refused: int  # decided elsewhere, or changed since
    taken_back: int
    remaining: int
    dropped: int = 0
    paused: bool = False  # by the reviewer, or because three in a row failed
    stopped: bool = False  # because three in a row failed


@dataclass(slots=True)
class Batch:
    """What is counted of one batch."""

    id: str
    states: Counter[DecisionState] = field(default_factory=Counter)
    paused: bool = False
    failed_in_row: int = 0

    @property
    def stopped(self) -> bool:
        return self.failed_in_row >= STOP_AFTER

    @property
    def halted(self) -> bool:
        return self.paused or self.stopped

    @property
    def waits(self) -> bool:
        """Claims that something of it is still to be sent."""
        return any(self.states[state] for state in OPEN_STATES)

    def note(self, before: Decision | None, now: Decision, *, now_ended: bool = True) -> None:
        """A decision of this batch came to be, or changed; `now_ended` if in this session."""
        if before is not None:
            self.states[before.state] -= 1
        self.states[now.state] += 1
        if not now_ended or (before is not None and before.state is now.state):
            return
        if now.state is DecisionState.FAILED:
            self.failed_in_row += 1
        elif now.state is DecisionState.DONE and not self.stopped:
            self.failed_in_row = 0

    def resume(self) -> None:
        self.paused = False
        self.failed_in_row = 0

    def progress(self) -> BatchProgress:
        count = self.states
        return BatchProgress(
            batch_id=self.id,
            total=count.total(),
            done=count[DecisionState.DONE],
            failed=count[DecisionState.FAILED],
            refused=count[DecisionState.REFUSED],
            taken_back=count[DecisionState.TAKEN_BACK],
            dropped=count[DecisionState.DROPPED],
            remaining=sum(count[state] for state in OPEN_STATES),
            paused=self.halted,
            stopped=self.stopped,
        )
