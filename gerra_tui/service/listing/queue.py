"""The review queue: the rows of one query, at any length, that never lie about their order."""

from __future__ import annotations

import logging
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query import Query
from gerra_tui.domain.query.matching import nothing_looked_at
from gerra_tui.service.failures import Failure, only_failures
from gerra_tui.service.listing.arrivals import arrivals, decided_elsewhere, head_of
from gerra_tui.service.listing.covering import cover, ordered_again
from gerra_tui.service.listing.fetching import FIRST_PAGE, READING, Fetching
from gerra_tui.service.listing.ordering import Ordering
from gerra_tui.service.listing.pager import Pager
from gerra_tui.service.listing.probes import measure
from gerra_tui.service.listing.row_cache import KEPT, Bodies
from gerra_tui.service.listing.status import QueueStatus, Telling
from gerra_tui.service.listing.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.query.matching import Looked
    from gerra_tui.domain.view import Sort
    from gerra_tui.service.listing.layout import Layout
    from gerra_tui.service.listing.status import QueueChanged
    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.service.preferences import Preferences

log = logging.getLogger(__name__)


class ReviewQueue:
    """Rows by line number, without ever waiting.

    A line is a row, a placeholder (its page is on the way), or the divider `found late`.
    Identity is the dataset's id everywhere. `looked` gives what is kept of a look at a dataset,
    when a row is read. Not safe to call from another thread.
    """

    def __init__(
        self,
        api: ReadingApi,
        clock: Clock,
        preferences: Preferences | None = None,
        looked: Looked = nothing_looked_at,
    ) -> None:
        self._api = api
        self._clock = clock
        self._looked = looked
        self._search = preferences.search if preferences is not None else "off"
        self._telling = Telling()
        self.query = Query()
        self.sort: Sort | None = None
        self._bodies = Bodies()
        self._seeded: tuple[Row, ...] = ()
        self._asked = False  # for what the seeded rows belong to
        pager = Pager(api, clock, self.query, self._search, looked)
        self._fetching = Fetching(api, pager, self._bodies, self._telling, self._landed)

    # Asking: never waits

    def subscribe(self, listener: Callable[[QueueChanged], None]) -> None:
        self._telling.subscribe(listener)

    @property
    def status(self) -> QueueStatus:
        return self._telling.status

    @property
    def at_rest(self) -> bool:
        """Claims that nothing is on its way."""
        return not len(self._fetching.in_flight)

    @property
    def _pager(self) -> Pager:
        return self._fetching.pager

    @property
    def _layout(self) -> Layout:
        return self._pager.layout

    @property
    def _order(self) -> Ordering | None:
        return self._fetching.order

    @property
    def length(self) -> int:
        """Lines, placeholders included."""
        if self._seeded:
            return len(self._seeded)
        return self._layout.length if self._order is None else len(self._order)

    def row(self, line: int) -> Row | None:
        """The row of that line, or null for a placeholder. Never fetches."""
        if self._seeded:
            return self._seeded[line] if 0 <= line < len(self._seeded) else None
        dataset_id = self.id_at(line)
        return self._bodies.get(dataset_id) if dataset_id is not None else None

    def id_at(self, line: int) -> str | None:
        """The dataset of that line, also where its row was let go and comes again; null where it
        is not known yet."""
        if line < 0:
            return None
        if self._seeded:
            return self._seeded[line].id if line < len(self._seeded) else None
        if self._order is not None:
            return self._order[line] if line < len(self._order) else None
        return self._layout.id_at(line)

    def is_live(self, dataset_id: str) -> bool:
        """Claims that the row came from the service in this session."""
        return not self._seeded and dataset_id in self._bodies

    def line_of(self, dataset_id: str) -> int | None:
        if self._seeded:
            return next((n for n, row in enumerate(self._seeded) if row.id == dataset_id), None)
        return (self._layout if self._order is None else self._order).line_of(dataset_id)

    def position_of(self, line: int) -> int:
        """What the status line shows before the slash, from 1."""
        divider = self._layout.divider if self._order is None else None
        return line if divider is not None and line > divider else line + 1

    def is_divider(self, line: int) -> bool:
        """Claims that the line is the divider `found late`."""
        return not self._seeded and self._order is None and line == self._layout.divider

    def elsewhere(self, dataset_id: str) -> str | None:
        """The status read of a row that was decided elsewhere since it was listed."""
        return self._bodies.elsewhere.get(dataset_id)

    def loaded_rows(self) -> list[Row]:
        """The rows from the top that are in memory, for the session's cache (bounded)."""
        if self._seeded:
            return list(self._seeded)
        rows = (self.row(line) for line in range(min(self.length, 2 * KEPT)))
        return [row for row in rows if row is not None]

    def next_line(
        self, line: int, direction: int, wanted: Callable[[Row], bool]
    ) -> tuple[int | None, bool]:
        """The nearest wanted row that way among the loaded ones, and whether rows that are not
        loaded lie before it (or beyond, if there is none): those are then asked for."""
        unloaded = False
        at = line + direction
        while 0 <= at < self.length:
            row = self.row(at)
            if row is not None:
                if wanted(row):
                    return at, unloaded
            elif not self.is_divider(at):
                unloaded = True
                break
            at += direction
        if unloaded:
            page = self._fetching.sight.page
            self.look_at(max(0, at - page + 1) if direction < 0 else at, at + page)
        return None, unloaded

    # Telling

    def show(self, query: Query, sort: Sort | None = None) -> None:
        """Start over with this query; the first page is asked for at once.

        The same query with another sort keeps what was loaded.
        """
        if query == self.query and self.status.live and sort != self.sort:
            self._sort_by(sort)
            return
        if self._asked and query != self.query:
            self._seeded = ()
        self._asked = True
        self.query, self.sort = query, sort
        pager = Pager(self._api, self._clock, query, self._search, self._looked)
        self._fetching.start_over(pager, Ordering(sort) if sort is not None else None)
        plan = query.plan(self._search)
        self._telling.status = QueueStatus(
            as_of=self.status.as_of if self._seeded else None,
            served_terms=tuple(term.text for term in plan.served),
            local_terms=tuple(term.text for term in plan.local),
            whole=plan.is_whole,
        )
        self._telling.tell(restructured=True, status=True)
        self.look_at(0, self._fetching.sight.page)

    def seed(self, rows: tuple[Row, ...], as_of: datetime) -> None:
        """Show these rows of the last session until live ones replace them; before `show`."""
        self._seeded, self._asked = rows, False
        self._telling.status = replace(self.status, as_of=as_of, live=False)

    def look_at(self, first: int, last: int) -> None:
        """Say which lines are on the screen (last exclusive); fetching follows from that."""
        self._fetching.look_at(range(first, last))

    def replace(self, dataset: Dataset) -> None:
        """Take a newer body of a row (from the detail pane, or read by the outbox)."""
        line = self.line_of(dataset.id)
        if line is not None and not self._seeded and self._bodies.renew(dataset):
            self._telling.tell(lines=range(line, line + 1))

    def note_elsewhere(self, dataset_id: str, status: str) -> None:
        self._bodies.elsewhere[dataset_id] = status
        if (line := self.line_of(dataset_id)) is not None:
            self._telling.tell(lines=range(line, line + 1))

    def stop_scan(self) -> None:
        self._telling.status = replace(self.status, scan_stopped=True, scanning=False)
        self._fetching.cancel()
        self._telling.tell(status=True)

    def resume_scan(self) -> None:
        self._telling.status = replace(self.status, scan_stopped=False)
        self._fetching.go_on()

    def retry_now(self) -> None:
        """Do not wait for the end of a pause after a failure."""
        self._fetching.retry_now()

    # Longer work: awaited by a worker of the screen

    async def refresh(self) -> None:
        """R: read the stretch on the screen again, merge in place, let waiting rows in."""
        if self.status.scan_stopped:
            self.resume_scan()
            return
        before, sort, window = self._pager, self.sort, self._fetching.sight.window
        pager = Pager(self._api, self._clock, self.query, self._search, self._looked)
        here = () if self._order is not None or self._seeded else window
        rows = [row for line in here if (row := self.row(line)) is not None]
        line = window.start
        limit = max(FIRST_PAGE, 2 * len(window))
        try:
            with only_failures(READING):
                offset = before.layout.offset_of(line)
                pages = await pager.begin_around(rows, line, offset, limit)
                order = None
                if self._order is not None:
                    until = None if before.at_end else len(self._order)
                    near = {self.id_at(line) for line in self._fetching.sight.near}
                    order = await ordered_again(pager, self._order.sort, pages, until, near)
        except Failure as failure:
            if self._pager is before:
                self._fetching.fail(failure)
            return
        if self._pager is not before or self.sort != sort:
            return  # something else was asked for meanwhile
        self._fetching.start_over(pager, order)
        for page in pages:
            self._fetching.keep(page)
        self._telling.status = replace(self.status, new_rows=0, more_new_rows=False, uncertain=None)
        self._fetching.arrived(restructured=True)

    async def check_for_new(self) -> None:
        """The quiet poll: one small request, never a full list."""
        if not self.status.live or self._seeded:
            return
        pager = self._pager
        try:
            with only_failures(READING):
                head = await head_of(self._api, pager)
        except Failure as failure:
            # A refusal of this look says nothing of the listing.
            if pager is self._pager and not failure.of_a_place_behind_the_end:
                self._fetching.fail(failure)
            return
        if pager is not self._pager:
            return
        count, exact = arrivals(head, pager)
        self._telling.status = replace(self.status, new_rows=count, more_new_rows=not exact)
        self._telling.tell(status=True)
        if self._order is not None:
            return
        count = min(len(head.rows) - self.status.new_rows, self.length)
        shown = [row for line in range(count) if (row := self.row(line)) is not None]
        shown = [row for row in shown if row.id not in self._bodies.elsewhere]
        for dataset in await decided_elsewhere(self._api, pager, head, shown):
            self.note_elsewhere(dataset.id, dataset.status)

    async def all_matching(self, progress: Callable[[int, int | None], None]) -> list[Dataset]:
        """Every row that matches now, for `M`; cancel the task to stop. Raises `Failure`."""
        found: list[Dataset] = []
        pager = self._pager
        walk = Walk(self._api, pager.narrowing)
        with only_failures(READING):
            async with aclosing(walk.rows()) as pages:
                async for rows in pages:
                    found += (row for row in rows if isinstance(row, Dataset) and pager.fits(row))
                    progress(walk.looked_at, walk.total)
        return found

    async def find_end(self) -> bool:
        """Find out how many rows there are where the service does not tell, for `G`; claims that
        it is known now. At most 45 small requests; cancel the task to stop. Raises `Failure`."""
        pager = self._pager
        if pager.can_jump or pager.at_end:
            return True
        if not pager.is_whole or not pager.begun:
            return False
        known = pager.layout.stretches[-1].end
        with only_failures(READING):
            length = await measure(self._api, pager.narrowing, known)
        if length is None or pager is not self._pager:
            return False
        pager.take_length(length)
        self._fetching.arrived(restructured=True)
        return True

    async def load_rest(self, progress: Callable[[int, int | None], None]) -> None:
        """Load what a sort does not cover yet; cancel the task to stop: what was read until then
        is covered. Raises `Failure`."""
        pager, order = self._pager, self._order
        if order is None:
            return
        covering = order
        try:
            with only_failures(READING):
                covering = await cover(self._api, self._fetching, order, progress)
        finally:
            if self._pager is pager and self._order is order:
                covering.turn(order.sort)
                self._fetching.order = covering
                self._fetching.arrived(restructured=True)
                self._fetching.go_on()

    async def close(self) -> None:
        """Cancel what is in flight."""
        await self._fetching.in_flight.close()

    # Within

    def _landed(self) -> None:
        """Live rows are there."""
        if self._seeded:
            log.info("live rows replaced those of the last session")
        self._seeded = ()

    def _sort_by(self, sort: Sort | None) -> None:
        """What is in memory; the other way round whatever was sorted before."""
        before, self.sort = self._order, sort
        order = before if sort is not None else None
        if before is not None and sort is not None and before.sort.column == sort.column:
            before.turn(sort)
        elif sort is not None:
            order = Ordering(sort)
            rows = [row for row in self._bodies if row.id in self._layout]
            order.note(sorted(rows, key=lambda row: self._layout.line_of(row.id) or 0))
            order.arrange()
        self._fetching.order = order
        covered = len(order) if order is not None else None
        self._telling.status = replace(self.status, sorted_within=covered)
        self._telling.tell(restructured=True, status=True)
