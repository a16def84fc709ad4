"""The journal of decisions in a SQLite file, shared by all consoles of one user."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from gerra_tui.journal.files import unwritable
from gerra_tui.journal.open_journal import OpenJournal
from gerra_tui.journal.opening import DAMAGED, START_AGAIN, code_of, open_for_reading
from gerra_tui.journal.presence import Presence
from gerra_tui.journal.store import Store
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gerra_tui.domain.decision import Decision, DecisionState, Origin

T = TypeVar("T")


class SqliteJournal:
    """`service.ports.Journal` over a file. Works on one thread of its own.

    A `read_only` one changes nothing and does not count as a console; where there is no journal
    it is an empty one.
    """

    def __init__(self, path: Path, origin: Origin, *, read_only: bool = False) -> None:
        self._path = path
        self._origin = origin
        self._read_only = read_only
        self._presence = Presence(path.parent / "consoles")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._open_one: OpenJournal | None = None
        self._reader: Store | None = None
        self._closed = False
        self._remarks: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        return self._remarks

    async def open(self) -> None:
        await self._run(self._open)

    async def add(self, decisions: Sequence[Decision]) -> None:
        await self._run(lambda: self._writable().add(decisions))

    async def move(
        self, decision: Decision, to: Decision, *, from_states: frozenset[DecisionState]
    ) -> bool:
        return bool(await self.move_all([(decision, to)], from_states=from_states))

    async def move_all(
        self, moves: Sequence[tuple[Decision, Decision]], *, from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        return await self._run(lambda: self._writable().move(moves, from_states))

    async def adopt(self, decision_ids: Sequence[str]) -> list[Decision]:
        return await self._run(lambda: self._writable().adopt(decision_ids))

    async def open_decisions(self) -> list[Decision]:
        return await self._run(
            lambda: store.open_decisions() if (store := self._readable()) else []
        )

    async def of_dataset(self, dataset_id: str) -> list[Decision]:
        return await self._run(
            lambda: store.of_dataset(dataset_id) if (store := self._readable()) else []
        )

    async def dismiss(self, decision_ids: Sequence[str]) -> None:
        await self._run(lambda: self._writable().dismiss(decision_ids))

    async def unaudited(self) -> list[Decision]:
        return await self._run(lambda: self._writable().unaudited())

    async def mark_audited(self, decision_ids: Sequence[str]) -> None:
        await self._run(lambda: self._writable().mark_audited(decision_ids))

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await self._run(self._close)
        self._thread.shutdown(wait=False)

    def _open(self) -> None:
        if not self._read_only and self._open_one is None:
            self._open_one = OpenJournal(self._path, self._origin, self._presence)
            self._remarks = self._open_one.remarks
        elif (
            self._reader is None
            and (opened := open_for_reading(self._path, self._presence)) is not None
        ):
            self._reader = Store(
                opened.connection, self._origin, self._presence.id, self._presence.is_alive
            )

    def _readable(self) -> Store | None:
        return self._open_one.store if self._open_one else self._reader

    def _writable(self) -> OpenJournal:
        """A journal that could not be opened at the start may be by now."""
        if self._open_one is None:
            self._open()
        if self._open_one is None:
            raise JournalUnwritable("This journal was opened for reading only.")
        return self._open_one

    def _close(self) -> None:
        for one in (self._open_one, self._reader):
            if one is not None:
                one.close()
        self._open_one = self._reader = None
        self._presence.leave()

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except OSError as problem:
            raise unwritable(problem, self._path) from problem
        except sqlite3.Error as problem:
            raise JournalUnwritable(sentence(problem, self._path)) from problem
        except ValueError as problem:  # a row that makes no sense
            raise JournalUnwritable(f"{self._path} is damaged: {START_AGAIN}") from problem


def sentence(problem: sqlite3.Error, path: Path) -> str:
    """What happened and what to do, for the reviewer."""
    code = code_of(problem)
    if code == sqlite3.SQLITE_FULL:
        return f"The disk is full ({path}): free some space, then try again."
    if code == sqlite3.SQLITE_READONLY:
        return f"{path} is read-only: make it writable first."
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"Another program keeps {path} locked: end it, then try again."
    if code in DAMAGED:
        return f"{path} is damaged: {START_AGAIN}"
    return f"{path} cannot be written ({problem}): mend that, then try again."
