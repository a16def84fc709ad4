"""One decision, one try: read it again, compare, POST, settle. The journal goes first each time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import Decision, DecisionState, Trouble, Verdict
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.decisions.rereading import BY_READING, Found, Reading, reread
from gerra_tui.service.failures import DecisionRefused, Failure, ReadingTooOld
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.service.ports import Clock, Confirmation, Journal, ReviewApi


FRESH: Final = 1.0  # seconds: what was read before that says nothing of now
MOST_READINGS: Final = 3  # for one POST; where none is fresh in time it is tried again later


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try.

    `decision` is as the journal has it now. `failure` is what came between, if something did.
    `cut` claims that a POST of this try may still arrive. `moved` is false if someone else moved
    the decision meanwhile (taken back, or settled by another console): it is theirs to tell.
    """

    decision: Decision
    failure: Failure | None = None
    cut: bool = False
    moved: bool = True


def trouble_of(failure: Failure) -> Trouble:
    return Trouble(kind=failure.kind, http_status=failure.http_status, detail=failure.detail)


class Sender:
    """`sending` is told of a decision once it is marked, right before its POST.

    `trouble` is given a sentence while the disk does not take what must be written, then null.
    """

    def __init__(
        self,
        journal: Journal,
        api: ReviewApi,
        clock: Clock,
        *,
        sending: Callable[[Decision], None] = lambda _: None,
        trouble: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        self._journal = journal
        self._api = api
        self._clock = clock
        self._sending = sending
        self._trouble = trouble

    async def send(self, decision: Decision) -> Outcome:
        """A waiting one. Raises `JournalUnwritable` before anything was sent, never after."""
        try:
            reading = await reread(self._api, decision, self._clock)
        except Failure as failure:
            return await self._unread(decision, failure)
        if reading.found is not Found.AS_SEEN:
            return await self._write(decision, self._by_reading(decision, reading))
        sending = decision.being_posted(at=self._clock.now())
        marked = await self._write(decision, sending)
        if not marked.moved:
            return marked
        self._sending(sending)
        return await self._send_marked(sending, decision, reading)

    async def settle(
        self, decision: Decision, *, cut_is_over: bool, mine: Callable[[], bool]
    ) -> Outcome:
        """An unknown one, by reading alone. `cut_is_over`: its POST cannot arrive any more.

        If it is still pending it waits to be sent again, or is kept if it is not ours.
        Raises `JournalUnwritable`; it can be called again.
        """
        try:
            reading = await reread(self._api, decision, self._clock)
        except Failure as failure:
            return await self._unread(decision, failure)
        if reading.found is Found.CHANGED and not cut_is_over:
            return Outcome(decision)
        if reading.found is not Found.AS_SEEN:
            return await self._write(decision, self._by_reading(decision, reading))
        again = DecisionState.WAITING if mine() else DecisionState.KEPT
        return await self._write(decision, decision.becoming(again))

    async def wait(self, decision: Decision) -> Outcome:
        """A kept one is to be sent after all. Raises `JournalUnwritable`."""
        return await self._write(decision, decision.becoming(DecisionState.WAITING))

    async def _send_marked(self, sending: Decision, waiting: Decision, reading: Reading) -> Outcome:
        """Read again if the last reading is not fresh any more by the time that it is to be sent:
        marking it may have waited for the disk, and this process may have been stopped."""
        failure: Failure
        for _ in range(MOST_READINGS):
            read_at = reading.at
            try:
                if not self._is_fresh(read_at):
                    reading = await reread(self._api, waiting, self._clock)
                    read_at = reading.at
                if reading.found is not Found.AS_SEEN:
                    return await self._surely(sending, self._by_reading(sending, reading))
                return await self._post(sending, read_at, posted_before=waiting.posted)
            except ReadingTooOld as too_old:
                failure = too_old
            except Failure as unread:
                failure = unread
                break
        return await self._not_posted(sending, failure, posted_before=waiting.posted)

    def _is_fresh(self, read_at: float) -> bool:
        return self._clock.monotonic() - read_at <= FRESH

    async def _post(self, sending: Decision, read_at: float, *, posted_before: bool) -> Outcome:
        """Raises `ReadingTooOld` if nothing was written."""
        sending = replace(sending, window_ms=(self._clock.monotonic() - read_at) * 1000)
        try:
            confirmation = await self._call(sending, lambda: self._is_fresh(read_at))
        except ReadingTooOld:
            raise
        except Failure as failure:
            if failure.uncertain:
                unknown = sending.becoming(DecisionState.UNKNOWN, trouble=trouble_of(failure))
                return replace(await self._surely(sending, unknown), failure=failure, cut=True)
            if isinstance(failure, DecisionRefused):
                return await self._explain(sending, failure, posted_before=posted_before)
            return await self._not_posted(sending, failure, posted_before=posted_before)
        done = sending.settled(
            DecisionState.DONE,
            at=self._clock.now(),
            detail=confirmation.message or None,
            http_status=confirmation.http_status,
        )
        return await self._surely(sending, done)

    async def _call(self, decision: Decision, is_fresh: Callable[[], bool]) -> Confirmation:
        if decision.verdict is Verdict.ACCEPT:
            return await self._api.accept(decision.dataset_id, is_fresh=is_fresh)
        reason = decision.reason or ""
        return await self._api.reject(decision.dataset_id, reason, is_fresh=is_fresh)

    async def _not_posted(
        self, sending: Decision, failure: Failure, *, posted_before: bool
    ) -> Outcome:
        """Marked as being sent, and not carried out for certain."""
        if not failure.passing:
            return await self._surely(sending, self._failed(sending, failure))
        waiting = sending.becoming(DecisionState.WAITING, trouble=trouble_of(failure))
        waiting = replace(waiting, posted=posted_before)
        return replace(await self._surely(sending, waiting), failure=failure)

    async def _explain(
        self, sending: Decision, refusal: DecisionRefused, *, posted_before: bool
    ) -> Outcome:
        """422, though it was pending a moment ago: find out who decided, or what is the matter.

        It may have been this very verdict: something on the way may have sent it twice.
        """
        try:
            reading = await reread(self._api, sending, self._clock)
        except Failure as failure:
            if posted_before:  # the earlier POST may be what this one was refused for
                unknown = sending.becoming(DecisionState.UNKNOWN, trouble=trouble_of(failure))
                return replace(await self._surely(sending, unknown), failure=failure)
            reading = Reading(Found.DECIDED, refusal.detail, 0.0)
        if reading.found in (Found.AS_SEEN, Found.CHANGED):
            return await self._surely(sending, self._failed(sending, refusal))
        to = self._by_reading(sending, reading, http_status=refusal.http_status)
        return await self._surely(sending, to)

    async def _unread(self, decision: Decision, failure: Failure) -> Outcome:
        if not failure.passing:
            return await self._write(decision, self._failed(decision, failure))
        noted = decision.becoming(decision.state, trouble=trouble_of(failure))
        return replace(await self._write(decision, noted), failure=failure)

    def _by_reading(
        self, decision: Decision, reading: Reading, *, http_status: int | None = None
    ) -> Decision:
        now = self._clock.now()
        if reading.found is Found.OURS:
            return decision.settled(DecisionState.DONE, at=now, detail=BY_READING)
        return decision.settled(
            DecisionState.REFUSED,
            at=now,
            detail=reading.words,
            http_status=http_status,
            trouble=Trouble(kind="changed", http_status=http_status, detail=reading.words),
        )

    def _failed(self, decision: Decision, failure: Failure) -> Decision:
        detail = failure.detail
        if decision.state is DecisionState.UNKNOWN:
            detail = f"posted, and what became of it cannot be read: {detail}"
        return decision.settled(
            DecisionState.FAILED,
            at=self._clock.now(),
            detail=detail,
            http_status=failure.http_status,
            trouble=trouble_of(failure),
        )

    async def _surely(self, decision: Decision, to: Decision) -> Outcome:
        """After a POST: what became of it is written down as soon as the disk takes it.

        Until then the journal says `sending`, so that no restart can send it again unread.
        """
        patience, tries = Patience(), 0
        while True:
            try:
                outcome = await self._write(decision, to)
            except JournalUnwritable as problem:
                tries += 1
                self._trouble(str(problem))
                await asyncio.sleep(patience.pause(tries))
            else:
                if tries:
                    self._trouble(None)
                return outcome

    async def _write(self, decision: Decision, to: Decision) -> Outcome:
        states = frozenset({decision.state})
        if await self._journal.move(decision, to, from_states=states):
            return Outcome(to)
        known = await self._journal.of_dataset(decision.dataset_id)
        now = next((one for one in known if one.id == decision.id), decision)
        return Outcome(now, moved=False)
