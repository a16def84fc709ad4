"""A walk down the service's list that gives each row once, though the list shifts under it.

The list is paged by offset over live data: decided rows leave it, new ones and changed ones come
in at its head. So pages overlap. If nothing of the overlap is known, more rows have left than it
is long, and the walk steps back. Rows that jumped to the head meanwhile are looked for there at
the end. An order that is not stable shows in known rows behind unknown ones, or in a total that is
not reached: then the whole list is swept again until a sweep finds nothing, at most three times.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.text import compact_json
from gerra_tui.headless.seen import Seen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.service.ports import ReadingApi

PAGE = 1000  # rows: the most that the service gives at once (API.md)
OVERLAP = 50  # rows that may leave the list between two pages before a step back is needed
HEAD = 200  # rows: rarely more change during a walk
SWEEPS = 3
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Step:
    """The rows of a page that were not known.

    `mixed`: known ones came behind them. `changed`: some row changed since the walk began.
    """

    fresh: list[Row] = field(default_factory=list)
    mixed: bool = False
    changed: bool = False


class Walk:
    """One walk. `total` is the service's last word on the narrowed list.

    `uncertain` claims that sweeps still found rows when they were given up.
    """

    def __init__(self, api: ReadingApi, narrowing: Narrowing) -> None:
        self._api = api
        self._narrowing = narrowing
        self._seen = Seen()
        self._began: datetime | None = None  # the newest change when the walk began
        self._expected = 0  # rows there were when the last way down from the top began
        self.total: int | None = None
        self.uncertain = False

    @property
    def looked_at(self) -> int:
        """Rows so far, each counted once."""
        return len(self._seen)

    async def rows(self, page: int = PAGE) -> AsyncGenerator[list[Row], None]:
        """New rows, page by page, with the next page on its way meanwhile. Raises `Failure`."""
        pages, unstable = 0, False
        async for step in self._down(page):
            pages += 1
            unstable = unstable or step.mixed
            yield step.fresh
        if pages == 1:
            return  # one answer is one moment
        async with aclosing(self._down(min(page, HEAD))) as head:
            async for step in head:
                if not step.fresh and not step.changed:
                    break
                yield step.fresh
        for _ in range(SWEEPS):
            if not unstable and self.looked_at >= self._expected:
                return
            before = self.looked_at
            async for step in self._down(page):
                yield step.fresh
            if self.looked_at == before:
                return
        self.uncertain = True

    async def _down(self, size: int) -> AsyncGenerator[_Step, None]:
        """Once from the top to the end."""
        overlap = min(OVERLAP, size // 2)
        coming = self._ask(size, 0)
        try:
            while True:
                page = await coming
                if page.offset and not self._joins(page, overlap):
                    coming = self._ask(size, max(0, page.offset - size + overlap))
                    continue
                step = self._take(page)
                ended = page.is_short
                if not ended:
                    known = min(overlap, len(page.rows) // 2)
                    coming = self._ask(size, page.offset + len(page.rows) - known)
                yield step
                if ended:
                    return
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    def _ask(self, size: int, offset: int) -> asyncio.Task[Page]:
        return asyncio.create_task(self._api.page(self._narrowing, limit=size, offset=offset))

    def _joins(self, page: Page, overlap: int) -> bool:
        """Claims that no row lies between what was seen and this page."""
        return any(_identity(row) in self._seen for row in page.rows[:overlap])

    def _take(self, page: Page) -> _Step:
        self.total = page.total
        if page.offset == 0:
            self._expected = page.total or 0
        newest = max(map(_updated, page.rows), default=NEVER)
        self._began = self._began or newest
        step = _Step(changed=newest > self._began)
        for row in page.rows:
            if self._seen.add(_identity(row)):
                step.fresh.append(row)
            elif step.fresh:
                step.mixed = True
        return step


def _updated(row: Row) -> datetime:
    return (isinstance(row, Dataset) and row.date_updated) or NEVER


def _identity(row: Row) -> str:
    if isinstance(row, Dataset) or row.id:
        return (row.id or "").casefold()
    return compact_json(row.raw)
