"""Where pages go when what they were to meet has left the listing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.query import parse
from gerra_tui.service.listing.pager import Pager
from tests.service.listing.shifting_list import ShiftingList, StillClock
from tests.service.listing.test_queue import opened
from tests.service.listing.test_queue_walk import WINDOW, Walk, at_rest, check

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing


def pager_of(service: ShiftingList, text: str = "status:pending") -> Pager:
    query = parse(text).query
    assert query is not None
    return Pager(service, StillClock(), query, "off")


def lines(pager: Pager) -> list[str | None]:
    return [pager.layout.id_at(line) for line in range(pager.layout.length)]


async def to_the_end(pager: Pager) -> None:
    for _ in range(200):
        if pager.at_end:
            return
        await pager.extend(pager.layout.stretches[0] if pager.layout.stretches else None, 100)
    raise AssertionError("the end is never reached")


@pytest.mark.parametrize("jumps", [[500], [500, 700], [700, 500, 900], [950]])
async def test_the_walk_passes_rows_jumped_to_that_were_all_decided(jumps: list[int]) -> None:
    service = ShiftingList(1000)
    pager = pager_of(service)
    await pager.begin(100)
    decided = []
    for line in jumps:
        decided += [row.id for row in await pager.jump(line, 50)]
    for one in dict.fromkeys(decided):
        service.decide(one)
    await to_the_end(pager)
    shown = [one for one in lines(pager) if one is not None]
    assert len(shown) == len(set(shown)) == 1000
    assert [one for one in shown if one in set(service.pending)] == service.pending


async def test_the_walk_goes_on_where_only_the_second_stretch_below_is_left() -> None:
    service = ShiftingList(1000)
    pager = pager_of(service)
    await pager.begin(100)
    await pager.jump(600, 50)
    for row in await pager.jump(400, 50):
        service.decide(row.id or "")
    await to_the_end(pager)
    assert [one for one in lines(pager) if one in set(service.pending)] == service.pending


@pytest.mark.parametrize("totals", ["exact", "absent", "page"])
async def test_all_rows_below_were_decided(totals: str) -> None:
    service = ShiftingList(500, totals=totals)  # type: ignore[arg-type] # parametrized above
    pager = pager_of(service)
    await pager.begin(100)
    for one in service.pending[80:]:
        service.decide(one)
    await to_the_end(pager)
    assert len(lines(pager)) == 100


async def test_the_whole_listing_was_decided_under_the_reviewer() -> None:
    service = ShiftingList(300)
    walk = Walk(service)
    await walk.begin()
    for one in service.pending:
        service.decide(one)
    await walk.to_the_end()
    check(walk, [])
    await walk.queue.close()


async def test_walking_up_from_a_jump_joins_what_is_above() -> None:
    service = ShiftingList(600)
    pager = pager_of(service)
    await pager.begin(100)
    await pager.jump(300, 100)
    below = pager.layout.stretches[1]
    for one in service.pending[120:140]:
        service.decide(one)
    for _ in range(20):
        if len(pager.layout.stretches) == 1:
            break
        await pager.extend_up(below, 60)
    assert len(pager.layout.stretches) == 1
    shown = [one for one in lines(pager) if one is not None]
    assert shown == service.pending[: len(shown)]


async def test_a_row_that_moved_to_the_head_does_not_stop_the_walk_up() -> None:
    service = ShiftingList(600)
    pager = pager_of(service)
    await pager.begin(100)
    brought = await pager.jump(400, 100)
    below = pager.layout.stretches[1]
    for row in brought[:40]:
        service.touch(row.id or "")
    for _ in range(30):
        if len(pager.layout.stretches) == 1:
            break
        await pager.extend_up(below, 60)
    assert len(pager.layout.stretches) == 1
    shown = [one for one in lines(pager) if one is not None]
    assert len(shown) == len(set(shown)) == 500


async def test_a_jump_over_rows_that_are_known_takes_none_twice() -> None:
    service = ShiftingList(600)
    pager = pager_of(service)
    await pager.begin(100)
    assert await pager.jump(50, 100) == []
    for one in service.pending[:60]:
        service.decide(one)
    await pager.jump(105, 30)  # drifted: rows 65 to 95 of what is known, and 30 of what is not
    await pager.jump(130, 100)
    shown = [one for one in lines(pager) if one is not None]
    assert len(shown) == len(set(shown))


async def test_jumps_at_the_same_time_take_no_row_twice() -> None:
    service = ShiftingList(2000)
    pager = pager_of(service)
    await pager.begin(100)
    await asyncio.gather(*(pager.jump(line, 100) for line in (500, 560, 1000, 480, 1900)))
    shown = [one for one in lines(pager) if one is not None]
    assert len(shown) == len(set(shown))
    order = [service.pending.index(one) for one in shown]
    assert order == sorted(order)


async def test_an_empty_page_behind_the_end_leaves_the_total_known() -> None:
    service = ShiftingList(300)
    pager = pager_of(service)
    await pager.begin(100)
    for one in service.pending[30:]:
        service.decide(one)
    await pager.jump(200, 50)
    assert pager.total == 30


async def test_a_slow_service_is_asked_for_more_rows_at_once() -> None:
    clock = StillClock()

    class Slow(ShiftingList):
        seconds = 0.05

        async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
            clock.passed += self.seconds
            return await super().page(narrowing, limit=limit, offset=offset)

    service = Slow(2000)
    query = parse("status:pending").query
    assert query is not None
    pager = Pager(service, clock, query, "off")
    await pager.begin(100)
    quick = pager.page_size
    service.seconds = 1.0
    await pager.extend(pager.layout.stretches[0], quick)
    assert pager.page_size > quick


@pytest.mark.parametrize(
    ("row_bytes", "rows"), [(200, 100), (1_000, 100), (10_000, 50), (400_000, 40), (0, 100)]
)
async def test_of_big_rows_fewer_are_asked_for_at_once(row_bytes: int, rows: int) -> None:
    class Big(ShiftingList):
        async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
            page = await super().page(narrowing, limit=limit, offset=offset)
            return replace(page, size_bytes=row_bytes * len(page.rows))

    service = Big(2000)
    queue = await opened(service)
    queue.look_at(90, 90 + WINDOW)
    await at_rest(queue)
    assert max(limit for _, limit in service.requests[1:]) == rows + 20
    assert queue.row(100) is not None
    await queue.close()


async def test_reaching_the_end_through_a_jump_and_back_sweeps_once() -> None:
    service = ShiftingList(400)
    queue = await opened(service)
    queue.look_at(380, 400)
    await at_rest(queue)
    ended = [queue.status.exhausted]
    for top in range(0, 400, WINDOW):
        queue.look_at(top, top + WINDOW)
        await at_rest(queue)
    ended.append(queue.status.exhausted)
    assert ended == [False, True]
    await queue.close()
