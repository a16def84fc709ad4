"""A million rows: few requests, little memory, and no waiting for what is not near."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.long_list import RARE, LongList, id_at
from tests.service.listing.shifting_list import ShiftingList, StillClock
from tests.service.listing.test_queue import ids, opened, query
from tests.service.listing.test_queue_walk import at_rest
from tests.virtual_time import LoopClock, in_virtual_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.service.listing.shifting_list import Totals

# The same lines thousands of times: counting them would take as long again.
pytestmark = pytest.mark.no_cover

MILLION = 1_000_000
MIB = 2**20
SCREEN = 35


async def go(queue: ReviewQueue, top: int) -> list[str | None]:
    queue.look_at(top, top + SCREEN)
    await at_rest(queue)
    return ids(queue, range(top, top + SCREEN))


async def test_a_jump_anywhere_in_a_million_costs_one_or_two_requests() -> None:
    service = LongList(0, length=MILLION)
    queue = await opened(service)
    assert queue.length == MILLION
    costs = []
    for top in (MILLION - SCREEN, 500_000, 0, 499_990, 123_456, 123_390, 999_900):
        asked = len(service.requests)
        assert await go(queue, top) == [id_at(n) for n in range(top, top + SCREEN)], top
        costs.append(len(service.requests) - asked)
    assert max(costs) <= 2, costs
    assert sum(costs) <= 9, costs
    assert not service.cancelled
    await queue.close()


@pytest.mark.parametrize("totals", ["absent", "page"])
async def test_the_end_of_a_list_of_unknown_length_is_the_end_of_what_is_known(
    totals: Totals,
) -> None:
    service = LongList(0, length=5000, totals=totals)
    queue = await opened(service)
    lengths = []
    while queue.status.total is None:
        lengths.append(queue.length)
        assert len(service.requests) < 100
        await go(queue, max(0, queue.length - SCREEN))
    assert lengths == sorted(lengths)
    assert (queue.status.total, queue.length) == (5000, 5000)
    assert await go(queue, 4965) == [id_at(n) for n in range(4965, 5000)]
    await queue.close()


@pytest.mark.parametrize("latency", [0.05, 0.4, 2.0, 5.0])
@pytest.mark.parametrize(("start", "step"), [(0, SCREEN), (500_000, -SCREEN), (900_000, SCREEN)])
def test_a_held_page_key_asks_little_and_leaves_nothing_behind(
    latency: float, start: int, step: int
) -> None:
    """5 s of 30 keys a second, however long the service takes to answer."""
    in_virtual_time(hold_page_key)(latency, start, step)


async def hold_page_key(latency: float, start: int, step: int) -> None:
    service = LongList(0, length=MILLION, latency=latency)
    queue = ReviewQueue(service, LoopClock())
    queue.show(query())
    queue.look_at(0, SCREEN)
    await asyncio.sleep(6)
    top = start
    queue.look_at(top, top + SCREEN)
    await asyncio.sleep(12)
    asked = len(service.requests)
    for _ in range(150):
        top += step
        queue.look_at(top, top + SCREEN)
        await asyncio.sleep(1 / 30)
        near = range(top - 6 * SCREEN, top + 7 * SCREEN)
        far = [one for one in service.unanswered if not (set(one) & set(near))]
        assert len(far) <= 1
    assert service.most_in_flight <= 4
    assert len(service.requests) - asked <= 80
    await asyncio.sleep(12)
    assert ids(queue, range(top, top + SCREEN)) == [id_at(n) for n in range(top, top + SCREEN)]
    assert service.in_flight == 0
    await queue.close()


@in_virtual_time
async def test_held_j_waits_for_no_page_and_cancels_none() -> None:
    service = LongList(0, length=MILLION, latency=0.4)
    queue = ReviewQueue(service, StillClock())
    queue.show(query())
    queue.look_at(0, SCREEN)
    await asyncio.sleep(1)
    missing = 0
    for top in range(300):
        queue.look_at(top, top + SCREEN)
        await asyncio.sleep(1 / 20)
        missing += ids(queue, range(top, top + SCREEN)).count(None)
    assert missing == 0
    assert not service.cancelled
    assert len(service.requests) <= 6
    await queue.close()


async def used_by(length: int, tops: Iterable[int]) -> int:
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    service = LongList(0, length=length)
    queue = await opened(service)
    for top in tops:
        await go(queue, top)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    await queue.close()
    return used


async def test_a_million_rows_cost_no_more_memory_than_a_thousand() -> None:
    few = await used_by(1000, range(0, 1000, SCREEN))
    many = await used_by(
        MILLION, [MILLION - SCREEN, 500_000, 0, *range(0, MILLION, 40_000), *range(0, 1000, SCREEN)]
    )
    assert many - few <= 4 * MIB, (few, many)


async def test_a_walk_costs_at_most_32_bytes_a_row_beside_the_rows_near() -> None:
    rows = 6_000
    few = await used_by(MILLION, range(0, 2000, SCREEN))
    many = await used_by(MILLION, range(0, 2000 + rows, SCREEN))
    assert many - few <= 32 * rows + MIB // 8, (few, many)


async def test_a_thousand_rows_cost_a_dozen_requests() -> None:
    service = LongList(0, length=MILLION)
    queue = await opened(service)
    for top in range(0, 1000 - SCREEN, SCREEN):
        await go(queue, top)
    assert len(service.requests) <= 13
    await queue.close()


async def test_a_scan_for_rare_rows_looks_at_each_row_about_once() -> None:
    service = LongList(0, length=20_000)
    queue = await opened(service, "status:pending type:telemetry,nothing")
    while not queue.status.exhausted:
        asked = len(service.requests)
        await go(queue, max(0, queue.length - SCREEN))
        assert len(service.requests) > asked
    found = [queue.id_at(line) for line in range(queue.length)]
    assert found == [id_at(n) for n in range(0, 20_000, RARE)]
    assert (queue.status.looked_at, queue.status.total) == (20_000, 40)
    walked = sum(limit for _, limit in service.requests if limit < 1000)
    assert walked <= 20_000 * 1.15
    await queue.close()


async def test_moving_by_one_over_rows_that_were_let_go_asks_for_no_page_twice() -> None:
    service = ShiftingList(4000)
    queue = await opened(service)
    for top in range(0, 3000, SCREEN):
        await go(queue, top)
    for one in service.pending[100:600]:
        service.decide(one)
    await go(queue, 300)
    service.requests.clear()
    for top in range(300, 340):
        await go(queue, top)
    assert len(service.requests) <= 3, service.requests
    await queue.close()
