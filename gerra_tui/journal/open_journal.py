"""The journal of one console while it is open. All calls are made on the journal's thread."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import OPEN_STATES, DecisionState
from gerra_tui.journal.opening import open_for_writing
from gerra_tui.journal.rescue import rescue
from gerra_tui.journal.standing import Standing
from gerra_tui.journal.store import Store
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gerra_tui.domain.decision import Decision, Origin
    from gerra_tui.journal.presence import Presence

FAILURES = (JournalUnwritable, OSError, sqlite3.Error)


class OpenJournal:
    """Decides and marks as sending only while the file that is open is the one at its path.

    Once it was not, nothing is decided or sent until the next start; what is known is written to a
    journal at the path, and so is what becomes of it. All raise `JournalUnwritable`, `OSError` and
    `sqlite3.Error`: nothing was recorded then.
    """

    def __init__(self, path: Path, origin: Origin, presence: Presence) -> None:
        opened = open_for_writing(path, presence)
        self.remarks = opened.remarks
        self._path = path
        self._origin = origin
        self._presence = presence
        self._known: dict[str, Decision] = {}
        self._refused: set[str] = set()
        self._why_lost: str | None = None
        self._take(opened.connection)

    def add(self, decisions: Sequence[Decision]) -> None:
        self._look()
        self._must_stand()
        ids = {one.id for one in decisions}
        try:
            self.store.add(decisions)
            self._look()
        except FAILURES:
            self._refused |= ids
            raise
        self._note(decisions)

    def move(
        self, moves: Sequence[tuple[Decision, Decision]], from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        sends = any(to.state is DecisionState.SENDING for _, to in moves)
        self._look()
        if sends:
            self._must_stand()
        moved = self.store.move(moves, from_states)
        # Others may bring on what a dead console left, too: only what is ours stays as we know it.
        self._note(one for one in moved if one.id in self._known)
        if sends:
            self._look()
            self._must_stand()
        return moved

    def adopt(self, ids: Sequence[str]) -> list[Decision]:
        self._look()
        self._must_stand()
        adopted = self.store.adopt(ids)
        self._note(adopted)
        return adopted

    def dismiss(self, ids: Sequence[str]) -> None:
        self._look()
        self.store.dismiss(ids)
        self._standing.note()

    def unaudited(self) -> list[Decision]:
        return self.store.unaudited()

    def mark_audited(self, ids: Sequence[str]) -> None:
        self._look()
        self.store.mark_audited(ids)
        self._standing.note()

    def close(self) -> None:
        if any(one.state in OPEN_STATES for one in self._known.values()):
            with suppress(*FAILURES):
                self._look()
        self._connection.close()

    def _take(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.store = Store(connection, self._origin, self._presence.id, self._presence.is_alive)
        self._standing = Standing(self._path)

    def _note(self, decisions: Iterable[Decision]) -> None:
        self._known |= {one.id: one for one in decisions}
        self._standing.note()

    def _must_stand(self) -> None:
        if self._why_lost is not None:
            raise JournalUnwritable(self._why_lost)

    def _look(self) -> None:
        """Go over to the journal at the path if that is no longer the one that is open."""
        if (fate := self._fate()) is None:
            return
        happened = f"{fate} while this console ran. Nothing can be decided or sent here any more"
        try:
            rescued = rescue(
                self._path,
                self._presence,
                self._standing,
                self._connection,
                self._known,
                self._refused,
            )
        except FAILURES as problem:
            raise JournalUnwritable(
                f"{happened}, and what is held cannot be written there ({problem}): mend that "
                "before you quit."
            ) from problem
        left_out = f", {rescued.left_out:,} could not be" if rescued.left_out else ""
        self._why_lost = (
            f"{happened}; {rescued.kept:,} that are not settled were written to the journal that "
            f"is there now{left_out}. Quit, then start again."
        )
        self._take(rescued.connection)

    def _fate(self) -> str | None:
        if (fate := self._standing.fate()) is not None:
            return fate
        if self._standing.was_touched:
            if not self.store.has(self._known.values()):
                return f"{self._path} was written over"
            self._standing.note()
        return None
