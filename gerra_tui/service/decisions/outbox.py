"""The outbox: what is due, on its way or unknown, and when each is tried next."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.decision import TRIED, DecisionState
from gerra_tui.service.decisions.errands import Errand, Tries, Turns, drawn
from gerra_tui.service.decisions.holding import Holding
from gerra_tui.service.decisions.pace import Pace
from gerra_tui.service.decisions.sending import Sender
from gerra_tui.service.failures import OtherOrganization
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.decisions.book import Book
    from gerra_tui.service.decisions.pace import Patience
    from gerra_tui.service.decisions.recording import Recorder
    from gerra_tui.service.decisions.sending import Outcome
    from gerra_tui.service.ports import Clock, Journal, ReviewApi


class Outbox:
    """At most 4 in flight, in the order in which they fell due. The clock is monotonic."""

    def __init__(
        self,
        *,
        book: Book,
        journal: Journal,
        api: ReviewApi,
        clock: Clock,
        resend_after: float,
        patience: Patience,
        recorder: Recorder,
    ) -> None:
        self._book = book
        self._sender = Sender(
            journal, api, clock, sending=recorder.show, trouble=self._set_disk_trouble
        )
        self._clock = clock
        self._resend_after = resend_after
        self._patience = patience
        self._recorder = recorder
        self._wake = asyncio.Event()
        self._errands: dict[str, Errand] = {}
        self._turns = Turns()
        self._in_flight: set[asyncio.Task[float | None]] = set()
        self._fault: BaseException | None = None
        self._disk: str | None = None
        self._disk_tries = 0
        self.pace = Pace(patience)
        self.holding = Holding(
            book=book, journal=journal, clock=clock, recorder=recorder, changed=self._wake.set
        )

    @property
    def disk_trouble(self) -> str | None:
        return self._disk

    def needs_other_key(self, decision_id: str) -> bool:
        return decision_id in self._errands and self._errands[decision_id].needs_other_key

    def leave_out(self, ids: Iterable[str]) -> None:
        """These are not to be sent: taken back, dropped or kept."""
        ones = list(ids)
        self.holding.end(ones)
        for one in ones:
            if (errand := self._errands.get(one)) is not None and errand.task is None:
                del self._errands[one]

    def enqueue(self, decisions: Iterable[Decision]) -> None:
        """Waiting or unknown ones, to be tried as soon as they may be, a batch in any order."""
        ids = []
        for decision in drawn(decisions):
            ids.append(decision.id)
            errand = self._errands.setdefault(decision.id, Errand(decision.id))
            errand.needs_other_key = errand.given_up = False
            if decision.posted and errand.not_before is None:
                # Posted by a console that has ended: no later than now.
                errand.not_before = self._clock.monotonic() + self._resend_after
            self._turns.put(errand)
        self.holding.end(ids)
        self._wake.set()

    async def give_up(self, decision_id: str) -> Tries:
        """It stays where it is, and is not tried any more; what is in flight of it comes to its
        end first."""
        errand = self._errands.get(decision_id, Errand(decision_id))
        errand.given_up = True
        if errand.task is not None:
            await asyncio.wait({errand.task})
        return Tries(errand.failure or self.pace.failure, reached=errand.reached)

    def resume(self) -> None:
        """The reviewer says: go on, now."""
        self.pace.resume()
        for errand in self._errands.values():
            errand.needs_other_key = False
        for batch in self._book.batches():
            if batch.stopped:
                self.resume_batch(batch.id)
        for decision in self._book.within(TRIED):
            if (one := self._errands.get(decision.id)) is not None:
                self._turns.put(one)
        self._wake.set()

    def resume_batch(self, batch_id: str) -> None:
        if (batch := self._book.batch(batch_id)) is not None:
            batch.resume()
        self._turns.take_up(batch_id)
        self._wake.set()

    async def run(self) -> None:
        """Send what falls due, until cancelled. What is in flight then goes on: see `finish`."""
        watching = asyncio.create_task(self.holding.watch())
        watching.add_done_callback(self._take_note_of_a_fault)
        try:
            await self._run()
        finally:
            watching.cancel()

    async def finish(self, seconds: float) -> None:
        """Wait for what is in flight, and give it up after that: the next start reads it."""
        tasks = set(self._in_flight)
        if not tasks:
            return
        _, slow = await asyncio.wait(tasks, timeout=seconds)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            await self._end_holds()
            self._start_ready()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rest()):
                    await self._wake.wait()
            if self._fault is not None:
                raise self._fault

    async def _end_holds(self) -> None:
        try:
            due = await self.holding.let_go()
        except JournalUnwritable as problem:
            self._disk = str(problem)
            return
        if due:
            self._disk = None
            self.enqueue(due)

    def _start_ready(self) -> None:
        now = self._clock.monotonic()
        while self._turns.come_up(now) and self._has_room(now):
            errand = self._turns.next()
            decision = self._book.get(errand.decision_id)
            if decision is None or decision.state not in TRIED or errand.given_up:
                continue
            if errand.task is not None:
                errand.wanted_again = True
            elif not self._may_not_go(decision, errand, now):
                self._start(decision, errand)

    def _has_room(self, now: float) -> bool:
        return len(self._in_flight) < self.pace.limit and self.pace.opens_in(now) == 0

    def _start(self, decision: Decision, errand: Errand) -> None:
        task = asyncio.create_task(self._try(decision, errand), name=f"send {decision.id}")
        errand.task = task
        self._in_flight.add(task)
        task.add_done_callback(partial(self._landed, errand))

    def _may_not_go(self, decision: Decision, errand: Errand, now: float) -> bool:
        """Claims that it was put aside, for a time or until its batch goes on."""
        if decision.state is DecisionState.UNKNOWN:
            return False
        batch = self._book.batch(decision.batch_id)
        if batch is not None and batch.halted:
            self._turns.put_aside(batch.id, errand)
            return True
        if decision.posted and errand.not_before is not None and errand.not_before > now:
            self._turns.put(errand, errand.not_before)
            return True
        return False

    def _rest(self) -> float | None:
        """Seconds until there is something to do by itself."""
        now = self._clock.monotonic()
        come = self._turns.come_up(now)
        times = [self.holding.next_end(), self._turns.opens_in(now)]
        if come and len(self._in_flight) < self.pace.limit:
            times.append(self.pace.opens_in(now))
        return min((max(0.0, time) for time in times if time is not None), default=None)

    async def _try(self, decision: Decision, errand: Errand) -> float | None:
        """Gives the seconds until this decision is tried again, null if it is settled."""
        try:
            outcome = await self._tried(decision, errand)
        except JournalUnwritable as problem:
            self._disk = str(problem)
            self._disk_tries += 1
            await self._recorder.note([self._book.get(decision.id) or decision], False)
            return self._patience.pause(self._disk_tries)
        self._disk, self._disk_tries = None, 0
        wait = self._reckon(outcome, errand, was_read=outcome.decision.attempts > decision.attempts)
        now = outcome.decision
        before = self._book.get(now.id)
        if before is not None:  # it may have become ours meanwhile
            now = replace(now, owner=before.owner)
        await self._recorder.note([now], outcome.moved)
        return wait

    async def _tried(self, decision: Decision, errand: Errand) -> Outcome:
        if decision.state is not DecisionState.UNKNOWN:
            return await self._sender.send(decision)
        over = errand.not_before is None or errand.not_before <= self._clock.monotonic()
        outcome = await self._sender.settle(
            decision, cut_is_over=over, mine=lambda: self._is_mine(decision)
        )
        return await self._as_ours(outcome)

    def _reckon(self, outcome: Outcome, errand: Errand, *, was_read: bool) -> float | None:
        """What the outcome means for the next try, as `_try` gives it, and for other decisions."""
        decision, now = outcome.decision, self._clock.monotonic()
        if outcome.cut:
            errand.not_before = now + self._resend_after
        failure = errand.failure = outcome.failure
        errand.reached |= was_read or failure is None or failure.reached
        wait = 0.0
        if failure is None:
            self.pace.went_well(now)
            errand.tries = 0
            if decision.state is DecisionState.UNKNOWN:  # pending, but changed: the POST may arrive
                wait = (errand.not_before or now) - now
        else:
            self.pace.failed(failure, now)
            errand.tries += 1
            if isinstance(failure, OtherOrganization):
                errand.needs_other_key = True
                return None
            if not outcome.cut:
                wait = self._patience.pause(errand.tries, failure.retry_after)
        return wait if decision.state in TRIED else None

    async def _as_ours(self, outcome: Outcome) -> Outcome:
        """Kept for its ended console, while the reviewer said to send it: then it waits here."""
        now = outcome.decision
        if now.state is not DecisionState.KEPT or not self._is_mine(now):
            return outcome
        return await self._sender.wait(now)

    def _is_mine(self, decision: Decision) -> bool:
        """As it is now: the reviewer may have said to send it while it was being read."""
        now = self._book.get(decision.id) or decision
        return now.is_ours

    def _landed(self, errand: Errand, task: asyncio.Task[float | None]) -> None:
        """Not before it has landed can it be put in the queue again."""
        errand.task = None
        self._in_flight.discard(task)
        self._take_note_of_a_fault(task)
        if task.cancelled() or task.exception() is not None:
            return
        again, errand.wanted_again = errand.wanted_again, False
        wait = 0.0 if again else task.result()
        now = self._book.get(errand.decision_id)
        if now is None or now.state.is_end:
            self._errands.pop(errand.decision_id, None)
        elif wait is not None:
            self._turns.put(errand, self._clock.monotonic() + wait if wait > 0 else 0.0)

    def _take_note_of_a_fault(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
        self._wake.set()

    def _set_disk_trouble(self, sentence: str | None) -> None:
        self._disk = sentence
