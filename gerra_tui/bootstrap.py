"""The composition root: alone knows every concrete class, and imports the heavy ones late."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gerra_tui.api.late import LateApi
from gerra_tui.domain.decision import Origin
from gerra_tui.journal.audit import FileAuditLog, audit_files, audit_lines, user_name
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.decisions.decisions import Decisions
from gerra_tui.service.decisions.dispatch import Dispatch
from gerra_tui.service.details import Details
from gerra_tui.service.listing.queue import ReviewQueue
from gerra_tui.service.looks import Looks
from gerra_tui.settings.access import KeyAccess
from gerra_tui.settings.console_log import keep_log
from gerra_tui.settings.editing import EditedTexts
from gerra_tui.settings.resuming import resuming
from gerra_tui.settings.session_file import SessionFile
from gerra_tui.settings.tables import WrongConfig
from gerra_tui.settings.views import ConfigViews

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from gerra_tui.evidence.evidence import StorageEvidence
    from gerra_tui.service.ports import Clock, ReviewApi
    from gerra_tui.settings.effective import Settings
    from gerra_tui.settings.kept_frame import KeptFrame
    from gerra_tui.terminal.early import EarlyScreen
    from gerra_tui.ui.workplace import Workplace


BY_SIGNAL: Final = {
    129: "hung up (SIGHUP)",
    130: "interrupted (SIGINT)",
    143: "terminated (SIGTERM)",
}


# It goes on while the machine sleeps, which Python's `time.monotonic` does not on Linux.
ASLEEP_OR_AWAKE: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.clock_gettime(ASLEEP_OR_AWAKE)


@dataclass(frozen=True, slots=True)
class End:
    """How a console ended: its exit code, and the line that sums up."""

    exit_code: int
    summary: str


def open_console(
    settings: Settings,
    environ: Mapping[str, str],
    early: tuple[EarlyScreen, str] | None = None,
    keep: Callable[[KeptFrame, tuple[int, int]], None] | None = None,
) -> End:
    """Build the console, run it, and sum up. Raises `WrongConfig` for a keymap that cannot be.

    `early` stands on the terminal already, with its frame. At the end `keep` is given the frame
    that the next start would show, and its size. Garbage is collected from the first screen on.
    """
    from gerra_tui.terminal.driver import choose_driver
    from gerra_tui.ui.app import ReviewApp
    from gerra_tui.ui.keys.registry import Registry, WrongKeymap

    preferences, paths = settings.preferences, settings.paths
    try:
        registry = Registry.of(preferences.keymap, read_only=preferences.read_only)
    except WrongKeymap as problem:
        raise WrongConfig(f"{settings.config_file}: {problem}") from None
    keep_log(paths.log)
    drawn = asyncio.Event()

    def go_on() -> None:
        """The first screen is there: now the rest, and what the start made is here to stay."""
        drawn.set()
        gc.freeze()
        gc.enable()

    access = KeyAccess(settings, environ)
    if access.asks_at_the_terminal:
        if early is not None:
            early[0].leave()
        access.look()
    place = workplace(settings, environ, access=access, drawn=drawn)
    app = ReviewApp(place, registry, choose_driver(environ, early), go_on)
    if keep is not None:
        app.rehearse_with(
            lambda: workplace(settings, environ, access=access, drawn=asyncio.Event()), keep
        )
    failed = None
    try:
        app.run(mouse=preferences.mouse)
    except Exception as bug:  # a sentence for the reviewer, the rest for the log
        logging.getLogger(__name__).exception("the console failed at its end")
        failed = type(bug).__name__
    if app.failed is not None:
        failed = app.failed.name
    if failed is not None:
        sentence = (
            f"The console failed ({failed}). {app.kept} Start it again. Details are in {paths.log}."
        )
        return End(1, f"{sentence}\n{app.summary}")
    if app.return_code in BY_SIGNAL:
        command = resuming(settings)
        told = f". To go on where you were: {command}" if command else ""
        summary = f"{app.summary}{told}"
        # After a dropped connection nobody reads standard error any more.
        logging.getLogger(__name__).warning("%s: %s", BY_SIGNAL[app.return_code], summary)
        return End(app.return_code, summary)
    return End(app.return_code or 0, app.summary)


def workplace(
    settings: Settings,
    environ: Mapping[str, str],
    clock: Clock | None = None,
    access: KeyAccess | None = None,
    drawn: asyncio.Event | None = None,
) -> Workplace:
    """The use cases of one console. Nothing is read or sent yet. `clock` is for reproducing.

    The service is asked nothing before `drawn` is set.
    """
    from gerra_tui.evidence.late import LateEvidence, LateFacts
    from gerra_tui.ui.workplace import Workplace

    preferences, paths = settings.preferences, settings.paths
    clock = clock or SystemClock()
    access = access or KeyAccess(settings, environ)
    api = LateApi(preferences.base_url, access, drawn)
    details = Details(api, clock)
    evidence = LateEvidence(
        api,
        private=preferences.private_addresses,
        limits=preferences.limits,
        newest=details.newest,
    )
    facts = LateFacts(paths.evidence, preferences.base_url, preferences.limits)
    looks = Looks(facts, clock, preferences.rules)
    return Workplace(
        preferences=preferences,
        api=api,
        queue=ReviewQueue(api, clock, preferences, looks.summary),
        details=details,
        decisions=decisions(settings, api, clock),
        evidence=evidence,
        fetch=lambda dataset: evidence.download(dataset, paths.downloads),
        downloads=paths.downloads,
        looks=looks,
        sessions=SessionFile(paths.session, paths.cache, preferences.base_url),
        views=ConfigViews(settings.config_file),
        access=access,
        ask_with=api.ask_with,
        clock=clock,
        audit_files=lambda: audit_files(paths.audit),
        user=user_name(),
        editing=EditedTexts(paths.editing),
    )


def decisions(settings: Settings, api: ReviewApi, clock: Clock) -> Decisions:
    """Journal, audit log and outbox of this user for one service."""
    preferences, paths = settings.preferences, settings.paths
    where = origin(settings)
    return Decisions(
        journal=SqliteJournal(paths.journal, where, read_only=preferences.read_only),
        audit=FileAuditLog(paths.audit),
        api=api,
        clock=clock,
        origin=where,
        hold=preferences.hold,
        resend_after=preferences.resend_after,
        read_only=preferences.read_only,
    )


def origin(settings: Settings) -> Origin:
    preferences = settings.preferences
    return Origin(base_url=preferences.base_url, organization_id=None, profile=preferences.profile)


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one command without a screen, each made when it is asked for."""

    settings: Settings
    access: KeyAccess
    api: LateApi
    clock: Clock
    _stack: AsyncExitStack

    def journal(self, *, read_only: bool = False) -> SqliteJournal:
        """Not open yet. A console that may only read has one for reading, whoever asks."""
        journal = SqliteJournal(
            self.settings.paths.journal,
            origin(self.settings),
            read_only=read_only or self.settings.preferences.read_only,
        )
        self._stack.push_async_callback(journal.close)
        return journal

    def dispatch(self, journal: SqliteJournal) -> Dispatch:
        audit = FileAuditLog(self.settings.paths.audit)
        self._stack.push_async_callback(audit.close)
        return Dispatch(
            journal=journal,
            audit=audit,
            api=self.api,
            clock=self.clock,
            origin=origin(self.settings),
            resend_after=self.settings.preferences.resend_after,
            read_only=self.settings.preferences.read_only,
        )

    def evidence(self) -> StorageEvidence:
        from gerra_tui.evidence.evidence import StorageEvidence
        from gerra_tui.evidence.storage import Storage

        preferences = self.settings.preferences
        storage = Storage(private=preferences.private_addresses)
        at = StorageEvidence(self.api, storage, limits=preferences.limits)
        self._stack.push_async_callback(at.aclose)
        return at

    def looks(self) -> Looks:
        """What was found before, kept on disk."""
        from gerra_tui.evidence.facts import FactFiles

        preferences = self.settings.preferences
        files = FactFiles(self.settings.paths.evidence, preferences.base_url, preferences.limits)
        return Looks(files, self.clock, preferences.rules)


@asynccontextmanager
async def services(settings: Settings, environ: Mapping[str, str]) -> AsyncIterator[Services]:
    """Nothing is read or sent yet; at the end what was asked for is closed."""
    async with AsyncExitStack() as stack:
        access = KeyAccess(settings, environ)
        api = LateApi(settings.preferences.base_url, access)
        stack.push_async_callback(api.aclose)
        yield Services(settings, access, api, SystemClock(), stack)


def audited(settings: Settings) -> Iterator[bytes]:
    """The lines of the audit log, oldest first."""
    return audit_lines(settings.paths.audit)
