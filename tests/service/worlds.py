"""State directories for the model: one in memory, one of real files."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple, Protocol

from gerra_tui.journal.audit import FileAuditLog, audit_lines
from gerra_tui.journal.sqlite import SqliteJournal
from tests.fakes import ORIGIN, Disk, FakeAuditLog, FakeJournal

if TYPE_CHECKING:
    from gerra_tui.service.ports import AuditLog, Journal


class Known(NamedTuple):
    """A decision as it is on the disk, read past the code under test."""

    id: str
    dataset_id: str
    verdict: str
    reason: str | None
    state: str
    posted: bool
    attempts: int


class World(Protocol):
    def journal(self) -> Journal: ...

    def audit(self) -> AuditLog: ...

    def decisions(self) -> list[Known]: ...

    def lines(self) -> list[str]:
        """The decisions that have their line in the audit log, as often as they have it."""
        ...

    def fill(self, full: bool) -> None: ...

    def end(self) -> None: ...


class FakeWorld:
    def __init__(self) -> None:
        self._disk = Disk()

    def journal(self) -> Journal:
        return FakeJournal(self._disk)

    def audit(self) -> AuditLog:
        return FakeAuditLog(self._disk)

    def decisions(self) -> list[Known]:
        ones = [row.decision for row in self._disk.rows.values()]
        return [
            Known(one.id, one.dataset_id, one.verdict, one.reason, one.state, one.posted,
                  one.attempts)
            for one in ones
        ]  # fmt: skip

    def lines(self) -> list[str]:
        return list(self._disk.lines)

    def fill(self, full: bool) -> None:
        self._disk.full = self._disk.audit_full = full

    def end(self) -> None:
        """Nothing is left of it."""


class RealWorld:
    def __init__(self) -> None:
        self._directory = Path(mkdtemp(prefix="gerra-tui-model-"))
        self._path = self._directory / "journal.db"
        self._log = self._directory / "audit.jsonl"

    def journal(self) -> Journal:
        return SqliteJournal(self._path, ORIGIN)

    def audit(self) -> AuditLog:
        return FileAuditLog(self._log, limit=5000)

    def decisions(self) -> list[Known]:
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(self._path)) as connection:
            rows = connection.execute(
                "SELECT id, dataset_id, verdict, reason, state, posted, attempts"
                " FROM decisions ORDER BY seq"
            )
            return [Known(*row) for row in rows]

    def lines(self) -> list[str]:
        return [json.loads(line)["decision_id"] for line in audit_lines(self._log)]

    def fill(self, full: bool) -> None:
        """A real disk is filled elsewhere."""

    def end(self) -> None:
        shutil.rmtree(self._directory)
