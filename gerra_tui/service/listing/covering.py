"""A sort of this side made to cover every row of the listing, without keeping the rows."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from itertools import islice
from typing import TYPE_CHECKING, Final

from gerra_tui.service.listing.ordering import Ordering
from gerra_tui.service.listing.probes import read_row
from gerra_tui.service.ports import LARGEST_PAGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Container

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.view import Sort
    from gerra_tui.service.listing.fetching import Fetching
    from gerra_tui.service.listing.pager import Pager
    from gerra_tui.service.ports import ReadingApi

SINGLES: Final = 20  # rows that are read one by one, asked for together


async def rest_of(pager: Pager, until: int | None = None) -> AsyncIterator[list[Row]]:
    """Pages down to the end of the listing, or until so many rows are known. Raises `Failure`."""
    while not pager.at_end and (until is None or pager.layout.known < until):
        stretches = pager.layout.stretches
        yield await pager.extend(stretches[0] if stretches else None, LARGEST_PAGE)


async def ordered_again(
    pager: Pager, sort: Sort, pages: list[list[Row]], until: int | None, near: Container[str | None]
) -> Ordering:
    """Of a listing begun anew with these pages: about as many rows as were covered before, null
    for all. Rows that are near the screen are added to the pages. Raises `Failure`."""
    order = Ordering(sort)
    for page in pages:
        order.note(row for row in page if row.id in pager.layout)
    async for page in rest_of(pager, until):
        order.note(row for row in page if row.id in pager.layout)
        pages.append([row for row in page if row.id in near])
    order.arrange()
    return order


async def cover(
    api: ReadingApi,
    fetching: Fetching,
    order: Ordering,
    progress: Callable[[int, int | None], None],
) -> Ordering:
    """Read on to the end; with the sweeps what was let go since it was listed; one by one what
    has left the listing. The order that covers all is a new one, not arranged. Raises `Failure`.

    `order` has what was read on the way, in case of a failure or of an end before the end.
    """
    pager = fetching.pager
    async for page in rest_of(pager):
        order.note(row for row in page if row.id in pager.layout)
        if fetching.pager is not pager:
            return order
        fetching.keep_if_few(page)
        progress(pager.looked_at, pager.total)
    again = Ordering(order.sort)  # from the top, so that equal ones stand as they are listed
    if not pager.swept or len(order) < pager.layout.known:
        async with aclosing(fetching.sweeps(pager)) as sweeps:
            async for _, rows in sweeps:
                again.note(row for row in rows if row.id in pager.layout)
                order.note(row for row in rows if row.id in pager.layout)
                progress(order.noted, pager.layout.known)
    if again.noted < pager.layout.known:
        again.take(order)
    left = again.noted < pager.layout.known
    missing = iter([one for one in pager.layout.ids() if one not in again] if left else ())
    while batch := list(islice(missing, SINGLES)):
        again.note(await asyncio.gather(*(read_row(api, dataset_id) for dataset_id in batch)))
        progress(again.noted, pager.layout.known)
    return again
