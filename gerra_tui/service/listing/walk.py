"""A walk down the service's list that gives each row once, though the list shifts under it.

The list is paged by offset over live data: decided rows leave it, new ones and changed ones come
in at its head. So pages overlap. If nothing of the overlap is known, more rows have left than it
is long, and the walk steps back. Rows that jumped to the head meanwhile are looked for there at
the end. Rows of one date come in no stable order (docs/api.md): a page that ends among them is
followed by one that begins before the first of them. An order that is not stable otherwise shows
in known rows behind unknown ones, or in a total that is not reached: then the whole list is swept
again until a sweep finds nothing, at most three times.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.service.failures import InvalidRequest
from gerra_tui.service.listing.id_table import IdTable
from gerra_tui.service.listing.probes import page_of
from gerra_tui.service.ports import LARGEST_PAGE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query import Query
    from gerra_tui.domain.query.matching import Looked
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.service.ports import Clock, ReadingApi

OVERLAP: Final = 50  # rows that may leave the list between two pages before a step back is needed
HEAD: Final = 200  # rows: rarely more change during a walk
SWEEPS: Final = 3
MOST_REPEATED: Final = 3  # pages in a row with the same rows: the service ignores the offset
_REFUSED: Final = "The service refuses to list further: pages behind this one are not given."
NEVER: Final = datetime.min.replace(tzinfo=UTC)


async def fitting(
    walk: Walk, query: Query, clock: Clock, looked: Looked
) -> AsyncGenerator[list[Row], None]:
    """Those of the walk that the query admits, as they come. Raises `Failure`."""
    async with aclosing(walk.rows()) as pages:
        async for rows in pages:
            yield [row for row in rows if query.admits(row, clock.now(), looked)]


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

    `uncertain`: sweeps still found rows when they were given up, or fewer than there are.
    """

    def __init__(self, api: ReadingApi, narrowing: Narrowing) -> None:
        self._api = api
        self._narrowing = narrowing
        self._seen = IdTable()
        self._began: datetime | None = None  # the newest change when the walk began
        self._expected = 0  # rows there were when the last way down from the top began
        self.total: int | None = None
        self.uncertain = False

    @property
    def looked_at(self) -> int:
        """Rows so far, each counted once."""
        return len(self._seen)

    async def rows(self, page: int = LARGEST_PAGE) -> AsyncGenerator[list[Row], None]:
        """New rows, page by page, with the next page on its way meanwhile. Raises `Failure`."""
        pages, unstable = 0, False
        async with aclosing(self._down(page)) as steps:
            async for step in steps:
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
            async with aclosing(self._down(page)) as steps:
                async for step in steps:
                    unstable = unstable or step.mixed
                    yield step.fresh
            if self.looked_at == before and (not unstable or self.looked_at >= self._expected):
                return
        self.uncertain = True

    async def _down(self, size: int) -> AsyncGenerator[_Step, None]:
        """Once from the top to the end."""
        overlap = min(OVERLAP, size // 2)
        at, coming = 0, self._ask(size, 0)
        before: tuple[Row, ...] = ()
        refused_at = 0
        repeated = 0
        gathered: datetime | None = NEVER  # of the rows that this page was begun before
        try:
            while True:
                page = await coming
                if page is None and refused_at == self.looked_at:
                    raise InvalidRequest(_REFUSED)  # and not because it was behind the end
                if page is None or (at and not self._joins(page, overlap)):
                    refused_at = self.looked_at if page is None else refused_at
                    at = max(0, at - size + overlap)
                    coming = self._ask(size, at)
                    continue
                step = self._take(page)
                repeated = repeated + 1 if _ids(page.rows) == _ids(before) else 0
                ended = page.is_short or repeated == MOST_REPEATED
                if not ended:
                    known = min(overlap, len(page.rows) // 2)
                    date, tied = _tied_at_end(page.rows)
                    if tied > known and date != gathered:  # else they are more than fit in a page
                        known, gathered = tied, date
                    at += len(page.rows) - known
                    coming = self._ask(size, at)
                yield step
                if ended:
                    return
                before = page.rows
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    def _ask(self, size: int, offset: int) -> asyncio.Task[Page | None]:
        asked = page_of(self._api, self._narrowing, limit=size, offset=offset)
        return asyncio.create_task(asked)

    def _joins(self, page: Page, overlap: int) -> bool:
        """Whether no row lies between what was seen and this page."""
        return any(row.id.casefold() in self._seen for row in page.rows[:overlap])

    def _take(self, page: Page) -> _Step:
        self.total = page.total
        if page.offset == 0:
            self._expected = page.total or 0
        newest = max((_updated(row) or NEVER for row in page.rows), default=NEVER)
        self._began = self._began or newest
        step = _Step(changed=newest > self._began)
        tied = False  # with every fresh row so far
        for row in page.rows:
            if self._seen.append(row.id.casefold()):
                tied = not step.fresh or (tied and _tie(step.fresh[-1], row))
                step.fresh.append(row)
            elif step.fresh:
                step.mixed = step.mixed or not (tied and _tie(step.fresh[-1], row))
        return step


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row.id for row in rows]


def _tied_at_end(rows: Sequence[Row]) -> tuple[datetime | None, int]:
    """The last row's date, and how many rows at the end have it; none where all have."""
    last = rows[-1]
    untied = (count for count, row in enumerate(reversed(rows)) if not _tie(row, last))
    return _updated(last), next(untied, 0)


def _tie(one: Row, other: Row) -> bool:
    return _updated(one) == _updated(other)


def _updated(row: Row) -> datetime | None:
    """What the service orders by, newest first."""
    return row.date_updated if isinstance(row, Dataset) else None
