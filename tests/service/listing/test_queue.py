"""The queue beside the walk: refresh, sort, jumps, failures, and rows decided elsewhere."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query import Query, parse
from gerra_tui.domain.view import Sort
from gerra_tui.service.failures import ServiceUnavailable, Unauthorized, Unexpected
from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.shifting_list import START, ShiftingList, StillClock
from tests.service.listing.test_queue_walk import WINDOW, at_rest
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.service.listing.status import QueueChanged, QueueStatus


def query(text: str = "status:pending") -> Query:
    parsed = parse(text).query
    assert parsed is not None
    return parsed


async def opened(service: ShiftingList, text: str = "status:pending") -> ReviewQueue:
    queue = ReviewQueue(service, StillClock())
    queue.show(query(text))
    queue.look_at(0, WINDOW)
    await at_rest(queue)
    return queue


def status(queue: ReviewQueue) -> QueueStatus:
    """As it is at this moment."""
    return queue.status


def ids(queue: ReviewQueue, lines: range) -> list[str | None]:
    return [row.id if (row := queue.row(line)) is not None else None for line in lines]


async def test_a_jump_to_the_end_of_a_million_costs_two_requests() -> None:
    service = ShiftingList(20_000)
    queue = await opened(service)
    service.requests.clear()
    last = queue.length
    queue.look_at(last - WINDOW, last)
    await at_rest(queue)
    assert ids(queue, range(last - WINDOW, last)) == service.pending[-WINDOW:]
    assert len(service.requests) <= 3, service.requests
    assert queue.position_of(last - 1) == 20_000
    await queue.close()


async def test_held_page_down_keeps_few_requests_in_flight() -> None:
    service = ShiftingList(20_000, latency=0.02)
    queue = ReviewQueue(service, StillClock())
    queue.show(query())
    queue.look_at(0, WINDOW)
    for _ in range(500):
        await asyncio.sleep(0.005)
        if queue.length:
            break
    for top in range(0, 18_000, WINDOW * 3):
        queue.look_at(top, top + WINDOW)
        await asyncio.sleep(0)
    assert service.most_in_flight <= 4
    for _ in range(500):
        await asyncio.sleep(0.005)
        if queue.at_rest:
            break
    assert all(ids(queue, range(top, top + WINDOW)))
    await queue.close()


async def test_rows_that_were_let_go_come_back_as_the_same_ones() -> None:
    """Also after the listing drifted, and with rows left out by a term that is checked here."""
    for text in ("status:pending", "status:pending type:episode,nothing"):
        service = ShiftingList(4000)
        queue = await opened(service, text)
        top, seen = 0, dict[int, str | None]()
        while top + WINDOW < queue.length and top < 2500:
            queue.look_at(top, top + WINDOW)
            await at_rest(queue)
            seen.update(
                zip(range(top, top + WINDOW), ids(queue, range(top, top + WINDOW)), strict=True)
            )
            top += WINDOW
        stayed = set(service.pending)
        for one in service.pending[100:400]:
            service.decide(one)
            stayed.discard(one)
        for back in range(0, 600, WINDOW):
            queue.look_at(back, back + WINDOW)
            await at_rest(queue)
            for line in range(back, back + WINDOW):
                row = queue.row(line)
                assert row is not None
                assert row.id == seen[line]
                if row.id in stayed:
                    assert isinstance(row, Dataset)
        await queue.close()


async def test_refresh_lets_new_rows_in_and_keeps_the_place() -> None:
    service = ShiftingList(300)
    queue = await opened(service)
    queue.look_at(150, 150 + WINDOW)
    await at_rest(queue)
    here = ids(queue, range(160, 161))[0]
    assert here is not None
    arrived = service.arrive()
    service.decide(service.pending[10])
    await queue.check_for_new()
    assert status(queue).new_rows == 1
    assert queue.line_of(arrived) is None
    await queue.refresh()
    await at_rest(queue)
    assert queue.line_of(arrived) == 0
    assert queue.line_of(here) is not None
    assert status(queue).new_rows == 0
    await queue.close()


async def test_refresh_mixes_no_two_queries() -> None:
    service = ShiftingList(300)
    queue = await opened(service)
    refreshing = asyncio.create_task(queue.refresh())
    await asyncio.sleep(0)
    queue.show(query("status:pending type:telemetry"))
    await refreshing
    await at_rest(queue)
    rows = [queue.row(line) for line in range(queue.length)]
    assert all(isinstance(row, Dataset) and row.data_type == "telemetry" for row in rows if row)
    await queue.close()


async def test_a_refresh_without_the_service_loses_nothing() -> None:
    service = ShiftingList(50)
    queue = await opened(service)
    before = ids(queue, range(50))
    service.failing = 1
    await queue.refresh()
    assert isinstance(status(queue).failure, ServiceUnavailable)
    assert ids(queue, range(50)) == before
    service.failing = 1
    await queue.check_for_new()
    assert isinstance(status(queue).failure, ServiceUnavailable)
    await queue.close()


@in_virtual_time
async def test_it_goes_on_by_itself_when_the_service_is_back() -> None:
    service = ShiftingList(50)
    service.failing = 3
    queue = ReviewQueue(service, StillClock())
    queue.show(query())
    queue.look_at(0, WINDOW)
    await asyncio.sleep(0.5)
    for _ in range(20):
        queue.look_at(0, WINDOW)
    assert len(service.requests) == 1, "moving does not hurry a service that is away"
    assert isinstance(status(queue).failure, ServiceUnavailable)
    await asyncio.sleep(60)
    assert status(queue).failure is None
    assert queue.length == 50
    service.failing = 1000
    queue.show(query(""))
    await asyncio.sleep(1)
    await queue.close()
    asked = len(service.requests)
    await asyncio.sleep(600)
    assert len(service.requests) == asked, "nothing is asked for after the end"


async def test_a_refused_key_waits_for_another() -> None:
    class Refusing(ShiftingList):
        async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
            self.requests.append((offset, limit))
            raise Unauthorized("The key is unknown.", http_status=401)

    service = Refusing(10)
    queue = await opened(service)
    queue.look_at(0, 5)
    await at_rest(queue)
    assert len(service.requests) == 1
    assert isinstance(status(queue).failure, Unauthorized)
    await queue.close()


async def test_last_sessions_rows_are_shown_until_live_ones_come() -> None:
    service = ShiftingList(30)
    kept: tuple[Row, ...] = tuple(service.entries[one].dataset() for one in service.pending[5:15])
    queue = ReviewQueue(service, StillClock())
    queue.seed(kept, START)
    queue.show(query())
    one = service.pending[5]
    assert (queue.length, queue.line_of(one), queue.is_live(one)) == (10, 0, False)
    assert queue.loaded_rows() == list(kept)
    assert queue.row(20) is None
    assert not status(queue).live
    await queue.check_for_new()
    await at_rest(queue)
    assert (queue.length, queue.line_of(one), queue.is_live(one)) == (30, 5, True)
    assert status(queue).live
    await queue.close()


async def test_rows_decided_elsewhere_are_found_by_the_quiet_poll() -> None:
    service = ShiftingList(200)
    queue = await opened(service)
    gone = service.pending[3]
    service.decide(gone, "rejected")
    told: list[QueueChanged] = []
    queue.subscribe(told.append)
    service.requests.clear()
    await queue.check_for_new()
    assert len(service.requests) == 1
    assert queue.elsewhere(gone) == "rejected"
    assert range(3, 4) in [change.lines for change in told]
    newer = service.entries[service.pending[0]]
    newer.status = "accepted"
    queue.replace(newer.dataset())
    assert queue.elsewhere(newer.dataset_id) == "accepted"
    queue.replace(Dataset(id="not here", status="pending", data_type="x", name="x"))
    await queue.close()


async def test_the_quiet_poll_bears_a_service_that_goes_away_in_the_middle() -> None:
    class Leaving(ShiftingList):
        async def dataset(self, dataset_id: str) -> Dataset:
            raise ServiceUnavailable("The service is away.")

    service = Leaving(200)
    queue = await opened(service)
    gone = service.pending[3]
    service.decide(gone)
    await queue.check_for_new()
    assert queue.elsewhere(gone) is None
    await queue.close()


async def test_accepted_rows_of_the_accepted_view_are_not_elsewhere() -> None:
    service = ShiftingList(20)
    for one in service.pending[:10]:
        service.decide(one)
    queue = await opened(service, "status:accepted")
    row = queue.row(0)
    assert isinstance(row, Dataset)
    queue.replace(service.entries[row.id].dataset())
    await queue.check_for_new()
    assert queue.elsewhere(row.id) is None
    await queue.close()


async def test_the_next_undecided_row_is_found_and_what_is_not_loaded_is_said() -> None:
    service = ShiftingList(1000)
    queue = await opened(service)
    wanted = queue.row(7)
    assert queue.next_line(0, 1, lambda row: row is wanted) == (7, False)
    assert queue.next_line(9, -1, lambda row: row is wanted) == (7, False)
    assert queue.next_line(0, -1, lambda row: True) == (None, False)
    assert queue.next_line(0, 1, lambda row: False) == (None, True)
    await at_rest(queue)
    await queue.close()


async def test_a_sort_says_what_it_covers_and_can_load_the_rest() -> None:
    service = ShiftingList(1500)
    queue = await opened(service)
    queue.show(query(), Sort(column="id", descending=True))
    covered = status(queue).sorted_within
    assert covered is not None
    assert covered < 1500
    told: list[tuple[int, int | None]] = []
    await queue.load_rest(lambda done, total: told.append((done, total)))
    assert status(queue).sorted_within == queue.length == 1500
    assert told[-1] == (1500, 1500)
    assert [queue.id_at(line) for line in range(3)] == service.pending[:-4:-1]
    await at_rest(queue)
    assert ids(queue, range(3)) == service.pending[:-4:-1]
    one = service.pending[-1]
    assert queue.line_of(one) == 0
    assert queue.line_of("nothing") is None
    assert not queue.is_divider(0)
    assert queue.position_of(4) == 5
    queue.look_at(0, WINDOW)
    await queue.refresh()
    assert status(queue).sorted_within is not None
    queue.show(query(), None)
    assert status(queue).sorted_within is None
    assert ids(queue, range(3)) == service.pending[:3]
    await queue.close()


async def test_a_scan_goes_only_as_far_as_the_reviewer_looks_and_can_be_stopped() -> None:
    service = ShiftingList(20_000)
    queue = await opened(service, "status:pending type:telemetry,nothing")
    assert not status(queue).scanning, "the screen is full"
    assert status(queue).looked_at < 2000
    assert status(queue).looked_at_of == 20_000
    queue.stop_scan()
    looked_at = status(queue).looked_at
    queue.look_at(queue.length - WINDOW, queue.length)
    await at_rest(queue)
    assert (status(queue).looked_at, status(queue).scan_stopped) == (looked_at, True)
    await queue.refresh()
    await at_rest(queue)
    assert status(queue).looked_at > looked_at
    assert not status(queue).scan_stopped
    await queue.close()


async def test_all_that_match_are_fetched_for_marking() -> None:
    service = ShiftingList(2500)
    queue = await opened(service, "status:pending type:telemetry,nothing")
    told: list[tuple[int, int | None]] = []
    found = await queue.all_matching(lambda done, total: told.append((done, total)))
    wanted = [one for one in service.pending if service.entries[one].kind == "telemetry"]
    assert [one.id for one in found] == wanted
    assert told[-1] == (2500, 2500)
    await queue.close()


@pytest.mark.parametrize("totals", ["exact", "absent", "page"])
async def test_what_moved_past_the_walk_is_found_late(totals: str) -> None:
    service = ShiftingList(150, totals=totals)  # type: ignore[arg-type] # parametrized above
    queue = await opened(service)
    moved = service.pending[140]
    service.touch(moved)  # to the head, before the walk was there
    top = 0
    while not status(queue).exhausted:
        queue.look_at(top, top + WINDOW)
        await at_rest(queue)
        top = min(top + WINDOW, max(0, queue.length - WINDOW))
    line = queue.line_of(moved)
    assert line == queue.length - 1
    assert queue.is_divider(line - 1)
    assert queue.row(line - 1) is None
    assert queue.position_of(line) == 150
    await queue.close()


async def test_a_service_that_ignores_the_offset_is_not_asked_for_ever() -> None:
    class Stubborn(ShiftingList):
        async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
            self.requests.append((offset, limit))
            await asyncio.sleep(0)
            return self._page(narrowing, limit, 0)

    service = Stubborn(5000, totals="absent")
    queue = await opened(service)
    queue.look_at(max(0, queue.length - WINDOW), queue.length)
    await at_rest(queue)
    assert len(service.requests) < 100
    await queue.close()


@in_virtual_time
async def test_a_bug_while_fetching_is_said_logged_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = ShiftingList(30)
    page = service.page

    async def bewildered(narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        raise ZeroDivisionError("not the service's fault")

    service.page = bewildered  # type: ignore[method-assign] # a stand-in
    queue = ReviewQueue(service, StillClock())
    queue.show(query())
    queue.look_at(0, WINDOW)
    await asyncio.sleep(0.1)
    assert isinstance(status(queue).failure, Unexpected)
    assert "ZeroDivisionError" in str(status(queue).failure)
    assert "Traceback" in caplog.text
    await queue.refresh()
    await queue.check_for_new()
    assert isinstance(status(queue).failure, Unexpected), "R ends nothing either"
    service.page = page  # type: ignore[method-assign]
    await queue.refresh()
    assert status(queue).failure is None
    assert queue.length == 30
    await queue.close()
