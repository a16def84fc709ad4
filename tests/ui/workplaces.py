"""A workplace over fakes, for the screens that are given one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gerra_tui.service.decisions.decisions import Decisions
from gerra_tui.service.details import Details
from gerra_tui.service.listing.queue import ReviewQueue
from gerra_tui.service.looks import Looks
from gerra_tui.service.preferences import Preferences
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.ui.workplace import Workplace
from tests.fakes import ORIGIN, Disk, FakeAuditLog, FakeJournal, FakeService
from tests.patience import PATIENCE
from tests.service.files import Arriving, Files, Shelf
from tests.virtual_time import LoopClock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.pilot import Pilot

    from gerra_tui.domain.view import View


class NoSessions:
    def load(self) -> Session:
        return Session()

    def save(self, session: Session) -> None:
        pass

    def load_rows(self) -> KeptRows | None:
        return None

    def save_rows(self, rows: KeptRows) -> None:
        pass


class NoViews:
    def save(self, views: tuple[View, ...]) -> None:
        pass


class FakeAccess:
    """Keeps the key that was given."""

    def __init__(self) -> None:
        self.key: str | None = None

    @property
    def has_key(self) -> bool:
        return self.key is not None

    @property
    def source(self) -> str:
        return "looked for in GERRA_API_KEY"

    @property
    def waits_for(self) -> str | None:
        return None

    def use(self, key: str) -> None:
        self.key = key


def decisions_of(
    service: FakeService,
    disk: Disk | None = None,
    *,
    hold: float | Literal["manual"] = "manual",
    read_only: bool = False,
) -> Decisions:
    disk = disk or Disk()
    return Decisions(
        journal=FakeJournal(disk),
        audit=FakeAuditLog(disk),
        api=service,
        clock=LoopClock(),
        origin=ORIGIN,
        hold=hold,
        read_only=read_only,
    )


def workplace_of(
    service: FakeService,
    decisions: Decisions | None = None,
    *,
    audit_files: Callable[[], Sequence[Path]] = tuple,
    access: FakeAccess | None = None,
) -> Workplace:
    clock = LoopClock()
    return Workplace(
        preferences=Preferences(base_url=ORIGIN.base_url),
        api=service,
        queue=ReviewQueue(service, clock),
        details=Details(service, clock),
        decisions=decisions or decisions_of(service),
        evidence=Files(),
        looks=Looks(Shelf(), clock),
        fetch=Arriving,
        downloads=Path("/downloads"),
        sessions=NoSessions(),
        views=NoViews(),
        access=access or FakeAccess(),
        ask_with=service.ask_with,
        clock=clock,
        audit_files=audit_files,
    )


async def until(pilot: Pilot[Any], so: Callable[[], bool]) -> None:
    """Give way until something is so; the test's own time limit ends it otherwise."""
    async with asyncio.timeout(PATIENCE):
        while not so():
            await pilot.pause()
            await asyncio.sleep(0.005)
