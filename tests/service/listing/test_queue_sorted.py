"""A sorted list of any length: it says what it covers, and keeps few rows in memory."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.view import Sort
from gerra_tui.service.failures import BadResponse, ServiceUnavailable
from gerra_tui.service.listing import needs
from gerra_tui.service.listing.ordering import Ordering
from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.long_list import LongList, id_at, row_at
from tests.service.listing.shifting_list import ShiftingList, StillClock
from tests.service.listing.test_queue import ids, opened, query
from tests.service.listing.test_queue_size import SCREEN, go
from tests.service.listing.test_queue_walk import Walk, at_rest, happen, happenings

if TYPE_CHECKING:
    from tests.service.listing.shifting_list import Totals

BY_NAME = Sort(column="name", descending=False)
BACKWARDS = Sort(column="name", descending=True)


def quietly(done: int, total: int | None) -> None:
    """Progress that nobody looks at."""


def covered(queue: ReviewQueue) -> tuple[int | None, int, int | None]:
    """What the sort says, what it shows, and how many there are."""
    return queue.status.sorted_within, queue.length, queue.status.total


async def test_a_sorted_list_of_any_length_shows_every_row_in_its_place() -> None:
    service = LongList(0, length=6000)
    queue = await opened(service)
    for top in range(0, 2500, SCREEN):
        await go(queue, top)
    queue.show(query(), BY_NAME)
    assert covered(queue) == (1000, 1000, 6000), "the rows that are in memory"
    told: list[tuple[int, int | None]] = []
    await queue.load_rest(lambda done, total: told.append((done, total)))
    assert covered(queue) == (6000, 6000, 6000)
    assert told[-1] == (6000, 6000)
    wanted = [id_at(n) for n in sorted(range(6000), key=lambda n: f"run {n}")]
    assert [queue.id_at(line) for line in range(6000)] == wanted
    assert queue.line_of(wanted[4321]) == 4321
    for top in (0, 3000, 5965, 10):
        assert await go(queue, top) == wanted[top : top + SCREEN]
    queue.show(query(), BACKWARDS)
    assert covered(queue) == (6000, 6000, 6000), "the other way round needs nothing"
    assert await go(queue, 0) == wanted[: -SCREEN - 1 : -1]
    await queue.close()


async def test_equal_rows_stand_in_the_order_of_the_listing() -> None:
    service = LongList(0, length=3000)
    queue = await opened(service)
    for top in range(0, 1500, SCREEN):
        await go(queue, top)
    queue.show(query(), Sort(column="status"))
    await queue.load_rest(quietly)
    assert [queue.id_at(line) for line in range(3000)] == [id_at(n) for n in range(3000)]
    await queue.close()


async def test_rows_near_each_other_come_with_one_request() -> None:
    service = LongList(0, length=5000)
    queue = await opened(service)
    queue.show(query(), Sort(column="created"))  # the listing upside down
    await queue.load_rest(quietly)
    await go(queue, 2000)
    service.requests.clear()
    service.singles.clear()
    for top in range(2000, 2300, 5):
        await go(queue, top)
    assert len(service.requests) + len(service.singles) <= 15
    await queue.close()


async def test_a_page_up_in_a_sorted_list_is_there_before_it_is_asked_for() -> None:
    service = LongList(0, length=3000)
    queue = await opened(service)
    queue.show(query(), BY_NAME)
    await queue.load_rest(quietly)
    await go(queue, 1500)
    await go(queue, 1500 - SCREEN)
    assert None not in ids(queue, range(1500 - 2 * SCREEN, 1500 - SCREEN))
    await queue.close()


async def test_loading_the_rest_takes_no_row_off_the_screen() -> None:
    service = LongList(0, length=8000)
    queue = await opened(service)
    queue.show(query(), BY_NAME)
    queue.look_at(0, SCREEN)
    await at_rest(queue)
    missing = 0

    def look(done: int, total: int | None) -> None:
        nonlocal missing
        missing += ids(queue, range(SCREEN)).count(None)

    await queue.load_rest(look)
    assert missing == 0
    await queue.close()


async def test_what_was_read_until_it_was_cancelled_or_failed_is_covered() -> None:
    service = LongList(0, length=5000)
    queue = await opened(service)
    queue.show(query(), BY_NAME)

    def stop(done: int, total: int | None) -> None:
        if done >= 2000:
            loading.cancel()

    loading = asyncio.create_task(queue.load_rest(stop))
    with pytest.raises(asyncio.CancelledError):
        await loading
    within, length, total = covered(queue)
    assert within == length
    assert 2000 <= length < 5000
    assert total == 5000
    await queue.close()

    shifting = ShiftingList(1500)
    queue = await opened(shifting)
    queue.show(query(), BY_NAME)
    shifting.failing = 1
    with pytest.raises(ServiceUnavailable):
        await queue.load_rest(quietly)
    assert covered(queue) == (100, 100, 1500)
    await queue.close()


async def test_rows_that_left_the_listing_meanwhile_are_covered_too() -> None:
    service = ShiftingList(2500)
    queue = await opened(service)
    for top in range(0, 1600, SCREEN):
        await go(queue, top)
    gone = service.pending[5:40]
    for one in gone[1:]:
        service.decide(one)
    del service.entries[gone[0]]
    queue.show(query(), BY_NAME)
    await queue.load_rest(quietly)
    assert covered(queue) == (2500, 2500, 2500)
    assert queue.line_of(gone[0]) == 2499, "without a name it is the last"
    assert await go(queue, queue.line_of(gone[9]) or 0)
    assert queue.elsewhere(gone[9]) == "accepted"
    await queue.close()


async def test_another_query_ends_the_loading_of_the_one_before() -> None:
    service = ShiftingList(3000)
    queue = await opened(service)
    queue.show(query(), BY_NAME)
    loading = asyncio.create_task(queue.load_rest(quietly))
    await asyncio.sleep(0)
    queue.show(query("status:accepted"), BY_NAME)
    await loading
    await at_rest(queue)
    assert covered(queue) == (0, 0, 0)
    await queue.close()


async def test_a_refresh_covers_what_was_covered() -> None:
    service = ShiftingList(2500)
    queue = await opened(service)
    queue.show(query(), BY_NAME)
    await queue.load_rest(quietly)
    arrived = service.arrive()
    here = await shown(queue, 1200)
    await queue.refresh()
    assert covered(queue) == (2501, 2501, 2501)
    line = queue.line_of(here[0] or "") or 0
    assert ids(queue, range(line, line + SCREEN)) == here, "no row leaves the screen"
    assert queue.line_of(arrived) is not None
    await queue.close()


@pytest.mark.parametrize("count", [0, 5, 20])
async def test_a_short_sorted_list_comes_to_its_end(count: int) -> None:
    service = ShiftingList(count)
    queue = ReviewQueue(service, StillClock())
    queue.show(query(), BY_NAME)
    queue.look_at(0, SCREEN)
    await at_rest(queue)
    assert queue.status.exhausted
    assert covered(queue) == (count, count, count)
    await queue.close()


async def test_a_sort_of_rare_rows_fills_the_screen_and_reads_no_further() -> None:
    service = ShiftingList(9000)
    queue = ReviewQueue(service, StillClock())
    queue.show(query("status:pending type:telemetry,nothing"), BACKWARDS)
    queue.look_at(0, 200)
    await at_rest(queue)
    within, length, _ = covered(queue)
    assert within == length
    assert 200 <= length < 1000
    assert queue.status.looked_at < 2000
    await queue.close()


async def test_rows_found_late_are_sorted_with_the_others() -> None:
    service = ShiftingList(1500)
    queue = await opened(service)
    moved = service.pending[1400]
    service.touch(moved)
    queue.show(query(), BY_NAME)
    await queue.load_rest(quietly)
    assert covered(queue) == (1500, 1500, 1500)
    line = queue.line_of(moved)
    assert line is not None
    assert not queue.is_divider(line)
    queue.show(query(), None)
    late = queue.line_of(moved)
    assert late == queue.length - 1
    assert (await go(queue, late - 3))[3] == moved
    await queue.close()


def test_a_sorted_row_costs_at_most_130_bytes() -> None:
    def used_by(count: int) -> int:
        order = Ordering(BY_NAME)
        before = tracemalloc.get_traced_memory()[0]
        order.note(row_at(number) for number in range(count))
        order.arrange()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before

    tracemalloc.start()
    few, many = used_by(1000), used_by(7000)
    tracemalloc.stop()
    assert (many - few) / 6000 <= 130


async def test_a_row_that_cannot_be_read_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(needs, "FEW", SCREEN * 3)  # all are read one by one

    class Odd(LongList):
        async def dataset(self, dataset_id: str) -> Dataset:
            if dataset_id == odd:
                raise BadResponse("The answer has a size that is no number.", http_status=200)
            return await super().dataset(dataset_id)

    service = Odd(0, length=3000)
    odd = id_at(2000)
    queue = await opened(service)
    queue.show(query(), BY_NAME)
    await queue.load_rest(quietly)
    line = queue.line_of(odd)
    assert line is not None
    assert len(await shown(queue, line - 5)) == SCREEN
    row = queue.row(line)
    assert isinstance(row, UnreadableRow)
    assert "size" in row.problem
    assert queue.status.failure is None
    await queue.close()


@settings(max_examples=60)
@given(
    count=st.integers(0, 400),
    totals=st.sampled_from(["exact", "absent", "page"]),
    text=st.sampled_from(["status:pending", "status:pending type:telemetry,nothing"]),
    steps=happenings(),
    sort=st.sampled_from([BY_NAME, BACKWARDS, Sort(column="created"), Sort(column="type")]),
)
def test_a_sort_that_loaded_the_rest_shows_whatever_stays_pending_once(
    count: int, totals: Totals, text: str, steps: list[tuple[str, int]], sort: Sort
) -> None:
    asyncio.run(sort_what_shifts(count, totals, text, steps, sort))


async def sort_what_shifts(
    count: int, totals: Totals, text: str, steps: list[tuple[str, int]], sort: Sort
) -> None:
    service = ShiftingList(count, totals=totals)
    walk = Walk(service, text)
    existed = service.pending
    await walk.begin()
    for kind, value in steps:
        happen(service, walk, kind, value, set())
        await walk.go_to(value % walk.queue.length if kind == "jump" and walk.queue.length else 0)
    service.failing = 0
    queue = walk.queue
    queue.retry_now()
    await at_rest(queue)
    queue.show(query(text), sort)
    await queue.load_rest(quietly)
    await at_rest(queue)
    lines = walk.all_lines()
    assert len(lines) == len(set(lines)) == queue.status.sorted_within == queue.length
    stayed = {one for one in existed if service.entries[one].status == "pending"}
    if "telemetry" in text:
        stayed = {one for one in stayed if service.entries[one].kind == "telemetry"}
    assert stayed <= set(lines)
    assert [queue.line_of(one) for one in lines] == list(range(len(lines)))
    assert (await shown(queue, len(lines) // 2))[:1] == lines[len(lines) // 2 :][:1]
    await queue.close()


async def shown(queue: ReviewQueue, top: int) -> list[str | None]:
    return [one for one in await go(queue, top) if one is not None]
