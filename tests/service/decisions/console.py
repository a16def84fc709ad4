"""A console without a screen, over fakes: what a test says and does in a reviewer's place."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

from gerra_tui.domain.decision import Decision, DecisionState, Origin, Verdict
from gerra_tui.service.decisions.decisions import Decisions
from gerra_tui.service.decisions.pace import Patience
from tests.fakes import ORIGIN, Disk, FakeAuditLog, FakeJournal, FakeService, id_of
from tests.virtual_time import LoopClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

QUICK = Patience(first=1.0, longest=8.0)


class Console:
    """`decisions` on a disk and a service that other consoles may share."""

    def __init__(
        self,
        service: FakeService,
        disk: Disk,
        *,
        hold: float | Literal["manual"] = 10.0,
        resend_after: float = 30.0,
        origin: Origin = ORIGIN,
        read_only: bool = False,
        journal: FakeJournal | None = None,
    ) -> None:
        self.service = service
        self.disk = disk
        self.journal = journal or FakeJournal(disk, origin)
        self.decisions = Decisions(
            journal=self.journal,
            audit=FakeAuditLog(disk),
            api=service,
            clock=LoopClock(),
            origin=origin,
            hold=hold,
            resend_after=resend_after,
            patience=QUICK,
            read_only=read_only,
        )
        self.told: list[Decision] = []
        self._changed = asyncio.Event()
        self.decisions.subscribe(self._listen)
        self._run: asyncio.Task[None] | None = None

    def _listen(self, decision: Decision) -> None:
        self.told.append(decision)
        self._changed.set()

    async def start(self) -> tuple[Decision, ...]:
        left = await self.decisions.start()
        self._run = asyncio.create_task(self.decisions.run())
        return left

    async def accept(self, *numbers: int, express: bool = False) -> tuple[Decision, ...]:
        return await self.decisions.decide(
            Verdict.ACCEPT, self.service.targets(numbers), express=express
        )

    async def reject(self, *numbers: int, reason: str = "The mug vanishes") -> Sequence[Decision]:
        return await self.decisions.decide(
            Verdict.REJECT, self.service.targets(numbers), reason=reason
        )

    def state(self, number: int) -> DecisionState | None:
        decision = self.decisions.of(id_of(number))
        return None if decision is None else decision.state

    async def until(self, number: int, *states: DecisionState) -> Decision:
        """Wait for the latest decision on it to be in one of these states."""
        wanted = states or (DecisionState.DONE,)
        await self._until(lambda: self.state(number) in wanted)
        decision = self.decisions.of(id_of(number))
        assert decision is not None
        return decision

    async def until_settled(self) -> None:
        """Wait for every decision to be at its end, and in the log."""
        await self._until(lambda: all(one.state.is_end for one in self.decisions.listing()))
        await asyncio.sleep(1)

    async def _until(self, claim: Callable[[], bool]) -> None:
        async with asyncio.timeout(3600):
            while not claim():
                self._changed.clear()
                await self._changed.wait()

    async def die(self) -> None:
        """As by `kill -9`: nothing more is written, and its lock is gone."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            if task.get_name().startswith("send ") or task is self._run:
                task.cancel()
        await self.journal.close()
        await asyncio.sleep(0)

    async def end(self) -> None:
        """An orderly end."""
        if self._run is not None:
            self._run.cancel()
            await asyncio.gather(self._run, return_exceptions=True)
            if not self._run.cancelled():
                self._run.result()
        await self.decisions.close()


@asynccontextmanager
async def opened(
    service: FakeService,
    disk: Disk | None = None,
    *,
    hold: float | Literal["manual"] = 10.0,
    resend_after: float = 30.0,
    read_only: bool = False,
) -> AsyncIterator[Console]:
    """A started console, ended in good order. An error of its sending fails the test."""
    console = Console(
        service,
        Disk() if disk is None else disk,
        hold=hold,
        resend_after=resend_after,
        read_only=read_only,
    )
    await console.start()
    try:
        yield console
    finally:
        await console.end()
