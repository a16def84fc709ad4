"""Coming and going where the disk takes nothing, the console may send nothing, or others end."""

from __future__ import annotations

import asyncio

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.ui.dialogs.confirm import TYPED_AHEAD
from tests.fakes import Disk, id_of
from tests.ui.reviewing import Console, Service
from tests.ui.stage import press_at_once
from tests.ui.workplaces import decisions_of

OTHER = "0b8e1b9e-0000-4000-8000-0000000000ff"


async def left_behind(service: Service, disk: Disk, *numbers: int) -> None:
    """A console decides on these, and ends."""
    ended = decisions_of(service, disk)
    await ended.start()
    await ended.decide(Verdict.ACCEPT, service.targets(numbers))
    await ended.close()


async def send_all(console: Console) -> None:
    """In the outbox, with the second key once its question was read."""
    await console.press("N")
    await console.until_shown("y send   n no")
    await asyncio.sleep(TYPED_AHEAD)
    await console.press("y")


async def test_a_full_disk_at_the_start_sends_nothing_and_keeps_everything() -> None:
    service, disk = Service(), Disk()
    await left_behind(service, disk, 3, 4)
    async with Console(service, disk=disk).opened() as console:
        await console.until_shown("2 decisions were kept: $ looks, sends or drops", "2 kept")
        await console.press("$")
        await console.until_shown("ACC kept")
        disk.full = True
        await send_all(console)
        await console.until_shown("The disk is full")
        assert service.posts == []
        disk.full = False
        await send_all(console)
        await console.until(lambda: len(service.effective()) == 2)


async def test_a_read_only_console_lists_what_was_kept_and_does_not_send_it() -> None:
    service, disk = Service(), Disk()
    await left_behind(service, disk, 3)
    async with Console(service, disk=disk, read_only=True).opened() as console:
        await console.until_shown("1 decision was kept: $ looks, sends or drops")
        await console.press("$")
        await console.until_shown("ACC kept")
        await send_all(console)
        await console.until_shown("This console is read-only")
    assert service.posts == []
    assert disk.states() == {id_of(3): DecisionState.HELD}


async def test_q_asks_about_what_is_still_being_saved() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        disk.latency = 0.3
        press_at_once(console.app, "a", "y", "q")
        await console.until_shown("1 decision is not sent")
        await console.press("escape")


async def test_q_waits_for_a_slow_disk_and_asks_then() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        disk.latency = 1.0
        press_at_once(console.app, "a", "y", "q")
        await console.until_shown("1 decision is not on the disk yet")
        await console.until_shown("1 decision is not sent")
        await console.press("s")  # typed before it was read: it goes to the list
        await console.until_shown("Set aside: a note?")
    assert disk.states() == {id_of(0): DecisionState.KEPT}


async def test_a_key_typed_while_the_disk_is_waited_for_calls_the_end_off() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        disk.latency = 0.5
        press_at_once(console.app, "a", "y", "q", "j")
        await console.until_shown("Keys were typed meanwhile: q leaves.")
        assert console.app.screen is console.app.review


async def test_a_disk_that_hangs_can_be_left_by_a_second_q_and_loses_nothing() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        disk.latency = 2.0
        press_at_once(console.app, "a", "y", "q", "q")
        await console.until(lambda: not console.app.is_running)
    assert disk.states() == {id_of(0): DecisionState.HELD}
    assert console.app.summary == "0 accepted, 0 rejected, outbox: 1 held"


@pytest.mark.parametrize("end", ["q", "signal"])
async def test_what_the_disk_does_not_take_at_the_end_is_said_and_its_reason_kept(end: str) -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        disk.latency = 1.0
        press_at_once(console.app, "r", *"dark at 0:04", "enter")
        await console.until_shown("saving")
        disk.full = True
        if end == "q":
            press_at_once(console.app, "q", "q")
        else:
            console.app.exit(return_code=143)
        await console.until(lambda: not console.app.is_running)
    assert disk.states() == {}
    assert "outbox empty" not in console.app.summary
    assert "1 NOT DECIDED" in console.app.summary
    assert console.sessions.session.drafts == {id_of(0): "dark at 0:04"}


async def test_the_question_at_the_end_counts_what_leaves_while_it_is_open() -> None:
    service, disk = Service(), Disk()
    async with Console(service, disk=disk, hold=3.0).opened() as console:
        await console.press("a", "y")
        await console.until_shown("ACC held")
        await console.press("q")
        await console.until_shown("1 decision is not sent")
        await console.until_shown("All have left by now")
        await console.press("d")
        await console.until(lambda: not console.app.is_running)
    assert len(service.effective()) == 1
    assert console.app.summary == "1 accepted, 0 rejected, outbox empty"


async def test_a_console_can_be_left_with_a_full_disk_and_loses_nothing() -> None:
    service, disk = Service(), Disk()
    async with Console(service, disk=disk).opened() as console:
        await console.press("a", "y")
        await console.until_shown("ACC held")
        disk.full = True
        await console.press("q")
        await console.until_shown("1 decision is not sent")
        await console.press("d")
        await console.until_shown("Nothing was sent or dropped: The disk is full")
        await console.press("q")
        await console.until_shown("1 decision is not sent")
        await console.press("k")
        await console.until(lambda: not console.app.is_running)
    assert disk.states() == {id_of(0): DecisionState.HELD}
    disk.full = False
    async with Console(service, disk=disk).opened() as console:
        await console.until_shown("1 decision was kept")


async def test_u_with_a_full_disk_says_that_nothing_was_taken_back() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        await console.press("a", "y")
        await console.until_shown("ACC held")
        disk.full = True
        await console.press("u")
        await console.until_shown("Not taken back: The disk is full")
        assert "ACC held" in console.row_of(0)


async def test_what_a_console_leaves_that_ends_meanwhile_is_seen_in_the_outbox() -> None:
    service, disk = Service(), Disk()
    other = decisions_of(service, disk)
    await other.start()
    async with Console(service, disk=disk).opened() as console:
        await console.until_shown("outbox empty")
        await other.decide(Verdict.ACCEPT, service.targets([3]))
        await console.press("$")
        await console.until_shown("Nothing is on its way.")
        await console.press("q")
        await other.close()
        await console.press("$")
        await console.until_shown("ACC kept")


async def test_what_another_console_took_over_leaves_the_outbox() -> None:
    service, disk = Service(), Disk()
    await left_behind(service, disk, 3)
    async with Console(service, disk=disk).opened() as console:
        await console.until_shown("1 decision was kept", "outbox: 1 kept")
        other = decisions_of(service, disk)
        (kept,) = await other.start()
        await other.send_now([kept.id])
        await console.press("$")
        await console.until_shown("Nothing is on its way.", "outbox empty")
        await other.close()


async def test_screens_that_were_left_are_told_of_nothing_any_more() -> None:
    async with Console().opened() as console:
        listeners = console.decisions._recorder._listeners
        before = len(listeners)
        for key in ("$", "S", "L"):
            await console.press(key)
            await console.until(lambda: console.app.screen is not console.app.review)
            await console.press("q")
            await console.until(lambda: console.app.screen is console.app.review)
        await console.until(lambda: len(listeners) == before)


async def test_what_was_decided_for_another_organization_is_listed_and_stays_kept() -> None:
    service, disk = Service(), Disk()
    for number in range(30, 60):
        service.touch(number, organization_id=OTHER)
    await left_behind(service, disk, 3)
    service.organization = OTHER
    async with Console(service, disk=disk).opened() as console:
        await console.until_shown("1 decision was kept")
        await console.press("$")
        await console.until_shown("ACC kept")
        await send_all(console)
        await console.until_shown("1 waiting")
        await console.until_shown("> ACC waiting", f"this key is of {OTHER}", "(profile default)")
        await console.press("q", "q")
        await console.until_shown("1 decision is not sent")
        await console.press("s")  # tried, in vain; the console can be left all the same
        await console.until(lambda: not console.app.is_running)
    assert service.posts == []
    assert disk.states() == {id_of(3): DecisionState.KEPT}
