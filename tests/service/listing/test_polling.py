"""The quiet poll over hours: how often the service is asked while nobody does anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Self

from gerra_tui.service.listing.arrivals import LOOKED_AT
from gerra_tui.service.listing.polling import QuietPolling
from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.shifting_list import ShiftingList
from tests.service.listing.test_queue import query
from tests.service.listing.test_queue_walk import WINDOW
from tests.virtual_time import LoopClock, in_virtual_time

MINUTE = 60.0


@dataclass
class Watched:
    """A console at which time passes, and the moments at which the service was asked."""

    service: ShiftingList = field(default_factory=lambda: ShiftingList(300))
    hidden: bool = False

    async def __aenter__(self) -> Self:
        clock = LoopClock()
        self.queue = ReviewQueue(self.service, clock)
        self.polling = QuietPolling(self.queue, clock, lambda: self.hidden)
        self.queue.show(query())
        self.queue.look_at(0, WINDOW)
        await asyncio.sleep(0.1)
        self.running = asyncio.create_task(self.polling.run())
        return self

    async def __aexit__(self, *raised: object) -> None:
        self.running.cancel()
        await self.queue.close()

    async def looks_within(self, seconds: float, *, key_every: float | None = None) -> int:
        """Looks for new rows while that time passes."""
        before = len(self.service.requests)
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0.01:
            await asyncio.sleep(min(left, key_every or left))
            if key_every:
                self.polling.touched()
        asked = self.service.requests[before:]
        assert all(limit <= LOOKED_AT and offset == 0 for offset, limit in asked)
        return len(asked)


@in_virtual_time
async def test_a_busy_reviewer_hears_of_new_rows_every_half_minute() -> None:
    async with Watched() as watched:
        assert await watched.looks_within(60 * MINUTE, key_every=1) in range(118, 121)
        watched.service.arrive()
        await watched.looks_within(31, key_every=1)
        assert watched.queue.status.new_rows == 1


@in_virtual_time
async def test_the_longer_nobody_acts_the_less_is_asked() -> None:
    async with Watched() as watched:
        assert await watched.looks_within(5 * MINUTE - 1) == 9
        assert await watched.looks_within(25 * MINUTE) in range(12, 15)
        assert await watched.looks_within(600 * MINUTE) in range(58, 62)


@in_virtual_time
async def test_a_key_after_a_long_rest_looks_at_once() -> None:
    async with Watched() as watched:
        await watched.looks_within(65 * MINUTE)
        watched.polling.touched()
        assert await watched.looks_within(1) == 1
        watched.polling.touched()
        assert await watched.looks_within(20, key_every=1) == 0


@in_virtual_time
async def test_nothing_is_asked_for_nobody() -> None:
    async with Watched() as watched:
        watched.hidden = True
        assert await watched.looks_within(120 * MINUTE) == 0
        watched.polling.touched()
        assert await watched.looks_within(MINUTE) == 0
        watched.hidden = False
        watched.polling.touched()
        assert await watched.looks_within(1) == 1


@in_virtual_time
async def test_a_list_that_comes_into_sight_again_is_looked_at_without_a_key() -> None:
    async with Watched() as watched:
        watched.hidden = True
        await watched.looks_within(4 * MINUTE)
        watched.hidden = False
        assert await watched.looks_within(31) == 1


@in_virtual_time
async def test_a_service_in_trouble_is_asked_less_and_less() -> None:
    async with Watched() as watched:
        watched.service.failing = 1000
        assert await watched.looks_within(60 * MINUTE, key_every=1) in range(7, 11)
        watched.service.failing = 0
        await watched.looks_within(10 * MINUTE, key_every=1)
        assert await watched.looks_within(60 * MINUTE, key_every=1) in range(118, 121)


@in_virtual_time
async def test_while_the_list_waits_for_the_service_nothing_else_is_asked() -> None:
    service = ShiftingList(300)
    service.failing = 10_000
    async with Watched(service) as watched:
        await asyncio.sleep(10 * MINUTE)
        assert {limit for _, limit in service.requests} == {100}
        assert watched.queue.status.failure is not None
