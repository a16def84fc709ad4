"""Decisions as the reviewer knows them: decide, hold, take back, and what became of each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import UNSENT
from gerra_tui.service.decisions.book import BatchProgress, Book, OutboxStatus
from gerra_tui.service.decisions.journaling import Journaling
from gerra_tui.service.decisions.orphans import Inheritance
from gerra_tui.service.decisions.outbox import Outbox
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.decisions.recording import Recorder
from gerra_tui.service.decisions.taking_back import (
    AlreadySent,
    NeverDecided,
    NothingHeld,
    TakenBack,
)
from gerra_tui.service.decisions.target import ReadOnly, Target
from gerra_tui.service.decisions.withdrawing import Withdrawing
from gerra_tui.service.decisions.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Literal

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision, Origin, Trouble, Verdict
    from gerra_tui.service.decisions.errands import Tries
    from gerra_tui.service.ports import AuditLog, Clock, Journal, ReviewApi

__all__ = [
    "AlreadySent",
    "BatchProgress",
    "Decisions",
    "NeverDecided",
    "NothingHeld",
    "OutboxStatus",
    "ReadOnly",
    "TakenBack",
    "Target",
]

GRACE: Final = 5.0  # seconds for what is in flight when the console ends
PATIENT: Final = 2.0  # seconds for what is being written when it is asked about


class Decisions:
    """The one door between the screen and journal and outbox.

    All calls return quickly: sending goes on in the background (`run`). Listeners are told of
    each decision that changed, after it is on disk. `hold` and `resend_after` are in seconds.
    A call that was cancelled has done its writing all the same, or will.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        audit: AuditLog,
        api: ReviewApi,
        clock: Clock,
        origin: Origin,
        hold: float | Literal["manual"] = 10.0,
        resend_after: float = 30.0,
        patience: Patience | None = None,
        read_only: bool = False,
        via: Literal["console", "cli"] = "console",
    ) -> None:
        self._journal = journal
        self._audit = audit
        self._read_only = read_only
        self._writing = Writing()
        self._book = Book()
        self._recorder = Recorder(journal, audit, clock, self._book)
        self._outbox = Outbox(
            book=self._book,
            journal=journal,
            api=api,
            clock=clock,
            resend_after=resend_after,
            patience=patience or Patience(),
            recorder=self._recorder,
        )
        self._inheritance = Inheritance(
            journal, self._book, self._recorder, self._outbox, read_only=read_only
        )
        self._journaling = Journaling(
            journal,
            clock,
            self._book,
            self._recorder,
            self._outbox,
            self._inheritance,
            self._writing,
            origin=origin,
            hold=None if hold == "manual" else float(hold),
            via=via,
        )
        self._withdrawing = Withdrawing(
            self._book, self._recorder, self._outbox, self._journaling, self._writing
        )

    async def open(self) -> None:
        """The journal alone, for who asks about some decisions and not for all that was left.

        Raises `JournalUnwritable`.
        """
        await self._writing.surely(self._inheritance.open())

    async def start(self) -> tuple[Decision, ...]:
        """Read the journal; gives what an ended console left (`kept`, or posted and unknown).

        `sending` ones of a dead console become `unknown` and are settled by reading; nothing is
        sent before the reviewer says so. Raises `JournalUnwritable`.
        """
        return tuple(await self._writing.surely(self._inheritance.start()))

    async def run(self) -> None:
        """Send what is due until cancelled; a cancelled run leaves every decision on disk."""
        if self._read_only:
            await asyncio.Event().wait()
        await self._outbox.run()

    def subscribe(self, listener: Callable[[Decision], None]) -> Callable[[], None]:
        """Gives the call that ends it."""
        return self._recorder.subscribe(listener)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reviewer should know of the journal's opening, a sentence each."""
        return self._journal.remarks

    @property
    def status(self) -> OutboxStatus:
        remark = self._outbox.disk_trouble or self._recorder.auditor.trouble
        return OutboxStatus.of(self._book, self._outbox.pace, remark)

    def of(self, dataset_id: str) -> Decision | None:
        """The latest decision made here on that dataset, for the state column, unless the service
        has shown since that it holds no longer."""
        return self._book.of(dataset_id)

    def overruled(self, dataset: Dataset, *, asked_at: datetime) -> Decision | None:
        """The service's later word wins: gives the decision of ours that this reading shows to
        hold no longer, once; from then on `of` does not tell of it.

        `asked_at` is a moment before the reading's request: what was asked before our verdict was
        settled says nothing about it.
        """
        return self._book.overrule(dataset, asked_at)

    def listing(self) -> tuple[Decision, ...]:
        """For `$`: everything not done, taken back or dropped, and what ended in this session."""
        return self._book.all()

    def hold_left(self, decision_id: str) -> float | None:
        """Seconds until this one is sent; null if it is not held, or held without an end."""
        return self._outbox.holding.left(decision_id)

    def needs_other_key(self, decision_id: str) -> bool:
        """Claims that it waits: it was made against another organization than this key's."""
        return self._outbox.needs_other_key(decision_id)

    async def refresh(self) -> None:
        """Look for what consoles that ended since the start left, and for what others took over.

        Raises `JournalUnwritable`.
        """
        await self._writing.surely(self._inheritance.look_again())

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

        Gives what was decided: datasets with an open decision, here or in another console, are left
        out. Raises `AlreadyOpen` if that is all of them, `JournalUnwritable` and `ReadOnly`:
        nothing is decided then.
        """
        self._check_writable()
        return await self._journaling.decide(
            verdict, targets, reason=reason, query=query, express=express
        )

    async def keep(
        self, verdict: Verdict, target: Target, trouble: Trouble, *, reason: str | None = None
    ) -> Decision:
        """Journal a decision that is not tried from here: the next console asks what to do.

        Raises what `decide` raises.
        """
        self._check_writable()
        return await self._journaling.keep(verdict, target, trouble, reason=reason)

    async def give_up(self, decision_id: str) -> Tries:
        """Try it no more from here, once what is in flight of it has come to its end; it stays in
        the journal. Gives what the tries met."""
        return await self._outbox.give_up(decision_id)

    def can_go_on(self, decision_id: str) -> bool:
        """Whether it is open and goes on by itself, sooner or later."""
        decision = self._book.get(decision_id)
        if decision is None or decision.state.is_end or not decision.is_ours:
            return False
        return not (self._outbox.pace.needs_key or self._outbox.needs_other_key(decision_id))

    def get(self, decision_id: str) -> Decision | None:
        """One of those listed here, as it is now."""
        return self._book.get(decision_id)

    def forget(self, decision_id: str) -> None:
        """One that is at its end: it is listed here no longer."""
        if (decision := self._book.get(decision_id)) is not None:
            self._book.remove(decision)

    async def inherit(self, ones: Sequence[Decision]) -> None:
        """List these of ended consoles, as far as no other console has them. Raises
        `JournalUnwritable`."""
        await self._writing.surely(self._inheritance.inherit(ones))

    async def take_back_latest(self) -> TakenBack | AlreadySent | NothingHeld | NeverDecided:
        """What `u` does: of what was decided before it, even if it is still being written.

        Raises `JournalUnwritable`.
        """
        self._check_writable()
        return await self._withdrawing.take_back_latest()

    async def take_back(self, decision_ids: Sequence[str]) -> tuple[Decision, ...]:
        """Those that could be; the others have been posted. Raises `JournalUnwritable`."""
        self._check_writable()
        return await self._withdrawing.take_back(self._book.some(decision_ids))

    async def send_now(self, decision_ids: Sequence[str] | None = None) -> None:
        """End the hold of these, or of all; `kept` ones included. Raises `JournalUnwritable`."""
        self._check_writable()
        ones = self._book.all() if decision_ids is None else self._book.some(decision_ids)
        await self._writing.surely(
            self._inheritance.send_now([one for one in ones if not one.state.is_end])
        )

    async def drop(self, decision_ids: Sequence[str]) -> tuple[Decision, ...]:
        """Never send these. The screen warns before it drops one that was posted.

        Refused and failed ones are only taken off the list. Raises `JournalUnwritable`.
        """
        self._check_writable()
        return await self._withdrawing.drop(self._book.some(decision_ids))

    def seen_refusals(self) -> None:
        """The reviewer has looked at the outbox."""
        self._book.seen()

    def resume(self) -> None:
        """Go on after a pause that waits for the reviewer's word."""
        if not self._read_only:
            self._outbox.resume()

    def stop_clock(self) -> None:
        """^z, $PAGER, $EDITOR: holds do not run."""
        self._outbox.holding.stop_clock()

    def start_clock(self) -> None:
        """They run again, with at least 5 s left."""
        self._outbox.holding.start_clock()

    def batch(self, batch_id: str) -> BatchProgress | None:
        batch = self._book.batch(batch_id)
        return None if batch is None else batch.progress()

    def pause_batch(self, batch_id: str) -> None:
        if (batch := self._book.batch(batch_id)) is not None:
            batch.paused = True

    def resume_batch(self, batch_id: str) -> None:
        self._outbox.resume_batch(batch_id)

    async def cancel_batch(self, batch_id: str) -> tuple[Decision, ...]:
        """Take back what of it has not left. Raises `JournalUnwritable`."""
        return await self.take_back(
            [one.id for one in self._book.within(UNSENT) if one.batch_id == batch_id]
        )

    async def unsent(self) -> tuple[Decision, ...]:
        """Held, waiting: what the quit dialog asks about.

        What is still being written counts, unless the disk takes longer than `PATIENT` seconds.
        """
        if deciding := self._journaling.under_way:
            await asyncio.wait(deciding, timeout=PATIENT)
        return tuple(self._book.within(UNSENT))

    async def keep_all(self) -> None:
        """At the end: what is held becomes kept. Also done by the next start if this is not."""
        await self._withdrawing.keep_all()

    async def close(self) -> None:
        """Wait a little for what is in flight; what is not settled by then stays on disk."""
        await self._outbox.finish(GRACE)
        await self._writing.end()
        await self._audit.close()
        await self._journal.close()

    def _check_writable(self) -> None:
        if self._read_only:
            raise ReadOnly
