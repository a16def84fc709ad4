"""The composition root: alone knows every concrete class, and imports the heavy ones late."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import Origin
from gerra_tui.domain.text import ended
from gerra_tui.journal.audit import FileAuditLog, audit_files
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.decisions.decisions import Decisions
from gerra_tui.service.details import Details
from gerra_tui.service.failures import Unauthorized
from gerra_tui.service.listing.queue import ReviewQueue
from gerra_tui.settings.config import WrongConfig
from gerra_tui.settings.console_log import keep_log
from gerra_tui.settings.editing import EditedTexts
from gerra_tui.settings.keys import Secret, find_key
from gerra_tui.settings.resuming import resuming
from gerra_tui.settings.session_file import SessionFile
from gerra_tui.settings.views import ConfigViews

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gerra_tui.api.client import GerraClient
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.statistics import Statistics
    from gerra_tui.service.ports import Clock, Confirmation, ReviewApi
    from gerra_tui.settings.effective import Settings
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


class KeyAccess:
    """The key of one start: looked for when it is first needed, off the event loop."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = environ
        self._key: Secret | None = None
        self._source = "not looked for yet"
        self._looked = False

    @property
    def has_key(self) -> bool:
        return self._key is not None

    @property
    def source(self) -> str:
        return self._source

    def use(self, key: str) -> None:
        self._key = Secret(key.strip())
        self._source = "typed for this session"
        self._looked = True

    def reveal(self) -> str:
        """The key, for the API client alone."""
        return self._key.reveal() if self._key else ""

    def look(self) -> None:
        """Find the key; may start a command. Does nothing the second time."""
        if self._looked:
            return
        found = find_key(
            self._environ,
            base_url=self._settings.preferences.base_url,
            profile=self._settings.profile,
            config_file=self._settings.config_file,
        )
        if not self._looked:  # a key may have been typed meanwhile
            self._key = found.key
            self._source = "; ".join((found.source, *found.remarks))
            self._looked = True


class LateApi:
    """The service, with its client imported and built at the first call, in a thread.

    httpx and pydantic are three fifths of the start; the first screen is drawn without them: what
    is asked before `drawn` is set waits for it.
    """

    def __init__(
        self, settings: Settings, access: KeyAccess, drawn: asyncio.Event | None = None
    ) -> None:
        self._base_url = settings.preferences.base_url
        self._access = access
        self._drawn = drawn
        self._client: GerraClient | None = None
        self._building = asyncio.Lock()

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        return await (await self._ready()).page(narrowing, limit=limit, offset=offset)

    async def dataset(self, dataset_id: str) -> Dataset:
        return await (await self._ready()).dataset(dataset_id)

    async def dataset_once(self, dataset_id: str) -> Dataset:
        return await (await self._ready()).dataset_once(dataset_id)

    async def iterations(self, dataset_id: str) -> Iterations:
        return await (await self._ready()).iterations(dataset_id)

    async def statistics(self) -> Statistics:
        return await (await self._ready()).statistics()

    async def accept(
        self, dataset_id: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        return await (await self._ready()).accept(dataset_id, is_fresh=is_fresh)

    async def reject(
        self, dataset_id: str, reason: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        return await (await self._ready()).reject(dataset_id, reason, is_fresh=is_fresh)

    async def ask_with(self, key: str) -> None:
        """The smallest call, with this key in place of the one in use."""
        from gerra_tui.domain.query.narrowing import Narrowing

        client = await asyncio.to_thread(self._client_of, lambda: key)
        try:
            await client.page(Narrowing(), limit=1, offset=0)
        finally:
            await client.aclose()

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _ready(self) -> GerraClient:
        async with self._building:
            if self._client is None:
                if self._drawn is not None:
                    await self._drawn.wait()
                self._client = await asyncio.to_thread(self._build)
        if not self._access.has_key:
            raise Unauthorized(f"No API key: {ended(self._access.source)}")
        return self._client

    def _build(self) -> GerraClient:
        self._access.look()
        return self._client_of(self._access.reveal)

    def _client_of(self, key: Callable[[], str]) -> GerraClient:
        # It would read the metadata of every installed distribution, a fifth of this import.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from gerra_tui.api.client import GerraClient

        return GerraClient(self._base_url, key)


@dataclass(frozen=True, slots=True)
class End:
    """How a console ended: its exit code, and the line that sums up."""

    exit_code: int
    summary: str


def open_console(settings: Settings, environ: Mapping[str, str]) -> End:
    """Build the console, run it, and sum up. Raises `WrongConfig` for a keymap that cannot be.

    Garbage is collected from the first screen on.
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

    place = workplace(settings, environ, drawn=drawn)
    app = ReviewApp(place, registry, choose_driver(environ), go_on)
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
    drawn: asyncio.Event | None = None,
) -> Workplace:
    """The use cases of one console. Nothing is read or sent yet. `clock` is for reproducing.

    The service is asked nothing before `drawn` is set.
    """
    from gerra_tui.ui.workplace import Workplace

    preferences, paths = settings.preferences, settings.paths
    clock = clock or SystemClock()
    access = KeyAccess(settings, environ)
    api = LateApi(settings, access, drawn)
    return Workplace(
        preferences=preferences,
        api=api,
        queue=ReviewQueue(api, clock, preferences),
        details=Details(api, clock),
        decisions=decisions(settings, api, clock),
        sessions=SessionFile(paths.session, paths.cache, preferences.base_url),
        views=ConfigViews(settings.config_file),
        access=access,
        ask_with=api.ask_with,
        clock=clock,
        audit_files=lambda: audit_files(paths.audit),
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
