"""Rows found again in a listing that has drifted since they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.service.stretch import BEGINNING, date_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from gerra_tui.domain.page import Page

MOST_LOOKS: Final = 12  # pages on the way to a row that drifted


async def find_page(
    fetch: Callable[[int, int], Awaitable[Page]],
    ids: AbstractSet[str | None],
    date: datetime | None,
    offset: int,
    limit: int,
) -> Page:
    """The page that has these ids well inside, or else would have rows of that date.

    `fetch` gives so many rows from an offset. Raises what it raises.
    """
    lowest, low, high, step = limit // 2, 0, -1, limit
    offset, centred = max(lowest, offset - limit // 2), False
    for _ in range(MOST_LOOKS):
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


def _whereabouts(ids: AbstractSet[str | None], date: datetime | None, page: Page) -> int:
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
