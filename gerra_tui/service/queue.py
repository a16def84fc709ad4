"""The review queue: the rows of one query, at any length, that never lie about their order."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import PENDING, Dataset, UnreadableRow
from gerra_tui.domain.query import Query
from gerra_tui.service.failures import Failure, NotFound, Unauthorized
from gerra_tui.service.pager import Pager
from gerra_tui.service.sorting import sorted_rows
from gerra_tui.service.stretch import Gap, Layout, Stretch
from gerra_tui.service.sweeping import sweep

if TYPE_CHECKING:
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.view import Sort
    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.service.preferences import Preferences

BODIES_KEPT: Final = 1000  # rows; some 5 kB each
FIRST_PAGE: Final = 100
IN_FLIGHT: Final = 4
MOST_AT_ONCE: Final = 500
SWEEPS: Final = 3
RETRY_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
NEW_LOOKED_AT: Final = 50  # rows of the quiet poll
STATUSES_READ: Final = 5  # rows that left the head, read one by one in a quiet poll

Work = Callable[[], Coroutine[None, None, None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChanged:
    """Something about the queue changed.

    `lines` are those to paint again, null for none. `restructured` says that lines were inserted,
    removed or all replaced: positions are to be found again by id, and what is on the screen
    must not move. `status` says that `QueueStatus` changed.
    """

    lines: range | None = None
    restructured: bool = False
    status: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStatus:
    """What the header, the query line and the empty screen tell."""

    live: bool = False  # false: rows of the last session, or nothing yet
    as_of: datetime | None = None  # of the newest page (live) or of the kept rows (cached)
    total: int | None = None  # rows that match; null while unknown
    exhausted: bool = False  # the end was reached and the last sweep found nothing more
    uncertain: str | None = None  # what the sweeps could not make sure of, a sentence
    looked_at: int = 0  # rows of the service compared with the query
    looked_at_of: int | None = None  # rows that the service has for the narrowed listing
    scanning: bool = False  # fetching goes on because of terms checked here
    scan_stopped: bool = False  # by the reviewer
    served_terms: tuple[str, ...] = ()  # terms that narrow at the service
    local_terms: tuple[str, ...] = ()  # terms checked only here
    new_rows: int = 0  # waiting behind R
    sorted_within: int | None = None  # rows that the sort covers, null without a sort
    failure: Failure | None = None  # the last fetch's, null once one went well again


class ReviewQueue:
    """Rows by line number, without ever waiting.

    A line is a row, a placeholder (its page is on the way), or the divider `found late`.
    Identity is the dataset's id everywhere. Not safe to call from another thread.
    """

    def __init__(
        self, api: ReadingApi, clock: Clock, preferences: Preferences | None = None
    ) -> None:
        self._api = api
        self._clock = clock
        self._search = preferences.search if preferences is not None else "off"
        self._listeners: list[Callable[[QueueChanged], None]] = []
        self.query = Query()
        self.sort: Sort | None = None
        self.status = QueueStatus()
        self._pager = Pager(api, clock, self.query, self._search)
        self._bodies: OrderedDict[str, Row] = OrderedDict()
        self._seeded: tuple[Row, ...] = ()
        self._asked = False  # for what the seeded rows belong to
        self._sorted: list[str] | None = None
        self._elsewhere: dict[str, str] = {}
        self._window = range(0)
        self._direction = 1
        self._tasks: dict[object, asyncio.Task[None]] = {}
        self._failures = 0
        self._retry: asyncio.TimerHandle | None = None
        self._refilled: set[tuple[Stretch, int]] = set()

    # Asking: never waits

    def subscribe(self, listener: Callable[[QueueChanged], None]) -> None:
        self._listeners.append(listener)

    @property
    def _layout(self) -> Layout:
        return self._pager.layout

    @property
    def length(self) -> int:
        """Lines, placeholders included."""
        if self._seeded:
            return len(self._seeded)
        return len(self._sorted) if self._sorted is not None else self._layout.length

    def row(self, line: int) -> Row | None:
        """The row of that line, or null for a placeholder. Never fetches."""
        if line < 0:
            return None
        if self._seeded:
            return self._seeded[line] if line < len(self._seeded) else None
        dataset_id = self._id_at(line)
        return self._bodies.get(dataset_id) if dataset_id is not None else None

    def _id_at(self, line: int) -> str | None:
        if self._sorted is not None:
            return self._sorted[line] if line < len(self._sorted) else None
        return self._layout.id_at(line)

    def is_live(self, dataset_id: str) -> bool:
        """Claims that the row came from the service in this session."""
        return not self._seeded and dataset_id in self._bodies

    def line_of(self, dataset_id: str) -> int | None:
        if self._seeded:
            return next((n for n, row in enumerate(self._seeded) if row.id == dataset_id), None)
        if self._sorted is not None:
            return self._sorted.index(dataset_id) if dataset_id in self._sorted else None
        return self._layout.line_of(dataset_id)

    def position_of(self, line: int) -> int:
        """What the status line shows before the slash, from 1."""
        divider = None if self._sorted is not None else self._layout.divider
        return line if divider is not None and line > divider else line + 1

    def is_divider(self, line: int) -> bool:
        """Claims that the line is the divider `found late`."""
        return not self._seeded and self._sorted is None and line == self._layout.divider

    def elsewhere(self, dataset_id: str) -> str | None:
        """The status read of a row that was decided elsewhere since it was listed."""
        return self._elsewhere.get(dataset_id)

    def loaded_rows(self) -> list[Row]:
        """The rows from the top that are in memory, for the session's cache (bounded)."""
        if self._seeded:
            return list(self._seeded)
        rows = (self.row(line) for line in range(min(self.length, 2 * BODIES_KEPT)))
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
            page = max(1, len(self._window))
            self.look_at(max(0, at - page + 1) if direction < 0 else at, at + page)
        return None, unloaded

    # Telling

    def show(self, query: Query, sort: Sort | None = None) -> None:
        """Start over with this query; the first page is asked for at once.

        The same query with another sort keeps what was loaded.
        """
        if query == self.query and self.status.live and sort != self.sort:
            self.sort = sort
            self._resort()
            return
        self._cancel_all()
        if self._asked and query != self.query:
            self._seeded = ()
        self._asked = True
        self.query, self.sort = query, sort
        self._pager = Pager(self._api, self._clock, query, self._search)
        self._bodies.clear()
        self._elsewhere.clear()
        self._sorted = None
        plan = query.plan(self._search)
        self.status = QueueStatus(
            as_of=self.status.as_of if self._seeded else None,
            served_terms=tuple(term.text for term in plan.served),
            local_terms=tuple(term.text for term in plan.local),
            scanning=not self._pager.is_whole,
        )
        self._failures = 0
        self._tell(restructured=True, status=True)
        self.look_at(0, max(1, len(self._window)))

    def seed(self, rows: tuple[Row, ...], as_of: datetime) -> None:
        """Show these rows of the last session until live ones replace them; before `show`."""
        self._seeded, self._asked = rows, False
        self.status = replace(self.status, as_of=as_of, live=False)

    def look_at(self, first: int, last: int) -> None:
        """Say which lines are on the screen (last exclusive); fetching follows from that."""
        if range(first, last) != self._window:
            self._direction = -1 if first < self._window.start else 1
            self._window = range(first, last)
        self._fetch_wanted()

    def replace(self, dataset: Dataset) -> None:
        """Take a newer body of a row (from the detail pane, or read by the outbox)."""
        line = self.line_of(dataset.id)
        if line is None or self._seeded:
            return
        old = self._bodies.get(dataset.id)
        if isinstance(old, Dataset) and old.is_pending and not dataset.is_pending:
            self._elsewhere.setdefault(dataset.id, dataset.status)
        if old is None or old.raw != dataset.raw:
            kept = old if isinstance(old, Dataset) and not dataset.is_pending else dataset
            self._bodies[dataset.id] = kept
            self._tell(lines=range(line, line + 1))

    def note_elsewhere(self, dataset_id: str, status: str) -> None:
        self._elsewhere[dataset_id] = status
        if (line := self.line_of(dataset_id)) is not None:
            self._tell(lines=range(line, line + 1))

    def stop_scan(self) -> None:
        self.status = replace(self.status, scan_stopped=True, scanning=False)
        self._cancel_all()
        self._tell(status=True)

    def resume_scan(self) -> None:
        self.status = replace(self.status, scan_stopped=False)
        self._fetch_wanted()

    # Longer work: awaited by a worker of the screen

    async def refresh(self) -> None:
        """R: read the stretch on the screen again, merge in place, let waiting rows in."""
        if self.status.scan_stopped:
            self.resume_scan()
            return
        before = self._pager
        pager = Pager(self._api, self._clock, self.query, self._search)
        here = () if self._sorted is not None or self._seeded else self._window
        rows = [row for line in here if (row := self.row(line)) is not None]
        line = self._window.start
        limit = max(FIRST_PAGE, 2 * len(self._window))
        try:
            pages = await pager.begin_around(rows, line, before.layout.offset_of(line), limit)
        except Failure as failure:
            if self._pager is before:
                self._wait_after(failure)
            return
        if self._pager is not before:
            return  # another query was asked for meanwhile
        self._cancel_all()
        self._pager = pager
        self._elsewhere.clear()
        self._bodies.clear()
        self._seeded = ()
        for page in pages:
            self._keep(page)
        self.status = replace(
            self.status, new_rows=0, exhausted=False, uncertain=None, failure=None, live=True
        )
        self._after_fetch(restructured=True)
        if self.sort is not None:
            self._resort()

    async def check_for_new(self) -> None:
        """The quiet poll: one small request, never a full list."""
        if not self.status.live or self._seeded:
            return
        pager = self._pager
        try:
            page = await self._api.page(pager.narrowing, limit=NEW_LOOKED_AT, offset=0)
        except Failure as failure:
            if pager is self._pager:
                self._wait_after(failure)
            return
        if pager is not self._pager:
            return
        unknown = [row for row in page.rows if row.id is not None and row.id not in self._layout]
        fresh = [row for row in unknown if pager.is_arrival(row) and pager.fits(row)]
        self.status = replace(self.status, new_rows=len(fresh))
        self._tell(status=True)
        await self._read_those_that_left(page)

    async def _read_those_that_left(self, page: Page) -> None:
        """Rows on the first lines that the head of the listing no longer has: decided elsewhere."""
        if self._pager.narrowing.status != PENDING or self._sorted is not None:
            return
        shown = {row.id for row in page.rows}
        gone = []
        for line in range(min(len(page.rows) - self.status.new_rows, self.length)):
            row = self.row(line)
            if isinstance(row, Dataset) and row.id not in shown and row.id not in self._elsewhere:
                gone.append(row.id)
        for dataset_id in gone[:STATUSES_READ]:
            try:
                dataset = await self._api.dataset(dataset_id)
            except Failure:
                return
            if dataset.status != PENDING:
                self.note_elsewhere(dataset_id, dataset.status)

    async def all_matching(self, progress: Callable[[int, int | None], None]) -> list[Dataset]:
        """Every row that matches now, for `M`; cancel the task to stop. Raises `Failure`."""
        found: dict[str, Dataset] = {}
        pager = self._pager
        async for rows, looked_at, total in sweep(self._api, pager.narrowing):
            for row in rows:
                if isinstance(row, Dataset) and pager.fits(row):
                    found[row.id] = row
            progress(looked_at, total)
        return list(found.values())

    async def load_rest(self, progress: Callable[[int, int | None], None]) -> None:
        """Load what a sort does not cover yet. Raises `Failure`."""
        pager = self._pager
        while not pager.at_end:
            tail = pager.layout.stretches[0] if pager.layout.stretches else None
            rows = await pager.extend(tail, 1000)
            if pager is not self._pager:
                return
            self._keep(rows)
            progress(pager.looked_at, pager.total)
        self._after_fetch()
        self._resort()

    async def close(self) -> None:
        """Cancel what is in flight."""
        tasks = list(self._tasks.values())
        self._cancel_all()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Fetching

    def _fetch_wanted(self) -> None:
        """Start what the window needs, cancel what it no longer does."""
        if self.status.scan_stopped or isinstance(self.status.failure, Unauthorized):
            return
        if self._retry is not None:
            return
        wanted = {} if self._sorted is not None else self._wanted()
        for key in [key for key in self._tasks if key not in wanted]:
            self._tasks.pop(key).cancel()
        if not wanted and self.status.failure is not None:
            self.status = replace(self.status, failure=None)  # what failed is no longer needed
            self._tell(status=True)
        for key, work in wanted.items():
            if key not in self._tasks and len(self._tasks) < IN_FLIGHT:
                self._start(key, work)

    def _wanted(self) -> dict[object, Work]:
        """Work by its key, most urgent first."""
        if not self._pager.begun:
            return {"begin": self._begin}
        page = max(1, len(self._window))
        ahead = 2 * page
        lines = (
            range(self._window.start - page, self._window.stop + ahead)
            if self._direction > 0
            else range(self._window.start - ahead, self._window.stop + page)
        )
        work: dict[object, Work] = {}
        blocks: set[tuple[Stretch, int]] = set()
        gaps: dict[Gap, list[int]] = {gap: [0] for gap, at in self._layout.seams() if at in lines}
        for line in (*self._window, *lines):
            if line < 0:
                continue
            part, index = self._layout.at(line)
            if isinstance(part, Stretch):
                dataset_id = part.ids[index]
                block = (part, index // FIRST_PAGE)
                blocks.add(block)
                if dataset_id in self._bodies:
                    continue
                if block not in self._refilled:
                    work.setdefault(block, self._refiller(*block))
                elif line in self._window:
                    work.setdefault(dataset_id, partial(self._read_one, dataset_id))
            elif isinstance(part, Gap):
                gaps.setdefault(part, []).append(index)
        self._refilled &= blocks
        for gap, indexes in gaps.items():
            work.update(self._gap_work(gap, min(indexes), max(indexes)))
        if not work and self._pager.at_end and not self._pager.swept:
            work["sweep"] = self._sweep
        return work

    def _gap_work(self, gap: Gap, first: int, last: int) -> dict[object, Work]:
        """Walk on from a neighbour that is near these indexes, else jump."""
        before, after = self._pager.neighbours(gap)
        reach = self._pager.page_size
        if before is not None and (first < reach or (gap.open_end and not self._pager.can_jump)):
            count = reach if gap.open_end else max(reach, min(last + 1, MOST_AT_ONCE))
            return {(before, "down"): lambda: self._extend(before, count)}
        if after is not None and len(gap) - last <= reach:
            count = max(reach, min(len(gap) - first, MOST_AT_ONCE))
            return {(after, "up"): lambda: self._extend_up(after, count)}
        start = self._layout.start_of(gap)
        work: dict[object, Work] = {}
        wanted = range(start + first, start + last + 1)
        for key in self._tasks:  # a jump is known by the lines that it will bring
            if isinstance(key, range) and _meet(key, self._window):
                work[key] = partial(self._jump, key)
                below = wanted.start >= key.start
                wanted = (
                    range(max(wanted.start, key.stop), wanted.stop)
                    if below
                    else range(wanted.start, min(wanted.stop, key.start))
                )
        if _meet(wanted, self._window):
            lines = range(wanted.start, max(wanted.stop, wanted.start + FIRST_PAGE))
            work[lines] = partial(self._jump, lines)
        return work

    def _start(self, key: object, work: Work) -> None:
        task = asyncio.create_task(self._guarded(work))
        self._tasks[key] = task

        def landed(done: asyncio.Task[None]) -> None:
            if self._tasks.get(key) is done:
                del self._tasks[key]
            if done.cancelled():
                return
            if (bug := done.exception()) is not None:
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "fetching failed", "exception": bug, "task": done}
                )
            elif self.status.failure is None:
                self._fetch_wanted()

        task.add_done_callback(landed)

    async def _guarded(self, work: Work) -> None:
        try:
            await work()
        except Failure as failure:
            self._wait_after(failure)

    def retry_now(self) -> None:
        """Do not wait for the end of a pause after a failure."""
        self._stop_waiting()
        self._fetch_wanted()

    def _stop_waiting(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _wait_after(self, failure: Failure) -> None:
        """Say it, and go on after a pause that grows; a refused key waits for another one."""
        self.status = replace(self.status, failure=failure)
        if not isinstance(failure, Unauthorized) and self._retry is None:
            pause = RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS) - 1)]
            self._failures += 1
            self._retry = asyncio.get_running_loop().call_later(pause, self.retry_now)
        self._tell(status=True)

    async def _begin(self) -> None:
        self._keep(await self._pager.begin(FIRST_PAGE))
        replaced, self._seeded = bool(self._seeded), ()
        self._after_fetch(restructured=True)
        if self.sort is not None:
            self._resort()
        elif replaced:
            log.info("live rows replaced those of the last session")

    async def _extend(self, stretch: Stretch, count: int) -> None:
        before, known = self._layout.length, len(stretch)
        self._keep(await self._pager.extend(stretch, count))
        first = self._layout.start_of(stretch)
        self._after_fetch(
            lines=range(first + known, first + len(stretch)),
            restructured=before != self._layout.length,
        )

    async def _extend_up(self, stretch: Stretch, count: int) -> None:
        self._keep(await self._pager.extend_up(stretch, count))
        self._after_fetch(restructured=True)

    async def _jump(self, lines: range) -> None:
        before = self._layout.length
        self._keep(await self._pager.jump(lines.start, len(lines)))
        self._after_fetch(lines=lines, restructured=before != self._layout.length)

    def _refiller(self, stretch: Stretch, block: int) -> Work:
        async def refill() -> None:
            """Bodies that were let go come again for the same ids, about where they were listed.

            Those that are not there any more are then read one by one, if they are on the screen.
            """
            first = block * FIRST_PAGE
            last = min(first + FIRST_PAGE, len(stretch))
            offset, limit = stretch.offsets(first, last)
            self._keep(await self._pager.page_at(offset, limit))
            self._refilled.add((stretch, block))
            start = self._layout.start_of(stretch)
            self._after_fetch(lines=range(start + first, start + last))

        return refill

    async def _read_one(self, dataset_id: str) -> None:
        try:
            dataset = await self._api.dataset(dataset_id)
        except NotFound:
            self._remember(UnreadableRow(id=dataset_id, problem="no longer there"))
        else:
            self._remember(dataset)
            if self._pager.narrowing.status == PENDING and not dataset.is_pending:
                self._elsewhere.setdefault(dataset_id, dataset.status)
        line = self.line_of(dataset_id)
        self._after_fetch(lines=None if line is None else range(line, line + 1))

    async def _sweep(self) -> None:
        """Before the end is called the end: look for what moved past the walk."""
        found = 0
        for _ in range(SWEEPS):
            found = 0
            async for rows, _, _ in sweep(self._api, self._pager.narrowing):
                missed = self._pager.take_late(rows)
                found += len(missed)
                for row in missed:
                    self._remember(row)
            if not found:
                break
        self._pager.swept = True
        uncertain = None
        if found:
            uncertain = f"The list changes faster than it can be read: {found} came to light last."
        self.status = replace(self.status, uncertain=uncertain)
        self._after_fetch(restructured=True)

    # Keeping

    def _keep(self, rows: list[Row]) -> None:
        """Of those that have a line: most rows of a scan have none."""
        for row in rows:
            if self._pager.is_whole or (row.id is not None and row.id in self._layout):
                self._remember(row)

    def _remember(self, row: Row) -> None:
        if row.id is None:
            return
        self._bodies[row.id] = row
        self._bodies.move_to_end(row.id)
        if self.sort is None:
            while len(self._bodies) > max(BODIES_KEPT, 3 * len(self._window)):
                self._bodies.popitem(last=False)

    def _after_fetch(self, *, lines: range | None = None, restructured: bool = False) -> None:
        self._failures = 0
        self._stop_waiting()
        pager = self._pager
        self.status = replace(
            self.status,
            live=True,
            as_of=pager.received_at,
            total=pager.total_matching,
            exhausted=pager.at_end and pager.swept,
            looked_at=pager.looked_at,
            looked_at_of=pager.total,
            scanning=not pager.is_whole and not pager.at_end and not self.status.scan_stopped,
            failure=None,
        )
        if self._sorted is not None and restructured:
            self._resort()
        self._tell(lines=lines, restructured=restructured, status=True)

    def _resort(self) -> None:
        if self.sort is None:
            self._sorted = None
            self.status = replace(self.status, sorted_within=None)
        else:
            ids = (one for part in self._layout.stretches for one in part.ids)
            rows = [self._bodies[one] for one in ids if one in self._bodies]
            self._sorted = [row.id for row in sorted_rows(rows, self.sort) if row.id is not None]
            self.status = replace(self.status, sorted_within=len(self._sorted))
        self._tell(restructured=True, status=True)

    def _cancel_all(self) -> None:
        self._stop_waiting()
        self._refilled.clear()
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    def _tell(
        self, *, lines: range | None = None, restructured: bool = False, status: bool = False
    ) -> None:
        change = QueueChanged(lines=lines, restructured=restructured, status=status)
        for listener in self._listeners:
            listener(change)


def _meet(one: range, other: range) -> bool:
    return max(one.start, other.start) < min(one.stop, other.stop)
