"""Opening the journal: alone, checked, migrated, and recovered where it was damaged."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gerra_tui.journal import recovery
from gerra_tui.journal.files import (
    LOCAL_FILE_SYSTEMS,
    create_directory,
    file_system_of,
    locked,
    sync_directory,
)
from gerra_tui.journal.schema import MIGRATIONS, PAGE_SIZE, TooNew, is_ours, migrate, transaction
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.journal.presence import Presence

BUSY_SECONDS: Final = 15.0  # another console's write takes milliseconds; a stopped one may hold it
SMALLEST: Final = 512  # bytes of a SQLite file that is not empty (sqlite.org/fileformat2.html)
OTHER_VERSION: Final = (
    "The journal was written by another version of gerra-tui: use the newer of the two."
)
DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@dataclass(frozen=True, slots=True)
class Opened:
    connection: sqlite3.Connection
    remarks: tuple[str, ...] = ()


def open_for_writing(path: Path, presence: Presence) -> Opened:
    """Enter among the consoles and open the journal, created or recovered if need be.

    Raises `JournalUnwritable`, `OSError`, `sqlite3.Error`.
    """
    create_directory(path.parent)
    with locked(path.with_name(f"{path.name}.lock")):
        presence.enter()
        remarks = _mend(path, presence)
        connection = connect(path)
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        sync_directory(path.parent)
        presence.sweep()
    return Opened(connection, remarks)


def open_for_reading(path: Path) -> Opened | None:
    """Open the journal without changing anything in it; null if there is none.

    Raises `JournalUnwritable`, `OSError`, `sqlite3.Error`.
    """
    if not path.exists():
        return None
    connection = _connect_for_reading(path)
    try:
        _check(connection)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if not 1 <= version <= len(MIGRATIONS):
            raise JournalUnwritable(OTHER_VERSION)
    except BaseException:
        connection.close()
        raise
    return Opened(connection)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that has synced what a finished transaction wrote.

    WAL needs memory shared between processes, which network file systems do not have.
    """
    if not path.exists():
        # Never an existing one: closing a file drops this process's locks on it (fcntl(2)).
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        mode = "WAL" if file_system_of(path.parent) in LOCAL_FILE_SYSTEMS else "DELETE"
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone stops at the drive
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    now = datetime.now(UTC).isoformat()
    try:
        with transaction(connection):
            migrate(connection)
            # A write that changes something finds a full disk now and not at the verdict.
            connection.execute("UPDATE openings SET last = ?", (now,))
    except TooNew:
        raise JournalUnwritable(OTHER_VERSION) from None


def _mend(path: Path, presence: Presence) -> tuple[str, ...]:
    """Recover a damaged journal into a fresh one. The damaged files are kept under new names."""
    recovery.finish_interrupted(path)
    if not path.exists() or _is_sound(path):
        return ()
    if presence.others():
        raise JournalUnwritable(
            f"{path} is damaged, and another console has it open: quit that one, then start again."
        )
    return (recovery.recover(path),)


def _is_sound(path: Path) -> bool:
    if 0 < path.stat().st_size < SMALLEST:
        return False  # SQLite takes it for a new file, and would write over it
    # Reading leaves a damaged file as it is; but a transaction that a power cut broke off is to be
    # rolled back first.
    broken_off = path.with_name(f"{path.name}-journal").exists()
    try:
        with closing(connect(path) if broken_off else _connect_for_reading(path)) as connection:
            _check(connection)
    except sqlite3.DatabaseError as problem:
        if code_of(problem) in DAMAGED:
            return False
        raise
    return True


def _check(connection: sqlite3.Connection) -> None:
    """Raises `sqlite3.DatabaseError` with a code of `DAMAGED`."""
    finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok" or not is_ours(connection):
        problem = sqlite3.DatabaseError(finding)
        problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise problem


def code_of(problem: sqlite3.Error) -> int:
    """SQLite's primary result code (sqlite.org/rescode.html); 0 if the error has none."""
    return int(getattr(problem, "sqlite_errorcode", 0)) & 0xFF
