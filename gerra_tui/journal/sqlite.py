"""The journal of decisions in a SQLite file, shared by all consoles of one user."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from gerra_tui.journal.files import unwritable
from gerra_tui.journal.opening import DAMAGED, code_of, open_for_reading, open_for_writing
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
        self._store: Store | None = None
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
        return await self._run(lambda: self._store.open_decisions() if self._store else [])

    async def of_dataset(self, dataset_id: str) -> list[Decision]:
        return await self._run(lambda: self._store.of_dataset(dataset_id) if self._store else [])

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
        if self._store is not None:
            return
        if self._read_only:
            opened = open_for_reading(self._path)
        else:
            opened = open_for_writing(self._path, self._presence)
        if opened is not None:
            self._remarks = opened.remarks
            self._store = Store(
                opened.connection, self._origin, self._presence.id, self._presence.is_alive
            )

    def _writable(self) -> Store:
        """A journal that could not be opened at the start may be by now."""
        if self._store is None and not self._read_only:
            self._open()
        if self._store is None or self._read_only:
            raise JournalUnwritable("This journal was opened for reading only.")
        return self._store

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
        self._presence.leave()

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except OSError as problem:
            raise unwritable(problem, self._path) from problem
        except sqlite3.Error as problem:
            raise JournalUnwritable(sentence(problem, self._path)) from problem


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
        return f"{path} is damaged: quit all consoles and start again, what is readable is kept."
    return f"{path} cannot be written ({problem}): mend that, then try again."
