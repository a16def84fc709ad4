"""The decisions of one session in memory, as the journal has them: each, by batch, and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import OPEN_STATES, TROUBLED, DecisionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.decisions.pace import Pace


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


class Book:
    """Oldest first. What is counted is what is open, and what ended badly and was not seen yet."""

    def __init__(self) -> None:
        self._decisions: dict[str, Decision] = {}
        self._latest: dict[str, str] = {}
        self._states: Counter[DecisionState] = Counter()
        self._unseen: dict[str, DecisionState] = {}
        self._batches: dict[str, Batch] = {}

    def put(self, decision: Decision, *, seen: bool = False) -> None:
        """`seen`: it ended badly in an earlier session."""
        before = self._decisions.get(decision.id)
        if before is None:
            self._latest[decision.dataset_id.casefold()] = decision.id
        else:
            self._states[before.state] -= 1
        self._states[decision.state] += 1
        self._decisions[decision.id] = decision
        if decision.state in TROUBLED and not seen:
            self._unseen[decision.id] = decision.state
        if decision.batch_id is not None:
            batch = self._batches.setdefault(decision.batch_id, Batch(decision.batch_id))
            batch.note(before, decision, now_ended=not seen)

    def remove(self, decision: Decision) -> None:
        """Another console has it, or the reviewer is through with it."""
        known = self._decisions.pop(decision.id, None)
        if known is None:
            return
        self._states[known.state] -= 1
        self._unseen.pop(decision.id, None)
        if (batch := self.batch(known.batch_id)) is not None:
            batch.states[known.state] -= 1
        key = decision.dataset_id.casefold()
        if self._latest.get(key) == decision.id:
            del self._latest[key]

    def get(self, decision_id: str) -> Decision | None:
        return self._decisions.get(decision_id)

    def of(self, dataset_id: str) -> Decision | None:
        return self._decisions.get(self._latest.get(dataset_id.casefold(), ""))

    def overrule(self, dataset: Dataset, asked_at: datetime) -> Decision | None:
        """A verdict that took effect, if a dataset read after that shows another status: it is not
        the latest word on it any more."""
        key = dataset.id.casefold()
        decision = self.of(dataset.id)
        if decision is None or decision.state is not DecisionState.DONE:
            return None
        if decision.settled_at is None or asked_at <= decision.settled_at:
            return None
        if dataset.status == decision.verdict.status:
            return None
        del self._latest[key]
        return decision

    def all(self) -> tuple[Decision, ...]:
        return tuple(self._decisions.values())

    def some(self, decision_ids: Iterable[str]) -> list[Decision]:
        return [self._decisions[one] for one in decision_ids if one in self._decisions]

    def within(self, states: Iterable[DecisionState]) -> list[Decision]:
        wanted = frozenset(states)
        return [one for one in self._decisions.values() if one.state in wanted]

    def batch(self, batch_id: str | None) -> Batch | None:
        return None if batch_id is None else self._batches.get(batch_id)

    def batches(self) -> Iterable[Batch]:
        return self._batches.values()

    def counts(self) -> Mapping[DecisionState, int]:
        counts = Counter({state: self._states[state] for state in OPEN_STATES})
        counts.update(self._unseen.values())
        return {state: counts[state] for state in DecisionState if counts[state]}

    @property
    def unseen(self) -> int:
        return len(self._unseen)

    def seen(self, decision_ids: Iterable[str] | None = None) -> None:
        for one in list(self._unseen) if decision_ids is None else decision_ids:
            self._unseen.pop(one, None)


STOPPED = "Three in a row failed: the rest of the batch waits for your word."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStatus:
    """Counts by state (non-zero only), and why sending pauses.

    Refused and failed ones count until they were looked at.
    """

    counts: Mapping[DecisionState, int]
    paused: str | None = None  # a sentence: no connection, key refused, three failures in a row
    stopped: bool = False  # by three failures in a row: it does not go on by itself
    needs_key: bool = False  # the service answered 401
    unseen_refusals: int = 0  # refused or failed since the outbox was last looked at
    remark: str | None = None  # a sentence: the disk does not take what should be written

    @classmethod
    def of(cls, book: Book, pace: Pace, remark: str | None) -> OutboxStatus:
        stopped = any(batch.stopped and batch.waits for batch in book.batches())
        return cls(
            counts=book.counts(),
            stopped=stopped,
            paused=STOPPED if stopped and not pace.needs_key else pace.reason,
            needs_key=pace.needs_key,
            unseen_refusals=book.unseen,
            remark=remark,
        )
