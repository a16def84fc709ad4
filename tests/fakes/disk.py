"""A state directory in memory: `Journal` and `AuditLog` on a `Disk` that several consoles share."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gerra_tui.domain.base_url import is_same
from gerra_tui.domain.decision import (
    LISTED,
    OWNERS_ALONE,
    TRANSITIONS,
    TROUBLED,
    Decision,
    DecisionState,
    Origin,
    Owner,
    WrongTransition,
)
from gerra_tui.service.ports import AlreadyOpen, JournalUnwritable
from tests.fakes.datasets import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass
class _Row:
    decision: Decision
    owner: str
    audited: bool = False
    dismissed: bool = False


@dataclass
class Disk:
    """A state directory: what is on it, and which consoles run. `full` refuses every write."""

    rows: dict[str, _Row] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)  # decision ids of the audit log
    full: bool = False
    latency: float = 0.0  # seconds that the journal takes to write
    audit_full: bool = False
    audit_delays: deque[float] = field(default_factory=deque)  # seconds, of its next calls

    def check(self) -> None:
        if self.full:
            raise JournalUnwritable("The disk is full: free some space, then try again.")

    def states(self) -> dict[str, DecisionState]:
        """By dataset, of its latest decision."""
        return {row.decision.dataset_id: row.decision.state for row in self.rows.values()}


class FakeJournal:
    """`service.ports.Journal` on a `Disk`."""

    def __init__(self, disk: Disk, origin: Origin = ORIGIN, *, pid: int = 1) -> None:
        self._disk = disk
        self._origin = origin
        self._pid = pid
        self._console = uuid.uuid4().hex
        self._open = False

    @property
    def remarks(self) -> tuple[str, ...]:
        return ()

    async def open(self) -> None:
        await self._written()
        self._open = True
        self._disk.running.add(self._console)

    async def add(self, decisions: Sequence[Decision]) -> None:
        await self._written()
        rows = self._disk.rows
        wanted = {one.dataset_id.casefold() for one in decisions}
        there = [
            row for row in rows.values() if row.decision.dataset_id.casefold() in wanted
            and is_same(row.decision.origin.base_url, self._origin.base_url)
        ]  # fmt: skip
        if open_ones := [row for row in there if not row.decision.state.is_end]:
            raise AlreadyOpen([self._seen(row) for row in open_ones])
        for row in there:
            if row.decision.state in TROUBLED:
                row.dismissed = True
        for one in decisions:
            rows[one.id] = _Row(one, self._console)

    async def move(
        self, decision: Decision, to: Decision, *, from_states: frozenset[DecisionState]
    ) -> bool:
        return bool(await self.move_all([(decision, to)], from_states=from_states))

    async def move_all(
        self, moves: Sequence[tuple[Decision, Decision]], *, from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        await self._written()
        return [to for one, to in moves if self._move(one, to, from_states)]

    async def adopt(self, decision_ids: Sequence[str]) -> list[Decision]:
        await self._written()
        adopted = []
        for row in self._some(decision_ids):
            if not row.decision.state.is_end and self._may_touch(row):
                row.owner = self._console
                adopted.append(self._seen(row))
        return adopted

    async def open_decisions(self) -> list[Decision]:
        return [
            self._seen(row)
            for row in self._scope()
            if not row.dismissed and row.decision.state in LISTED
        ]

    async def of_dataset(self, dataset_id: str) -> list[Decision]:
        key = dataset_id.casefold()
        return [
            self._seen(row) for row in self._scope() if row.decision.dataset_id.casefold() == key
        ]

    async def dismiss(self, decision_ids: Sequence[str]) -> None:
        await self._written()
        for row in self._some(decision_ids):
            row.dismissed = True

    async def unaudited(self) -> list[Decision]:
        return [
            self._seen(row)
            for row in self._disk.rows.values()
            if row.decision.state.is_end and not row.audited and self._may_touch(row)
        ]

    async def mark_audited(self, decision_ids: Sequence[str]) -> None:
        await self._written()
        for row in self._some(decision_ids):
            row.audited = True

    async def close(self) -> None:
        self._disk.running.discard(self._console)

    async def _written(self) -> None:
        await asyncio.sleep(self._disk.latency)  # as the real one, it gives way to others
        self._disk.check()

    def _move(self, one: Decision, to: Decision, from_states: frozenset[DecisionState]) -> bool:
        for state in from_states:
            if to.state not in TRANSITIONS[state]:
                raise WrongTransition(f"{state} does not become {to.state}")
        row = self._disk.rows.get(one.id)
        if row is None or row.decision.state not in from_states:
            return False
        if row.decision.posted != one.posted:
            return False
        if row.owner != self._console and (to.state in OWNERS_ALONE or not self._may_touch(row)):
            return False
        row.decision = to
        return True

    def _scope(self) -> Iterable[_Row]:
        for row in self._disk.rows.values():
            theirs = row.decision.origin
            same = theirs.organization_id in (None, self._origin.organization_id)
            if is_same(theirs.base_url, self._origin.base_url) and (
                same or self._origin.organization_id is None
            ):
                yield row

    def _some(self, decision_ids: Sequence[str]) -> list[_Row]:
        return [self._disk.rows[one] for one in decision_ids if one in self._disk.rows]

    def _may_touch(self, row: _Row) -> bool:
        return row.owner == self._console or row.owner not in self._disk.running

    def _seen(self, row: _Row) -> Decision:
        owner = Owner(
            pid=self._pid, alive=row.owner in self._disk.running, mine=row.owner == self._console
        )
        return replace(row.decision, owner=owner)


class FakeAuditLog:
    """`service.ports.AuditLog` on a `Disk`."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def record(self, decisions: Sequence[Decision]) -> None:
        await self._written()
        self._disk.lines += [one.id for one in decisions]

    async def record_missing(self, decisions: Sequence[Decision]) -> None:
        await self._written()
        self._disk.lines += [one.id for one in decisions if one.id not in self._disk.lines]

    async def close(self) -> None:
        await asyncio.sleep(0)

    async def _written(self) -> None:
        await asyncio.sleep(self._disk.audit_delays.popleft() if self._disk.audit_delays else 0)
        if self._disk.audit_full:
            raise JournalUnwritable("The disk is full: free some space, then try again.")
