"""`G` where the service does not tell how many rows there are, or tells wrongly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gerra_tui.service.listing.probes import MOST_LOOKS, measure
from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.long_list import LongList, id_at
from tests.service.listing.shifting_list import ShiftingList, StillClock
from tests.service.listing.test_queue import ids, opened, query, status
from tests.service.listing.test_queue_size import MILLION, SCREEN, go
from tests.service.listing.test_queue_walk import at_rest

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from tests.service.listing.shifting_list import Totals


class Stubborn(ShiftingList):
    """Gives the first page whatever is asked for."""

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        self.requests.append((offset, limit))
        await asyncio.sleep(0)
        return self._page(narrowing, limit, 0)


@example(length=2**22 + 1, guess=0)
@given(length=st.integers(0, 5_000_000), guess=st.integers(0, 5_000_000))
def test_any_length_is_found(length: int, guess: int) -> None:
    service = LongList(0, length=length, totals="absent")
    assert asyncio.run(measure(service, query().plan("off").narrowing, guess)) == length
    assert len(service.requests) <= MOST_LOOKS
    assert {limit for _, limit in service.requests} == {1}


@pytest.mark.parametrize("totals", ["absent", "page"])
async def test_the_end_of_a_million_is_found_in_few_small_requests(totals: Totals) -> None:
    service = LongList(0, length=MILLION, totals=totals)
    queue = await opened(service)
    assert status(queue).total is None
    service.requests.clear()
    assert await queue.find_end()
    assert (status(queue).total, queue.length) == (MILLION, MILLION)
    assert len(service.requests) <= 40
    asked = len(service.requests)
    last = MILLION - SCREEN
    assert await go(queue, last) == [id_at(n) for n in range(last, MILLION)]
    assert await go(queue, 400_000) == [id_at(n) for n in range(400_000, 400_000 + SCREEN)]
    assert len(service.requests) - asked <= 4
    assert await queue.find_end(), "known by now"
    assert (status(queue).total, queue.length) == (MILLION, MILLION)
    await queue.close()


async def test_nothing_is_asked_for_where_the_end_is_known_or_terms_are_checked_here() -> None:
    for text, found in (("status:pending", True), ("status:pending type:episode,nothing", False)):
        service = LongList(0, length=5000)
        queue = await opened(service, text)
        service.requests.clear()
        assert await queue.find_end() is found
        assert not service.requests
        await queue.close()
    assert not await ReviewQueue(ShiftingList(5), StillClock()).find_end()


async def test_looking_for_the_end_can_be_cancelled() -> None:
    service = LongList(0, length=MILLION, totals="absent")
    queue = await opened(service)
    length = queue.length
    looking = asyncio.create_task(queue.find_end())
    for _ in range(20):
        await asyncio.sleep(0)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    asked = len(service.requests)
    assert 1 < asked < 30
    await at_rest(queue)
    assert (queue.length, len(service.requests)) == (length, asked)
    await queue.close()


async def test_another_query_is_not_given_the_length_of_the_one_before() -> None:
    service = LongList(0, length=MILLION, totals="absent")
    queue = await opened(service)
    looking = asyncio.create_task(queue.find_end())
    await asyncio.sleep(0)
    queue.show(query(""))
    assert not await looking
    await at_rest(queue)
    assert queue.status.total is None
    await queue.close()


async def test_a_service_that_ignores_the_offset_has_no_end() -> None:
    service = Stubborn(500, totals="absent")
    queue = await opened(service)
    service.requests.clear()
    assert not await queue.find_end()
    assert len(service.requests) <= 3
    await queue.close()


@pytest.mark.parametrize("totals", ["exact", "absent", "page"])
@pytest.mark.parametrize("left", [0, 30, 100, 250])
async def test_a_jump_behind_the_end_of_a_list_that_became_shorter_comes_to_rest(
    totals: Totals, left: int
) -> None:
    service = ShiftingList(1000, totals=totals)
    queue = await opened(service)
    assert await queue.find_end()
    for one in service.pending[left:]:
        service.decide(one)
    service.requests.clear()
    for _ in range(40):
        top = max(0, queue.length - SCREEN)
        await go(queue, top)
    assert len(service.requests) <= 12
    assert None not in ids(queue, range(max(0, queue.length - SCREEN), queue.length))
    assert queue.length < 500
    await queue.close()


async def test_a_jump_into_rows_that_moved_up_comes_to_rest() -> None:
    service = ShiftingList(2000)
    queue = await opened(service)
    await go(queue, 1500)
    for one in service.pending[150:1450]:
        service.decide(one)
    service.requests.clear()
    await go(queue, 800)
    assert len(service.requests) <= 6
    await queue.close()


async def test_a_jump_into_rows_that_moved_down_comes_to_rest() -> None:
    service = ShiftingList(2000)
    queue = await opened(service)
    for _ in range(600):
        service.arrive()
    service.requests.clear()
    await go(queue, 300)
    assert len(service.requests) <= 12
    await queue.close()
