"""The headless commands, wired to the real service, journal and streams, one call a process."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gerra_tui.api.late import LateApi
from gerra_tui.bootstrap import SystemClock, origin
from gerra_tui.domain.decision import Verdict
from gerra_tui.headless import outbox
from gerra_tui.headless.decide import decide
from gerra_tui.headless.evidence import evidence
from gerra_tui.headless.log import log
from gerra_tui.headless.ls import ls
from gerra_tui.headless.show import show
from gerra_tui.headless.stats import stats
from gerra_tui.headless.streams import Streams
from gerra_tui.journal.audit import FileAuditLog, audit_lines
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.decisions.dispatch import Dispatch
from gerra_tui.service.looks import Looks
from gerra_tui.settings.access import KeyAccess

if TYPE_CHECKING:
    import argparse
    from collections.abc import Coroutine, Mapping

    from gerra_tui.settings.effective import Settings

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(options: argparse.Namespace, settings: Settings, environ: Mapping[str, str]) -> int:
    """Run one command; gives its exit code, 128 and the number after a signal.

    What a decision has reached is on disk before this returns. Raises `BrokenPipeError`.
    """
    streams = Streams.of_process()
    if options.command == "log":
        return log(audit_lines(settings.paths.audit), as_json=options.json, streams=streams)
    return asyncio.run(_until_signalled(_command(options, settings, environ, streams)))


async def _until_signalled(command: Coroutine[None, None, int]) -> int:
    loop, received = asyncio.get_running_loop(), list[int]()
    task = asyncio.create_task(command)

    def stop(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        return 128 + received[0] if received else 1


async def _command(
    options: argparse.Namespace,
    settings: Settings,
    environ: Mapping[str, str],
    streams: Streams,
) -> int:
    async with AsyncExitStack() as stack:
        api = LateApi(settings.preferences.base_url, KeyAccess(settings, environ))
        stack.push_async_callback(api.aclose)
        return await _Desk(options, settings, api, streams, stack).run()


@dataclass(frozen=True, slots=True)
class _Desk:
    options: argparse.Namespace
    settings: Settings
    api: LateApi
    streams: Streams
    stack: AsyncExitStack

    async def run(self) -> int:
        match self.options.command:
            case "ls":
                return await self._ls()
            case "show":
                return await self._show()
            case "stats":
                return await self._stats()
            case "outbox":
                return await self._outbox()
            case "evidence":
                return await self._evidence()
            case verdict:
                return await self._decide(Verdict(verdict))

    async def _ls(self) -> int:
        form: Literal["text", "json", "csv"] = "csv" if self.options.csv else "text"
        if self.options.json:
            form = "json"
        return await ls(
            self.options.query,
            form=form,
            limit=self.options.limit,
            api=self.api,
            kept=self._looks(),
            clock=SystemClock(),
            preferences=self.settings.preferences,
            streams=self.streams,
        )

    async def _show(self) -> int:
        return await show(
            self.options.id,
            as_json=self.options.json,
            api=self.api,
            journal=self._journal(read_only=True),
            clock=SystemClock(),
            streams=self.streams,
        )

    async def _stats(self) -> int:
        return await stats(
            as_json=self.options.json, api=self.api, clock=SystemClock(), streams=self.streams
        )

    async def _outbox(self) -> int:
        options = self.options
        if not (options.send or options.drop):
            journal = self._journal(read_only=True)
            return await outbox.outbox(as_json=options.json, journal=journal, streams=self.streams)
        journal = self._journal(read_only=False)
        act = outbox.send if options.send else outbox.drop
        return await act(
            options.ids,
            as_json=options.json,
            journal=journal,
            dispatch=self._dispatch(journal),
            preferences=self.settings.preferences,
            streams=self.streams,
        )

    async def _decide(self, verdict: Verdict) -> int:
        options = self.options
        return await decide(
            verdict,
            options.ids,
            reason=getattr(options, "reason", None),
            dry_run=options.dry_run,
            as_json=options.json,
            api=self.api,
            dispatch=self._dispatch(self._journal(read_only=False)),
            clock=SystemClock(),
            preferences=self.settings.preferences,
            streams=self.streams,
        )

    async def _evidence(self) -> int:
        from gerra_tui.evidence.evidence import StorageEvidence
        from gerra_tui.evidence.storage import Storage

        options, settings = self.options, self.settings
        storage = Storage(private=settings.preferences.private_addresses)
        at = StorageEvidence(self.api, storage, limits=settings.preferences.limits)
        self.stack.push_async_callback(at.aclose)
        return await evidence(
            options.ids,
            query=options.query,
            file=options.file,
            more=options.more,
            most=options.max_bytes,
            as_json=options.json,
            api=self.api,
            at=at,
            kept=self._looks(),
            clock=SystemClock(),
            preferences=settings.preferences,
            streams=self.streams,
        )

    def _looks(self) -> Looks:
        from gerra_tui.evidence.facts import FactFiles

        preferences = self.settings.preferences
        store = FactFiles(self.settings.paths.evidence, preferences.base_url, preferences.limits)
        return Looks(store, SystemClock(), preferences.rules)

    def _journal(self, *, read_only: bool) -> SqliteJournal:
        read_only = read_only or self.settings.preferences.read_only
        journal = SqliteJournal(
            self.settings.paths.journal, origin(self.settings), read_only=read_only
        )
        self.stack.push_async_callback(journal.close)
        return journal

    def _dispatch(self, journal: SqliteJournal) -> Dispatch:
        audit = FileAuditLog(self.settings.paths.audit)
        self.stack.push_async_callback(audit.close)
        return Dispatch(
            journal=journal,
            audit=audit,
            api=self.api,
            clock=SystemClock(),
            origin=origin(self.settings),
            resend_after=self.settings.preferences.resend_after,
            read_only=self.settings.preferences.read_only,
        )
