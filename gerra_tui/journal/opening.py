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
from gerra_tui.journal.frames import PAGE_SIZE, is_damaged
from gerra_tui.journal.rows import from_row
from gerra_tui.journal.schema import (
    LISTED,
    MIGRATIONS,
    TooNew,
    has_our_tables,
    is_ours,
    migrate,
    transaction,
)
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.journal.presence import Presence

BUSY_SECONDS: Final = 15.0  # another console's write takes milliseconds; a stopped one may hold it
SMALLEST: Final = 512  # bytes of a SQLite file that is not empty (sqlite.org/fileformat2.html)
OTHER_VERSION: Final = (
    "The journal was written by another version of gerra-tui: use the newer of the two."
)
START_AGAIN: Final = "quit all consoles and start again, what is readable is kept."
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


def open_for_reading(path: Path, presence: Presence) -> Opened | None:
    """Open the journal without changing anything in it; null if there is none.

    Raises `JournalUnwritable`, `OSError`, `sqlite3.Error`.
    """
    if not path.exists():
        return None
    if not path.stat().st_size:
        raise JournalUnwritable(f"{path} is empty: it was truncated, or never written to.")
    if not presence.others() and _is_log_damaged(path):
        raise JournalUnwritable(f"{path} is damaged: {START_AGAIN}")
    connection = _connect_for_reading(path)
    try:
        _check(connection)
        if not 1 <= _version(connection) <= len(MIGRATIONS):
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
        _as_decisions(connection)
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
    _as_decisions(connection)
    return connection


def _as_decisions(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.text_factory = bytes.decode  # what is damaged is a ValueError, as in `from_row`


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
    others = presence.others()
    if not path.exists() or _is_sound(path, alone=not others):
        return ()
    if others:
        raise JournalUnwritable(
            f"{path} is damaged, and another console has it open: quit that one, then start again."
        )
    return (recovery.recover(path),)


def _is_sound(path: Path, *, alone: bool) -> bool:
    """`alone`: no console is writing to it just now."""
    log, size = path.with_name(f"{path.name}-wal"), path.stat().st_size
    if 0 < size < SMALLEST or (not size and log.exists() and log.stat().st_size):
        return False  # SQLite takes it for a new file, and would write over it or its log
    if alone and _is_log_damaged(path):
        return False
    # Reading leaves a damaged file as it is; but a transaction that a power cut broke off is to be
    # rolled back first.
    broken_off = path.with_name(f"{path.name}-journal").exists()
    try:
        with closing(connect(path) if broken_off else _connect_for_reading(path)) as connection:
            _check(connection)
    except ValueError:
        return False
    except sqlite3.DatabaseError as problem:
        if code_of(problem) in DAMAGED:
            return False
        raise
    return True


def _is_log_damaged(path: Path) -> bool:
    """SQLite would forget what follows the damage, and say nothing."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and is_damaged(log.read_bytes())


def _check(connection: sqlite3.Connection) -> None:
    """Raises `sqlite3.DatabaseError` with a code of `DAMAGED`."""
    finding = "its tables are not those of a journal"
    version = _version(connection)
    if is_ours(connection) and (version > len(MIGRATIONS) or has_our_tables(connection, version)):
        finding = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if finding == "ok" and (not 1 <= version <= len(MIGRATIONS) or _makes_sense(connection)):
        return
    problem = sqlite3.DatabaseError(finding)
    problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    raise problem


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _makes_sense(connection: sqlite3.Connection) -> bool:
    """Whether what is still open can be read; SQLite takes any value."""
    try:
        for row in connection.execute(f"SELECT * FROM decisions WHERE {LISTED}"):  # noqa: S608 - our words
            from_row(row, alive=False, mine=False)
    except (ValueError, TypeError):
        return False
    return True


def code_of(problem: sqlite3.Error) -> int:
    """SQLite's primary result code (sqlite.org/rescode.html); 0 if the error has none."""
    return int(getattr(problem, "sqlite_errorcode", 0)) & 0xFF
