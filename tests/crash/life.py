"""One console without a screen, from its start to its end, as a plan says: real journal, audit log,
outbox and API client. It may kill itself at a step of the journal or of the log.

What it did is appended to a file as JSON lines: an event counts once its line is there.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from gerra_tui.api.client import GerraClient
from gerra_tui.api.lane import Timeouts
from gerra_tui.bootstrap import SystemClock
from gerra_tui.domain.decision import DecisionState, Origin, Verdict
from gerra_tui.journal import opening
from gerra_tui.journal.audit import FileAuditLog
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.decisions.decisions import Decisions, Target
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.ports import AlreadyOpen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.ports import AuditLog, Journal

BEFORE, AFTER = "before", "after"
QUICK = Patience(first=0.05, longest=0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`kill`: a step, before or after it, and at which of its occurrences (from 1). `stop` is one
    at which the process stops until it is told to go on, `lock` one at which it waits until the
    journal is locked.

    `actions` are done in order: `decide VERDICT REASON ID...`, `send`, `take_back`, `drop`, `keep`,
    `settle` (till nothing of ours is open), `until STATE ID`, `wait FILE`, `rest SECONDS`, `stop`.
    Times are in seconds.
    `file_system` is taken for that of the state directory.
    """

    base_url: str
    api_key: str
    state: str
    events: str
    actions: Sequence[Sequence[Any]]
    kill: tuple[str, str, int] | None = None
    stop: tuple[str, str, int] | None = None
    lock: tuple[str, str, int] | None = None
    hold: float = 0.0
    resend_after: float = 0.6
    read_timeout: float = 0.5
    file_system: str | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass(slots=True)
class Killer:
    """Ends this process as `kill -9` does, at one step, or has it pause at others."""

    kill: tuple[str, str, int] | None
    pauses: dict[tuple[str, str, int], Callable[[], None]]
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def pass_by(self, step: str, phase: str) -> None:
        count = self.seen[step, phase] = self.seen.get((step, phase), 0) + 1
        if self.kill is not None and tuple(self.kill) == (step, phase, count):
            os.kill(os.getpid(), signal.SIGKILL)
        self.pauses.get((step, phase, count), lambda: None)()

    async def around(self, step: str, work: Awaitable[Any]) -> Any:
        self.pass_by(step, BEFORE)
        outcome = await work
        self.pass_by(step, AFTER)
        return outcome


class MortalJournal:
    """A journal whose steps can be the last thing that this process does."""

    def __init__(self, journal: Journal, killer: Killer) -> None:
        self._journal = journal
        self._killer = killer
        self.remarks = journal.remarks
        self.open = journal.open
        self.open_decisions = journal.open_decisions
        self.of_dataset = journal.of_dataset
        self.dismiss = journal.dismiss
        self.unaudited = journal.unaudited
        self.close = journal.close

    async def add(self, decisions: Sequence[Decision]) -> None:
        await self._killer.around("add", self._journal.add(decisions))

    async def move(
        self, decision: Decision, to: Decision, *, from_states: frozenset[DecisionState]
    ) -> bool:
        step = f"{decision.state}>{to.state}"
        work = self._journal.move(decision, to, from_states=from_states)
        return bool(await self._killer.around(step, work))

    async def move_all(
        self, moves: Sequence[tuple[Decision, Decision]], *, from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        step = f"{moves[0][0].state}>{moves[0][1].state}"
        work = self._journal.move_all(moves, from_states=from_states)
        moved: list[Decision] = await self._killer.around(step, work)
        return moved

    async def adopt(self, decision_ids: Sequence[str]) -> list[Decision]:
        work = self._journal.adopt(decision_ids)
        adopted: list[Decision] = await self._killer.around("adopt", work)
        return adopted

    async def mark_audited(self, decision_ids: Sequence[str]) -> None:
        await self._killer.around("marked", self._journal.mark_audited(decision_ids))


class MortalAuditLog:
    def __init__(self, audit: AuditLog, killer: Killer) -> None:
        self._audit = audit
        self._killer = killer
        self.close = audit.close

    async def record(self, decisions: Sequence[Decision]) -> None:
        await self._killer.around("recorded", self._audit.record(decisions))

    async def record_missing(self, decisions: Sequence[Decision]) -> None:
        await self._killer.around("recorded late", self._audit.record_missing(decisions))


class Life:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        limits = Timeouts(connect=2.0, read=plan.read_timeout, total=2 * plan.read_timeout)
        self._api = GerraClient(plan.base_url, lambda: plan.api_key, timeouts=limits)
        state = Path(plan.state)
        origin = Origin(base_url=plan.base_url, organization_id=None, profile="default")
        pauses = ((plan.stop, self._stop), (plan.lock, self._wait_for_the_lock))
        killer = Killer(plan.kill, {at: pause for at, pause in pauses if at is not None})
        self.decisions = Decisions(
            journal=MortalJournal(SqliteJournal(state / "journal.db", origin), killer),
            audit=MortalAuditLog(FileAuditLog(state / "audit.jsonl", limit=4000), killer),
            api=self._api,
            clock=SystemClock(),
            origin=origin,
            hold=plan.hold,
            resend_after=plan.resend_after,
            patience=QUICK,
        )
        self._changed = asyncio.Event()
        self.decisions.subscribe(lambda _: self._changed.set())

    async def live(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGALRM, self._tell_where_it_hangs)
        left = await self.decisions.start()
        self._tell("kept", [one.dataset_id for one in left])
        run = asyncio.create_task(self.decisions.run())
        for name, *words in self._plan.actions:
            await getattr(self, name)(*words)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await self.decisions.close()
        await self._api.aclose()

    async def decide(self, verdict: str, reason: str | None, *ids: str) -> None:
        targets = [Target(dataset=await self._api.dataset(one)) for one in ids]
        try:
            await self.decisions.decide(Verdict(verdict), targets, reason=reason)
        except AlreadyOpen:
            self._tell("open already", list(ids))
        else:
            self._tell("decided", list(ids), verdict=verdict, reason=reason)

    async def send(self) -> None:
        await self.decisions.send_now()

    async def take_back(self) -> None:
        taken = await self.decisions.take_back([one.id for one in self.decisions.listing()])
        self._tell("taken back", [one.dataset_id for one in taken])

    async def drop(self) -> None:
        dropped = await self.decisions.drop([one.id for one in self.decisions.listing()])
        self._tell("dropped", [one.dataset_id for one in dropped])

    async def keep(self) -> None:
        await self.decisions.keep_all()

    async def settle(self) -> None:
        await self._until(lambda: all(one.state.is_end for one in self.decisions.listing()))

    async def until(self, state: str, dataset_id: str) -> None:
        def is_so() -> bool:
            decision = self.decisions.of(dataset_id)
            return decision is not None and decision.state == state

        await self._until(is_so)

    async def wait(self, file: str) -> None:
        """Until another process has made it."""
        while not Path(file).exists():  # noqa: ASYNC110 - no event crosses processes
            await asyncio.sleep(0.01)

    async def rest(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def stop(self) -> None:
        self._stop()

    def _stop(self) -> None:
        """Until another process says go on."""
        self._tell("stopped", [], pid=os.getpid())
        os.kill(os.getpid(), signal.SIGSTOP)

    def _wait_for_the_lock(self) -> None:
        self._tell("locking", [], pid=os.getpid())
        while not Path(self._plan.state, "locked").exists():
            time.sleep(0.01)

    async def _until(self, claim: Any) -> None:
        while not claim():
            self._changed.clear()
            await self._changed.wait()

    def _tell_where_it_hangs(self) -> None:
        for one in self.decisions.listing():
            sys.stderr.write(f"{one}\n")
        for task in asyncio.all_tasks():
            task.print_stack(file=sys.stderr)
        os._exit(1)

    def _tell(self, what: str, ids: list[str], **more: Any) -> None:
        line = json.dumps({"what": what, "ids": ids, **more}) + "\n"
        descriptor = os.open(self._plan.events, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, line.encode())
        os.close(descriptor)


def live(plan: dict[str, Any]) -> None:
    moments = {name: plan[name] and tuple(plan[name]) for name in ("kill", "stop", "lock")}
    chosen = Plan(**{**plan, **moments})
    if chosen.file_system is not None:
        patch.object(opening, "file_system_of", return_value=chosen.file_system).start()

    async def begin() -> None:
        await Life(chosen).live()

    asyncio.run(begin())
