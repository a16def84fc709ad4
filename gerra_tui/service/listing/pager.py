"""Pages of a listing that shifts while it is read, put together without a hole or a repetition.

The service pages by offset over live data: decided rows leave, new ones arrive at the head, and
offsets drift. So pages overlap, are recognised by rows seen before (anchors), and what they bring
is placed behind the last of these. A page without any is read again further up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.page import Page
from gerra_tui.domain.query.matching import nothing_looked_at
from gerra_tui.service.listing.layout import (
    BEGINNING,
    Gap,
    Layout,
    Stretch,
    before,
    behind,
    date_of,
)
from gerra_tui.service.listing.probes import find_page, page_of
from gerra_tui.service.listing.total import Total
from gerra_tui.service.ports import LARGEST_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.query import Query
    from gerra_tui.domain.query.matching import Looked
    from gerra_tui.domain.query.narrowing import Search
    from gerra_tui.service.ports import Clock, ReadingApi

OVERLAP: Final = 20  # rows of the page before that are read again
MOST_STALLED: Final = 20  # pages in a row that bring nothing new
WALKING: Final = 100
SCANNING: Final = 500
FEWEST: Final = 40  # twice the overlap
PAGE_BYTES: Final = 500_000
SLOW: Final = 0.3  # seconds of an answer from which on more rows are asked for at once


class Pager:
    """One listing: its layout, how much was looked at, and whether its end was seen.

    Methods that fetch give the rows that they brought, and raise `Failure` with nothing changed.
    """

    def __init__(
        self,
        api: ReadingApi,
        clock: Clock,
        query: Query,
        search: Search,
        looked: Looked = nothing_looked_at,
    ) -> None:
        self._api = api
        self._clock = clock
        self._query = query
        self._looked = looked
        plan = query.plan(search)
        self.narrowing = plan.narrowing
        self.is_whole = plan.is_whole
        self.layout = Layout()
        self._total = Total()
        self._begun_with: int | None = None
        self.looked_at = 0
        self._end_seen = False
        self._stalled = 0
        self.swept = False
        self.received_at: datetime | None = None
        self._newest = BEGINNING
        self._seconds = 0.0
        self._row_bytes = 0
        self._given = LARGEST_PAGE  # rows that the service gives at once
        self.begun = False

    @property
    def total(self) -> int | None:
        """Rows that the service has for the narrowed listing, as far as it can be believed."""
        return self._total.rows

    @property
    def at_end(self) -> bool:
        """Claims that the walk saw everything from the first row to the last, without a gap."""
        return self._end_seen and len(self.layout.parts) == 1

    @property
    def can_jump(self) -> bool:
        """Claims that line numbers are offsets: nothing is left out here, and the length known."""
        return self.is_whole and self.total is not None

    @property
    def total_matching(self) -> int | None:
        """How many rows the query fits: known from the service, or once the end was seen."""
        if self.is_whole and self.total is not None:
            return max(self.total, sum(map(len, self.layout.stretches)))
        if self.at_end:
            return sum(map(len, self.layout.stretches)) + len(self.layout.late)
        return None

    @property
    def page_size(self) -> int:
        """Rows to ask for: more of a slow service and while scanning, fewer where rows are big."""
        wanted = 3 * WALKING if self._seconds > SLOW else WALKING
        if not self.is_whole and self.looked_at:
            wanted = SCANNING
        return min(wanted, max(FEWEST, PAGE_BYTES // max(1, self._row_bytes)))

    def fits(self, row: Row) -> bool:
        return self._query.admits(row, self._clock.now(), self._looked)

    def is_arrival(self, row: Row) -> bool:
        """Claims that the dataset came into being after this listing was begun."""
        created = row.date_created if isinstance(row, Dataset) else None
        return created is not None and created > self._newest

    def is_settled(self, row: Row) -> bool:
        """Claims that nothing of the dataset changed since: what is listed below has not either."""
        date = date_of(row)
        return date is not None and date <= self._newest

    def risen(self, head: Page) -> int:
        """How many rows there are more than when this listing was begun, as far as totals tell."""
        now = Total()
        now.judge(head)
        if not self.is_whole or now.rows is None or self._begun_with is None:
            return 0
        return max(0, now.rows - self._begun_with)

    # Fetching

    async def begin(self, limit: int) -> list[Row]:
        """The first page."""
        page = await self._page(0, limit)
        self._take_newest(page.rows)
        self._begun_with = self.total
        stretch = Stretch(0)
        self.layout.parts = [stretch, Gap(0)]
        self.begun = True
        self._append(stretch, page, 0)
        return list(page.rows)

    async def begin_around(
        self, rows: Sequence[Row], line: int, offset: int, limit: int
    ) -> list[list[Row]]:
        """The first page, and that one where these rows are now.

        They were about at `line` of the lines and `offset` of the listing; since then it drifted
        by as many as were decided and arrived, so ids and dates tell how far off a page is.
        """
        first = await self.begin(limit)
        ids = {row.id for row in rows}
        if self.at_end or not ids or any(row.id in ids for row in first):
            return [first]
        dates = sorted(date for row in rows if (date := date_of(row)) is not None)
        date = dates[len(dates) // 2] if dates else None
        page = await find_page(self._page, ids, date, offset, limit)
        _, tail = self.layout.parts
        if isinstance(tail, Gap):
            above = self.layout.stretches[0]
            between = page.offset - above.end if self.is_whole else line - len(above)
            self._insert(tail, max(int(not self.is_whole), between), page)
        return [first, list(page.rows)]

    async def page_at(self, offset: int, limit: int) -> list[Row]:
        """Rows around an offset of long ago, for bodies that were let go."""
        page = await self._page(max(0, offset - OVERLAP), limit + 2 * OVERLAP)
        return list(page.rows)

    async def extend(self, stretch: Stretch | None, limit: int) -> list[Row]:
        """What follows the stretch."""
        if stretch is None:
            return await self.begin(limit)
        back = OVERLAP
        while True:
            offset = max(0, stretch.end - back)
            page = await self._page(offset, min(LARGEST_PAGE, limit + back))
            start = behind(page.rows, stretch.tail)
            if start is None and offset > 0 and not (page.is_short and not page.rows):
                back = min(offset and stretch.end, back * 4)
                continue
            if not page.rows and offset > 0:
                back = min(stretch.end, back * 4)
                continue
            known, seen = len(stretch), stretch.end
            self._append(stretch, page, start or 0)
            progress = len(stretch) > known or stretch.end > seen
            self._stalled = 0 if progress else self._stalled + 1
            if self._stalled > MOST_STALLED and stretch in self.layout.parts[-2:]:
                self._close(stretch)  # a service that gives the same page for ever has no more
            return list(page.rows)

    async def extend_up(self, stretch: Stretch, limit: int) -> list[Row]:
        """What comes before the stretch; joins it to the one above where they meet."""
        reach = OVERLAP
        while True:
            limit = max(1, min(limit, self._given - reach))
            offset = max(0, stretch.first - limit)
            asked = min(self._given, limit + reach)
            page = await self._page(offset, asked)
            if page.limit < asked:
                continue  # it does not reach down to the stretch
            end = before(page.rows, stretch.head)
            room = self._given - limit
            if end is None and not page.is_short and reach < room:
                reach = min(4 * reach, room)
                continue
            self._prepend(stretch, page, len(page.rows) if end is None else end)
            return list(page.rows)

    async def jump(self, line: int, limit: int) -> list[Row]:
        """A stretch of its own in the middle of a gap; what is known already is not taken twice."""
        part, index = self.layout.at(line)
        if not isinstance(part, Gap):
            return []
        above, _ = self.layout.neighbours(part)
        offset = above.end + index if above is not None else line
        page = await self._page(offset, limit)
        part, index = self.layout.at(line)  # the layout may have moved meanwhile
        if isinstance(part, Gap) and not self._insert(part, index, page):
            self._shrink(part, index, page)
        return list(page.rows)

    def take_length(self, length: int) -> None:
        """So many rows were found by looking for the end."""
        self._total.take(length)
        tail = self.layout.parts[-1]
        if isinstance(tail, Gap) and (above := self.layout.neighbours(tail)[0]) is not None:
            self._set_tail(tail, above)

    def _insert(self, gap: Gap, index: int, page: Page) -> bool:
        """A stretch of its own within the gap; claims that the page has rows for it."""
        unknown = [n for n, row in enumerate(page.rows) if row.id not in self.layout]
        fresh = [page.rows[n].id for n in unknown if self.fits(page.rows[n])]
        if not fresh:
            return False
        stretch = Stretch(page.offset + unknown[0])
        stretch.end = page.offset + len(page.rows)
        for one in fresh:
            stretch.ids.append(one)
        stretch.head.note(reversed(page.rows))
        stretch.tail.note(page.rows)
        at = self.layout.parts.index(gap)
        rest = max(int(gap.open_end), len(gap) - index - len(stretch))
        self.layout.parts[at : at + 1] = [Gap(index), stretch, Gap(rest, open_end=gap.open_end)]
        if page.is_short:
            self._close(stretch)
        return True

    def _shrink(self, gap: Gap, index: int, page: Page) -> None:
        """Where a page has nothing new are fewer lines than were thought: the listing drifted."""
        above, _ = self.layout.neighbours(gap)
        known = [n for n, row in enumerate(page.rows) if above and row.id in above.ids]
        if above is not None and known and above.end < page.offset + known[-1] + 1:
            above.end = page.offset + known[-1] + 1
        else:
            gap.lines = min(gap.lines, max(int(gap.open_end), index))

    def take_late(self, rows: Iterable[Row]) -> list[Row]:
        """Rows of a sweep that the walk has missed; arrivals wait behind R."""
        missed = []
        for row in rows:
            if not self.fits(row) or self.is_arrival(row):
                continue
            if row.id not in self.layout:
                self.layout.late.append(row.id)
                missed.append(row)
        return missed

    # Placing

    def _append(self, stretch: Stretch, page: Page, start: int) -> None:
        """Rows from `start` on that are not known belong behind the stretch."""
        tail = self.layout.gap_after(stretch)
        below = self.layout.below(stretch)
        met: Stretch | None = None
        for row in page.rows[start:]:
            met = next((one for one in below if row.id in one.ids), None)
            if met is not None:
                break
            if not self.fits(row) or row.id in self.layout:  # in a scan most rows do not fit
                continue
            stretch.ids.append(row.id)
            tail.lines = max(0, tail.lines - 1)
        stretch.tail.note(page.rows)
        if not len(stretch.head.ids):
            stretch.head.note(reversed(page.rows))
        stretch.end = page.offset + len(page.rows)
        if not below:
            self.looked_at = max(self.looked_at, stretch.end)
        if met is not None:
            for one in below[: below.index(met) + 1]:
                self.layout.join(stretch, one)
        elif page.is_short:
            for one in below:  # every row of these has left the listing since
                stretch.ids.extend(one.ids)
            self._close(stretch)
        elif not below:
            self._set_tail(tail, stretch)

    def _prepend(self, stretch: Stretch, page: Page, end: int) -> None:
        at = self.layout.parts.index(stretch)
        gap = self.layout.parts[at - 1] if at else None
        above = self.layout.parts[at - 2] if at > 1 else None
        rows: Sequence[Row] = page.rows[:end]
        meets = False
        if isinstance(above, Stretch):
            known = [n for n, row in enumerate(rows) if row.id in above.ids]
            if known:
                rows, meets = rows[known[-1] + 1 :], True
        fresh = [row.id for row in rows if row.id not in self.layout and self.fits(row)]
        stretch.ids.prepend(fresh)
        stretch.head.note(reversed(page.rows[:end]))
        stretch.first = page.offset
        if isinstance(gap, Gap):
            gap.lines = max(0, gap.lines - len(fresh))
            if isinstance(above, Stretch) and (meets or (page.offset == 0 and not gap.lines)):
                self.layout.join(above, stretch)

    def _close(self, stretch: Stretch) -> None:
        """The listing ends with this stretch."""
        at = self.layout.parts.index(stretch)
        self.layout.parts = self.layout.parts[: at + 1]
        self._end_seen = True

    def _set_tail(self, tail: Gap, stretch: Stretch) -> None:
        """Placeholders for what is known to follow, or one for what may."""
        if self.is_whole and self.total is not None:
            tail.lines, tail.open_end = max(1, self.total - stretch.end), True
        else:
            tail.lines, tail.open_end = 1, True

    async def _page(self, offset: int, limit: int) -> Page:
        started = self._clock.monotonic()
        page = await page_of(self._api, self.narrowing, limit=limit, offset=offset)
        if page is None:
            return Page(
                rows=(),
                total=None,
                offset=offset,
                limit=limit,
                size_bytes=0,
                received_at=self._clock.now(),
            )
        self._seconds = self._clock.monotonic() - started
        if page.rows:
            self._row_bytes = page.size_bytes // len(page.rows)
        if page.limit < limit:
            self._given = min(self._given, page.limit)
        self.received_at = page.received_at
        self._total.judge(page)
        return page

    def _take_newest(self, rows: Sequence[Row]) -> None:
        """The service's own clock, as far as its rows tell: what is created later is an arrival."""
        dates = [date for row in rows if (date := date_of(row)) is not None]
        self._newest = max([*dates, self._newest])
