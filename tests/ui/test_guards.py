"""Text that arrives as keys decides nothing; fingers are never in the guard's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from gerra_tui.ui.keys.burst import Admission, BurstGuard
from tests.fakes import Disk
from tests.ui.reviewing import Console
from tests.ui.stage import press_at_once

if TYPE_CHECKING:
    from collections.abc import Sequence

PASS, TRIP, DROP = Admission.PASS, Admission.TRIP, Admission.DROP


def admitted(keys: Sequence[tuple[float, bool]]) -> list[Admission]:
    """What becomes of keys, each with its time in milliseconds, and whether it decides."""
    guard = BurstGuard()
    return [guard.admit(at / 1000, deciding=deciding) for at, deciding in keys]


def test_the_fourth_deciding_key_within_fifty_milliseconds_trips() -> None:
    assert admitted([(0, True), (10, True), (20, True), (50, True)]) == [PASS, PASS, PASS, TRIP]


def test_four_deciding_keys_in_more_time_pass() -> None:
    assert admitted([(0, True), (10, True), (20, True), (51, True)]) == [PASS] * 4


def test_keys_that_decide_nothing_do_not_count() -> None:
    assert admitted([(at, False) for at in range(20)]) == [PASS] * 20


def test_all_input_is_dropped_until_a_tenth_of_a_second_is_quiet() -> None:
    burst = [(0.0, True)] * 4
    assert admitted([*burst, (50, False), (149, True), (249, False)])[4:] == [DROP, DROP, PASS]


def test_after_the_quiet_counting_begins_anew() -> None:
    burst = [(0.0, True)] * 4
    assert admitted([*burst, (200, True), (201, True), (202, True)])[4:] == [PASS] * 3


@given(st.lists(st.floats(min_value=17, max_value=2000), max_size=60))
def test_a_key_held_at_sixty_a_second_never_trips(pauses: list[float]) -> None:
    at, keys = 0.0, []
    for pause in pauses:
        at += pause
        keys.append((at, True))
    assert set(admitted(keys)) <= {PASS}


@given(st.lists(st.tuples(st.floats(min_value=0, max_value=60), st.booleans()), max_size=80))
def test_never_do_four_deciding_keys_of_fifty_milliseconds_pass(
    steps: list[tuple[float, bool]],
) -> None:
    at, keys = 0.0, []
    for pause, deciding in steps:
        at += pause
        keys.append((at, deciding))
    passed = [
        moment
        for (moment, deciding), admission in zip(keys, admitted(keys), strict=True)
        if deciding and admission is PASS
    ]
    for first, fourth in zip(passed, passed[3:], strict=False):
        assert fourth - first > 50 or fourth / 1000 - first / 1000 > 0.050


# In the console


async def test_a_cat_on_the_keyboard_decides_at_most_once() -> None:
    async with Console().opened() as console:
        press_at_once(console.app, *"ayayayayayayayay")
        await console.until_shown("Keys came faster than fingers")
        await console.until(lambda: console.app.screen is console.app.review)
        assert len(console.disk.states()) <= 1


async def test_a_burst_is_told_of_although_its_first_keys_decided() -> None:
    disk = Disk()
    async with Console(disk=disk, hold=60).opened() as console:
        disk.latency = 2.0  # so that the burst is over before its first keys have decided
        press_at_once(console.app, *"ayayay")
        await console.until_shown("Keys came faster than fingers", "Before: accept held 60 s")
        assert len(console.disk.states()) == 1


async def test_a_burst_closes_the_dialog_as_no() -> None:
    async with Console().opened() as console:
        press_at_once(console.app, *"aaaa")
        await console.until_shown("Keys came faster than fingers")
        await console.until(lambda: console.app.screen is console.app.review)
        assert console.disk.states() == {}


async def test_enter_means_nothing_to_the_question_whether_to_accept() -> None:
    async with Console().opened() as console:
        await console.press("a")
        press_at_once(console.app, *["enter"] * 8)
        await console.press("k")
        assert "Accept this dataset?" in console.text
        assert "faster than fingers" not in console.text
        assert console.disk.states() == {}


async def test_a_burst_of_enter_sends_nothing_without_a_reason() -> None:
    async with Console().opened() as console:
        await console.press("r")
        press_at_once(console.app, *["enter"] * 6)
        await console.until_shown("Keys came faster than fingers")
        await console.until(lambda: console.app.screen is console.app.review)
        assert console.disk.states() == {}


@pytest.mark.parametrize("text", ["ayayay", "r\nry\n", "Q", "aaaa\n"])
async def test_pasted_text_is_never_taken_as_keys(text: str) -> None:
    async with Console().opened() as console:
        console.app.post_message(events.Paste(text))
        await console.press("j")
        assert console.app.screen is console.app.review
        assert console.disk.states() == {}
        assert "batch 1 " in console.cursor_row


async def test_pasted_text_goes_into_a_text_field() -> None:
    async with Console().opened() as console:
        await console.press("slash", "ctrl+u")
        console.app.post_message(events.Paste("type:episode\x1b[31m\u202e"))
        await console.until_shown("type:episode")
        assert "\x1b" not in console.text
        assert "\u202e" not in console.text
