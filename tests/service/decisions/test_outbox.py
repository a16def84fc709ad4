"""The outbox against a service that fails in every way, refuses, or lets itself be overwritten."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.decision import Decision, DecisionState, Origin, Verdict
from gerra_tui.service.decisions.decisions import Decisions
from gerra_tui.service.decisions.rereading import BY_READING
from tests.fakes import Disk, FakeAuditLog, FakeJournal, FakeService, Posted, id_of
from tests.service.decisions.console import QUICK, Console, opened
from tests.virtual_time import LoopClock, in_virtual_time, stand_still

if TYPE_CHECKING:
    from gerra_tui.service.ports import Confirmation

WAITING = DecisionState.WAITING
SENDING = DecisionState.SENDING
UNKNOWN = DecisionState.UNKNOWN
KEPT = DecisionState.KEPT
DONE = DecisionState.DONE
FAILED = DecisionState.FAILED
REFUSED = DecisionState.REFUSED

NEVER_WRITTEN = ("429", "429:7", "refused")
UNCERTAIN_WITHOUT_EFFECT = ("cut", "500", "garbage")
UNCERTAIN_WITH_EFFECT = ("cut-after", "500-after", "garbage-after", "hang", "late:1", "late:20")
FINAL = ("400", "403", "404", "422")

backends = pytest.mark.parametrize("overwrites", [False, True], ids=["refusing", "overwriting"])


def doubled(service: FakeService) -> list[Posted]:
    """POSTs of ours that overwrote one of ours."""
    return [one for one in service.effective() if one.status_before != "pending"]


@backends
@pytest.mark.parametrize("fault", NEVER_WRITTEN + UNCERTAIN_WITHOUT_EFFECT + UNCERTAIN_WITH_EFFECT)
@in_virtual_time
async def test_a_verdict_arrives_exactly_once_whatever_happens_to_its_post(
    fault: str, overwrites: bool
) -> None:
    service = FakeService(overwrites=overwrites)
    service.posting.extend([fault])
    async with opened(service, hold=0) as console:
        await console.reject(3)
        await console.until_settled()
        assert console.state(3) is DONE
        assert len(service.effective()) == 1
        assert doubled(service) == []
        assert service.status(3) == "rejected"
        assert len(console.disk.lines) == 1


@backends
@pytest.mark.parametrize("fault", ["cut", "500", "garbage", "429", "hang", "401"])
@in_virtual_time
async def test_a_verdict_arrives_exactly_once_whatever_happens_to_its_reading(
    fault: str, overwrites: bool
) -> None:
    service = FakeService(overwrites=overwrites)
    service.reading.extend([fault] * 3)
    async with opened(service, hold=0) as console:
        await console.accept(3)
        for _ in range(3):
            await asyncio.sleep(60)
            console.decisions.resume()  # only 401 needs it
        await console.until_settled()
        assert console.state(3) is DONE
        assert len(service.effective()) == 1


@pytest.mark.parametrize("fault", FINAL)
@in_virtual_time
async def test_what_the_service_refuses_for_good_fails_with_its_words(fault: str) -> None:
    service = FakeService()
    service.posting.append(fault)
    async with opened(service, hold=0) as console:
        await console.accept(3)
        failed = await console.until(3, FAILED)
        assert failed.settled_http_status == int(fault)
        assert failed.settled_detail
        assert failed.last_error is not None
        await asyncio.sleep(600)
        assert service.posts == []
        assert console.decisions.status.unseen_refusals == 1


@in_virtual_time
async def test_a_dataset_that_cannot_be_read_for_good_fails_too() -> None:
    service = FakeService()
    service.reading.append("403")
    async with opened(service, hold=0) as console:
        await console.accept(3)
        failed = await console.until(3, FAILED)
        assert failed.settled_http_status == 403
        assert service.posts == []


@backends
@pytest.mark.parametrize("verdict", list(Verdict))
@in_virtual_time
async def test_what_another_reviewer_decided_meanwhile_is_refused(
    verdict: Verdict, overwrites: bool
) -> None:
    service = FakeService(overwrites=overwrites)
    async with opened(service) as console:
        await console.accept(3)
        service.decide_elsewhere(3, verdict, "blurred")
        refused = await console.until(3, REFUSED)
        assert refused.settled_detail is not None
        assert refused.settled_detail.startswith(f"status is {verdict.status}, was pending")
        assert service.effective() == []


@in_virtual_time
async def test_what_became_unreadable_after_its_post_says_so() -> None:
    service = FakeService()
    service.posting.append("cut-after")
    service.reading.extend(["ok", "404"])
    async with opened(service, hold=0) as console:
        await console.accept(3)
        failed = await console.until(3, FAILED)
        assert failed.settled_detail == (
            "posted, and what became of it cannot be read: Dataset not found"
        )


@in_virtual_time
async def test_what_changed_since_it_was_seen_is_refused_and_said() -> None:
    service = FakeService()
    async with opened(service) as console:
        await console.accept(1, 2, 3)
        service.touch(1, date_updated="2026-11-23T11:59:00Z")
        service.touch(2, metadata={"take": 2, "operator": "J."})
        service.touch(3, organization_id="5d7a3c8e-0000-4000-8000-00000000000e")
        await console.until_settled()
        said = [one.settled_detail for one in console.decisions.listing()]
        assert said == [
            "date_updated is 2026-11-23T11:59:00Z",
            'metadata.operator is "J.", was not there',
            "it belongs to another organization",
        ]
        assert service.posts == []


@in_virtual_time
async def test_a_refusal_in_the_window_is_explained_by_reading() -> None:
    """Another reviewer decides between our reading and our POST: the service says 422."""
    service = FakeService()
    async with opened(service, hold=0) as console:
        service.on_read = lambda _: service.decide_elsewhere(3, Verdict.REJECT, "blurred")
        await console.accept(3)
        refused = await console.until(3, REFUSED)
        assert refused.settled_http_status == 422
        assert (refused.settled_detail or "").startswith("status is rejected, was pending")


@in_virtual_time
async def test_a_refusal_in_the_window_stands_if_it_cannot_be_explained() -> None:
    service = FakeService()
    service.posting.append("422")
    service.reading.extend(["ok", "cut"])
    async with opened(service, hold=0) as console:
        await console.accept(3)
        refused = await console.until(3, REFUSED)
        assert refused.settled_detail == "Dataset is not pending"


@in_virtual_time
async def test_an_overwriting_backend_can_lose_the_other_verdict_only_in_the_window() -> None:
    service = FakeService(overwrites=True)
    async with opened(service, hold=0) as console:
        service.on_read = lambda _: service.decide_elsewhere(3, Verdict.REJECT, "blurred")
        await console.accept(3)
        done = await console.until(3, DONE)
        (ours,) = service.effective()
        (theirs,) = [one for one in service.posts if one.by == "others"]
        assert ours.status_before == "rejected"
        assert done.window_ms is not None
        assert (ours.at - theirs.at) * 1000 <= done.window_ms + service.latency * 1000


@backends
@in_virtual_time
async def test_a_late_post_is_waited_for_and_never_doubled(overwrites: bool) -> None:
    service = FakeService(overwrites=overwrites)
    service.posting.append("late:20")
    async with opened(service, hold=0) as console:
        await console.accept(3)
        waiting = await console.until(3, WAITING)
        waiting = await console.until(3, UNKNOWN, WAITING)
        assert waiting.attempts <= 1
        await asyncio.sleep(5)
        assert console.state(3) is WAITING
        assert await console.decisions.take_back([waiting.id]) == ()
        await console.decisions.send_now()  # no sooner for being asked
        done = await console.until(3, DONE)
        assert done.settled_detail == BY_READING
        assert done.attempts == 1
        assert len(service.posts) == 1


@in_virtual_time
async def test_no_second_post_before_thirty_seconds_after_the_cut() -> None:
    service = FakeService()
    service.posting.extend(["cut", "500", "garbage"])
    async with opened(service, hold=0) as console:
        await console.accept(3)
        await console.until(3, DONE)
        posts = [at for at, what, _ in service.calls if what == "post"]
        assert len(posts) == 4
        assert all(later - earlier >= 30 for earlier, later in pairwise(posts))


@in_virtual_time
async def test_what_may_still_arrive_cannot_be_taken_back_though_it_was_turned_away_since() -> None:
    service = FakeService()
    service.posting.extend(["cut", *["429"] * 20])
    async with opened(service, hold=0) as console:
        await console.accept(3)
        await console.until(3, UNKNOWN)
        await asyncio.sleep(35)
        waiting = await console.until(3, WAITING)
        assert waiting.attempts > 1
        assert not waiting.can_be_taken_back
        assert await console.decisions.take_back([waiting.id]) == ()
        await console.until(3, DONE)


@in_virtual_time
async def test_what_was_posted_and_then_decided_by_another_is_refused() -> None:
    service = FakeService()
    service.posting.append("cut")
    async with opened(service, hold=0) as console:
        await console.reject(3, reason="The mug vanishes")
        await console.until(3, UNKNOWN)
        service.decide_elsewhere(3, Verdict.REJECT, "blurred")
        refused = await console.until(3, REFUSED)
        assert (refused.settled_detail or "").startswith("status is rejected, was pending")


@in_virtual_time
async def test_what_was_posted_and_then_changed_is_refused_only_once_nothing_can_arrive() -> None:
    service = FakeService()
    service.posting.append("cut")
    async with opened(service, hold=0) as console:
        await console.accept(3)
        await console.until(3, UNKNOWN)
        service.touch(3, metadata={"take": "other"})
        await asyncio.sleep(25)
        assert console.state(3) is UNKNOWN
        refused = await console.until(3, REFUSED)
        assert refused.settled_detail == 'metadata.take is "other", was 3'
    service = FakeService()
    service.posting.append("late:20")
    async with opened(service, hold=0) as console:
        await console.accept(3)
        await console.until(3, UNKNOWN)
        service.touch(3, metadata={"take": "other"})
        await console.until(3, DONE)


@backends
@in_virtual_time
async def test_a_second_post_that_is_refused_because_the_first_arrived_is_done(
    overwrites: bool,
) -> None:
    """The first POST takes effect between the second reading and the second POST."""

    service = FakeService(overwrites=overwrites)
    service.posting.append("late:30.15")
    async with opened(service, hold=0, resend_after=30) as console:
        await console.accept(3)
        done = await console.until(3, DONE)
        assert done.attempts in (1, 2)
        assert service.status(3) == "accepted"
        assert service.effective()[0].verdict is Verdict.ACCEPT


@in_virtual_time
async def test_the_second_refusal_is_read_again_until_it_can_be_read() -> None:
    service = FakeService()
    service.posting.extend(["cut", "422"])
    service.reading.extend(["ok", "ok", "ok", "500"])
    async with opened(service, hold=0) as console:
        await console.accept(3)
        await console.until(3, DONE)
        assert len(service.effective()) == 1


@in_virtual_time
async def test_no_connection_pauses_the_outbox_which_goes_on_by_itself() -> None:
    service = FakeService(100)
    async with opened(service, hold=0) as console:
        service.reading.extend(["refused"] * 12)
        await console.accept(*range(40))
        await asyncio.sleep(3)
        status = console.decisions.status
        assert "Cannot reach api.gerra.example" in (status.paused or "")
        assert not status.needs_key
        asked = len(service.calls)
        assert asked <= 4 + 3  # those in flight, then one at a time
        await console.until_settled()
        assert console.decisions.status.paused is None
        assert len(service.effective()) == 40


@in_virtual_time
async def test_a_wish_to_be_left_alone_is_respected_by_all() -> None:
    service = FakeService(100)
    async with opened(service, hold=0) as console:
        service.reading.append("429:40")
        await console.accept(*range(10))
        await asyncio.sleep(39)
        assert len(service.effective()) == 3  # those in flight at the time
        await console.until_settled()
        assert len(service.effective()) == 10


@in_virtual_time
async def test_a_refused_key_pauses_and_loses_nothing() -> None:
    service = FakeService()
    async with opened(service, hold=0) as console:
        service.reading.extend(["401"] * 10)
        await console.accept(1, 2, 3, 4, 5)
        await asyncio.sleep(1)
        status = console.decisions.status
        assert status.needs_key
        assert "401" in (status.paused or "")
        asked = len(service.calls)
        await asyncio.sleep(3600)
        assert len(service.calls) == asked
        service.reading.clear()
        console.decisions.resume()
        assert not console.decisions.status.needs_key
        await console.until_settled()
        assert len(service.effective()) == 5


@in_virtual_time
async def test_a_decision_asked_for_again_while_it_is_in_flight_is_not_forgotten() -> None:
    service = FakeService()
    service.posting.extend(["cut", "cut"])
    async with opened(service, hold=0) as console:

        def impatient(decision: Decision) -> None:
            if decision.state in (UNKNOWN, WAITING):
                console.decisions.resume()

        console.decisions.subscribe(impatient)
        await console.accept(3)
        await console.until(3, DONE)
        assert len(service.effective()) == 1


@in_virtual_time
async def test_one_bad_dataset_does_not_hold_up_the_others() -> None:
    service = FakeService()
    read = service._read

    async def reading(dataset_id: str) -> object:
        if dataset_id == id_of(1):
            service.reading.append("500")
        return await read(dataset_id)

    service._read = reading  # type: ignore[method-assign, assignment] # one dataset breaks its handler
    async with opened(service, hold=0) as console:
        await console.accept(1)
        await console.accept(2)
        await console.accept(3)
        await asyncio.sleep(120)
        assert (console.state(2), console.state(3)) == (DONE, DONE)
        assert console.state(1) is WAITING


@in_virtual_time
async def test_never_more_than_four_in_flight() -> None:
    service = FakeService(60)
    async with opened(service, hold=0) as console:
        for number in range(30):
            await console.accept(number)
        await console.accept(*range(30, 60))
        await console.until_settled()
        assert service.most_in_flight == 4


# Ends and starts ------------------------------------------------------------------------------


@in_virtual_time
async def test_what_was_held_when_the_console_died_is_kept_and_not_sent() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as dead:
        await dead.accept(1)
        await dead.reject(2)
        await dead.die()
    console = Console(service, disk)
    left = await console.start()
    assert [(one.dataset_id, one.state) for one in left] == [(id_of(1), KEPT), (id_of(2), KEPT)]
    await asyncio.sleep(3600)
    assert service.posts == []
    assert await console.decisions.take_back_latest() is not None
    assert console.state(1) is KEPT  # kept ones are taken back in the outbox only
    (taken,) = await console.decisions.take_back([left[0].id])
    assert taken.state is DecisionState.TAKEN_BACK
    await console.decisions.send_now()
    await console.until_settled()
    assert [one.dataset_id for one in service.effective()] == [id_of(2)]
    assert len(disk.lines) == 2
    await console.end()


@backends
@pytest.mark.parametrize("fault", ["cut", "cut-after", "late:20"])
@in_virtual_time
async def test_what_was_being_sent_when_the_console_died_is_settled_by_reading_alone(
    fault: str, overwrites: bool
) -> None:
    service, disk = FakeService(overwrites=overwrites), Disk()
    service.posting.append(fault)
    service.latency = 1.0
    async with opened(service, disk, hold=0) as dead:
        await dead.accept(1)
        await dead.until(1, SENDING)
        await asyncio.sleep(0.6)  # the POST has reached the service
        await dead.die()
    service.latency = 0.05
    async with opened(service, disk) as console:
        assert console.state(1) is UNKNOWN
        await asyncio.sleep(1)
        if fault == "cut-after":
            assert console.state(1) is DONE
        else:
            assert console.state(1) is KEPT
        await asyncio.sleep(3600)
        assert len(service.effective()) == (0 if fault == "cut" else 1)
        await console.decisions.send_now()
        await console.until_settled()
        assert console.state(1) is DONE
        assert len(service.effective()) == 1
        assert len(disk.lines) == 1


@in_virtual_time
async def test_saying_send_at_once_after_a_crash_still_waits_for_what_may_arrive() -> None:
    service, disk = FakeService(overwrites=True), Disk()
    service.posting.append("late:20")
    async with opened(service, disk, hold=0) as dead:
        await dead.accept(1)
        await dead.until(1, SENDING)
        await asyncio.sleep(0.04)
        await dead.die()
    async with opened(service, disk) as console:
        await console.decisions.send_now()
        await asyncio.sleep(10)
        assert console.state(1) is WAITING
        await console.until_settled()
        assert len(service.posts) == 1


@in_virtual_time
async def test_quitting_keeps_what_is_not_sent_for_the_next_start() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as console:
        await console.accept(1)
        await console.accept(2)
        assert len(await console.decisions.unsent()) == 2
        await console.decisions.keep_all()
        assert console.state(1) is KEPT
        assert await console.decisions.unsent() == ()
        await asyncio.sleep(60)
    assert service.posts == []
    async with opened(service, disk) as after:
        assert (after.state(1), after.state(2)) == (KEPT, KEPT)
        await after.decisions.send_now()
        await after.until_settled()
    assert len(service.effective()) == 2


@in_virtual_time
async def test_an_orderly_end_waits_a_little_for_what_is_in_flight() -> None:
    service, disk = FakeService(), Disk()
    service.latency = 2.0
    async with opened(service, disk, hold=0) as console:
        await console.accept(1)
        await console.until(1, SENDING)
    assert disk.states() == {id_of(1): DONE}
    assert len(disk.lines) == 1


@in_virtual_time
async def test_a_service_that_hangs_does_not_keep_the_reviewer() -> None:
    service, disk = FakeService(), Disk()
    service.posting.append("hang")
    loop = asyncio.get_running_loop()
    async with opened(service, disk, hold=0) as console:
        await console.accept(1)
        await console.until(1, SENDING)
        before = loop.time()
    assert loop.time() - before < 6
    assert disk.states() == {id_of(1): SENDING}
    async with opened(service, disk) as after:
        await after.until(1, DONE)
    assert len(service.effective()) == 1


@in_virtual_time
async def test_an_end_without_its_line_gets_it_at_the_next_start() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk, hold=0) as console:
        disk.audit_full = True
        await console.accept(1)
        await console.until(1, DONE)
    assert disk.lines == []
    disk.audit_full = False
    async with opened(service, disk):
        assert len(disk.lines) == 1
    async with opened(service, disk):
        assert len(disk.lines) == 1


# Several consoles -----------------------------------------------------------------------------


@in_virtual_time
async def test_two_consoles_never_touch_each_others_decisions() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as one, opened(service, disk) as other:
        (mine,) = await one.accept(1)
        assert await other.decisions.take_back([mine.id]) == ()
        await other.decisions.refresh()
        await other.decisions.send_now([mine.id])
        assert await other.decisions.drop([mine.id]) == ()
        assert other.decisions.listing() == ()
        await asyncio.sleep(5)
        assert service.posts == []
        await one.until(1, DONE)
    assert len(service.effective()) == 1


@in_virtual_time
async def test_what_a_console_left_that_died_beside_this_one_is_found_on_looking() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as console:
        async with opened(service, disk) as dead:
            await dead.accept(1)
            await dead.die()
        assert console.state(1) is None
        await console.decisions.refresh()
        assert console.state(1) is KEPT


@in_virtual_time
async def test_a_dead_consoles_decisions_are_sent_by_one_of_those_asked_to() -> None:
    service, disk = FakeService(overwrites=True), Disk()
    async with opened(service, disk) as dead:
        await dead.accept(*range(20))
        await dead.die()
    consoles = [Console(service, disk) for _ in range(5)]
    await asyncio.gather(*(one.start() for one in consoles))
    await asyncio.gather(*(one.decisions.send_now() for one in consoles))
    await asyncio.gather(*(one.until_settled() for one in consoles))
    assert sorted(one.dataset_id for one in service.effective()) == [id_of(n) for n in range(20)]
    assert len(disk.lines) == len(set(disk.lines)) == 20
    await asyncio.gather(*(one.end() for one in consoles))


@in_virtual_time
async def test_five_consoles_deciding_on_the_same_datasets_send_each_once() -> None:
    service, disk = FakeService(40, overwrites=True), Disk()
    consoles = [Console(service, disk, hold=1) for _ in range(5)]
    await asyncio.gather(*(one.start() for one in consoles))

    async def review(console: Console, first: int) -> None:
        for number in range(40):
            await asyncio.gather(console.accept((first + number) % 40), return_exceptions=True)
            await asyncio.sleep(0.3)

    await asyncio.gather(*(review(one, 8 * n) for n, one in enumerate(consoles)))
    await asyncio.gather(*(one.until_settled() for one in consoles))
    assert sorted(one.dataset_id for one in service.effective()) == [id_of(n) for n in range(40)]
    ends = [row.decision.id for row in disk.rows.values()]
    assert sorted(disk.lines) == sorted(ends)
    await asyncio.gather(*(one.end() for one in consoles))


@in_virtual_time
async def test_a_decision_for_one_service_is_never_seen_by_a_console_of_another() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as dead:
        await dead.accept(1)
        await dead.die()
    elsewhere = Origin(base_url="https://other.example", organization_id=None, profile="default")
    console = Console(service, disk, origin=elsewhere)
    assert await console.start() == ()
    await console.decisions.send_now()
    await console.accept(1)  # another service's dataset of the same id
    await console.until_settled()
    assert len(service.effective()) == 1
    await console.end()


def test_a_console_needs_only_the_ports() -> None:
    """Nothing is touched before `start`: a console can be built where there is no loop yet."""
    disk = Disk()
    Decisions(
        journal=FakeJournal(disk),
        audit=FakeAuditLog(disk),
        api=FakeService(),
        clock=LoopClock(),
        origin=Origin(base_url="https://api.gerra.example", organization_id=None, profile="p"),
        patience=QUICK,
    )
    assert disk.running == set()


# What a POST rests on ---------------------------------------------------------------------------


def ages(service: FakeService) -> list[float]:
    """Seconds from the reading before each POST to it, by the service's own clock."""
    found: list[float] = []
    for place, (at, what, dataset_id) in enumerate(service.calls):
        if what == "post":
            before = [
                when
                for when, call, which in service.calls[:place]
                if call == "read" and which == dataset_id
            ]
            found.append(at - before[-1])
    return found


@backends
@pytest.mark.parametrize("locked", [1.2, 9.0])
@in_virtual_time
async def test_a_journal_that_was_locked_before_the_post_has_it_read_again(
    locked: float, overwrites: bool
) -> None:
    service = FakeService(overwrites=overwrites)
    async with opened(service, hold="manual") as console:
        await console.accept(3)
        service.on_read = lambda _: setattr(console.disk, "latency", locked)
        await console.decisions.send_now()
        await console.until(3, DONE)
        assert max(ages(service)) <= 1
        assert len(service.effective()) == 1


@in_virtual_time
async def test_what_another_decided_while_the_journal_was_locked_is_not_overwritten() -> None:
    service = FakeService(overwrites=True)
    async with opened(service, hold="manual") as console:
        await console.accept(3)

        def lock(_: str) -> None:
            console.disk.latency = 9.0
            loop.call_later(5, service.decide_elsewhere, 3, Verdict.REJECT, "blurred")

        loop = asyncio.get_running_loop()
        service.on_read = lock
        await console.decisions.send_now()
        refused = await console.until(3, REFUSED)
        assert (refused.settled_detail or "").startswith("status is rejected, was pending")
        assert service.effective() == []


@in_virtual_time
async def test_what_changed_while_the_journal_was_locked_is_not_accepted() -> None:
    service = FakeService()
    service.touch(3, link="s3://bucket/first.mcap")
    async with opened(service, hold="manual") as console:
        await console.accept(3)

        def lock(_: str) -> None:
            console.disk.latency = 9.0
            loop.call_later(5, lambda: service.touch(3, link="s3://bucket/other.mcap"))

        loop = asyncio.get_running_loop()
        service.on_read = lock
        await console.decisions.send_now()
        refused = await console.until(3, REFUSED)
        assert refused.settled_detail == (
            'link is "s3://bucket/other.mcap", was "s3://bucket/first.mcap"'
        )
        assert service.posts == []


@pytest.mark.parametrize("moment", ["on_read", "sending"])
@in_virtual_time
async def test_a_process_that_was_stopped_before_the_post_reads_again(moment: str) -> None:
    service = FakeService(overwrites=True)
    async with opened(service, hold="manual") as console:
        stopped: list[bool] = []

        def stop(*_: object) -> None:
            if not stopped:
                stopped.append(True)
                service.decide_elsewhere(3, Verdict.REJECT, "blurred")
                stand_still(7)

        if moment == "on_read":  # the answer lay there while nothing ran
            service.on_read = stop
        else:
            console.decisions.subscribe(lambda one: stop() if one.state is SENDING else None)
        await console.accept(3)
        await console.decisions.send_now()
        await console.until(3, REFUSED)
        assert stopped
        assert service.effective() == []


@in_virtual_time
async def test_a_connection_that_is_slow_to_make_has_the_dataset_read_again() -> None:
    service = FakeService()
    service.connecting = 3.0
    async with opened(service, hold="manual") as console:
        await console.accept(3)
        await console.decisions.send_now()
        waiting = await console.until(3, SENDING)
        waiting = await console.until(3, WAITING)
        assert waiting.last_error is not None
        assert waiting.last_error.kind == "stale"
        assert service.posts == []
        assert waiting.can_be_taken_back
        service.connecting = 0.2
        await console.until(3, DONE)
        assert max(ages(service)) <= 1


@in_virtual_time
async def test_a_key_that_is_refused_at_the_second_reading_loses_nothing() -> None:
    service = FakeService()
    async with opened(service, hold="manual") as console:
        await console.accept(3)
        service.on_read = lambda _: setattr(console.disk, "latency", 9.0)
        service.reading.extend(["ok", "401"])
        await console.decisions.send_now()
        await console.until(3, SENDING)
        waiting = await console.until(3, WAITING)
        assert waiting.can_be_taken_back, "nothing was posted"
        assert console.decisions.status.needs_key
        service.on_read = lambda _: setattr(console.disk, "latency", 0.0)
        console.decisions.resume()
        await console.until(3, DONE)


@pytest.mark.parametrize(
    ("field", "named"),
    [("metadata", "the metadata"), ("date_updated", "date_updated")],
)
@in_virtual_time
async def test_an_answer_that_lacks_what_was_seen_sends_nothing(field: str, named: str) -> None:
    service = FakeService()
    async with opened(service, hold=0) as console:
        target = service.target(3)
        value = service.bodies[id_of(3)].pop(field)
        await console.decisions.decide(Verdict.ACCEPT, [target])
        await asyncio.sleep(300)
        waiting = await console.until(3, WAITING)
        assert service.posts == []
        assert waiting.last_error is not None
        assert waiting.last_error.detail == (
            f"The service's answer lacks {named}, seen when this was decided: "
            "nothing is sent until it can be compared."
        )
        service.touch(3, **{field: value})
        await console.until(3, DONE)


@in_virtual_time
async def test_what_was_decided_elsewhere_is_refused_whatever_the_answer_lacks() -> None:
    service = FakeService()
    async with opened(service, hold=0) as console:
        target = service.target(3)
        service.decide_elsewhere(3, Verdict.ACCEPT)
        del service.bodies[id_of(3)]["metadata"]
        await console.decisions.decide(Verdict.ACCEPT, [target])
        await console.until(3, REFUSED)


@pytest.mark.parametrize("verdict", list(Verdict))
@in_virtual_time
async def test_a_verdict_that_something_on_the_way_sent_twice_is_ours(verdict: Verdict) -> None:
    """The proxy's first copy takes effect, and we get the answer to its second."""
    service = FakeService()
    post = service._post

    async def twice(*what: Any) -> Confirmation:
        await post(*what)
        return await post(*what)

    service._post = twice  # type: ignore[method-assign, assignment] # a proxy
    async with opened(service, hold=0) as console:
        if verdict is Verdict.ACCEPT:
            await console.accept(3)
        else:
            await console.reject(3)
        done = await console.until(3, DONE)
        assert done.settled_detail == BY_READING


@pytest.mark.parametrize(
    "shown",
    ["The &quot;mug&quot; vanishes &amp;\nthen 5 &lt; 6 caf\u00e9",
     "The &amp;quot;mug&amp;quot; vanishes &amp;amp; then 5 &amp;lt; 6 caf\u00e9",
     'The \\"mug\\" vanishes &\\nthen 5 < 6 caf\\u00e9',
     'The "mug" vanishes & then 5 < 6 cafe\u0301'],
)  # fmt: skip
@in_virtual_time
async def test_a_reason_that_the_service_keeps_in_its_own_way_is_still_ours(shown: str) -> None:
    service = FakeService()
    service.posting.append("cut-after")
    async with opened(service, hold=0) as console:
        await console.reject(3, reason='The "mug" vanishes &\nthen 5 < 6 caf\u00e9')
        await console.until(3, UNKNOWN)
        service.touch(3, metadata={"rejection_reason": shown})
        await console.until(3, DONE)


@in_virtual_time
async def test_no_signed_url_of_the_service_is_written_down() -> None:
    signed = "https://b.s3.example/x?X-Amz-Signature=SECRET&X-Amz-Expires=60"
    service = FakeService()
    service.touch(3, name=signed, status="pending", metadata={"gif": signed}, link=signed)
    async with opened(service) as console:
        await console.accept(3)
        service.touch(3, status=f"gone {signed}", metadata={"gif": f"{signed}&v=2", signed: signed})
        refused = await console.until(3, REFUSED)
        assert "metadata.gif" in (refused.settled_detail or "")
        assert "SECRET" not in repr(refused)
