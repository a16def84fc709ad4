"""Verdicts without a screen: journaled one by one, sent at once, through the same checks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import (
    DROPPABLE,
    HELD_BACK,
    NOT_SENT,
    TRIED,
    UNSETTLED,
    Decision,
    DecisionState,
    Owner,
)
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.decisions.recording import Auditor
from gerra_tui.service.decisions.rereading import Found, compare
from gerra_tui.service.decisions.sending import Sender, trouble_of
from gerra_tui.service.decisions.target import ReadOnly, new_decision, unseen
from gerra_tui.service.failures import Failure, OtherOrganization, Unauthorized
from gerra_tui.service.ports import AlreadyOpen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Decision, Origin, Verdict
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
        self._audit = audit
        self._api = api
        self._clock = clock
        self._origin = origin
        self._resend_after = resend_after
        self._give_up_after = give_up_after
        self._patience = patience or Patience()
        self._read_only = read_only
        self._auditor = Auditor(journal, audit)
        self._sender = Sender(journal, api, clock)
        self._opened_at = 0.0

    async def start(self) -> None:
        """Open the journal, and finish the audit log of ended ones. Raises `JournalUnwritable`."""
        await self._journal.open()
        self._opened_at = self._clock.monotonic()
        if not self._read_only:
            await self._auditor.catch_up()

    @property
    def trouble(self) -> str | None:
        """A sentence if the audit log could not be written; it will be by the next start."""
        return self._auditor.trouble

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
        self._check_writable()
        if (earlier := await self._earlier(verdict, target)) is not None:
            return earlier
        decision = replace(
            new_decision(
                verdict, target, origin=self._origin, now=self._clock.now(), reason=reason
            ),
            via="cli",
            query=query,
        )
        try:
            await self._journal.add([decision])
        except AlreadyOpen as problem:
            (known,) = problem.decisions
            if not _is_same(known, decision) or _is_running(known):
                return self._open_elsewhere(verdict, known)
            return await self.send(known)
        return await self._drive(decision)

    async def keep(
        self, verdict: Verdict, dataset_id: str, failure: Failure, *, reason: str | None = None
    ) -> Settled:
        """A verdict on a dataset that could not be read for `failure`: it waits in the journal.

        Nothing of it was seen, so nothing is compared when it is sent but that it is pending.
        Raises `JournalUnwritable` (nothing was decided) and `ReadOnly`.
        """
        self._check_writable()
        if await self._done_here(verdict, dataset_id) is not None:
            return met(Settled(dataset_id=dataset_id, verdict=verdict, result="failed"), failure)
        decision = replace(
            new_decision(
                verdict,
                unseen(dataset_id),
                origin=self._origin,
                now=self._clock.now(),
                reason=reason,
            ),
            via="cli",
            last_error=trouble_of(failure),
        )
        try:
            await self._journal.add([decision])
        except AlreadyOpen as problem:
            (known,) = problem.decisions
            return replace(self._open_elsewhere(verdict, known), failure=failure, reached=False)
        return settled(decision, failure, reached=failure.reached)

    async def send(self, decision: Decision) -> Settled:
        """One that an ended console left, on the reviewer's word. Never a running console's."""
        self._check_writable()
        adopted = await self._journal.adopt([decision.id])
        if not adopted:
            return self._open_elsewhere(decision.verdict, decision)
        (mine,) = adopted
        if mine.state is DecisionState.SENDING or (mine.posted and mine.state in NOT_SENT):
            mine = await self._moved(mine, DecisionState.UNKNOWN)
        elif mine.state in HELD_BACK:
            mine = await self._moved(mine, DecisionState.WAITING)
        return await self._drive(mine)

    async def drop(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Never send these of ended consoles; gives those that were dropped, or taken off the list
        (refused and failed ones)."""
        self._check_writable()
        ours = await self._journal.adopt([one.id for one in decisions])
        unsure = [one for one in ours if one.state is DecisionState.SENDING]
        ours = [one for one in ours if one not in unsure]
        ours += [await self._moved(one, DecisionState.UNKNOWN) for one in unsure]
        now = self._clock.now()
        dropped = await self._journal.move_all(
            [(one, one.settled(DecisionState.DROPPED, at=now)) for one in ours],
            from_states=DROPPABLE,
        )
        await self._auditor.note(dropped)
        ended = [one for one in decisions if one.state.is_end and not _is_running(one)]
        if ended:
            await self._journal.dismiss([one.id for one in ended])
        return [*dropped, *ended]

    async def close(self) -> None:
        await self._audit.close()
        await self._journal.close()

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

    async def _drive(self, decision: Decision) -> Settled:
        """Try until it is settled, the key is refused, or the time is over."""
        started = self._clock.monotonic()
        deadline = started + self._give_up_after
        not_before = max(started, self._opened_at + self._resend_after) if decision.posted else 0.0
        failure: Failure | None = None
        tries, reached = 0, False
        while decision.state in TRIED:
            now = self._clock.monotonic()
            if decision.state is DecisionState.UNKNOWN:
                outcome = await self._sender.settle(
                    decision, cut_is_over=now >= not_before, mine=lambda: True
                )
            elif decision.posted and now < not_before:
                if not_before > deadline:
                    break
                await asyncio.sleep(not_before - now)
                continue
            else:
                outcome = await self._sender.send(decision)
            failure = outcome.failure
            was_read = outcome.decision.attempts > decision.attempts
            reached |= was_read or failure is None or failure.reached
            decision = outcome.decision
            now = self._clock.monotonic()
            if outcome.cut:
                not_before = now + self._resend_after
            if outcome.moved and decision.state.is_end:
                await self._auditor.note([decision])
            if isinstance(failure, Unauthorized | OtherOrganization) or _is_running(decision):
                break
            tries = tries + 1 if failure is not None else 0
            pause = self._pause(decision, failure, tries, not_before - now)
            if decision.state.is_end or now + pause > deadline:
                break
            await asyncio.sleep(pause)
        return settled(decision, failure, reached=reached)

    def _pause(self, decision: Decision, failure: Failure | None, tries: int, left: float) -> float:
        if failure is not None:
            return self._patience.pause(tries, failure.retry_after)
        return max(0.0, left) if decision.state is DecisionState.UNKNOWN else 0.0

    async def _moved(self, decision: Decision, state: DecisionState) -> Decision:
        if decision.state is state:
            return decision
        to = decision.becoming(state)
        moved = await self._journal.move(decision, to, from_states=frozenset({decision.state}))
        return to if moved else decision

    def _open_elsewhere(self, verdict: Verdict, known: Decision) -> Settled:
        """There is an open decision on it, which this command may not or must not replace."""
        where = "in a running console" if _is_running(known) else "in the outbox"
        state = known.state
        what = f"{known.verdict}, {state}, {where}"
        return Settled(
            dataset_id=known.dataset_id,
            verdict=verdict,
            result="unknown" if state is DecisionState.UNKNOWN else "waiting",
            detail=f"already decided here ({what}): see gerra-tui outbox",
            decision=known,
        )

    def _check_writable(self) -> None:
        if self._read_only:
            raise ReadOnly


def _is_running(decision: Decision) -> bool:
    owner: Owner | None = decision.owner
    return owner is not None and owner.alive and not owner.mine


def _is_same(one: Decision, other: Decision) -> bool:
    return (one.verdict, one.reason) == (other.verdict, other.reason)
