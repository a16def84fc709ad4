"""What the use cases need from the outside, by Protocol; bootstrap gives the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision, DecisionState
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.statistics import Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The service's answer to a verdict that took effect."""

    dataset_id: str
    status: str
    message: str
    http_status: int


class ReadingApi(Protocol):
    """The calls that change nothing. All raise `failures.Failure` and nothing else.

    Transient failures were already retried inside, with jittered pauses; at most 4 run at once,
    further callers wait their turn. Cancelling the caller cancels the request.
    """

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page: ...

    async def dataset(self, dataset_id: str) -> Dataset: ...

    async def dataset_once(self, dataset_id: str) -> Dataset:
        """The same for the outbox: its own lane beside the readers', and no retry inside."""
        ...

    async def iterations(self, dataset_id: str) -> Iterations: ...

    async def statistics(self) -> Statistics: ...


class VerdictApi(Protocol):
    """The calls that cannot be taken back: one POST each, never retried inside."""

    async def accept(self, dataset_id: str) -> Confirmation: ...

    async def reject(self, dataset_id: str, reason: str) -> Confirmation: ...


class ReviewApi(ReadingApi, VerdictApi, Protocol):
    """The whole service."""


class Journal(Protocol):
    """Decisions on disk. Nothing counts before the call that wrote it has returned (synced).

    Raises `JournalUnwritable` (a sentence for the reviewer; nothing was recorded). Calls run off
    the event loop. An instance is bound to one console (its owner) and one `Origin`.
    """

    async def add(self, decisions: Sequence[Decision]) -> None:
        """All of them or none. Raises `AlreadyOpen` naming the datasets that have an open one."""
        ...

    async def move(
        self, decision: Decision, to: Decision, *, from_states: frozenset[DecisionState]
    ) -> bool:
        """Compare and set, over all consoles: false if it is not this console's or not so now."""
        ...

    async def open_decisions(self) -> list[Decision]:
        """All that are not at a clean end (refused and failed included), oldest first."""
        ...

    async def of_dataset(self, dataset_id: str) -> list[Decision]:
        """Every decision ever recorded on that dataset for this origin, oldest first."""
        ...


class AuditLog(Protocol):
    """One line for each end state, synced before it counts; writing one twice is prevented."""

    async def record(self, decision: Decision, *, at: datetime) -> None: ...


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds; never goes back."""
        ...


class JournalUnwritable(Exception):
    """The disk did not take the decision: nothing is decided, and the text says what to do."""


class AlreadyOpen(Exception):
    """Some of the datasets have an open decision, here or in another console."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        super().__init__("already decided and not yet settled")
        self.decisions = tuple(decisions)
