"""What a reviewer can rely on between the confirmation and the POST."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.service.decisions.decisions import (
    AlreadySent,
    NeverDecided,
    NothingHeld,
    ReadOnly,
    TakenBack,
    Target,
)
from gerra_tui.service.ports import AlreadyOpen, JournalUnwritable
from tests.fakes import Disk, FakeService, body, dataset_of, id_of
from tests.service.decisions.console import Console, opened
from tests.virtual_time import in_virtual_time, stand_still

if TYPE_CHECKING:
    from datetime import datetime

    from gerra_tui.domain.decision import Decision

HELD = DecisionState.HELD
KEPT = DecisionState.KEPT
WAITING = DecisionState.WAITING
DONE = DecisionState.DONE
FAILED = DecisionState.FAILED
REFUSED = DecisionState.REFUSED
TAKEN_BACK = DecisionState.TAKEN_BACK
DROPPED = DecisionState.DROPPED


@in_virtual_time
async def test_an_acceptance_is_held_for_ten_seconds_and_then_sent_once() -> None:
    async with opened(FakeService()) as console:
        await console.accept(3)
        await asyncio.sleep(9.9)
        assert console.service.posts == []
        await asyncio.sleep(1)
        assert [post.dataset_id for post in console.service.effective()] == [id_of(3)]
        assert console.state(3) is DONE
        assert [one.state.value for one in console.told] == ["held", "waiting", "sending", "done"]


@in_virtual_time
async def test_a_rejection_is_sent_with_its_reason_as_typed() -> None:
    reason = "  The mug vanishes\nat 0:12 \U0001f375  "
    async with opened(FakeService()) as console:
        await console.reject(3, reason=reason)
        await asyncio.sleep(11)
        (post,) = console.service.effective()
        assert (post.verdict, post.reason) == (Verdict.REJECT, reason)


@in_virtual_time
async def test_what_a_terminal_garbled_is_kept_as_it_is_sent() -> None:
    async with opened(FakeService()) as console:
        (decision,) = await console.reject(3, reason="cut \udcff short")
        assert decision.reason == "cut ? short"


@in_virtual_time
async def test_nothing_is_decided_while_the_disk_is_full() -> None:
    async with opened(FakeService()) as console:
        console.disk.full = True
        with pytest.raises(JournalUnwritable, match="disk is full"):
            await console.accept(3)
        assert console.told == []
        assert console.state(3) is None
        console.disk.full = False
        await console.accept(3)
        await console.until(3, DONE)


@in_virtual_time
async def test_a_disk_that_is_full_at_the_start_may_be_mended_later() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as dead:
        await dead.accept(1)
        await dead.die()
    disk.full = True
    console = Console(service, disk)
    with pytest.raises(JournalUnwritable):
        await console.start()
    with pytest.raises(JournalUnwritable):
        await console.accept(2)
    disk.full = False
    await console.accept(2)
    assert (console.state(1), console.state(2)) == (KEPT, HELD)
    await console.end()


@in_virtual_time
async def test_a_full_disk_at_the_end_of_the_hold_only_delays_it() -> None:
    async with opened(FakeService()) as console:
        await console.accept(3)
        console.disk.full = True
        await asyncio.sleep(15)
        assert console.service.posts == []
        assert "disk is full" in (console.decisions.status.remark or "")
        console.disk.full = False
        await console.until(3, DONE)
        assert console.decisions.status.remark is None


@in_virtual_time
async def test_nothing_is_posted_while_it_cannot_be_marked_as_being_sent() -> None:
    async with opened(FakeService(), hold="manual") as console:
        await console.accept(3)
        console.service.on_read = lambda _: setattr(console.disk, "full", True)
        await console.decisions.send_now()
        await asyncio.sleep(60)
        assert console.service.posts == []
        console.service.on_read = lambda _: None
        console.disk.full = False
        await console.until(3, DONE)


@in_virtual_time
async def test_what_became_of_a_post_is_written_down_once_the_disk_takes_it() -> None:
    async with opened(FakeService(), hold=0) as console:
        await console.accept(3)
        await console.until(3, DecisionState.SENDING)
        console.disk.full = True
        await asyncio.sleep(60)
        assert console.state(3) is DecisionState.SENDING
        assert "disk is full" in (console.decisions.status.remark or "")
        console.disk.full = False
        await console.until(3, DONE)
        assert len(console.service.posts) == 1
        assert console.decisions.status.remark is None


@in_virtual_time
async def test_a_second_verdict_on_a_dataset_waits_for_the_first_to_settle() -> None:
    async with opened(FakeService()) as console:
        await console.accept(3)
        with pytest.raises(AlreadyOpen) as refused:
            await console.reject(3)
        assert [one.dataset_id for one in refused.value.decisions] == [id_of(3)]


@in_virtual_time
async def test_a_batch_leaves_out_what_another_console_has_open() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as other, opened(service, disk) as console:
        await other.reject(3)
        await other.reject(5)
        decided = await console.accept(*range(2, 7))
        assert [one.dataset_id for one in decided] == [id_of(2), id_of(4), id_of(6)]
        assert len({one.batch_id for one in decided}) == 1
        with pytest.raises(AlreadyOpen) as refused:
            await console.accept(3, 5)
        assert len(refused.value.decisions) == 2
        await asyncio.sleep(30)
    assert [service.status(number) for number in range(2, 7)] == [
        "accepted", "rejected", "accepted", "rejected", "accepted",
    ]  # fmt: skip


@in_virtual_time
async def test_a_batch_falls_due_in_an_order_of_chance() -> None:
    async def order(hold: float) -> list[str]:
        service = FakeService(40)
        async with opened(service, hold=hold) as console:
            await console.accept(*range(40))
            await console.until_settled()
        return [one.dataset_id for one in service.effective()]

    in_place = [id_of(number) for number in range(40)]
    orders = [await order(hold) for hold in (0, 10, 10)]
    assert all(sorted(one) == in_place != one for one in orders)
    assert orders[1] != orders[2]


@in_virtual_time
async def test_single_decisions_go_in_the_order_in_which_they_fell_due() -> None:
    service = FakeService()
    async with opened(service) as console:
        for number in (5, 3, 9, 1):
            await console.accept(number)
        await console.until_settled()
    read = [dataset_id for _, what, dataset_id in service.calls if what == "read"]
    assert read == [id_of(number) for number in (5, 3, 9, 1)]


@pytest.mark.parametrize("status", ["rejected", "pending", "discarded"])
@in_virtual_time
async def test_what_the_service_says_later_wins_and_is_told_once(status: str) -> None:
    async with opened(FakeService(), hold=0) as console:
        await console.accept(1)
        done = await console.until(1, DONE)
        assert done.settled_at is not None
        later = done.settled_at + timedelta(seconds=1)

        def overruled(asked_at: datetime) -> Decision | None:
            shown = console.service.target(1).dataset
            return console.decisions.overruled(shown, asked_at=asked_at)

        assert overruled(later) is None, "it shows our verdict"
        console.service.touch(1, status=status)
        assert overruled(done.settled_at) is None, "asked before ours was settled"
        assert overruled(later) == done
        assert overruled(later) is None
        assert console.state(1) is None
        if status == "pending":
            await console.accept(1)
            await console.until(1, DONE)


@in_virtual_time
async def test_an_id_in_capitals_is_the_same_dataset() -> None:
    async with opened(FakeService()) as console:
        await console.accept(10)
        raw = body(10) | {"id": id_of(10).upper()}
        with pytest.raises(AlreadyOpen):
            await console.decisions.decide(Verdict.REJECT, [Target(dataset=dataset_of(raw))])


@in_virtual_time
async def test_taking_back_the_latest_leaves_the_earlier_ones_held() -> None:
    async with opened(FakeService()) as console:
        await console.accept(1)
        await console.accept(2)
        taken = await console.decisions.take_back_latest()
        assert isinstance(taken, TakenBack)
        assert [one.dataset_id for one in taken.decisions] == [id_of(2)]
        taken = await console.decisions.take_back_latest()
        assert isinstance(taken, TakenBack)
        assert [one.dataset_id for one in taken.decisions] == [id_of(1)]
        assert await console.decisions.take_back_latest() == NothingHeld()
        await asyncio.sleep(60)
        assert console.service.posts == []
        assert console.disk.lines == [one.id for one in console.told if one.state is TAKEN_BACK]


@in_virtual_time
async def test_what_is_still_being_written_is_the_latest() -> None:
    async with opened(FakeService()) as console:
        await console.accept(1)
        console.disk.latency = 3.0
        deciding = asyncio.create_task(console.accept(2))
        await asyncio.sleep(1)
        taken = await console.decisions.take_back_latest()
        assert isinstance(taken, TakenBack)
        assert [one.dataset_id for one in taken.decisions] == [id_of(2)]
        await deciding
        assert console.state(1) is HELD
        assert console.state(2) is TAKEN_BACK


@in_virtual_time
async def test_what_is_decided_after_the_key_is_not_what_it_takes_back() -> None:
    async with opened(FakeService()) as console:
        console.disk.latency = 1.0
        first = asyncio.create_task(console.accept(1))
        await asyncio.sleep(0.5)
        taking = asyncio.create_task(console.decisions.take_back_latest())
        await asyncio.sleep(0)
        console.disk.latency = 0.0
        await console.accept(2)
        taken = await taking
        await first
        assert isinstance(taken, TakenBack)
        assert [one.dataset_id for one in taken.decisions] == [id_of(1)]
        assert console.state(2) is HELD


@in_virtual_time
async def test_each_key_takes_back_another_however_slow_the_disk() -> None:
    async with opened(FakeService()) as console:
        await console.accept(1)
        await console.accept(2)
        console.disk.latency = 1.0
        outcomes = await asyncio.gather(*(console.decisions.take_back_latest() for _ in range(3)))
        assert [
            [one.dataset_id for one in outcome.decisions] if isinstance(outcome, TakenBack) else []
            for outcome in outcomes
        ] == [[id_of(2)], [id_of(1)], []]


@in_virtual_time
async def test_no_other_is_taken_back_for_one_that_could_not_be_written() -> None:
    async with opened(FakeService()) as console:
        await console.accept(1)
        console.disk.latency, console.disk.full = 1.0, True
        deciding = asyncio.create_task(console.accept(2))
        await asyncio.sleep(0.5)
        taking = asyncio.create_task(console.decisions.take_back_latest())
        with pytest.raises(JournalUnwritable):
            await deciding
        console.disk.full = False
        assert await taking == NeverDecided()
        assert console.state(1) is HELD


@in_virtual_time
async def test_a_batch_is_taken_back_as_a_whole() -> None:
    async with opened(FakeService()) as console:
        await console.accept(9)
        await console.accept(*range(5))
        taken = await console.decisions.take_back_latest()
        assert isinstance(taken, TakenBack)
        assert len(taken.decisions) == 5
        assert console.state(9) is HELD


@in_virtual_time
async def test_what_is_held_is_taken_back_before_what_only_waits() -> None:
    async with opened(FakeService()) as console:
        await console.accept(1)
        (newer,) = await console.accept(2)
        console.service.reading.extend(["refused"] * 100)
        await console.decisions.send_now([newer.id])
        taken = await console.decisions.take_back_latest()
        assert isinstance(taken, TakenBack)
        assert [one.dataset_id for one in taken.decisions] == [id_of(1)]


@in_virtual_time
async def test_what_left_within_a_minute_is_told_once() -> None:
    async with opened(FakeService(), hold=0) as console:
        await console.accept(1)
        sent = await console.until(1, DONE)
        told = await console.decisions.take_back_latest()
        assert isinstance(told, AlreadySent)
        assert (told.decision.dataset_id, told.at) == (id_of(1), sent.posted_at)
        assert await console.decisions.take_back_latest() == NothingHeld()
        await console.accept(2)
        await console.until(2, DONE)
        await asyncio.sleep(61)
        assert await console.decisions.take_back_latest() == NothingHeld()


@in_virtual_time
async def test_what_waits_for_a_connection_can_still_be_taken_back() -> None:
    async with opened(FakeService(), hold=0) as console:
        console.service.reading.extend(["cut"] * 100)
        await console.accept(1)
        await asyncio.sleep(5)
        assert console.state(1) is WAITING
        assert isinstance(await console.decisions.take_back_latest(), TakenBack)
        console.service.reading.clear()
        await asyncio.sleep(100)
        assert console.service.posts == []


@in_virtual_time
async def test_taking_back_while_it_is_being_read_again_stops_it() -> None:
    async with opened(FakeService(), hold=0) as console:
        console.service.latency = 5.0
        await console.accept(1)
        await asyncio.sleep(1)
        assert console.service.in_flight == 1
        assert isinstance(await console.decisions.take_back_latest(), TakenBack)
        await asyncio.sleep(100)
        assert console.service.posts == []
        assert console.state(1) is TAKEN_BACK
        assert len(console.disk.lines) == 1


@in_virtual_time
async def test_a_manual_hold_ends_when_the_reviewer_says_so() -> None:
    async with opened(FakeService(), hold="manual") as console:
        (first,) = await console.accept(1)
        await console.accept(2)
        assert first.send_at is None
        await asyncio.sleep(100_000)
        assert console.service.posts == []
        await console.decisions.send_now([first.id])
        await console.until(1, DONE)
        assert console.state(2) is HELD


@in_virtual_time
async def test_express_holds_for_five_seconds_at_least() -> None:
    async with opened(FakeService(), hold=0) as console:
        await console.accept(1, express=True)
        await asyncio.sleep(4.9)
        assert console.service.posts == []
        await console.until(1, DONE)
    async with opened(FakeService(), hold=20) as console:
        (decision,) = await console.accept(1, express=True)
        assert console.decisions.hold_left(decision.id) == pytest.approx(20)


@pytest.mark.parametrize("passed", [0.1, 4.0, 8.9, 9.7, 9.999])
@pytest.mark.parametrize("stopped", [2.6, 7.0, 3600.0])
@in_virtual_time
async def test_whoever_could_not_press_a_key_gets_five_seconds(
    passed: float, stopped: float
) -> None:
    """The process was stopped, the machine slept, or the event loop was busy."""
    async with opened(FakeService()) as console:
        (decision,) = await console.accept(1)
        await asyncio.sleep(passed)
        stand_still(stopped)
        await asyncio.sleep(max(4.9, 9.4 - passed))
        assert console.state(1) is HELD
        assert console.service.posts == []
        await asyncio.sleep(1.2)
        await console.until(1, DONE)
        moved = [one for one in console.told if one.state is HELD]
        assert len(moved) == 2, "the screen is told of the new end"
        assert moved[1].send_at is not None
        assert decision.send_at is not None
        assert moved[1].send_at > decision.send_at


@in_virtual_time
async def test_a_slow_disk_is_no_pause_of_the_hold() -> None:
    async with opened(FakeService()) as console:
        await console.accept(1)
        await asyncio.sleep(5)
        await console.accept(2)
        await asyncio.sleep(4)
        console.disk.latency = 5.0  # while the first hold ends
        await asyncio.sleep(3)
        assert console.decisions.hold_left(console.decisions.listing()[1].id) == pytest.approx(3)


@in_virtual_time
async def test_a_pause_while_the_reviewer_is_away_leaves_the_hold_as_it_was() -> None:
    async with opened(FakeService()) as console:
        (decision,) = await console.accept(1)
        console.decisions.stop_clock()
        stand_still(60)
        await asyncio.sleep(3)
        assert console.decisions.hold_left(decision.id) == 10
        console.decisions.start_clock()
        assert console.decisions.hold_left(decision.id) == 10
        stand_still(4)
        await asyncio.sleep(0.6)
        assert console.decisions.hold_left(decision.id) == pytest.approx(9.5, abs=0.6)


@in_virtual_time
async def test_the_hold_stands_still_while_the_reviewer_is_away() -> None:
    async with opened(FakeService()) as console:
        (decision,) = await console.accept(1)
        await asyncio.sleep(9)
        console.decisions.stop_clock()
        await asyncio.sleep(3600)
        assert console.state(1) is HELD
        console.decisions.start_clock()
        assert console.decisions.hold_left(decision.id) == pytest.approx(5)
        shown = console.decisions.of(id_of(1))
        assert shown is not None
        assert shown.send_at is not None
        assert (shown.send_at - shown.decided_at).total_seconds() == pytest.approx(3614)
        await asyncio.sleep(4.9)
        assert console.service.posts == []
        await console.until(1, DONE)


@in_virtual_time
async def test_a_thousand_are_decided_at_once_with_one_hold() -> None:
    async with opened(FakeService(1000)) as console:
        decisions = await console.accept(*range(1000))
        assert len({one.batch_id for one in decisions}) == 1
        await asyncio.sleep(10.2)
        batch_id = decisions[0].batch_id or ""
        progress = console.decisions.batch(batch_id)
        assert progress is not None
        assert 0 < progress.done < progress.total == 1000
        await console.until_settled()
        assert len(console.service.effective()) == 1000
        assert console.service.most_in_flight == 4
        assert len(set(console.disk.lines)) == len(console.disk.lines) == 1000


@in_virtual_time
async def test_a_batch_can_be_paused_resumed_and_cancelled() -> None:
    async with opened(FakeService(100), hold=0) as console:
        batch_id = (await console.accept(*range(100)))[0].batch_id or ""
        await asyncio.sleep(0.5)
        console.decisions.pause_batch(batch_id)
        await asyncio.sleep(1)
        done = console.decisions.batch(batch_id)
        assert done is not None
        assert done.paused
        await asyncio.sleep(60)
        assert console.decisions.batch(batch_id) == done
        console.decisions.resume_batch(batch_id)
        await asyncio.sleep(0.5)
        cancelled = await console.decisions.cancel_batch(batch_id)
        await asyncio.sleep(60)
        end = console.decisions.batch(batch_id)
        assert end is not None
        assert done.done < end.done
        assert end.done + end.taken_back == end.total == 100
        assert end.taken_back == len(cancelled)
        assert end.remaining == 0
        assert len(console.disk.lines) == 100


@in_virtual_time
async def test_seven_scattered_failures_do_not_stop_a_hundred() -> None:
    async with opened(FakeService(100), hold=0) as console:
        console.service.latency = 0.0  # in order
        console.service.posting.extend("404" if n % 13 == 5 else "ok" for n in range(91))
        decisions = await console.accept(*range(100))
        await asyncio.sleep(60)
        end = console.decisions.batch(decisions[0].batch_id or "")
        assert end is not None
        assert (end.done, end.failed, end.remaining) == (93, 7, 0)
        assert len(console.disk.lines) == 100
        listed = [one for one in console.decisions.listing() if one.state is FAILED]
        assert {one.settled_detail for one in listed} == {"Dataset not found"}


@in_virtual_time
async def test_three_failures_in_a_row_leave_the_rest_waiting_for_a_word() -> None:
    async with opened(FakeService(100), hold=0) as console:
        console.service.posting.extend(["ok", *["404"] * 5])
        batch_id = (await console.accept(*range(50)))[0].batch_id or ""
        await console.accept(77)
        await asyncio.sleep(600)
        stopped = console.decisions.batch(batch_id)
        assert stopped is not None
        assert stopped.stopped
        assert stopped.failed <= 5  # those in flight at the third one
        assert stopped.remaining == 49 - stopped.failed
        assert console.state(77) is not WAITING
        assert "Three in a row failed" in (console.decisions.status.paused or "")
        console.service.posting.clear()
        console.decisions.resume()
        await asyncio.sleep(60)
        end = console.decisions.batch(batch_id)
        assert end is not None
        assert (end.remaining, end.done) == (0, 50 - end.failed)
        assert console.decisions.status.paused is None


@in_virtual_time
async def test_refusals_do_not_count_as_failures_in_a_row() -> None:
    async with opened(FakeService(30)) as console:
        batch_id = (await console.accept(*range(20)))[0].batch_id or ""
        for number in range(10):
            console.service.decide_elsewhere(number, Verdict.REJECT, "blurred")
        await asyncio.sleep(60)
        end = console.decisions.batch(batch_id)
        assert end is not None
        assert (end.refused, end.done, end.remaining) == (10, 10, 0)


@in_virtual_time
async def test_a_dropped_decision_is_never_sent() -> None:
    async with opened(FakeService()) as console:
        (one,) = await console.accept(1)
        assert [it.state for it in await console.decisions.drop([one.id])] == [DROPPED]
        await asyncio.sleep(60)
        assert console.service.posts == []
        assert console.disk.lines == [one.id]
        assert await console.decisions.drop([one.id]) == ()


@in_virtual_time
async def test_a_failed_one_is_decided_again_as_a_new_one_on_what_is_there_now() -> None:
    async with opened(FakeService(), hold=0) as console:
        console.service.posting.append("404")
        await console.reject(1, reason="blurred")
        failed = await console.until(1, FAILED)
        console.service.touch(1, metadata={"take": 2}, date_updated="2026-11-22T00:00:00Z")
        (again,) = await console.reject(1, reason="blurred")
        assert again.id != failed.id
        assert again.revision != failed.revision
        await console.until_settled()
        assert console.state(1) is DONE
        assert [post.reason for post in console.service.effective()] == ["blurred"]
        assert len(console.disk.lines) == 2


@in_virtual_time
async def test_late_refusals_stay_in_the_header_until_they_were_looked_at() -> None:
    async with opened(FakeService()) as console:
        await console.accept(1)
        console.service.touch(1, metadata={"take": "another"})
        refused = await console.until(1, REFUSED)
        assert refused.settled_detail == 'metadata.take is "another", was 1'
        status = console.decisions.status
        assert (status.unseen_refusals, dict(status.counts)) == (1, {REFUSED: 1})
        console.decisions.seen_refusals()
        status = console.decisions.status
        assert (status.unseen_refusals, dict(status.counts)) == (0, {})
        assert refused in console.decisions.listing()
        await console.decisions.drop([refused.id])
        assert console.decisions.listing() == ()


@in_virtual_time
async def test_a_read_only_console_leads_to_no_post() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as dead:
        (kept,) = await dead.accept(1)
        await dead.die()
    before = dict(disk.states())
    async with opened(service, disk, read_only=True) as console:
        assert [one.state for one in console.decisions.listing()] == [KEPT]
        with pytest.raises(ReadOnly, match="read-only"):
            await console.accept(2)
        with pytest.raises(ReadOnly):
            await console.decisions.send_now()
        with pytest.raises(ReadOnly):
            await console.decisions.drop([kept.id])
        with pytest.raises(ReadOnly):
            await console.decisions.take_back([kept.id])
        console.decisions.resume()
        await asyncio.sleep(100)
        assert service.posts == []
        assert disk.states() == before


@in_virtual_time
async def test_a_decision_outlives_whoever_asked_for_it() -> None:
    async with opened(FakeService()) as console:
        asking = asyncio.create_task(console.accept(1))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert asking.cancelled()
        await console.until(1, DONE)


@in_virtual_time
async def test_the_audit_log_catches_up_when_the_disk_has_room_again() -> None:
    async with opened(FakeService(), hold=0) as console:
        console.disk.audit_full = True
        await console.accept(1)
        await console.until(1, DONE)
        await asyncio.sleep(1)
        assert "audit log is behind" in (console.decisions.status.remark or "")
        console.disk.audit_full = False
        await console.accept(2)
        await console.until(2, DONE)
        await asyncio.sleep(1)
        assert len(console.disk.lines) == len(set(console.disk.lines)) == 2
        assert console.decisions.status.remark is None


@in_virtual_time
async def test_an_error_in_the_sending_is_not_silent() -> None:
    async with opened(FakeService(), hold=0) as console:

        def broken(_: str) -> None:
            raise ZeroDivisionError

        console.service.on_read = broken
        run = asyncio.create_task(console.decisions.run())
        await console.accept(1)
        with pytest.raises(ZeroDivisionError):
            await run
        console._run = None


@in_virtual_time
async def test_the_older_version_that_was_displayed_is_what_is_decided() -> None:
    async with opened(FakeService(), hold=0) as console:
        target = replace(console.service.target(4), version=1, seconds=3.5)
        (one,) = await console.decisions.decide(Verdict.ACCEPT, [target], query="type:episode")
        assert (one.version, one.seconds, one.query, one.via) == (1, 3.5, "type:episode", "console")
        await console.until(4, DONE)
        assert [post.dataset_id for post in console.service.posts] == [id_of(4)]
