"""Getting what the lines on the screen need: pages, bodies that were let go, the last sweep."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import PENDING, Dataset
from gerra_tui.service.failures import Failure, Unauthorized
from gerra_tui.service.in_flight import InFlight
from gerra_tui.service.listing.needs import (
    Begin,
    Extend,
    ExtendUp,
    Jump,
    Need,
    ReadOne,
    Refill,
    Sight,
    Sweep,
)
from gerra_tui.service.listing.probes import read_row
from gerra_tui.service.listing.row_cache import KEPT, Bodies
from gerra_tui.service.listing.walk import SWEEPS, Walk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from gerra_tui.domain.dataset import Row
    from gerra_tui.service.listing.layout import Stretch
    from gerra_tui.service.listing.ordering import Ordering
    from gerra_tui.service.listing.pager import Pager
    from gerra_tui.service.listing.status import Telling
    from gerra_tui.service.ports import ReadingApi

FIRST_PAGE: Final = 100
READING: Final = "Reading the list"


class Fetching:
    """Fetches for one listing at a time. `landed` hears of it before a change is told."""

    def __init__(
        self,
        api: ReadingApi,
        pager: Pager,
        bodies: Bodies,
        telling: Telling,
        landed: Callable[[], None],
    ) -> None:
        self._api = api
        self._bodies = bodies
        self._telling = telling
        self._landed = landed
        self.pager = pager
        self.sight = Sight()
        self.order: Ordering | None = None  # of the lines, where they are sorted here
        self.in_flight = InFlight[Need](self._get, self.fail, self.go_on, what=READING)

    def start_over(self, pager: Pager, order: Ordering | None) -> None:
        """Another listing: what was on its way for the one before is not wanted any more."""
        self.cancel()
        self.in_flight.went_well()
        self.pager, self.order = pager, order
        self._bodies.clear()

    def cancel(self) -> None:
        self.in_flight.cancel_all()
        self.sight.refilled.clear()
        self.sight.content = range(0)

    def look_at(self, lines: range) -> None:
        self.sight.look_at(lines)
        self._bodies.room_for(lines)
        self.go_on()

    def go_on(self) -> None:
        """Start what the window needs, cancel what it no longer does."""
        status = self._telling.status
        refused = isinstance(status.failure, Unauthorized)
        if not (status.scan_stopped or refused or self.in_flight.pausing):
            self._start_needs()
        self._tell_scanning()

    def _start_needs(self) -> None:
        status = self._telling.status
        needs = self.sight.needs(self.pager, self._bodies, self.order, self.in_flight)
        if not needs and status.failure is not None:
            self._telling.status = replace(status, failure=None)  # what failed is not needed now
            self._telling.tell(status=True)
        self.in_flight.want(needs)

    def _tell_scanning(self) -> None:
        """A scan goes on while pages of it are on their way, and at no other time."""
        walking = any(
            isinstance(need, Begin | Extend | ExtendUp | Sweep) for need in self.in_flight
        )
        scanning = walking and not self.pager.is_whole
        if scanning != self._telling.status.scanning:
            self._telling.status = replace(self._telling.status, scanning=scanning)
            self._telling.tell(status=True)

    def retry_now(self) -> None:
        """Do not wait for the end of a pause after a failure."""
        self.in_flight.end_pause()
        self.go_on()

    def fail(self, failure: Failure) -> None:
        """Say it, and go on after a pause."""
        self._telling.status = replace(self._telling.status, failure=failure)
        self.in_flight.pause_after(failure)
        self._telling.tell(status=True)

    def keep(self, rows: Iterable[Row]) -> None:
        """Of those that have a line: most rows of a scan have none."""
        pager = self.pager
        for row in rows:
            if pager.is_whole or (pager.fits(row) and row.id in pager.layout):
                self._bodies.remember(row)

    def keep_if_few(self, rows: Iterable[Row]) -> None:
        """The same, unless those on the screen might have to go for them."""
        if self.pager.layout.known <= KEPT:
            self.keep(rows)

    def arrived(self, *, lines: range | None = None, restructured: bool = False) -> None:
        """Something was fetched well: the status is what the pager knows now."""
        self.in_flight.went_well()
        self.sight.content = range(0)
        pager = self.pager
        status = self._telling.status
        self._telling.status = replace(
            status,
            live=True,
            as_of=pager.received_at,
            total=pager.total_matching,
            exhausted=pager.at_end and pager.swept,
            looked_at=pager.looked_at,
            looked_at_of=None if pager.total is None else max(pager.total, pager.looked_at),
            failure=None,
            sorted_within=None if self.order is None else len(self.order),
        )
        self._landed()
        self._telling.tell(lines=lines, restructured=restructured, status=True)

    # One need

    async def _get(self, need: Need) -> None:
        match need:
            case Begin():
                self._take(await self.pager.begin(FIRST_PAGE))
                self.arrived(restructured=True)
            case Extend(stretch, count):
                await self._extend(stretch, count)
            case ExtendUp(stretch, count):
                self.keep(await self.pager.extend_up(stretch, count))
                self.arrived(restructured=True)
            case Jump(lines):
                before = self.pager.layout.length
                self.keep(await self.pager.jump(lines.start, len(lines)))
                self.arrived(lines=lines, restructured=before != self.pager.layout.length)
            case Refill():
                await self._refill(need)
            case ReadOne(dataset_id):
                await self._read_one(dataset_id)
            case Sweep():
                await self._sweep()

    async def _extend(self, stretch: Stretch, count: int) -> None:
        layout = self.pager.layout
        before, known = layout.length, len(stretch)
        self._take(await self.pager.extend(stretch, count))
        first = layout.start_of(stretch)
        self.arrived(
            lines=range(first + known, first + len(stretch)),
            restructured=before != layout.length or self.order is not None,
        )

    def _take(self, rows: list[Row]) -> None:
        """Rows that lines are made of."""
        self.keep(rows)
        if self.order is not None:
            self.order.note(row for row in rows if row.id in self.pager.layout)
            self.order.arrange()

    async def _refill(self, need: Refill) -> None:
        """Bodies that were let go come again for the same ids, about where they were listed.

        Those that are not there any more are then read one by one, if they are on the screen.
        """
        rows = need.rows
        self.keep(await self.pager.page_at(*need.stretch.offsets(rows.start, rows.stop)))
        self.sight.refilled.add(need)
        start = self.pager.layout.start_of(need.stretch)
        lines = range(start + rows.start, start + rows.stop)
        self.arrived(lines=lines if self.order is None else self.sight.window)

    async def _read_one(self, dataset_id: str) -> None:
        row = await read_row(self._api, dataset_id)
        self._bodies.remember(row)
        pending = self.pager.narrowing.status == PENDING
        if pending and isinstance(row, Dataset) and not row.is_pending:
            self._bodies.elsewhere.setdefault(dataset_id, row.status)
        line = (self.order or self.pager.layout).line_of(dataset_id)
        self.arrived(lines=None if line is None else range(line, line + 1))

    async def _sweep(self) -> None:
        async with aclosing(self.sweeps(self.pager)) as sweeps:
            async for missed, _ in sweeps:
                for row in missed:
                    self._bodies.remember(row)
        self.arrived(restructured=True)

    async def sweeps(self, pager: Pager) -> AsyncGenerator[tuple[list[Row], list[Row]], None]:
        """Before the end is called the end: look for what moved past the walk.

        Gives the missed rows, and all rows, of each page; close it where it is left. Raises
        `Failure`.
        """
        for _ in range(SWEEPS):
            found, walk = 0, Walk(self._api, pager.narrowing)
            async with aclosing(walk.rows()) as pages:
                async for rows in pages:
                    missed = pager.take_late(rows)
                    found += len(missed)
                    yield missed, rows
            if not found:
                break
        pager.swept = True
        uncertain = None
        if found:
            uncertain = f"The list changes faster than it can be read: {found} came to light last."
        elif walk.uncertain:
            uncertain = "The list changes faster than it can be read: some may be missing."
        self._telling.status = replace(self._telling.status, uncertain=uncertain)
