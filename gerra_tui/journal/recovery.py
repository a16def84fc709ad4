"""What can be read of a damaged journal, brought into a fresh one. The damaged one is kept.

The file format is SQLite's (sqlite.org/fileformat2.html).
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from gerra_tui.journal.files import sync_directory
from gerra_tui.journal.rows import from_row
from gerra_tui.journal.schema import PAGE_SIZE, migrate, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPANIONS: Final = ("-wal", "-shm", "-journal")  # SQLite's own beside a database
SMALLEST_ROW: Final = 100  # bytes: bounds the row numbers that a file of a size can have


def recover(path: Path) -> str:
    """Replace a damaged journal by what can be read of it; gives a sentence for the reviewer.

    Whatever moment this process ends at, the next call of `finish_interrupted` or `recover` has
    everything that was readable. Raises `OSError`, `sqlite3.Error`.
    """
    with TemporaryDirectory(dir=path.parent, prefix="recovering-") as scratch:
        work = path.with_name(f"{scratch}/{path.name}")
        _copy(path, work)
        fresh = work.with_name("fresh.db")
        rows, spoiled = _salvage(work, fresh)
        fresh.chmod(0o600)
        fresh.replace(_recovered(path))
    sync_directory(path.parent)
    aside = finish_interrupted(path)
    lost = f", {spoiled} could not be read" if spoiled else ""
    return (
        f"The journal was damaged. It is kept as {aside}; "
        f"{rows} decisions were recovered from it{lost}. Check them in the outbox ($)."
    )


def finish_interrupted(path: Path) -> str | None:
    """Put a recovered journal in its place; gives the name of the damaged one, null if none."""
    recovered = _recovered(path)
    if not recovered.exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    # The companions first: one that is left beside the fresh file would be taken for its own.
    for suffix in (*COMPANIONS, ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    sync_directory(path.parent)
    recovered.replace(path)
    sync_directory(path.parent)
    return aside.name


def _recovered(path: Path) -> Path:
    return path.with_name(f"{path.name}.recovered")


def _copy(path: Path, work: Path) -> None:
    for suffix in ("", "-wal", "-journal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(path.with_name(path.name + suffix), work.with_name(work.name + suffix))


def _salvage(work: Path, fresh: Path) -> tuple[int, int]:
    """Copy the readable rows; gives how many there are, and how many were spoiled."""
    with closing(sqlite3.connect(fresh, isolation_level=None)) as target:
        target.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        target.execute("PRAGMA journal_mode = DELETE")
        target.execute("PRAGMA synchronous = FULL")
        with transaction(target):
            migrate(target)
        if not _has_table(work):
            _replace_first_page(work, fresh)
        kept = spoiled = 0
        with transaction(target):
            for row in _rows(work):
                if row is not None and _insert(target, row):
                    kept += 1
                else:
                    spoiled += 1
    return kept, spoiled


def _has_table(work: Path) -> bool:
    try:
        with closing(sqlite3.connect(work)) as source:
            source.execute("SELECT seq FROM decisions LIMIT 1")
    except sqlite3.DatabaseError as problem:
        # A damaged first row is no reason to do without the page that tells where the others are.
        return "decisions" not in str(problem) and _reads_schema(work)
    return True


def _reads_schema(work: Path) -> bool:
    try:
        with closing(sqlite3.connect(work)) as source:
            return bool(
                source.execute("SELECT 1 FROM sqlite_master WHERE name = 'decisions'").fetchone()
            )
    except sqlite3.DatabaseError:
        return False


def _replace_first_page(work: Path, fresh: Path) -> None:
    """The first page says where the tables begin, and is the same in every journal."""
    page = bytearray(fresh.read_bytes()[:PAGE_SIZE])
    pages = work.stat().st_size // PAGE_SIZE
    page[28:32] = pages.to_bytes(4, "big")  # size of the database in pages
    page[32:40] = bytes(8)  # no free pages: nothing is written here
    with work.open("rb+") as file:
        file.write(page)


def _rows(work: Path) -> Iterator[sqlite3.Row | None]:
    """Each readable row, and null for each that is there and cannot be read."""
    with closing(sqlite3.connect(work)) as source:
        source.row_factory = sqlite3.Row
        for seq in range(1, _last_seq(source, work) + 1):
            try:
                row = source.execute(
                    "SELECT * FROM decisions NOT INDEXED WHERE seq = ?", (seq,)
                ).fetchone()
            except sqlite3.DatabaseError:
                yield None
            else:
                if row is not None:
                    yield row


def _last_seq(source: sqlite3.Connection, work: Path) -> int:
    bound = work.stat().st_size // SMALLEST_ROW
    for question in (
        "SELECT seq FROM sqlite_sequence WHERE name = 'decisions'",
        "SELECT max(seq) FROM decisions NOT INDEXED",
    ):
        with suppress(sqlite3.DatabaseError, TypeError):
            return int(source.execute(question).fetchone()[0])
    return bound


def _insert(target: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Claims that the row made sense and is not in the way of another one."""
    try:
        from_row(row, alive=False, mine=False)  # type: ignore[arg-type] # a Row is read as a Mapping
    except (ValueError, TypeError, IndexError, sqlite3.Error):
        return False
    columns = row.keys()
    marks = ", ".join("?" * len(columns))
    try:
        target.execute(
            f"INSERT INTO decisions ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - names
            tuple(row),
        )
    except sqlite3.Error:
        return False
    return True
