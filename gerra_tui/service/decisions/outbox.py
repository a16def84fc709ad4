"""The outbox: what is held, due, on its way or unknown, and when each is tried next."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from dataclasses import replace
from datetime import timedelta
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.decision import DecisionState
from gerra_tui.service.decisions.hold import LOOK, Hold
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

TRIED = frozenset({DecisionState.WAITING, DecisionState.UNKNOWN})


def _drawn(decisions: Iterable[Decision]) -> list[Decision]:
    """Those of batches in an order of chance: reviewers who go down the same rows at the same time
    would meet at each of them, and each time one could overwrite the other."""
    ordered = list(decisions)
    places = [place for place, one in enumerate(ordered) if one.batch_id is not None]
    drawn = random.sample(places, len(places))
    batches = [ordered[place] for place in drawn]
    for place, one in zip(places, batches, strict=True):
        ordered[place] = one
    return ordered


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
        self._journal = journal
        self._sender = Sender(
            journal, api, clock, sending=recorder.show, trouble=self._set_disk_trouble
        )
        self._clock = clock
        self._resend_after = resend_after
        self._patience = patience
        self._recorder = recorder
        self._hold = Hold()
        self._ready: deque[str] = deque()
        self._later: list[tuple[float, int, str]] = []
        self._count = 0
        self._halted: dict[str, list[str]] = {}  # by batch
        self._tries: dict[str, int] = {}
        self._not_before: dict[str, float] = {}  # a second POST, by decision
        self._in_flight: dict[str, asyncio.Task[float | None]] = {}
        self._again: set[str] = set()  # in flight, and asked for meanwhile
        self._of_other_key: set[str] = set()  # of another organization than the key in use
        self._wake = asyncio.Event()
        self._clock_runs = asyncio.Event()  # something may be held for a time
        self._fault: BaseException | None = None
        self._disk: str | None = None
        self._disk_tries = 0
        self.pace = Pace(patience)

    @property
    def disk_trouble(self) -> str | None:
        return self._disk

    def _set_disk_trouble(self, sentence: str | None) -> None:
        self._disk = sentence

    def hold(self, ids: Iterable[str], seconds: float | None) -> None:
        self._hold.begin(ids, now=self._clock.monotonic(), seconds=seconds)
        self._clock_runs.set()
        self._wake.set()

    def hold_left(self, decision_id: str) -> float | None:
        return self._hold.left(decision_id, self._clock.monotonic())

    def needs_other_key(self, decision_id: str) -> bool:
        return decision_id in self._of_other_key

    def stop_clock(self) -> None:
        self._hold.stop(self._clock.monotonic())

    def start_clock(self) -> None:
        self._tell_moved(self._hold.go_on(self._clock.monotonic()))

    def leave_out(self, ids: Iterable[str]) -> None:
        """These are not to be sent: taken back, dropped or kept."""
        self._hold.end(ids)

    def enqueue(self, decisions: Iterable[Decision]) -> None:
        """Waiting or unknown ones, to be tried as soon as they may be, a batch in any order."""
        ids = []
        for decision in _drawn(decisions):
            ids.append(decision.id)
            self._of_other_key.discard(decision.id)
            if decision.posted and decision.id not in self._not_before:
                # Posted by a console that has ended: no later than now.
                self._not_before[decision.id] = self._clock.monotonic() + self._resend_after
            self._schedule(decision, 0)
        self._hold.end(ids)
        self._wake.set()

    def resume(self) -> None:
        """The reviewer says: go on, now."""
        self.pace.resume()
        self._of_other_key.clear()
        for batch in self._book.batches():
            if batch.stopped:
                self.resume_batch(batch.id)
        for decision in self._book.within(TRIED):
            self._schedule(decision, 0)
        self._wake.set()

    def resume_batch(self, batch_id: str) -> None:
        if (batch := self._book.batch(batch_id)) is not None:
            batch.resume()
        self._ready.extend(self._halted.pop(batch_id, ()))
        self._wake.set()

    async def run(self) -> None:
        """Send what falls due, until cancelled. What is in flight then goes on: see `finish`."""
        watching = asyncio.create_task(self._watch_the_clock())
        watching.add_done_callback(self._take_note_of_a_fault)
        try:
            await self._run()
        finally:
            watching.cancel()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            await self._end_holds()
            self._start_ready()
            try:
                async with asyncio.timeout(self._rest()):
                    await self._wake.wait()
            except TimeoutError:
                pass
            if self._fault is not None:
                raise self._fault

    async def finish(self, seconds: float) -> None:
        """Wait for what is in flight, and give it up after that: the next start reads it."""
        tasks = list(self._in_flight.values())
        if not tasks:
            return
        _, slow = await asyncio.wait(tasks, timeout=seconds)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    def _take_note_of_a_fault(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
        self._wake.set()

    async def _watch_the_clock(self) -> None:
        """Beside sending, which may wait for the disk."""
        while True:
            await self._clock_runs.wait()
            if self._hold.next_end(self._clock.monotonic()) is None:
                self._clock_runs.clear()
                continue
            await asyncio.sleep(LOOK)
            self._look_at_the_clock()

    def _look_at_the_clock(self) -> None:
        if moved := self._hold.look(self._clock.monotonic()):
            self._tell_moved(moved)

    def _tell_moved(self, ids: Iterable[str]) -> None:
        """These are held until another moment than before."""
        now = self._clock.now()
        for decision in self._book.some(ids):
            if (left := self.hold_left(decision.id)) is not None:
                self._recorder.show(replace(decision, send_at=now + timedelta(seconds=left)))
        self._clock_runs.set()
        self._wake.set()

    async def _end_holds(self) -> None:
        self._look_at_the_clock()
        due = self._book.some(self._hold.take_due(self._clock.monotonic()))
        due = [one for one in due if one.state is DecisionState.HELD]
        if not due:
            return
        moves = [(one, one.becoming(DecisionState.WAITING)) for one in due]
        try:
            moved = await self._journal.move_all(moves, from_states=frozenset({DecisionState.HELD}))
        except JournalUnwritable as problem:
            self._disk = str(problem)
            self.hold([one.id for one in due], self._patience.pause(3))
            return
        self._disk = None
        await self._recorder.note(moved, True)
        self.enqueue(moved)

    def _start_ready(self) -> None:
        now = self._clock.monotonic()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heappop(self._later)[2])
        while self._ready and len(self._in_flight) < self.pace.limit and not self._shut(now):
            decision = self._book.get(self._ready.popleft())
            if decision is None or decision.state not in TRIED:
                continue
            if decision.id in self._in_flight:
                self._again.add(decision.id)
                continue
            if self._may_not_go(decision, now):
                continue
            task = asyncio.create_task(self._try(decision), name=f"send {decision.id}")
            self._in_flight[decision.id] = task
            task.add_done_callback(partial(self._landed, decision))

    def _shut(self, now: float) -> bool:
        return self.pace.opens_in(now) != 0

    def _may_not_go(self, decision: Decision, now: float) -> bool:
        """Claims that it was put aside, for a time or until its batch goes on."""
        if decision.state is DecisionState.UNKNOWN:
            return False
        batch = self._book.batch(decision.batch_id)
        if batch is not None and batch.halted:
            self._halted.setdefault(batch.id, []).append(decision.id)
            return True
        if decision.posted and (wait := self._not_before.get(decision.id, now) - now) > 0:
            self._schedule(decision, wait)
            return True
        return False

    def _rest(self) -> float | None:
        """Seconds until there is something to do by itself."""
        now = self._clock.monotonic()
        times = [self._hold.next_end(now)]
        if self._later:
            times.append(self._later[0][0] - now)
        if self._ready and len(self._in_flight) < self.pace.limit:
            times.append(self.pace.opens_in(now))
        return min((max(0.0, time) for time in times if time is not None), default=None)

    def _schedule(self, decision: Decision, seconds: float) -> None:
        if seconds <= 0:
            self._ready.append(decision.id)
        else:
            self._count += 1
            heappush(self._later, (self._clock.monotonic() + seconds, self._count, decision.id))

    async def _try(self, decision: Decision) -> float | None:
        """Gives the seconds until this decision is tried again, null if it is settled."""
        try:
            if decision.state is DecisionState.UNKNOWN:
                over = self._not_before.get(decision.id, 0.0) <= self._clock.monotonic()
                outcome = await self._sender.settle(
                    decision, cut_is_over=over, mine=lambda: self._is_mine(decision)
                )
                outcome = await self._as_ours(outcome)
            else:
                outcome = await self._sender.send(decision)
        except JournalUnwritable as problem:
            self._disk = str(problem)
            self._disk_tries += 1
            await self._recorder.note([self._book.get(decision.id) or decision], False)
            return self._patience.pause(self._disk_tries)
        self._disk, self._disk_tries = None, 0
        wait = self._reckon(outcome)
        now = outcome.decision
        before = self._book.get(now.id)
        if before is not None:  # it may have become ours meanwhile
            now = replace(now, owner=before.owner)
        await self._recorder.note([now], outcome.moved)
        return wait

    def _reckon(self, outcome: Outcome) -> float | None:
        """What the outcome means for the next try, as `_try` gives it, and for other decisions."""
        decision, now = outcome.decision, self._clock.monotonic()
        if outcome.cut:
            self._not_before[decision.id] = now + self._resend_after
        if decision.state.is_end:
            self._tries.pop(decision.id, None)
            self._not_before.pop(decision.id, None)
        wait = 0.0
        if outcome.failure is None:
            self.pace.went_well(now)
            self._tries.pop(decision.id, None)
            if decision.state is DecisionState.UNKNOWN:  # pending, but changed: the POST may arrive
                wait = self._not_before.get(decision.id, now) - now
        else:
            self.pace.failed(outcome.failure, now)
            tries = self._tries[decision.id] = self._tries.get(decision.id, 0) + 1
            if isinstance(outcome.failure, OtherOrganization):
                self._of_other_key.add(decision.id)
                return None
            if not outcome.cut:
                wait = self._patience.pause(tries, outcome.failure.retry_after)
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
        return now.owner is None or now.owner.mine

    def _landed(self, decision: Decision, task: asyncio.Task[float | None]) -> None:
        """Not before it has landed can it be put in the queue again."""
        del self._in_flight[decision.id]
        self._take_note_of_a_fault(task)
        if task.cancelled() or task.exception() is not None:
            return
        if decision.id in self._again:
            self._schedule(decision, 0)
        elif (wait := task.result()) is not None:
            self._schedule(decision, wait)
        self._again.discard(decision.id)
