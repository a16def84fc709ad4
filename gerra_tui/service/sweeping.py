"""A whole listing read once, in overlapping pages that follow its drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.service.ports import ReadingApi

PAGE: Final = 1000  # API.md: the largest limit
OVERLAP: Final = 50


async def sweep(
    api: ReadingApi, narrowing: Narrowing
) -> AsyncIterator[tuple[tuple[Row, ...], int, int | None]]:
    """Rows of each page with how many were looked at and how many there are; some rows come twice.

    A page that shares no row with the one before is read again further up. Raises `Failure`.
    """
    offset, back = 0, OVERLAP
    last: frozenset[str | None] = frozenset()
    while True:
        page = await api.page(narrowing, limit=PAGE, offset=offset)
        ids = [row.id for row in page.rows]
        if offset and not last.intersection(ids):
            back *= 4
            offset = max(0, offset - back)
            continue
        yield page.rows, offset + len(page.rows), page.total
        if page.is_short or last == frozenset(ids):  # or the service ignores the offset
            return
        last, back = frozenset(ids), OVERLAP
        offset += len(page.rows) - min(OVERLAP, len(page.rows) // 2)
