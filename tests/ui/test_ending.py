"""What arrives while a screen is taken away, line by line, harms nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.ui.reviewing import Console, Service
from tests.ui.stage import press_at_once

if TYPE_CHECKING:
    from gerra_tui.domain.statistics import Statistics

NEVER = -1
MANY = 300  # turns of the event loop: more than a screen takes to be left


class Late(Service):
    """Tells the counts when `counted` is set."""

    def __init__(self) -> None:
        super().__init__(3)
        self.counted = asyncio.Event()

    async def statistics(self) -> Statistics:
        await self.counted.wait()
        return await super().statistics()


async def test_the_lines_are_told_what_is_so_until_the_first_of_them_is_gone() -> None:
    seen: set[int] = set()

    async def tell(console: Console) -> None:
        review = console.app.review
        while True:
            await asyncio.sleep(0)
            seen.add(len(review.children))
            review.tell()
            review.desk.notice("something happened")

    async with asyncio.TaskGroup() as tasks:
        async with Console(Service()).opened() as console:
            telling = tasks.create_task(tell(console))
            console.app.exit()
        telling.cancel()
    assert len(seen) > 2, "the lines go one after the other"


async def turns_until_lines_go(answer_after: int) -> int:
    """Of the event loop, from the key that leaves; the service answers after so many."""
    service, turns = Late(), 0
    async with Console(service).opened() as console:
        await console.press("S")
        await console.until_shown("Reading the counts")
        screen = console.app.screen
        whole = len(screen.children)
        press_at_once(console.app, "q")
        for passed in range(MANY):
            await asyncio.sleep(0)
            if passed == answer_after:
                service.counted.set()
            if not turns and len(screen.children) < whole:
                turns = passed
        service.counted.set()
    assert console.app.failed is None
    return turns


async def test_an_answer_at_any_moment_of_leaving_a_screen_is_no_failure() -> None:
    lines_go = await turns_until_lines_go(NEVER)
    for moment in range(lines_go + 9):
        await turns_until_lines_go(moment)
