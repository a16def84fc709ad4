"""The journal's tables, by versions.

A released version is never changed, only followed: no part of its text may come from what this
program may be changed in.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gerra_tui.journal.frames import forget_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID: Final = 0x47655272  # tells this file from other programs' SQLite files

# What a reviewer still has to do with.
LISTED: Final = "dismissed = 0 AND state NOT IN ('done', 'taken_back', 'dropped')"

# What brings a journal from one version to the next, the first from nothing.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE decisions (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            base_url TEXT NOT NULL,
            organization_id TEXT,
            profile TEXT NOT NULL,
            dataset_id TEXT NOT NULL COLLATE NOCASE,
            name TEXT NOT NULL,
            data_type TEXT NOT NULL,
            version INTEGER,
            verdict TEXT NOT NULL,
            reason TEXT,
            revision_status TEXT,
            revision_date_updated TEXT,
            revision_metadata_sha256 TEXT,
            batch_id TEXT,
            query TEXT,
            seconds REAL,
            via TEXT NOT NULL,
            decided_at TEXT NOT NULL,
            owner TEXT NOT NULL,
            owner_pid INTEGER NOT NULL,
            state TEXT NOT NULL,
            send_at TEXT,
            attempts INTEGER NOT NULL,
            posted INTEGER NOT NULL,
            posted_at TEXT,
            window_ms REAL,
            error_kind TEXT,
            error_http_status INTEGER,
            error_detail TEXT,
            settled_at TEXT,
            settled_detail TEXT,
            settled_http_status INTEGER,
            audited INTEGER NOT NULL DEFAULT 0,
            dismissed INTEGER NOT NULL DEFAULT 0
        )
        """,
        """
        CREATE UNIQUE INDEX one_open_decision_of_a_dataset
            ON decisions (base_url, dataset_id)
            WHERE state IN ('held', 'kept', 'sending', 'unknown', 'waiting')
        """,
        "CREATE INDEX decisions_of_a_dataset ON decisions (dataset_id)",
        """
        CREATE INDEX listed ON decisions (seq)
            WHERE dismissed = 0 AND state NOT IN ('done', 'taken_back', 'dropped')
        """,
        "CREATE INDEX unaudited ON decisions (seq) WHERE audited = 0 AND settled_at IS NOT NULL",
        "CREATE TABLE openings (last TEXT NOT NULL)",
        "INSERT INTO openings VALUES ('')",
    ),
    (
        "ALTER TABLE decisions ADD COLUMN revision_form INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE decisions ADD COLUMN revision_link TEXT",
        "ALTER TABLE decisions ADD COLUMN revision_data_byte_size TEXT",
        "ALTER TABLE decisions ADD COLUMN revision_metadata TEXT",
    ),
)


class TooNew(Exception):
    """Written by a later version of this program: to be left alone."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest version, within the caller's transaction. Raises `TooNew`."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise TooNew
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def is_ours(connection: sqlite3.Connection) -> bool:
    """Claims that the file is a journal, or still empty."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return True
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def has_our_tables(connection: sqlite3.Connection, version: int) -> bool:
    """Whether a journal of that version has the tables and indexes that it should have."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for statement in chain.from_iterable(MIGRATIONS[:version]):
            fresh.execute(statement)
        return _tables(connection) == _tables(fresh)


def _tables(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    found = connection.execute("SELECT name, sql FROM sqlite_master")
    return {(name, " ".join((sql or "").split())) for name, sql in found}


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it, synced at its end, or nothing: neither now nor after a crash."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        _roll_back(connection)
        raise
    try:
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        _overwrite(connection)
        raise


def _roll_back(connection: sqlite3.Connection) -> None:
    """SQLite has done so itself after some errors."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _overwrite(connection: sqlite3.Connection) -> None:
    """What could not be synced stands whole in the write-ahead log, and the next start would find
    it. The next transaction is written to its place, even if that cannot be synced either.
    """
    for work in (_write_something, _forget_rest):
        with suppress(sqlite3.Error, OSError):
            connection.execute("BEGIN IMMEDIATE")
            try:
                work(connection)
            finally:
                _roll_back(connection)


def _write_something(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE openings SET last = last || ' '")
    connection.execute("COMMIT")


def _forget_rest(connection: sqlite3.Connection) -> None:
    log = Path(connection.execute("PRAGMA database_list").fetchone()[2] + "-wal")
    if log.exists():
        forget_rest(log)
