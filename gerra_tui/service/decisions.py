"""Decisions as the reviewer knows them: decide, hold, take back, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from collections.abc import Callable, Mapping, Sequence
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision, DecisionState, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A dataset as the reviewer saw it when the dialog opened.

    `dataset` is the newest body shown; `version` that of its iterations, null if not known;
    `seconds` from the cursor's landing on it to the confirmation.
    """

    dataset: Dataset
    version: int | None = None
    seconds: float | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStatus:
    """What the header tells: counts by state (non-zero only), and why sending pauses."""

    counts: Mapping[DecisionState, int]
    paused: str | None = None  # a sentence: no connection, key refused, three failures in a row
    needs_key: bool = False  # the service answered 401
    unseen_refusals: int = 0  # refused or failed since the outbox was last looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    batch_id: str
    total: int
    done: int
    failed: int
    refused: int  # decided elsewhere, or changed since
    taken_back: int
    remaining: int


class Decisions:
    """The one door between the screen and journal and outbox.

    All calls return quickly: sending goes on in the background (`run`). Listeners are told of
    each decision that changed, after it is on disk.
    """

    async def start(self) -> tuple[Decision, ...]:
        """Read the journal; gives what an ended console left (`kept`, or posted and unknown).
        `sending` ones of a dead console become `unknown`; nothing is sent before the reviewer
        says so."""
        ...

    async def run(self) -> None:
        """Send what is due until cancelled; a cancelled run leaves every decision on disk."""

    def subscribe(self, listener: Callable[[Decision], None]) -> None: ...

    @property
    def status(self) -> OutboxStatus: ...

    def of(self, dataset_id: str) -> Decision | None:
        """The latest decision made here on that dataset, for the state column."""

    def listing(self) -> tuple[Decision, ...]:
        """For `$`: everything not done, taken back or dropped, and what ended in this session."""
        ...

    async def decide(
        self,
        verdict: Verdict,
        targets: Sequence[Target],
        *,
        reason: str | None = None,
        query: str | None = None,
        express: bool = False,
    ) -> tuple[Decision, ...]:
        """Journal one decision, or a batch with one hold. Returns once synced.

        Raises `JournalUnwritable` (nothing is decided) and `AlreadyOpen` (nothing is decided).
        """
        ...

    async def take_back_latest(self) -> TakenBack | AlreadySent | NothingHeld: ...

    async def take_back(self, decision_ids: Sequence[str]) -> tuple[Decision, ...]:
        """Those that could be; the others have been posted."""
        ...

    async def send_now(self, decision_ids: Sequence[str] | None = None) -> None:
        """End the hold of these, or of all; `kept` ones included."""

    async def drop(self, decision_ids: Sequence[str]) -> tuple[Decision, ...]:
        """Never send these. The screen warns before it drops an `unknown` one."""
        ...

    async def retry(self, decision_id: str) -> Decision:
        """A new decision like this refused or failed one, on the revision seen now."""
        ...

    def seen_refusals(self) -> None: ...

    def resume(self) -> None:
        """Go on after a pause that waits for the reviewer's word."""

    def stop_clock(self) -> None:
        """^z, $PAGER, $EDITOR: holds do not run."""

    def start_clock(self) -> None:
        """They run again, with at least 5 s left."""

    def batch(self, batch_id: str) -> BatchProgress | None: ...

    def pause_batch(self, batch_id: str) -> None: ...

    def resume_batch(self, batch_id: str) -> None: ...

    async def cancel_batch(self, batch_id: str) -> tuple[Decision, ...]:
        """Take back what of it has not left."""
        ...

    def unsent(self) -> tuple[Decision, ...]:
        """Held, waiting: what the quit dialog asks about."""
        ...

    async def keep_all(self) -> None:
        """At the end: what is held becomes kept. Also done by the next start if this is not."""

    async def close(self) -> None: ...
