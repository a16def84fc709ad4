"""Each row once, though the list shifts under the walk."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.dataset import PENDING
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import InvalidRequest, ServiceUnavailable
from gerra_tui.service.listing.walk import Walk
from tests.headless.stage import NOW, Listing, dataset, unreadable, uuid_of
from tests.service.listing.shifting_list import ShiftingList, Totals

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.page import Page


async def walked(listing: Listing, page: int = 10) -> tuple[list[str], Walk]:
    walk = Walk(listing, Narrowing())
    return [row.id async for rows in walk.rows(page) for row in rows], walk


def offsets(listing: Listing) -> list[int]:
    return [offset for _, _, offset in listing.asked]


async def test_a_list_of_one_page_is_asked_for_once() -> None:
    listing = Listing([dataset(number) for number in range(7)])
    ids, walk = await walked(listing)
    assert ids == [uuid_of(number) for number in range(7)]
    assert offsets(listing) == [0]
    assert (walk.looked_at, walk.total) == (7, 7)


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 15, 20, 57])
@pytest.mark.parametrize("total", ["exact", "absent", "of the page", "too large"])
async def test_a_quiet_list_comes_whole_and_in_order_whatever_the_total_says(
    length: int, total: str
) -> None:
    said = {"exact": length, "absent": None, "of the page": min(length, 10), "too large": 900}
    listing = Listing([dataset(number) for number in range(length)], total=lambda _: said[total])
    ids, _ = await walked(listing)
    assert ids == [uuid_of(number) for number in range(length)]
    assert len(listing.asked) <= 3 * (length // 5 + 3), "it ends soon"


async def test_a_backend_that_caps_the_limit_is_walked_to_the_end() -> None:
    listing = Listing([dataset(number) for number in range(40)])
    page = listing.page

    async def capped(narrowing: Narrowing, *, limit: int, offset: int) -> object:
        return await page(narrowing, limit=min(limit, 8), offset=offset)

    listing.page = capped  # type: ignore[method-assign,assignment] # a stand-in
    ids, _ = await walked(listing)
    assert ids == [uuid_of(number) for number in range(40)]


async def test_rows_without_an_id_are_told_apart_by_what_they_are() -> None:
    rows: list[Row] = [unreadable(None, name=number) for number in range(25)]
    listing = Listing([*rows, unreadable(7, name=None), unreadable(None, name=3)])
    ids, walk = await walked(listing)
    assert len(set(ids)) == len(ids) == walk.looked_at == 26
    assert ids[-1] == uuid_of(7)


async def test_more_rows_leaving_than_pages_overlap_leave_no_gap() -> None:
    def leave(asked: int) -> None:
        if asked == 3:
            del listing.rows[:14]

    listing = Listing([dataset(number) for number in range(60)], before_each=leave)
    ids, walk = await walked(listing)
    assert ids == [uuid_of(number) for number in range(60)]
    assert not walk.uncertain


@pytest.mark.parametrize("decided", [10, 49, 50, 200, 900])
async def test_none_is_missed_however_many_leave_above(decided: int) -> None:
    service = ShiftingList(3500)
    walk = Walk(service, Narrowing(status=PENDING))
    seen: set[str] = set()
    async for rows in walk.rows():
        seen |= {row.id for row in rows}
        if len(seen) <= 1000:
            for one in service.pending[:decided]:
                service.decide(one)
    assert set(service.pending) <= seen
    assert len(service.requests) <= 9


@pytest.mark.parametrize("ties", [5, 12, 20, 23, 40])
@pytest.mark.parametrize("total", ["exact", "absent", "page"])
async def test_rows_of_one_date_are_all_listed_though_their_order_differs_from_page_to_page(
    ties: int, total: Totals
) -> None:
    for seed in range(20):
        service = ShiftingList(200, totals=total, ties=ties, seed=seed)
        walk = Walk(service, Narrowing(status=PENDING))
        ids = [row.id async for rows in walk.rows(50) for row in rows]
        assert sorted(ids) == sorted(service.pending)
        assert not walk.uncertain


@pytest.mark.parametrize("status", [404, 416, 422])
async def test_a_service_that_refuses_pages_from_some_offset_on_is_not_called_read(
    status: int,
) -> None:
    service = ShiftingList(3000)
    page = service.page

    async def shallow(narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        if offset >= 1500:
            raise InvalidRequest("offset must be below 1500", http_status=status)
        return await page(narrowing, limit=limit, offset=offset)

    service.page = shallow  # type: ignore[method-assign] # a stand-in
    with pytest.raises(InvalidRequest):
        _ = [rows async for rows in Walk(service, Narrowing()).rows(100)]


async def test_a_service_that_ignores_the_offset_is_not_asked_for_ever() -> None:
    listing = Listing([dataset(number) for number in range(10)])
    page = listing.page

    async def the_same(narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        return replace(await page(narrowing, limit=limit, offset=0), offset=offset)

    listing.page = the_same  # type: ignore[method-assign] # a stand-in
    ids, _ = await walked(listing)
    assert ids == [uuid_of(number) for number in range(10)]


async def test_a_row_that_jumped_to_the_head_meanwhile_is_found_at_the_end() -> None:
    def jump(asked: int) -> None:
        if asked == 2:
            listing.rows.insert(0, listing.rows.pop(40))

    listing = Listing([dataset(number) for number in range(60)], before_each=jump)
    ids, _ = await walked(listing)
    assert Counter(ids) == Counter(uuid_of(number) for number in range(60))
    assert ids[-1] == uuid_of(40)


async def test_a_list_that_never_rests_is_called_uncertain() -> None:
    shuffle = random.Random(1).shuffle
    listing = Listing(
        [dataset(number) for number in range(300)], before_each=lambda _: shuffle(listing.rows)
    )
    ids, walk = await walked(listing)
    assert len(ids) == len(set(ids))
    assert walk.uncertain or len(ids) == 300


async def test_the_next_page_is_asked_for_while_this_one_is_used() -> None:
    listing = Listing([dataset(number) for number in range(50)])
    async with aclosing(Walk(listing, Narrowing()).rows(10)) as pages:
        await anext(pages)
        first = len(listing.asked)
        await anext(pages)
        assert (first, len(listing.asked)) == (1, 2)


async def test_a_walk_that_is_left_leaves_nothing_in_flight() -> None:
    def refuse(asked: int) -> None:
        if asked == 2:
            raise ServiceUnavailable("no")

    listing = Listing([dataset(number) for number in range(50)], before_each=refuse)
    async with aclosing(Walk(listing, Narrowing()).rows(10)) as pages:
        assert len(await anext(pages)) == 10


def changed_at(seconds: int, dataset_id: str | None = None) -> Dataset:
    moment = NOW + timedelta(seconds=seconds)
    named = {} if dataset_id is None else {"id": dataset_id}
    return dataset(abs(seconds), date_updated=moment.isoformat(), **named)


CHANGES = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["decide", "arrive", "touch"]), st.integers(0, 10**6)),
        max_size=6,
    ),
    max_size=25,
)


@given(st.integers(0, 70), CHANGES, st.integers(2, 12))
async def test_what_stays_from_start_to_end_comes_exactly_once(
    length: int, changes: list[list[tuple[str, int]]], page: int
) -> None:
    """Newest change first, as the service has been seen to order; each touched at most once."""
    gone, touched = set[str](), set[str]()

    def happen(asked: int) -> None:
        due = changes[asked - 1] if asked <= len(changes) else []
        for number, (what, which) in enumerate(due, start=1000 * asked):
            if what == "arrive":
                listing.rows.insert(0, changed_at(number))
            elif listing.rows and what == "decide":
                gone.add(listing.rows.pop(which % len(listing.rows)).id)
            elif listing.rows:
                place = which % len(listing.rows)
                if listing.rows[place].id not in touched:
                    row = listing.rows.pop(place)
                    touched.add(row.id)
                    listing.rows.insert(0, changed_at(number, row.id))

    listing = Listing(
        [changed_at(-number, uuid_of(number)) for number in range(length)], before_each=happen
    )
    ids, _ = await walked(listing, page)
    assert len(ids) == len(set(ids)), "none twice"
    assert {uuid_of(number) for number in range(length)} - gone <= set(ids), "none skipped"
