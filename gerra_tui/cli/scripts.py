"""The headless commands, each given its services and streams, one call a process."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gerra_tui.bootstrap import Services, audited, services
from gerra_tui.domain.decision import Verdict
from gerra_tui.headless import outbox
from gerra_tui.headless.decide import decide
from gerra_tui.headless.evidence import evidence
from gerra_tui.headless.log import log
from gerra_tui.headless.ls import ls
from gerra_tui.headless.show import show
from gerra_tui.headless.stats import stats
from gerra_tui.headless.streams import Streams

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
        return log(audited(settings), as_json=options.json, streams=streams)
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
    async with services(settings, environ) as given:
        return await _Command(options, given, streams).run()


@dataclass(frozen=True, slots=True)
class _Command:
    options: argparse.Namespace
    services: Services
    streams: Streams

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
            api=self.services.api,
            kept=self.services.looks(),
            clock=self.services.clock,
            preferences=self.services.settings.preferences,
            streams=self.streams,
        )

    async def _show(self) -> int:
        return await show(
            self.options.id,
            as_json=self.options.json,
            api=self.services.api,
            journal=self.services.journal(read_only=True),
            clock=self.services.clock,
            streams=self.streams,
        )

    async def _stats(self) -> int:
        return await stats(
            as_json=self.options.json,
            api=self.services.api,
            clock=self.services.clock,
            streams=self.streams,
        )

    async def _outbox(self) -> int:
        options = self.options
        if not (options.send or options.drop):
            journal = self.services.journal(read_only=True)
            return await outbox.outbox(as_json=options.json, journal=journal, streams=self.streams)
        journal = self.services.journal()
        act = outbox.send if options.send else outbox.drop
        return await act(
            options.ids,
            as_json=options.json,
            journal=journal,
            dispatch=self.services.dispatch(journal),
            preferences=self.services.settings.preferences,
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
            api=self.services.api,
            dispatch=self.services.dispatch(self.services.journal()),
            clock=self.services.clock,
            preferences=self.services.settings.preferences,
            streams=self.streams,
        )

    async def _evidence(self) -> int:
        options = self.options
        return await evidence(
            options.ids,
            query=options.query,
            file=options.file,
            more=options.more,
            most=options.max_bytes,
            as_json=options.json,
            api=self.services.api,
            at=self.services.evidence(),
            kept=self.services.looks(),
            clock=self.services.clock,
            preferences=self.services.settings.preferences,
            streams=self.streams,
        )
