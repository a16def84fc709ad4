"""What the use cases need from the outside, by Protocol; bootstrap gives the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision, DecisionState
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.statistics import Statistics

# What the service is asked for at the most (docs/api.md).
LARGEST_PAGE: Final = 1000  # rows
IN_FLIGHT: Final = 4  # calls at once for reading, and as many for decisions


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
    """The calls that cannot be taken back: one POST each, never retried inside.

    `is_fresh` is asked once there is a connection, right before the first byte: where it says no,
    nothing is written, and `failures.ReadingTooOld` is raised.
    """

    async def accept(
        self, dataset_id: str, *, is_fresh: Callable[[], bool] = ...
    ) -> Confirmation: ...

    async def reject(
        self, dataset_id: str, reason: str, *, is_fresh: Callable[[], bool] = ...
    ) -> Confirmation: ...


class ReviewApi(ReadingApi, VerdictApi, Protocol):
    """The whole service."""


class Journal(Protocol):
    """Decisions on disk. Nothing counts before the call that wrote it has returned (synced).

    Raises `JournalUnwritable` (a sentence for the reviewer; nothing was recorded). Calls run off
    the event loop. An instance is bound to one console (the owner of what it adds) and one
    `Origin`; what belongs to another base URL is never seen through it, nor what belongs to another
    organization where the origin names one.
    """

    async def open(self) -> None:
        """Find out what can be found out at the start: no space, no right to write, damage."""
        ...

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reviewer should know of the opening, a sentence each."""
        ...

    async def add(self, decisions: Sequence[Decision]) -> None:
        """All of them or none. Raises `AlreadyOpen` naming the datasets that have an open one.

        Refused and failed ones of the same datasets are dismissed: trying again is a new one.
        """
        ...

    async def move(
        self, decision: Decision, to: Decision, *, from_states: frozenset[DecisionState]
    ) -> bool:
        """Compare and set, over all consoles: false if it is not so now, or not ours to move.

        The state must be one of `from_states`, `posted` as in `decision`. A living console's are
        never moved; a dead one's can be kept, found unknown or ended, but not sent before `adopt`.
        """
        ...

    async def move_all(
        self, moves: Sequence[tuple[Decision, Decision]], *, from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        """The same for many, with one sync; gives what was moved, as it is now."""
        ...

    async def adopt(self, decision_ids: Sequence[str]) -> list[Decision]:
        """Become the owner of open ones whose console is dead; gives those that are ours now."""
        ...

    async def open_decisions(self) -> list[Decision]:
        """All that are not at a clean end (refused and failed included, unless dismissed), oldest
        first, those of other consoles too."""
        ...

    async def of_dataset(self, dataset_id: str) -> list[Decision]:
        """Every decision ever recorded on that dataset for this origin, oldest first."""
        ...

    async def dismiss(self, decision_ids: Sequence[str]) -> None:
        """Refused or failed ones that the reviewer is through with: no longer listed as open."""
        ...

    async def unaudited(self) -> list[Decision]:
        """Ended ones of ours and of dead consoles that may lack their line in the audit log."""
        ...

    async def mark_audited(self, decision_ids: Sequence[str]) -> None: ...

    async def close(self) -> None:
        """From here on this console counts as ended."""
        ...


class AuditLog(Protocol):
    """One line for each end state, synced before the call returns. Raises `JournalUnwritable`."""

    async def record(self, decisions: Sequence[Decision]) -> None:
        """Append a line for each, which were never given to this or another log before."""
        ...

    async def record_missing(self, decisions: Sequence[Decision]) -> None:
        """The same for those that have no line yet: after a crash, or an error while writing."""
        ...

    async def close(self) -> None: ...


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
