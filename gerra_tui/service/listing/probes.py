"""Requests beside the pages: one row, the length, where a row drifted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.service.failures import BadResponse, Failure, Forbidden, InvalidRequest, NotFound
from gerra_tui.service.listing.layout import BEGINNING, date_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.service.ports import ReadingApi

MOST_LOOKS: Final = 64  # enough for two thousand million rows
MOST_SEARCHED: Final = 12  # pages on the way to a row that drifted


async def read_row(api: ReadingApi, dataset_id: str) -> Row:
    """The dataset, or an unreadable row where asking again would not help. Raises `Failure`."""
    try:
        return await api.dataset(dataset_id)
    except NotFound:
        return UnreadableRow(id=dataset_id, problem="no longer there")
    except (BadResponse, Forbidden, InvalidRequest) as failure:
        return UnreadableRow(id=dataset_id, problem=failure.detail)


async def page_of(api: ReadingApi, narrowing: Narrowing, *, limit: int, offset: int) -> Page | None:
    """The page, or null where the service refuses one that may be behind its end. Raises
    `Failure`."""
    try:
        return await api.page(narrowing, limit=limit, offset=offset)
    except Failure as failure:
        if offset and failure.of_a_place_behind_the_end:
            return None
        raise


async def measure(api: ReadingApi, narrowing: Narrowing, guess: int) -> int | None:
    """Look at single rows: at twice the offset until none is there, then half way between.

    Null if there seems to be a row at every offset: then they are ignored. Raises `Failure`.
    """
    low = 0  # there is a row at each offset below
    high: int | None = None  # and none here
    offset, last = max(1, guess), ""
    for _ in range(MOST_LOOKS):
        page = await page_of(api, narrowing, limit=1, offset=offset)
        if page is None or not page.rows:
            high = offset
        else:
            low = offset + 1
            if high is None and last == page.rows[0].id:
                return None
            last = page.rows[0].id
        if high is not None and low >= high:
            return low
        offset = (low + high) // 2 if high is not None else 2 * offset
    return None


async def find_page(
    fetch: Callable[[int, int], Awaitable[Page]],
    ids: AbstractSet[str],
    date: datetime | None,
    offset: int,
    limit: int,
) -> Page:
    """The page that has these ids well inside, or else would have rows of that date.

    `fetch` gives so many rows from an offset. Raises what it raises.
    """
    lowest, low, high, step = limit // 2, 0, -1, limit
    offset, centred = max(lowest, offset - limit // 2), False
    for _ in range(MOST_SEARCHED):
        page = await fetch(offset, limit)
        at = _whereabouts(ids, date, page)
        if 0 <= at < len(page.rows):
            inside = limit // 4 <= at < 3 * limit // 4
            if inside or centred:
                break
            wanted, centred = max(lowest, offset + at - limit // 2), True
        elif at < 0:
            high = offset
            wanted = (low + high) // 2 if low else offset - step
        else:
            low = offset + len(page.rows)
            wanted = (low + high) // 2 if high >= 0 else offset + step
        wanted, step = max(lowest, wanted), step * 4
        if wanted == offset:
            break
        offset = wanted
    return page


def _whereabouts(ids: AbstractSet[str], date: datetime | None, page: Page) -> int:
    """Where in the page these rows are: -1 is above it, its length below it."""
    found = [index for index, row in enumerate(page.rows) if row.id in ids]
    if found:
        return found[len(found) // 2]
    if not page.rows:
        return -1
    if date is None:
        return len(page.rows) // 2
    newer = sum(1 for row in page.rows if (date_of(row) or BEGINNING) > date)
    if newer == 0 and page.offset:
        return -1
    return newer - 1 if page.is_short and newer else newer
