"""Consoles, a service that fails, other reviewers, deaths and time, in any order.

The model knows what reviewers said and what reached the service. Nothing that happens may make a
verdict reach it that was not decided, not seen, taken back, not marked in the journal, not let go
by a reviewer, or already there.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from gerra_tui.domain.decision import OPEN_STATES, Decision, Verdict
from gerra_tui.service.decisions.decisions import Decisions, TakenBack, Target
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.failures import Failure
from gerra_tui.service.ports import AlreadyOpen, JournalUnwritable
from tests.fakes import ORIGIN, FakeService, id_of
from tests.service.worlds import FakeWorld, Known, RealWorld, World
from tests.virtual_time import LoopClock, VirtualTimeLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from gerra_tui.service.ports import Confirmation

# The same lines thousands of times: counting them would take as long again.
pytestmark = pytest.mark.no_cover

DATASETS = 5
RESEND_AFTER = 30.0
numbers = st.integers(0, DATASETS - 1)
OPEN = {state.value for state in OPEN_STATES}


class WatchedService(FakeService):
    """Asks at each POST whether it may be; the answer is looked up in the journal's file."""

    def __init__(
        self, *, overwrites: bool, posting: Callable[[str, Verdict, str | None], list[float]]
    ) -> None:
        super().__init__(DATASETS, overwrites=overwrites)
        self._on_post = posting

    async def _post(self, dataset_id: str, verdict: Verdict, reason: str | None) -> Confirmation:
        times = self._on_post(dataset_id, verdict, reason)
        try:
            return await super()._post(dataset_id, verdict, reason)
        except Failure as failure:
            if not failure.uncertain:  # turned away for certain: it may come again soon
                times.pop()
            raise


class Member:
    """One console of the model."""

    def __init__(self, world: World, service: FakeService) -> None:
        self.journal = world.journal()
        self.decisions = Decisions(
            journal=self.journal,
            audit=world.audit(),
            api=service,
            clock=LoopClock(),
            origin=ORIGIN,
            resend_after=RESEND_AFTER,
            patience=Patience(first=1.0, longest=8.0),
        )
        self.tasks: list[asyncio.Task[Any]] = []

    async def start(self) -> None:
        with suppress(JournalUnwritable):  # it can be mended later
            await self.decisions.start()
        self.tasks.append(asyncio.create_task(self.decisions.run()))

    async def die(self) -> None:
        """All at once, between any two steps."""
        mine = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for task in mine:
            if task in self.tasks or _is_of(task, self.decisions):
                task.cancel()
        await self.journal.close()


def _is_of(task: asyncio.Task[Any], decisions: Decisions) -> bool:
    """Claims that the task is one of this console's."""
    outbox = decisions._outbox
    return task in decisions._writing.tasks or task in outbox._in_flight


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Reviewing(RuleBasedStateMachine):
    """The rules, over a world and a backend."""

    world_class: ClassVar[type[FakeWorld | RealWorld]] = FakeWorld
    consoles = Bundle("consoles")

    def __init__(self) -> None:
        super().__init__()
        self.loop = VirtualTimeLoop()
        self.world: World = self.world_class()
        self.service = WatchedService(overwrites=False, posting=self.check_post)
        self.members: list[Member] = []
        self.may_go: dict[str, Member] = {}  # decisions that a reviewer let go, and where
        self.taken_back: set[str] = set()
        self.posts: dict[str, list[float]] = {}

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    # What is watched

    def check_post(self, dataset_id: str, verdict: Verdict, reason: str | None) -> list[float]:
        """Gives the times at which this decision was posted, this one included."""
        (known,) = [
            one
            for one in self.world.decisions()
            if one.dataset_id == dataset_id and one.state in OPEN
        ]
        assert known.state == "sending", "it is marked before it is posted"
        assert known.posted
        assert (known.verdict, known.reason) == (verdict, reason), "what was decided is posted"
        assert known.id in self.may_go, "a reviewer let it go, in a console that lives"
        assert known.id not in self.taken_back
        times = self.posts.setdefault(known.id, [])
        now = self.loop.time()
        assert not times or now - times[-1] >= RESEND_AFTER, "no second POST too soon"
        times.append(now)
        return times

    @invariant()
    def a_verdict_is_never_doubled(self) -> None:
        ours = [one for one in self.service.posts if one.by == "post" and one.took_effect]
        assert len({one.dataset_id for one in ours}) == len(ours)

    @invariant()
    def another_verdict_is_overwritten_in_the_window_at_most(self) -> None:
        for place, ours in enumerate(self.service.posts):
            if ours.by != "post" or not ours.took_effect or ours.status_before == "pending":
                continue
            assert self.service.overwrites
            before = self.service.posts[:place]
            theirs = [one for one in before if one.dataset_id == ours.dataset_id][-1]
            posted = [
                at for at, what, which in self.service.calls
                if what == "post" and which == ours.dataset_id and at <= ours.at
            ]  # fmt: skip
            # The reading before that POST was answered before the other reviewer decided, or
            # the POST arrived late.
            assert theirs.at >= posted[-1] - 2 * self.service.latency

    @invariant()
    def a_dataset_has_one_open_decision_at_most(self) -> None:
        open_ones = [one.dataset_id for one in self.world.decisions() if one.state in OPEN]
        assert len(set(open_ones)) == len(open_ones)

    @invariant()
    def every_line_is_of_one_end(self) -> None:
        lines = self.world.lines()
        ended = {one.id for one in self.world.decisions() if one.state not in OPEN}
        assert len(set(lines)) == len(lines)
        assert set(lines) <= ended

    @invariant()
    def what_was_taken_back_was_never_posted(self) -> None:
        assert not self.taken_back & {one for one, times in self.posts.items() if times}
        for one in self.world.decisions():
            assert one.attempts >= len(self.posts.get(one.id, ()))
            if one.state == "taken_back":
                assert not self.posts.get(one.id)

    # What happens

    @initialize(overwrites=st.booleans(), target=consoles)
    def begin(self, overwrites: bool) -> Any:
        self.service.overwrites = overwrites
        return self.new_console()

    @rule(target=consoles)
    def new_console(self) -> Any:
        if len(self.members) == 3:
            return multiple()
        member = Member(self.world, self.service)
        self.members.append(member)
        self.do(member.start())
        return member

    @rule(
        member=consoles,
        wanted=st.sets(numbers, min_size=1, max_size=3),
        verdict=st.sampled_from(list(Verdict)),
        express=st.booleans(),
    )
    def decide(self, member: Member, wanted: set[int], verdict: Verdict, express: bool) -> None:
        reason = f"reason {self.loop.time()}" if verdict is Verdict.REJECT else None
        targets = self.service.targets(sorted(wanted))
        with suppress(AlreadyOpen, JournalUnwritable):
            made = self.do(
                member.decisions.decide(verdict, targets, reason=reason, express=express)
            )
            self.let_go(member, made)

    @rule(seconds=st.sampled_from([0.01, 0.03, 0.1, 1.0, 6.0, 11.0, 31.0, 70.0]))
    def time_passes(self, seconds: float) -> None:
        self.do(asyncio.sleep(seconds))

    @rule(member=consoles)
    def take_back_latest(self, member: Member) -> None:
        with suppress(JournalUnwritable):
            outcome = self.do(member.decisions.take_back_latest())
            if isinstance(outcome, TakenBack):
                self.taken_back |= {one.id for one in outcome.decisions}

    @rule(member=consoles, data=st.data())
    def take_back(self, member: Member, data: st.DataObject) -> None:
        if (one := self.some(member, data)) is not None:
            with suppress(JournalUnwritable):
                taken = self.do(member.decisions.take_back([one.id]))
                self.taken_back |= {one.id for one in taken}

    @rule(member=consoles, data=st.data())
    def drop(self, member: Member, data: st.DataObject) -> None:
        if (one := self.some(member, data)) is not None:
            with suppress(JournalUnwritable):
                self.do(member.decisions.drop([one.id]))

    @rule(member=consoles, data=st.data())
    def send_now(self, member: Member, data: st.DataObject) -> None:
        one = self.some(member, data)
        meant = member.decisions.listing() if one is None else [one]
        self.let_go(member, [each for each in meant if not each.state.is_end])
        with suppress(JournalUnwritable):
            self.do(member.decisions.send_now([each.id for each in meant]))

    @rule(member=consoles, data=st.data())
    def decide_again(self, member: Member, data: st.DataObject) -> None:
        if (one := self.some(member, data)) is not None:
            with suppress(JournalUnwritable, AlreadyOpen, Failure):
                self.let_go(member, self.do(self._again(member, one)))

    async def _again(self, member: Member, one: Decision) -> tuple[Decision, ...]:
        dataset = await self.service.dataset(one.dataset_id)
        if not dataset.is_pending:
            return ()
        return await member.decisions.decide(
            one.verdict, [Target(dataset=dataset)], reason=one.reason
        )

    @rule(member=consoles, what=st.sampled_from(["resume", "stop_clock", "start_clock"]))
    def say(self, member: Member, what: str) -> None:
        self.loop.call_soon(getattr(member.decisions, what))
        self.do(asyncio.sleep(0))

    @rule(member=consoles)
    def look(self, member: Member) -> None:
        with suppress(JournalUnwritable):
            self.do(member.decisions.refresh())

    @rule(
        faults=st.lists(
            st.sampled_from(
                ["ok", "cut", "cut-after", "500", "500-after", "429", "429:20", "401", "refused",
                 "garbage", "garbage-after", "hang", "late:1", "late:20", "404", "422"]
            ),
            max_size=6,
        )
    )  # fmt: skip
    def posts_fail(self, faults: list[str]) -> None:
        self.service.posting.extend(faults)

    @rule(
        faults=st.lists(
            st.sampled_from(["ok", "cut", "500", "429", "401", "refused", "garbage", "hang"]),
            max_size=4,
        )
    )
    def readings_fail(self, faults: list[str]) -> None:
        self.service.reading.extend(faults)

    @rule(number=numbers, verdict=st.sampled_from(list(Verdict)))
    def another_decides(self, number: int, verdict: Verdict) -> None:
        async def decide() -> None:
            self.service.decide_elsewhere(number, verdict, "another's reason")

        self.do(decide())

    @rule(number=numbers)
    def it_changes(self, number: int) -> None:
        metadata = self.service.bodies[id_of(number)]["metadata"]
        self.service.touch(number, metadata={**metadata, "changed at": self.loop.time()})

    @rule(full=st.booleans())
    def the_disk_fills(self, full: bool) -> None:
        self.world.fill(full)

    @rule(member=consumes(consoles))
    def a_console_dies(self, member: Member) -> None:
        self.do(member.die())
        self.gone(member)

    @rule(member=consumes(consoles), keep=st.booleans())
    def a_reviewer_quits(self, member: Member, keep: bool) -> None:
        self.do(self.quit(member, keep=keep))
        self.gone(member)

    def teardown(self) -> None:
        """Mend everything, say send, and look: nothing is lost."""
        try:
            self.world.fill(False)
            self.service.posting.clear()
            self.service.reading.clear()
            for member in self.members:
                self.do(self.quit(member, keep=True))
            self.do(self.finish())
            self.check_end()
        finally:
            self.do(_cancel_all())
            self.loop.close()
            self.world.end()

    # How

    def let_go(self, member: Member, ones: Any) -> None:
        self.may_go |= {one.id: member for one in ones}

    def gone(self, member: Member) -> None:
        self.members.remove(member)
        self.may_go = {one: who for one, who in self.may_go.items() if who is not member}

    def some(self, member: Member, data: st.DataObject) -> Decision | None:
        known = member.decisions.listing()
        return data.draw(st.sampled_from([None, *known])) if known else None

    async def quit(self, member: Member, *, keep: bool) -> None:
        for task in member.tasks:
            task.cancel()
        for outcome in await asyncio.gather(*member.tasks, return_exceptions=True):
            assert isinstance(outcome, asyncio.CancelledError), outcome
        if keep:
            with suppress(JournalUnwritable):
                await member.decisions.keep_all()
        await member.decisions.close()

    async def finish(self) -> None:
        last = Member(self.world, self.service)
        await last.start()
        self.let_go(last, last.decisions.listing())
        await last.decisions.send_now()
        async with asyncio.timeout(3600):
            while any(one.state in OPEN for one in self.world.decisions()):
                last.decisions.resume()
                await asyncio.sleep(10)
        await asyncio.sleep(RESEND_AFTER)
        await self.quit(last, keep=True)

    def check_end(self) -> None:
        self.a_verdict_is_never_doubled()
        known = self.world.decisions()
        assert sorted(self.world.lines()) == sorted(one.id for one in known)
        for one in known:
            if one.state == "done":
                self.check_done(one)
        ours = {
            one.dataset_id for one in self.service.posts if one.by == "post" and one.took_effect
        }
        told = {one.dataset_id for one in known if one.state == "done"}
        dropped = {one.dataset_id for one in known if one.state == "dropped" and one.posted}
        assert ours <= told | dropped, "what took effect is known to have"

    def check_done(self, one: Known) -> None:
        body = self.service.bodies[one.dataset_id]
        assert body["status"] == Verdict(one.verdict).status
        if one.verdict == "reject":
            assert body["metadata"]["rejection_reason"] == one.reason


class ReviewingOnDisk(Reviewing):
    world_class = RealWorld


TestReviewing = Reviewing.TestCase
TestReviewing.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestReviewingOnDisk = ReviewingOnDisk.TestCase
TestReviewingOnDisk.settings = settings(max_examples=10, stateful_step_count=30, deadline=None)
