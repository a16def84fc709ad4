"""The whole console over honest fakes: what a reviewer types and sees, without a network."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gerra_tui.service.details import Details
from gerra_tui.service.listing.queue import ReviewQueue
from gerra_tui.service.looks import Looks
from gerra_tui.service.preferences import Preferences
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.ui.app import ReviewApp
from gerra_tui.ui.keys.registry import Registry
from gerra_tui.ui.widgets.bar import Bar
from gerra_tui.ui.widgets.status_bar import StatusBar
from gerra_tui.ui.workplace import Workplace
from tests.fakes import ORIGIN, Disk, FakeService, id_of
from tests.service.files import Arriving, Files, Shelf
from tests.ui.stage import lines_of, press_at_once, text_of
from tests.ui.workplaces import FakeAccess, decisions_of, until
from tests.virtual_time import LoopClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.pilot import Pilot

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision
    from gerra_tui.domain.view import View
    from gerra_tui.ui.widgets.dataset_list import DatasetList


class Service(FakeService):
    """It answers at once."""

    def __init__(self, count: int = 60) -> None:
        super().__init__(count)
        self.latency = 0.0


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
        looks = Looks(self.shelf, clock, preferences.rules)
        workplace = Workplace(
            preferences=preferences,
            api=self.service,
            queue=ReviewQueue(self.service, clock, preferences, looks.summary),
            details=Details(self.service, clock),
            decisions=self.decisions,
            evidence=self.files,
            looks=looks,
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
