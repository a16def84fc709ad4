"""What was typed for something that was not asked is no command."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from tests.fakes import Disk, id_of
from tests.ui.reviewing import Console, Service
from tests.ui.stage import press_at_once

REASON = "mug vanishes, fr 3Q"


def untouched(console: Console) -> bool:
    """Whether nothing of a review was done, and nothing is asked."""
    review = console.app.review
    return (
        console.app.screen is review
        and not console.disk.states()
        and not len(review.desk.marks)
        and not review.desk.rows.flags
        and review.listing.view == 1
        and console.listing.cursor == 0
    )


async def type_slowly(console: Console, text: str) -> None:
    for letter in text:
        press_at_once(console.app, letter)
        await asyncio.sleep(0.15)


@pytest.mark.parametrize("slowly", [False, True])
async def test_a_reason_typed_where_nothing_is_loaded_yet_is_no_command(slowly: bool) -> None:
    service = Service()
    service.shut = True
    async with Console(service).opened(wait=False) as console:
        await console.press("r")
        assert "not loaded yet" in console.status
        if slowly:
            await type_slowly(console, REASON)
        else:
            await console.type(REASON)
        await console.press("enter", "tab", "backspace")
        assert untouched(console)
        assert "not loaded yet" in console.status


async def test_a_reason_for_what_is_decided_already_is_no_command() -> None:
    async with Console(Service(1)).opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        await console.press("r")
        assert "Nothing pending" in console.status
        await type_slowly(console, "u too")
        assert console.app.screen is console.app.review
        assert console.disk.states()
        assert "Nothing pending" in console.status


async def test_a_second_without_a_letter_ends_the_text() -> None:
    service = Service()
    service.shut = True
    async with Console(service).opened(wait=False) as console:
        await console.press("r", "3")
        await asyncio.sleep(1.1)
        await console.press("3")
        await console.until(lambda: console.app.review.listing.view == 3)


async def test_esc_ends_the_text_at_once_and_does_nothing_else() -> None:
    service = Service()
    service.shut = True
    async with Console(service).opened(wait=False) as console:
        await console.press("3", "r", "x", "escape", "2")
        await console.until(lambda: console.app.review.listing.view == 2)


async def test_a_held_arrow_goes_on_after_a_second() -> None:
    async with Console().opened() as console:
        await console.press("a", "y", "k", "r", "x")
        assert console.listing.cursor == 0
        for _ in range(8):
            await console.press("down")
            await asyncio.sleep(0.15)
        assert 0 < console.listing.cursor < 8


async def test_a_note_typed_where_nothing_is_loaded_yet_is_no_command() -> None:
    service = Service()
    service.shut = True
    async with Console(service).opened(wait=False) as console:
        await console.press("s")
        assert "not loaded yet" in console.status
        await console.type("fr 3Q")
        await console.press("enter")
        assert untouched(console)


async def test_a_verdict_typed_right_behind_u_is_not_about_the_row_before() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        disk.latency = 0.3
        press_at_once(console.app, "u", "r", *"dark", "enter")
        await console.until_shown("Taken back:")
        assert console.app.screen is console.app.review
        assert console.listing.cursor_id == id_of(0)
        assert len(disk.states()) == 1
        await asyncio.sleep(1.1)
        await console.press("r")
        await console.until_shown("Reject this dataset?", f"id {id_of(0)}")


@pytest.mark.parametrize("key", ["space", "s", "f", "v"])
async def test_what_marks_a_dataset_does_nothing_on_one_that_was_not_seen(key: str) -> None:
    async with Console().opened() as console:
        review = console.app.review
        review.desk.sight.jump(id_of(0))
        press_at_once(console.app, key)
        await console.until_shown("typed before the screen showed where the cursor had gone")
        assert untouched(console)
        assert not console.listing.in_range


# Keyboards


@pytest.mark.parametrize("letter", ["ф", "к", "あ"])
async def test_a_letter_of_another_layout_is_told_and_never_guessed_at(letter: str) -> None:
    async with Console().opened() as console:
        press_at_once(console.app, letter)
        await console.until_shown("is another keyboard layout on?")
        assert untouched(console)


async def test_with_caps_lock_on_the_reviewer_is_told() -> None:
    async with Console().opened() as console:
        await console.press("A")
        await console.until_shown("A is no key here, a is: is Caps Lock on?")
        await console.press("j")
        assert "Caps Lock" not in console.status


async def test_alt_and_a_key_is_another_key() -> None:
    async with Console().opened() as console:
        console.app.post_message(events.Key("alt+a", None))
        console.app.post_message(events.Key("alt+Q", None))
        await console.pilot.pause()
        assert untouched(console)
        await console.press("slash")
        console.app.post_message(events.Key("alt+d", None))
        await console.type("mug")
        await console.until_shown("status:pending mug")
