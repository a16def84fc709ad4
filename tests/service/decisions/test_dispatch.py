"""Verdicts from the command line: through the same journal, once, whatever happens."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.service.decisions.dispatch import Dispatch
from gerra_tui.service.decisions.target import ReadOnly
from gerra_tui.service.failures import Unauthorized
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import ORIGIN, Disk, FakeAuditLog, FakeJournal, FakeService, id_of
from tests.service.decisions.console import QUICK, opened
from tests.virtual_time import LoopClock, in_virtual_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gerra_tui.service.decisions.dispatch import Settled

ACCEPT, REJECT = Verdict.ACCEPT, Verdict.REJECT


@asynccontextmanager
async def command(
    service: FakeService, disk: Disk | None = None, *, read_only: bool = False
) -> AsyncIterator[Dispatch]:
    """One call of the command line."""
    disk = disk or Disk()
    dispatch = Dispatch(
        journal=FakeJournal(disk),
        audit=FakeAuditLog(disk),
        api=service,
        clock=LoopClock(),
        origin=ORIGIN,
        patience=QUICK,
        read_only=read_only,
    )
    await dispatch.start()
    try:
        yield dispatch
    finally:
        await dispatch.close()


def told(settled: Settled) -> tuple[str, str | None]:
    return settled.result, settled.detail


@in_virtual_time
async def test_a_verdict_is_journaled_sent_and_logged() -> None:
    service, disk = FakeService(), Disk()
    async with command(service, disk) as dispatch:
        settled = await dispatch.decide_and_send(REJECT, service.target(1), reason="blurred")
        assert told(settled) == ("done", "done")
        assert settled.decision is not None
        assert (settled.decision.via, settled.decision.reason) == ("cli", "blurred")
    assert [one.reason for one in service.effective()] == ["blurred"]
    assert len(disk.lines) == 1


@pytest.mark.parametrize(
    "fault",
    ["429", "refused", "cut", "cut-after", "500-after", "garbage", "late:20", "hang", "429:9"],
)
@pytest.mark.parametrize("overwrites", [False, True])
@in_virtual_time
async def test_a_verdict_arrives_once_whatever_happens(fault: str, overwrites: bool) -> None:
    service, disk = FakeService(overwrites=overwrites), Disk()
    service.posting.append(fault)
    async with command(service, disk) as dispatch:
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert settled.result == "done"
    assert len(service.effective()) == 1


@in_virtual_time
async def test_after_a_minute_it_stays_waiting_and_says_that_nothing_was_reached() -> None:
    service, disk = FakeService(), Disk()
    service.reading.extend(["refused"] * 1000)
    loop = asyncio.get_running_loop()
    async with command(service, disk) as dispatch:
        started = loop.time()
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert 50 < loop.time() - started <= 60
    assert (settled.result, settled.reached) == ("waiting", False)
    assert "Cannot reach" in (settled.detail or "")
    assert disk.states() == {id_of(1): DecisionState.WAITING}
    service.reading.clear()
    async with opened(service, disk) as console:
        assert console.state(1) is DecisionState.KEPT


@in_virtual_time
async def test_an_outcome_that_cannot_be_learned_within_a_minute_stays_unknown() -> None:
    service, disk = FakeService(), Disk()
    service.posting.append("cut-after")
    service.reading.extend(["ok", *["500"] * 1000])
    async with command(service, disk) as dispatch:
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
    assert (settled.result, settled.reached) == ("unknown", True)
    service.reading.clear()
    async with command(service, disk) as dispatch:
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert told(settled) == ("done", "settled by reading")
    assert len(service.posts) == len(disk.lines) == 1


@in_virtual_time
async def test_a_refused_key_ends_the_attempt_at_once() -> None:
    service, disk = FakeService(), Disk()
    service.reading.append("401")
    loop = asyncio.get_running_loop()
    async with command(service, disk) as dispatch:
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
    assert settled.result == "waiting"
    assert isinstance(settled.failure, Unauthorized)
    assert loop.time() < 1


@in_virtual_time
async def test_what_others_decided_is_refused() -> None:
    service = FakeService()
    seen = service.target(1)
    service.decide_elsewhere(1, REJECT, "blurred")
    async with command(service) as dispatch:
        settled = await dispatch.decide_and_send(ACCEPT, seen)
        assert settled.result == "refused"
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert told(settled) == ("refused", "status is rejected")
    assert service.effective() == []


@in_virtual_time
async def test_a_final_failure_is_told_in_the_services_words() -> None:
    service = FakeService()
    service.posting.append("404")
    async with command(service) as dispatch:
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert told(settled) == ("failed", "Dataset not found")


@in_virtual_time
async def test_what_we_decided_before_is_done_without_a_second_post() -> None:
    service, disk = FakeService(), Disk()
    seen = service.target(1)
    async with command(service, disk) as dispatch:
        await dispatch.decide_and_send(ACCEPT, seen)
    for again in (seen, service.target(1)):
        async with command(service, disk) as dispatch:
            settled = await dispatch.decide_and_send(ACCEPT, again)
            assert told(settled) == ("done", "decided here before")
            assert told(await dispatch.check(ACCEPT, again)) == ("done", "decided here before")
            settled = await dispatch.decide_and_send(REJECT, again, reason="no")
            assert settled.result == "refused"
    assert len(service.posts) == 1


@in_virtual_time
async def test_what_was_reopened_after_our_verdict_can_be_decided_again() -> None:
    service, disk = FakeService(), Disk()
    async with command(service, disk) as dispatch:
        await dispatch.decide_and_send(ACCEPT, service.target(1))
        service.touch(1, status="pending")
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert told(settled) == ("done", "done")
    assert len(service.effective()) == 2


@in_virtual_time
async def test_a_thousand_ids_interrupted_and_run_again_settle_once_each() -> None:
    service, disk = FakeService(1000), Disk()
    service.posting.extend(["ok"] * 100 + ["late:20", "cut", "cut-after", "ok"] * 50)
    targets = service.targets(range(1000))

    async def run(dispatch: Dispatch) -> list[Settled]:
        return [await dispatch.decide_and_send(ACCEPT, target) for target in targets]

    for seconds in (3.07, 40.0, 100.0):  # Ctrl-C in the middle of something
        dispatch = command(service, disk)
        task = asyncio.create_task(run(await dispatch.__aenter__()))
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await dispatch.__aexit__(None, None, None)
    async with command(service, disk) as last:
        settled = await run(last)
    assert {one.result for one in settled} == {"done"}
    assert sorted(one.dataset_id for one in service.effective()) == sorted(service.bodies)
    assert len(disk.lines) == len(set(disk.lines)) == 1000


@in_virtual_time
async def test_a_running_consoles_decision_is_left_to_it() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as console, command(service, disk) as dispatch:
        (held,) = await console.accept(1)
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert settled.result == "waiting"
        assert "in a running console" in (settled.detail or "")
        assert (await dispatch.send(held)).result == "waiting"
        assert await dispatch.drop([held]) == []
        assert (await dispatch.check(ACCEPT, service.target(1))).result == "waiting"
        assert console.state(1) is DecisionState.HELD
    assert service.posts == []


@in_virtual_time
async def test_another_verdict_than_the_kept_one_is_not_mixed_up_with_it() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk) as dead:
        await dead.reject(1, reason="blurred")
        await dead.die()
    async with command(service, disk) as dispatch:
        settled = await dispatch.decide_and_send(ACCEPT, service.target(1))
        assert settled.result == "waiting"
        assert "reject" in (settled.detail or "")
        settled = await dispatch.decide_and_send(REJECT, service.target(1), reason="blurred")
        assert settled.result == "done"
    assert [one.verdict for one in service.effective()] == [REJECT]


@in_virtual_time
async def test_what_ended_consoles_left_is_sent_on_demand() -> None:
    service, disk = FakeService(overwrites=True), Disk()
    service.latency = 1.0
    async with opened(service, disk, hold="manual") as dead:
        await dead.accept(1)
        (late,) = await dead.accept(2)
        service.posting.append("late:20")
        await dead.decisions.send_now([late.id])
        await dead.until(2, DecisionState.SENDING)
        await asyncio.sleep(0.6)
        await dead.die()
    service.latency = 0.05
    async with command(service, disk) as dispatch:
        left = await FakeJournal(disk).open_decisions()
        assert len(left) == 2
        settled = [await dispatch.send(one) for one in left]
        assert [one.result for one in settled] == ["done", "done"]
    await asyncio.sleep(60)  # nothing arrives any more
    assert len(service.effective()) == len(disk.lines) == 2


@in_virtual_time
async def test_what_ended_consoles_left_is_dropped_on_demand() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk, hold=0) as dead:
        service.posting.extend(["404", "hang"])
        await dead.accept(3)
        await dead.until(3, DecisionState.FAILED)
        await dead.accept(2)
        await dead.until(2, DecisionState.SENDING)
        service.reading.extend(["refused"] * 9)
        await dead.accept(1)
        await asyncio.sleep(0.2)
        await dead.die()
    service.reading.clear()
    async with command(service, disk) as dispatch:
        left = await FakeJournal(disk).open_decisions()
        assert len(left) == 3
        dropped = await dispatch.drop(left)
        assert {one.dataset_id for one in dropped} == {id_of(1), id_of(2), id_of(3)}
        assert await FakeJournal(disk).open_decisions() == []
    assert len(disk.lines) == 3
    assert disk.states()[id_of(3)] is DecisionState.FAILED


@in_virtual_time
async def test_a_dry_run_sends_nothing_and_says_what_would_be() -> None:
    service, disk = FakeService(), Disk()
    targets = service.targets(range(4))
    service.decide_elsewhere(1, ACCEPT)
    service.touch(2, metadata={"take": "other"})
    async with command(service, disk, read_only=True) as dispatch:
        outcomes = [await dispatch.check(ACCEPT, target) for target in targets[:3]]
        service.reading.append("404")
        outcomes.append(await dispatch.check(ACCEPT, targets[3]))
        service.reading.append("refused")
        unreached = await dispatch.check(ACCEPT, targets[3])
    assert [one.result for one in outcomes] == ["would_send", "refused", "refused", "failed"]
    assert outcomes[2].detail == 'metadata.take is "other", was 2'
    assert (unreached.result, unreached.reached) == ("failed", False)
    assert service.effective() == []
    assert disk.rows == {}


@in_virtual_time
async def test_a_read_only_profile_sends_nothing() -> None:
    service = FakeService()
    async with command(service, read_only=True) as dispatch:
        with pytest.raises(ReadOnly):
            await dispatch.decide_and_send(ACCEPT, service.target(1))
        with pytest.raises(ReadOnly):
            await dispatch.drop([])
    assert service.calls == []


@in_virtual_time
async def test_a_full_disk_decides_nothing() -> None:
    service, disk = FakeService(), Disk()
    async with command(service, disk) as dispatch:
        disk.full = True
        with pytest.raises(JournalUnwritable):
            await dispatch.decide_and_send(ACCEPT, service.target(1))
        disk.full = False
    assert service.calls == []


@in_virtual_time
async def test_the_version_that_was_asked_for_is_the_one_decided() -> None:
    service, disk = FakeService(), Disk()
    target = replace(service.target(7), version=1)
    async with command(service, disk) as dispatch:
        assert dispatch.trouble is None
        await dispatch.decide_and_send(ACCEPT, target, query="status:pending")
    (row,) = disk.rows.values()
    assert (row.decision.version, row.decision.query) == (1, "status:pending")


@in_virtual_time
async def test_a_consoles_decision_that_is_taken_back_meanwhile_is_not_sent() -> None:
    """Its console was thought dead, or another took it over."""
    service, disk = FakeService(), Disk()
    async with command(service, disk) as dispatch:
        service.latency = 2.0
        sending = asyncio.create_task(dispatch.decide_and_send(ACCEPT, service.target(1)))
        await asyncio.sleep(1)
        (row,) = disk.rows.values()
        taken = row.decision.settled(DecisionState.TAKEN_BACK, at=LoopClock().now())
        row.decision = taken
        settled = await sending
        assert settled.result == "failed"
    assert service.posts == []
