"""R, and what the reviewer finds afterwards at the place where the cursor was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.dataset import Dataset
from gerra_tui.service.failures import InvalidRequest
from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.shifting_list import START, UNDATED, ShiftingList, StillClock
from tests.service.listing.test_queue import ids, opened, query
from tests.service.listing.test_queue_walk import WINDOW, at_rest
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.service.failures import Failure


def failure_of(queue: ReviewQueue) -> Failure | None:
    return queue.status.failure


async def walk_to(queue: ReviewQueue, line: int) -> None:
    for top in range(0, line + 1, WINDOW):
        queue.look_at(top, top + WINDOW)
        await at_rest(queue)
    queue.look_at(line, line + WINDOW)
    await at_rest(queue)


def newest_first(service: ShiftingList, text: str) -> list[str]:
    fitting = [
        entry
        for entry in service.entries.values()
        if entry.status == "pending" and (entry.kind == "episode" or "episode" not in text)
    ]
    fitting.sort(key=lambda entry: entry.updated or UNDATED, reverse=True)
    return [entry.dataset_id for entry in fitting]


@pytest.mark.parametrize("text", ["status:pending", "status:pending type:episode,nothing"])
@pytest.mark.parametrize("totals", ["exact", "absent", "page"])
async def test_the_cursor_is_on_the_same_dataset_after_hundreds_were_decided(
    totals: str, text: str
) -> None:
    service = ShiftingList(3000, totals=totals)  # type: ignore[arg-type] # parametrized above
    queue = await opened(service, text)
    await walk_to(queue, 1200)
    window = ids(queue, range(1200, 1200 + WINDOW))
    for line in range(0, 1200, 2):
        one = queue.id_at(line)
        assert one is not None
        service.decide(one)
    for _ in range(30):
        service.arrive()
    asked = len(service.requests)
    await queue.refresh()
    assert len(service.requests) - asked <= 8
    for one in window:
        assert one is not None
        at = queue.line_of(one)
        assert at is not None
        row = queue.row(at)
        assert isinstance(row, Dataset)
        assert row.id == one
    lines = [queue.line_of(one) or 0 for one in window if one is not None]
    assert lines == list(range(lines[0], lines[0] + WINDOW))
    top = lines[0]
    queue.look_at(top, top + WINDOW)
    await at_rest(queue)
    assert not queue.status.new_rows
    first = queue.row(0)
    assert isinstance(first, Dataset)
    assert first.id == newest_first(service, text)[0]
    await queue.close()


async def test_after_a_refresh_far_down_the_way_up_is_without_a_hole() -> None:
    for text in ("status:pending", "status:pending type:episode,nothing"):
        service = ShiftingList(2000)
        queue = await opened(service, text)
        await walk_to(queue, 700)
        one = ids(queue, range(705, 706))[0]
        assert one is not None
        for line in range(100, 400):
            gone = queue.id_at(line)
            assert gone is not None
            service.decide(gone)
        await queue.refresh()
        at = queue.line_of(one)
        assert at is not None
        wanted = newest_first(service, text)
        seen: list[str | None] = []
        for _ in range(60):
            at = queue.line_of(one)
            assert at is not None
            top = max(0, at - WINDOW)
            queue.look_at(top, top + WINDOW)
            await at_rest(queue)
            first = next(row.id for n in range(top, at + 1) if (row := queue.row(n)) is not None)
            seen = ids(queue, range(queue.line_of(first or "") or 0, at))
            one = first or one
            if top == 0:
                break
        await at_rest(queue)
        bottom = wanted.index(next(i for i in reversed(seen) if i is not None))
        shown = [queue.id_at(line) for line in range(bottom + 1)]
        assert shown == wanted[: bottom + 1]
        await queue.close()


async def test_the_place_is_kept_where_every_row_on_the_screen_was_decided() -> None:
    service = ShiftingList(2000)
    queue = await opened(service)
    await walk_to(queue, 900)
    here = [one for one in ids(queue, range(900, 900 + WINDOW)) if one is not None]
    after = service.pending[900 + WINDOW]
    for one in here:
        service.decide(one)
    await queue.refresh()
    assert all(queue.line_of(one) is None for one in here)
    assert queue.line_of(after) is not None
    await queue.close()


@in_virtual_time
async def test_the_quiet_poll_goes_on_after_a_failure() -> None:
    service = ShiftingList(30)
    queue = ReviewQueue(service, StillClock())
    queue.show(query())
    queue.look_at(0, WINDOW)
    await asyncio.sleep(1)
    service.failing = 1
    await queue.check_for_new()
    assert failure_of(queue) is not None
    await asyncio.sleep(120)
    assert failure_of(queue) is None, "or nothing would ever be polled again"
    await queue.close()


async def test_last_sessions_rows_are_not_shown_for_another_query() -> None:
    service = ShiftingList(30)
    queue = ReviewQueue(service, StillClock())
    queue.seed(tuple(service.entries[one].dataset() for one in service.pending[:10]), START)
    queue.show(query())
    assert queue.length == 10
    queue.show(query("status:accepted"))
    assert queue.length == 0
    assert queue.row(0) is None
    await queue.close()


@pytest.mark.parametrize(("arriving", "told"), [(12, (12, False)), (49, (49, False))])
async def test_new_rows_are_counted(arriving: int, told: tuple[int, bool]) -> None:
    service = ShiftingList(300)
    queue = await opened(service)
    for one in service.pending[5:30]:
        service.decide(one)
    for _ in range(arriving):
        service.arrive()
    await queue.check_for_new()
    assert (queue.status.new_rows, queue.status.more_new_rows) == told
    await queue.close()


async def test_an_older_dataset_that_becomes_pending_is_new() -> None:
    service = ShiftingList(300)
    one = service.pending[40]
    service.decide(one, "for_admin_review")
    queue = await opened(service)
    service.decide(one, "pending")
    await queue.check_for_new()
    assert (queue.status.new_rows, queue.status.more_new_rows) == (1, False)
    await queue.refresh()
    assert queue.id_at(0) == one
    await queue.close()


async def test_of_more_new_rows_than_were_looked_at_it_is_said_that_there_are_more() -> None:
    service = ShiftingList(300)
    queue = await opened(service)
    for _ in range(75):
        service.arrive()
    await queue.check_for_new()
    assert (queue.status.new_rows, queue.status.more_new_rows) == (75, True)
    await queue.refresh()
    assert (queue.status.new_rows, queue.status.more_new_rows) == (0, False)
    await queue.close()


async def test_rows_touched_at_the_head_are_not_new_but_may_hide_some() -> None:
    service = ShiftingList(300)
    queue = await opened(service)
    service.arrive()
    for one in service.pending[:60]:
        service.touch(one)
    service.arrive()
    await queue.check_for_new()
    assert (queue.status.new_rows, queue.status.more_new_rows) == (2, True)
    await queue.close()


async def test_new_rows_behind_fifty_without_a_date_are_noticed() -> None:
    service = ShiftingList(300, undated=60)
    queue = await opened(service)
    await queue.check_for_new()
    assert (queue.status.new_rows, queue.status.more_new_rows) == (0, False)
    for _ in range(3):
        service.arrive()
    await queue.check_for_new()
    assert (queue.status.new_rows, queue.status.more_new_rows) == (3, True)
    await queue.refresh()
    assert queue.status.new_rows == 0
    await queue.close()


@pytest.mark.parametrize("status", [404, 416, 422])
async def test_a_refused_quiet_look_stops_nothing(status: int) -> None:
    service = ShiftingList(300)
    queue = await opened(service)

    async def refuse(narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        raise InvalidRequest("No such page.", http_status=status)

    service.page, page = refuse, service.page  # type: ignore[method-assign] # a stand-in
    await queue.check_for_new()
    assert failure_of(queue) is None
    assert queue.length == 300
    service.page = page  # type: ignore[method-assign]
    queue.look_at(100, 120)
    await at_rest(queue)
    assert None not in ids(queue, range(100, 120)), "it goes on without a pause"
    await queue.close()


async def test_refresh_bears_a_service_that_refuses_what_is_behind_its_end() -> None:
    service = ShiftingList(1000, behind=416)
    queue = await opened(service)
    await walk_to(queue, 900)
    for one in service.pending[100:980]:
        service.decide(one)
    await queue.refresh()
    await at_rest(queue)
    assert failure_of(queue) is None
    assert queue.status.total == 120
    await queue.close()
