"""Verdicts without a screen: journaled one by one, sent at once, through the same checks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import UNSETTLED, Decision, DecisionState, Verdict
from gerra_tui.service.decisions.decisions import Decisions
from gerra_tui.service.decisions.rereading import Found, compare
from gerra_tui.service.decisions.sending import trouble_of
from gerra_tui.service.decisions.target import new_decision, unseen
from gerra_tui.service.failures import Failure
from gerra_tui.service.ports import AlreadyOpen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Origin
    from gerra_tui.service.decisions.pace import Patience
    from gerra_tui.service.decisions.target import Target
    from gerra_tui.service.ports import AuditLog, Clock, Journal, ReviewApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one verdict, for a line of `accept|reject --json`.

    `result` is done, refused, failed, waiting, unknown or would_send. `failure` is the last one
    met, null if the service answered as it should; `reached` is false if nothing but failures to
    reach it was met.
    """

    dataset_id: str
    verdict: Verdict
    result: str
    detail: str | None = None
    decision: Decision | None = None
    failure: Failure | None = None
    reached: bool = True


def settled(decision: Decision, failure: Failure | None, *, reached: bool) -> Settled:
    """How far one decision came; `failure` is the last one met."""
    state = decision.state
    detail = decision.settled_detail
    if not state.is_end and decision.last_error is not None:
        detail = decision.last_error.detail
    ends = {
        DecisionState.DONE: "done",
        DecisionState.REFUSED: "refused",
        DecisionState.FAILED: "failed",
        DecisionState.TAKEN_BACK: "failed",  # by another console's reviewer, while it waited
        DecisionState.DROPPED: "failed",
    }
    unsettled = "unknown" if state in UNSETTLED else "waiting"
    return Settled(
        dataset_id=decision.dataset_id,
        verdict=decision.verdict,
        result=ends.get(state, unsettled),
        detail=detail,
        decision=decision,
        failure=failure,
        reached=reached or state.is_end,
    )


def met(before: Settled, failure: Failure) -> Settled:
    """The same, with what stood in the way."""
    return replace(
        before,
        detail=failure.detail,
        failure=failure,
        reached=failure.reached,
    )


class Dispatch:
    """Decides and sends for `accept`, `reject` and `outbox`. Times are in seconds.

    After `give_up_after` a decision stays `waiting` (or `unknown`) in the journal, and the next
    start asks what to do with it.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        audit: AuditLog,
        api: ReviewApi,
        clock: Clock,
        origin: Origin,
        resend_after: float = 30.0,
        give_up_after: float = 60.0,
        patience: Patience | None = None,
        read_only: bool = False,
    ) -> None:
        self._journal = journal
        self._api = api
        self._clock = clock
        self._origin = origin
        self._give_up_after = give_up_after
        self._decisions = Decisions(
            journal=journal,
            audit=audit,
            api=api,
            clock=clock,
            origin=origin,
            hold=0,
            resend_after=resend_after,
            patience=patience,
            read_only=read_only,
            via="cli",
        )
        self._waiting: set[asyncio.Future[None]] = set()
        self._sending: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the journal, and finish the audit log of ended ones. Raises `JournalUnwritable`."""
        await self._decisions.open()
        self._decisions.subscribe(self._wake)

    @property
    def trouble(self) -> str | None:
        """A sentence if the disk does not take something: the audit log catches up at the next
        start, and what is not settled stays as it is in the journal."""
        return self._decisions.status.remark

    async def check(self, verdict: Verdict, target: Target) -> Settled:
        """`--dry-run`: what `decide_and_send` would do, as far as reading can tell."""
        dataset = target.dataset
        if (earlier := await self._earlier(verdict, target)) is not None:
            return earlier
        for one in await self._journal.of_dataset(dataset.id):
            if not one.state.is_end:
                return self._open_elsewhere(verdict, one)
        trial = new_decision(
            verdict, target, origin=self._origin, now=self._clock.now(), reason=None
        )
        try:
            found, changes = compare(trial, await self._api.dataset(dataset.id))
        except Failure as failure:
            return met(Settled(dataset_id=dataset.id, verdict=verdict, result="failed"), failure)
        result = "would_send" if found is Found.AS_SEEN else "refused"
        return Settled(
            dataset_id=dataset.id, verdict=verdict, result=result, detail=changes or None
        )

    async def decide_and_send(
        self,
        verdict: Verdict,
        target: Target,
        *,
        reason: str | None = None,
        query: str | None = None,
    ) -> Settled:
        """One verdict, to its end or till patience is over.

        An open one of an ended console with this very verdict is taken up: asking for it again is
        the reviewer's word. Raises `JournalUnwritable` (nothing was decided) and `ReadOnly`.
        """
        if (earlier := await self._earlier(verdict, target)) is not None:
            return earlier
        try:
            (decision,) = await self._decisions.decide(
                verdict, [target], reason=reason, query=query
            )
        except AlreadyOpen as problem:
            (known,) = problem.decisions
            if not is_same(known, verdict, reason) or known.is_of_another_that_runs:
                return self._open_elsewhere(verdict, known)
            return await self.send(known)
        return await self._settled(decision)

    async def keep(
        self, verdict: Verdict, dataset_id: str, failure: Failure, *, reason: str | None = None
    ) -> Settled:
        """A verdict on a dataset that could not be read for `failure`: it waits in the journal.

        Nothing of it was seen, so nothing is compared when it is sent but that it is pending.
        Raises `JournalUnwritable` (nothing was decided) and `ReadOnly`.
        """
        if await self._done_here(verdict, dataset_id) is not None:
            return met(Settled(dataset_id=dataset_id, verdict=verdict, result="failed"), failure)
        try:
            decision = await self._decisions.keep(
                verdict, unseen(dataset_id), trouble_of(failure), reason=reason
            )
        except AlreadyOpen as problem:
            (known,) = problem.decisions
            return replace(self._open_elsewhere(verdict, known), failure=failure, reached=False)
        return settled(decision, failure, reached=failure.reached)

    async def send(self, decision: Decision) -> Settled:
        """One that an ended console left, on the reviewer's word. Never a running console's."""
        await self._decisions.inherit([decision])
        await self._decisions.send_now([decision.id])
        mine = self._decisions.get(decision.id)
        if mine is None or not (mine.is_ours or mine.state.is_end):
            return self._open_elsewhere(decision.verdict, decision)
        return await self._settled(mine)

    async def drop(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Never send these of ended consoles; gives those that were dropped, or taken off the list
        (refused and failed ones)."""
        ended = [one for one in decisions if not one.is_of_another_that_runs]
        await self._decisions.inherit(ended)
        return list(await self._decisions.drop([one.id for one in ended]))

    async def close(self) -> None:
        """What is in flight comes to its end, if that does not take long."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        await self._decisions.close()

    async def _earlier(self, verdict: Verdict, target: Target) -> Settled | None:
        """What was decided here before, and is still so: neither sent nor refused again."""
        dataset_id = target.dataset.id
        done = await self._done_here(verdict, dataset_id)
        if done is None:
            return None
        with suppress(Failure):
            now = await self._api.dataset(dataset_id)
            if now.status == verdict.status:
                return Settled(
                    dataset_id=dataset_id,
                    verdict=verdict,
                    result=DecisionState.DONE.value,
                    detail="decided here before",
                    decision=done,
                )
        return None

    async def _done_here(self, verdict: Verdict, dataset_id: str) -> Decision | None:
        """The last one of the journal that took effect, if it was this verdict."""
        known = await self._journal.of_dataset(dataset_id)
        done = [one for one in known if one.state is DecisionState.DONE]
        return done[-1] if done and done[-1].verdict is verdict else None

    async def _settled(self, decision: Decision) -> Settled:
        """Wait until it is, the key is refused, or the time is over."""
        sending = self._sending = self._sending or asyncio.create_task(self._decisions.run())
        with suppress(TimeoutError):
            async with asyncio.timeout(self._give_up_after):
                while self._decisions.can_go_on(decision.id):
                    await self._until_a_change(sending)
        tries = await self._decisions.give_up(decision.id)
        now = self._decisions.get(decision.id) or decision
        failure = None if now.state.is_end else tries.failure
        if now.state.is_end:
            self._decisions.forget(now.id)
        return settled(now, failure, reached=tries.reached)

    async def _until_a_change(self, sending: asyncio.Task[None]) -> None:
        """Raises what sending failed for, if it did."""
        change = asyncio.get_running_loop().create_future()
        self._waiting.add(change)
        try:
            await asyncio.wait((change, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting.discard(change)
        if sending.done():
            sending.result()

    def _wake(self, _: Decision) -> None:
        for change in self._waiting:
            if not change.done():
                change.set_result(None)

    def _open_elsewhere(self, verdict: Verdict, known: Decision) -> Settled:
        """There is an open decision on it, which this command may not or must not replace."""
        where = "in a running console" if known.is_of_another_that_runs else "in the outbox"
        state = known.state
        what = f"{known.verdict}, {state}, {where}"
        return Settled(
            dataset_id=known.dataset_id,
            verdict=verdict,
            result="unknown" if state is DecisionState.UNKNOWN else "waiting",
            detail=f"already decided here ({what}): see gerra-tui outbox",
            decision=known,
        )


def is_same(known: Decision, verdict: Verdict, reason: str | None) -> bool:
    """Whether this very verdict was decided."""
    wanted = reason if verdict is Verdict.REJECT else None
    return (known.verdict, known.reason) == (verdict, wanted)
