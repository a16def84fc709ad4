"""Decisions as the reviewer knows them: decide, hold, take back, and what became of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from gerra_tui.domain.decision import DROPPABLE, NOT_SENT, TROUBLED, UNSENT, DecisionState
from gerra_tui.service.decisions.book import BatchProgress, Book, OutboxStatus
from gerra_tui.service.decisions.orphans import Inheritance, release
from gerra_tui.service.decisions.outbox import Outbox
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.decisions.recording import Recorder
from gerra_tui.service.decisions.taking_back import (
    AlreadySent,
    NeverDecided,
    NothingHeld,
    TakenBack,
    latest,
)
from gerra_tui.service.decisions.target import ReadOnly, Target, new_decisions
from gerra_tui.service.ports import AlreadyOpen

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from datetime import datetime
    from typing import Literal

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision, Origin, Trouble, Verdict
    from gerra_tui.service.failures import Failure
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

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tries:
    """What the tries of one decision met: the last failure, null if there was none; `reached` is
    false if nothing answered for the service."""

    failure: Failure | None
    reached: bool


EXPRESS_HOLD: Final = 5.0  # seconds at least, where no dialog asked
GRACE: Final = 5.0  # seconds for what is in flight when the console ends
PATIENT: Final = 2.0


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
        self._api = api
        self._clock = clock
        self._origin = origin
        self._hold = None if hold == "manual" else float(hold)
        self._read_only = read_only
        self._via = via
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
        self._writing: set[asyncio.Task[Any]] = set()
        self._deciding: dict[asyncio.Task[tuple[Decision, ...]], list[str]] = {}
        self._taking_back = asyncio.Lock()
        self._started = False

    async def open(self) -> None:
        """The journal alone, for who asks about some decisions and not for all that was left.

        Raises `JournalUnwritable`.
        """
        await self._surely(self._open())

    async def start(self) -> tuple[Decision, ...]:
        """Read the journal; gives what an ended console left (`kept`, or posted and unknown).

        `sending` ones of a dead console become `unknown` and are settled by reading; nothing is
        sent before the reviewer says so. Raises `JournalUnwritable`.
        """
        return await self._surely(self._start())

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
        await self._surely(self._refresh())

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
        hold = self._hold
        if express and hold is not None:
            hold = max(hold, EXPRESS_HOLD)
        decisions = new_decisions(
            verdict,
            targets,
            origin=self._origin,
            now=self._clock.now(),
            hold=hold,
            reason=reason,
            query=query,
            via=self._via,
        )
        deciding = self._begin(self._decide(decisions, hold))
        self._deciding[deciding] = [one.id for one in decisions]
        deciding.add_done_callback(self._deciding.pop)
        return await asyncio.shield(deciding)

    async def keep(
        self, verdict: Verdict, target: Target, trouble: Trouble, *, reason: str | None = None
    ) -> Decision:
        """Journal a decision that is not tried from here: the next console asks what to do.

        Raises what `decide` raises.
        """
        self._check_writable()
        (made,) = new_decisions(
            verdict,
            [target],
            origin=self._origin,
            now=self._clock.now(),
            hold=0,
            reason=reason,
            via=self._via,
        )
        kept = replace(made, last_error=trouble)
        await self._surely(self._add([kept]))
        self._recorder.show(kept)
        return kept

    async def give_up(self, decision_id: str) -> Tries:
        """Try it no more from here, once what is in flight of it has come to its end; it stays in
        the journal. Gives what the tries met."""
        errand = await self._outbox.give_up(decision_id)
        return Tries(errand.failure or self._outbox.pace.failure, reached=errand.reached)

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
        for one in ones:
            if one.state in TROUBLED:
                self._book.put(one, seen=True)
        await self._surely(self._inheritance.look(ones))

    async def take_back_latest(self) -> TakenBack | AlreadySent | NothingHeld | NeverDecided:
        """What `u` does: of what was decided before it, even if it is still being written.

        Raises `JournalUnwritable`.
        """
        deciding = dict(self._deciding)
        decided = {one.id for one in self._book.within(UNSENT)}.union(*deciding.values())
        async with self._taking_back:  # the next `u` is about what this one leaves
            if deciding:
                await asyncio.wait(deciding)
                if list(deciding)[-1].exception() is not None:
                    return NeverDecided()
            open_ones = self._book.within(UNSENT)
            ones = latest(one for one in open_ones if one.id in decided)
            if taken := await self.take_back([one.id for one in ones]):
                return TakenBack(taken)
        return self._recorder.departed()

    async def take_back(self, decision_ids: Sequence[str]) -> tuple[Decision, ...]:
        """Those that could be; the others have been posted. Raises `JournalUnwritable`."""
        self._check_writable()
        ones = [one for one in self._book.some(decision_ids) if one.can_be_taken_back]
        return await self._surely(self._withdraw(ones, DecisionState.TAKEN_BACK, NOT_SENT))

    async def send_now(self, decision_ids: Sequence[str] | None = None) -> None:
        """End the hold of these, or of all; `kept` ones included. Raises `JournalUnwritable`."""
        self._check_writable()
        ones = self._book.all() if decision_ids is None else self._book.some(decision_ids)
        await self._surely(self._send_now([one for one in ones if not one.state.is_end]))

    async def drop(self, decision_ids: Sequence[str]) -> tuple[Decision, ...]:
        """Never send these. The screen warns before it drops one that was posted.

        Refused and failed ones are only taken off the list. Raises `JournalUnwritable`.
        """
        self._check_writable()
        return await self._surely(self._drop(self._book.some(decision_ids)))

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
        if self._deciding:
            await asyncio.wait(self._deciding, timeout=PATIENT)
        return tuple(self._book.within(UNSENT))

    async def keep_all(self) -> None:
        """At the end: what is held becomes kept. Also done by the next start if this is not."""
        ones = self._book.within(UNSENT)
        await self._surely(self._withdraw(ones, DecisionState.KEPT, UNSENT))

    async def close(self) -> None:
        """Wait a little for what is in flight; what is not settled by then stays on disk."""
        await self._outbox.finish(GRACE)
        await asyncio.gather(*self._writing, return_exceptions=True)
        await self._audit.close()
        await self._journal.close()

    async def _open(self) -> None:
        await self._journal.open()
        if not self._read_only:
            await self._recorder.auditor.catch_up()
        self._started = True

    async def _start(self) -> tuple[Decision, ...]:
        await self._open()
        self._started = False
        known = await self._journal.open_decisions()
        for decision in known:
            if decision.state in TROUBLED:
                self._book.put(decision, seen=True)
        left = await self._inheritance.look(known)
        self._started = True
        return tuple(left)

    async def _refresh(self) -> None:
        if not self._started:
            await self._start()
        await self._inheritance.look_again()

    async def _decide(self, wanted: Sequence[Decision], hold: float | None) -> tuple[Decision, ...]:
        if not self._started:
            await self._start()
        decisions = await self._add(wanted)
        self._book.seen(old.id for one in decisions if (old := self._book.of(one.dataset_id)))
        if hold == 0:
            self._recorder.show(*decisions)
            self._outbox.enqueue(decisions)
        else:
            self._outbox.holding.begin([one.id for one in decisions], hold)
            self._recorder.show(*decisions)
        return tuple(decisions)

    async def _add(self, decisions: Sequence[Decision]) -> Sequence[Decision]:
        """Those that are new on their datasets. Raises `AlreadyOpen` if none is."""
        while True:
            try:
                await self._journal.add(decisions)
            except AlreadyOpen as problem:
                await self._inheritance.look(problem.decisions)
                open_ones = {one.dataset_id.casefold() for one in problem.decisions}
                left = [one for one in decisions if one.dataset_id.casefold() not in open_ones]
                if not left or len(left) == len(decisions):
                    raise
                decisions = left
            else:
                return decisions

    async def _send_now(self, ones: Sequence[Decision]) -> None:
        ready = await release(self._journal, await self._inheritance.adopt(ones))
        self._recorder.show(*ready)
        for batch_id in {one.batch_id for one in ready if one.batch_id is not None}:
            self._outbox.resume_batch(batch_id)
        self._outbox.enqueue(ready)

    async def _withdraw(
        self, ones: Iterable[Decision], to: DecisionState, from_states: frozenset[DecisionState]
    ) -> tuple[Decision, ...]:
        moved = await self._recorder.move(ones, to, from_states=from_states)
        self._outbox.leave_out(one.id for one in moved)
        return tuple(moved)

    async def _drop(self, ones: Sequence[Decision]) -> tuple[Decision, ...]:
        open_ones = [one for one in ones if one.state in DROPPABLE]
        troubled = [one for one in ones if one.state in TROUBLED]
        dropped = await self._withdraw(open_ones, DecisionState.DROPPED, DROPPABLE)
        await self._recorder.dismiss(troubled)
        return (*dropped, *troubled)

    def _check_writable(self) -> None:
        if self._read_only:
            raise ReadOnly

    async def _surely(self, work: Coroutine[Any, Any, T]) -> T:
        """Whoever asked may be gone before it is done; the writing and its bookkeeping are not."""
        return await asyncio.shield(self._begin(work))

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task
