"""Keys that wait for the one before them are never left waiting."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from gerra_tui.ui.keys.burst import QUIET_SECONDS
from gerra_tui.ui.keys.sight import TEXT_OVER
from tests.fakes import id_of
from tests.ui.reviewing import Console
from tests.ui.stage import press_at_once


async def test_a_dialog_that_closes_by_itself_does_not_keep_the_next_keys() -> None:
    async with Console().opened() as console:
        for _ in range(5):
            await console.press("a")
            await console.until_shown("Accept this dataset?")
            press_at_once(console.app, "n", "j")
            console.app.screen.dismiss(None)
            await console.until(lambda: console.app.screen is console.app.review)
            press_at_once(console.app, "k", "j")
        await console.press("g", "j")
        await console.until(lambda: console.listing.cursor_id == id_of(1))


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_was_typed_the_next_keys_are_taken(seed: int) -> None:
    random = Random(seed)
    keys = ["a", "n", "r", "escape", "j", "k", "/", "x", "enter", "S", "?", ":", "$", "tab"]
    async with Console().opened() as console:
        for _ in range(20):
            press_at_once(console.app, *random.choices(keys, k=random.randint(1, 8)))
            await console.pilot.pause(random.choice((0.0, 0.002)))
        await console.until_all_is_taken()
        while (
            console.app.screen is not console.app.review
            or console.app.review.desk.query_line.editing
        ):
            await console.press("escape")
            await console.until_all_is_taken()
        # A burst may have been noticed, or a rejection refused, whose reason would follow.
        await asyncio.sleep(max(2 * QUIET_SECONDS, TEXT_OVER))
        await console.press("S")
        await console.until_shown("BY STATUS")
