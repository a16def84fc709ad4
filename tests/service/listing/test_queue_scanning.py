"""A scan for terms that are checked here says that it goes on while it does, and only then."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.shifting_list import ShiftingList, StillClock
from tests.service.listing.test_queue import opened, query, status
from tests.service.listing.test_queue_walk import WINDOW, at_rest
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from gerra_tui.service.listing.status import QueueChanged

EPISODES = "status:pending type:episode,nothing"
NOTHING = "status:pending type:nothing,nowhere"


async def test_a_full_screen_is_not_a_scan_that_goes_on() -> None:
    queue = await opened(ShiftingList(5000), EPISODES)
    assert not status(queue).scanning
    queue.look_at(3, 3 + WINDOW)
    assert not status(queue).scanning, "these are there already"
    queue.look_at(queue.length - WINDOW, queue.length)
    assert status(queue).scanning
    await at_rest(queue)
    assert not status(queue).scanning
    await queue.close()


async def test_what_was_looked_at_is_told_all_the_way_to_the_end() -> None:
    service = ShiftingList(1204)
    queue = ReviewQueue(service, StillClock())
    told: list[tuple[bool, int, int | None]] = []

    def note(change: QueueChanged) -> None:
        if change.status:
            told.append((queue.status.scanning, queue.status.looked_at, queue.status.looked_at_of))

    queue.subscribe(note)
    queue.show(query(NOTHING))
    queue.look_at(0, WINDOW)
    await at_rest(queue)
    assert [looked_at for _, looked_at, _ in told if looked_at] == [
        100,
        600,
        1100,
        1204,
        1204,
        1204,
    ]
    assert {of for _, looked_at, of in told if looked_at} == {1204}
    going_on = [scanning for scanning, _, _ in told]
    assert going_on == [False, *[True] * (len(told) - 2), False], "without a flicker"
    assert queue.status.exhausted
    await queue.close()


@in_virtual_time
async def test_a_scan_that_waits_for_the_service_does_not_go_on() -> None:
    service = ShiftingList(5000)
    queue = ReviewQueue(service, StillClock())
    queue.show(query(NOTHING))
    queue.look_at(0, WINDOW)
    service.failing = 1
    await asyncio.sleep(0.5)
    assert not status(queue).scanning
    service.latency = 0.1
    await asyncio.sleep(0.6)
    assert status(queue).scanning
    queue.stop_scan()
    assert not status(queue).scanning
    await asyncio.sleep(1)
    assert not status(queue).scanning
    await queue.close()


async def test_terms_that_the_service_checks_are_no_scan() -> None:
    queue = ReviewQueue(ShiftingList(5000), StillClock())
    queue.show(query())
    queue.look_at(0, WINDOW)
    assert not queue.status.scanning
    await queue.close()


async def test_no_more_rows_were_looked_at_than_there_are() -> None:
    service = ShiftingList(1000)
    queue = await opened(service, EPISODES)
    for top in range(0, 400, WINDOW):
        queue.look_at(top, top + WINDOW)
        await at_rest(queue)
    for one in service.pending[:700]:
        service.decide(one)
    while not queue.status.exhausted:
        queue.look_at(queue.length - WINDOW, queue.length)
        await at_rest(queue)
        assert queue.status.looked_at <= (queue.status.looked_at_of or 0)
    await queue.close()
