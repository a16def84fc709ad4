"""The whole console over honest fakes: what a reviewer types and sees, without a network."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.iterations import Iteration, Iterations
from gerra_tui.domain.page import Page
from gerra_tui.domain.statistics import Statistics
from gerra_tui.service.details import Details
from gerra_tui.service.failures import NotFound
from gerra_tui.service.listing.queue import ReviewQueue
from gerra_tui.service.looks import Looks
from gerra_tui.service.preferences import Preferences
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.ui.app import ReviewApp
from gerra_tui.ui.keys.registry import Registry
from gerra_tui.ui.widgets.bar import Bar
from gerra_tui.ui.widgets.status_bar import StatusBar
from gerra_tui.ui.workplace import Workplace
from tests.fakes import ORIGIN, Disk, FakeService, dataset_of, id_of
from tests.service.files import Arriving, Files, Shelf
from tests.ui.stage import lines_of, press_at_once, text_of
from tests.ui.workplaces import FakeAccess, decisions_of, until
from tests.virtual_time import NOON, LoopClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.pilot import Pilot

    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.decision import Decision
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.view import View
    from gerra_tui.service.failures import Failure
    from gerra_tui.ui.widgets.dataset_list import DatasetList


class Service(FakeService):
    """Lists by status and type, newest first as its bodies stand; knows histories and counts.

    While `shut` is set, pages do not answer; `trouble` is raised by all that reads.
    """

    def __init__(self, count: int = 60) -> None:
        super().__init__(count)
        self.latency = 0.0
        self.shut = False
        self.trouble: Failure | None = None
        self.histories: dict[str, Iterations] = {}
        self.unreadable: set[str] = set()
        self.pages: list[tuple[int, int]] = []  # offset and limit of those asked for
        self._moved = asyncio.Event()

    def open(self) -> None:
        self.shut = False
        self._moved.set()

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        self.pages.append((offset, limit))
        while self.shut:
            self._moved.clear()
            await self._moved.wait()
        await asyncio.sleep(self.latency)
        if self.trouble is not None:
            raise self.trouble
        bodies = [
            one
            for one in self.bodies.values()
            if narrowing.status in (None, one["status"])
            and narrowing.data_type in (None, one["data_type"])
            and self._is_readable(one)
        ]
        return Page(
            rows=tuple(map(self._row, bodies[offset : offset + limit])),
            total=len(bodies),
            offset=offset,
            limit=limit,
            size_bytes=0,
            received_at=NOON,
        )

    async def iterations(self, dataset_id: str) -> Iterations:
        if self.trouble is not None:
            raise self.trouble
        if dataset_id not in self.histories:
            raise NotFound("Not Found", http_status=404)
        return self.histories[dataset_id]

    async def statistics(self) -> Statistics:
        if self.trouble is not None:
            raise self.trouble
        statuses: dict[str, int] = {}
        types: dict[str, int] = {}
        for one in self.bodies.values():
            statuses[one["status"]] = statuses.get(one["status"], 0) + 1
            types[one["data_type"]] = types.get(one["data_type"], 0) + 1
        return Statistics(total_datasets=len(self.bodies), by_status=statuses, by_data_type=types)

    async def _read(self, dataset_id: str) -> Dataset:
        if self.trouble is not None:
            raise self.trouble
        return full(await super()._read(dataset_id))

    def _row(self, raw: dict[str, Any]) -> Row:
        if raw["id"] in self.unreadable:
            return UnreadableRow(id=raw["id"], problem="name: a number", raw=dict(raw))
        return full(dataset_of(raw))

    def give_history(self, *numbers: int, reason: str = "mug vanishes") -> None:
        """Versions of one dataset, oldest first; the last one is the latest."""
        versions = tuple(
            Iteration(
                dataset_id=id_of(number),
                version=at,
                status="pending" if number == numbers[-1] else "superseded",
                created_at=NOON,
                prompt=f"Stack the cups, try {at}",
                superseded_reason=None if number == numbers[-1] else reason,
            )
            for at, number in enumerate(numbers)
        )
        history = Iterations(
            group_id="g",
            total_versions=len(versions),
            latest_version=len(versions) - 1,
            versions=versions,
        )
        self.histories |= dict.fromkeys(map(id_of, numbers), history)


def full(dataset: Dataset) -> Dataset:
    """With the fields that the service's JSON has and the smaller fake leaves out."""
    raw = dataset.raw
    return replace(
        dataset,
        description=raw.get("description"),
        link=raw.get("link"),
        signed_url=raw.get("signed_url"),
        data_byte_size=raw.get("data_byte_size"),
        date_created=datetime.fromisoformat(raw["date_created"]),
        date_updated=datetime.fromisoformat(raw["date_updated"]),
    )


class Sessions:
    """Keeps what was saved, as the file does from one start to the next."""

    def __init__(self) -> None:
        self.session = Session()
        self.rows: KeptRows | None = None

    def load(self) -> Session:
        return self.session

    def save(self, session: Session) -> None:
        self.session = session

    def load_rows(self) -> KeptRows | None:
        return self.rows

    def save_rows(self, rows: KeptRows) -> None:
        self.rows = rows


class Views:
    def __init__(self) -> None:
        self.saved: tuple[View, ...] = ()

    def save(self, views: tuple[View, ...]) -> None:
        self.saved = views


class Console:
    """A console as bootstrap builds it. `preferences` are those of `Preferences`."""

    def __init__(
        self,
        service: Service | None = None,
        *,
        disk: Disk | None = None,
        sessions: Sessions | None = None,
        audit_log: Path | None = None,
        **preferences: Any,
    ) -> None:
        self.service = service or Service()
        self.disk = disk or Disk()
        self.sessions = sessions or Sessions()
        self.views = Views()
        self._audit_log = audit_log
        self.access = FakeAccess()
        self.files, self.shelf = Files(), Shelf()
        self.arriving: list[Arriving] = []
        usual = {"base_url": ORIGIN.base_url, "hold": "manual", "evidence_auto": "off"}
        preferences = {**usual, **preferences}
        self.preferences = Preferences(**preferences)
        self.app: ReviewApp
        self.pilot: Pilot[None]

    @asynccontextmanager
    async def opened(
        self, size: tuple[int, int] = (120, 40), *, wait: bool = True
    ) -> AsyncIterator[Console]:
        """The console, with its first rows there unless `wait` is false."""
        clock = LoopClock()
        preferences = self.preferences
        self.decisions = decisions_of(
            self.service, self.disk, hold=preferences.hold, read_only=preferences.read_only
        )
        workplace = Workplace(
            preferences=preferences,
            api=self.service,
            queue=ReviewQueue(self.service, clock, preferences),
            details=Details(self.service, clock),
            decisions=self.decisions,
            evidence=self.files,
            looks=Looks(self.shelf, clock),
            fetch=self._fetch,
            downloads=Path("/downloads"),
            sessions=self.sessions,
            views=self.views,
            access=self.access,
            ask_with=self.service.ask_with,
            clock=clock,
            audit_files=lambda: (self._audit_log,) if self._audit_log else (),
        )
        registry = Registry.of(preferences.keymap, read_only=preferences.read_only)
        self.app = ReviewApp(workplace, registry)
        async with self.app.run_test(size=size) as pilot:
            self.pilot = pilot
            if wait:
                await self.until(lambda: self.listing.row_under_cursor() is not None)
            yield self

    def _fetch(self, dataset: Dataset) -> Arriving:
        self.arriving.append(Arriving(dataset))
        return self.arriving[-1]

    # What is there

    @property
    def listing(self) -> DatasetList:
        return self.app.review.desk.list

    @property
    def text(self) -> str:
        return text_of(self.app)

    @property
    def lines(self) -> list[str]:
        return lines_of(self.app)

    @property
    def header(self) -> str:
        return self.app.review.query_one("#header", Bar).text

    @property
    def status(self) -> str:
        return self.app.review.query_one(StatusBar).text

    @property
    def detail(self) -> str:
        return self.app.review.desk.detail.text

    @property
    def below_the_head(self) -> list[str]:
        """The lines of the pane that its cursor goes through."""
        return [line.text for line in self.app.review.desk.detail._lines]

    @property
    def cursor_row(self) -> str:
        """The line of the list that starts with `>`."""
        return next(line for line in self.lines if line.startswith(">"))

    def row_of(self, number: int) -> str:
        """The line of the list that shows this dataset."""
        name = f"batch {number} "
        return next(line for line in self.lines if name in line[:72])

    def decision(self, number: int) -> Decision | None:
        return self.decisions.of(id_of(number))

    # What is done

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        press_at_once(self.app, *text)
        await self.pilot.pause()

    async def until(self, so: Callable[[], object]) -> None:
        await until(self.pilot, lambda: bool(so()))

    async def until_all_is_taken(self) -> None:
        """Until no key waits for the one before it, and the last one has been acted on."""
        ahead = self.app._type_ahead
        await self.until(lambda: not ahead._waiting and ahead._climbing_since is None)

    async def until_rows(self) -> None:
        """Until the row under the cursor is there."""
        await self.until(lambda: self.listing.row_under_cursor() is not None)

    async def until_shown(self, *texts: str) -> None:
        await self.until(lambda: all(text in self.text for text in texts))

    async def query(self, text: str) -> None:
        """Type a query in place of the current one, and apply it."""
        await self.press("slash", "ctrl+u")
        await self.type(text)
        await self.press("enter")
        await self.until(lambda: self.app.review.listing.text == text)
