"""What can be read of a damaged journal, brought into a fresh one. The damaged one is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from gerra_tui.domain.decision import DecisionState
from gerra_tui.journal.files import sync_directory
from gerra_tui.journal.pages import rows, with_log
from gerra_tui.journal.rows import from_row
from gerra_tui.journal.schema import PAGE_SIZE, migrate, transaction

COMPANIONS: Final = ("-wal", "-shm", "-journal")  # SQLite's own beside a database
# Of two readings of a row the one that went further is the later one.
_ORDER: Final = {state.value: number for number, state in enumerate(DecisionState)}
Row = dict[str, Any]


def recover(path: Path) -> str:
    """Replace a damaged journal by what can be read of it; gives a sentence for the reviewer.

    Whatever moment this process ends at, the next `recover` or `finish_interrupted` has all that
    was readable. Raises `OSError`, `sqlite3.Error`.
    """
    with TemporaryDirectory(dir=path.parent, prefix="recovering-") as scratch:
        fresh = Path(scratch) / "fresh.db"
        kept, lost = _salvage(path, fresh)
        fresh.chmod(0o600)
        fresh.replace(_recovered(path))
    sync_directory(path.parent)
    aside = finish_interrupted(path)
    return (
        f"The journal was damaged. It is kept as {aside}; {kept:,} decisions were recovered "
        f"from it, {lost:,} could not be. Look at the outbox ($) before you go on."
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


def _salvage(path: Path, fresh: Path) -> tuple[int, int]:
    """Copy the readable rows; gives how many there are, and how many are missing."""
    log = path.with_name(f"{path.name}-wal")
    pages = with_log(path.read_bytes(), log.read_bytes() if log.exists() else b"")
    with closing(sqlite3.connect(fresh, isolation_level=None)) as target:
        target.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        target.execute("PRAGMA synchronous = FULL")
        with transaction(target):
            migrate(target)
        columns = [str(column[1]) for column in target.execute("PRAGMA table_info(decisions)")]
        found = _found(pages, columns)
        with transaction(target):
            kept = sum(_insert(target, row) for row in found)
    last = max((row["seq"] for row in found), default=0)
    return kept, last - kept


def _found(pages: list[bytes], columns: list[str]) -> list[Row]:
    """The rows that make sense, oldest first, each once."""
    found: dict[int, Row] = {}
    for seq, values in rows(pages):
        if len(values) > len(columns):
            continue
        # A row that was written before a column was added has fewer.
        row: Row = dict(zip(columns, values, strict=False)) | {"seq": seq}
        try:
            from_row(row, alive=False, mine=False)
        except (KeyError, ValueError, TypeError):
            continue
        if seq not in found or _ORDER[found[seq]["state"]] < _ORDER[row["state"]]:
            found[seq] = row
    return [found[seq] for seq in sorted(found)]


def _insert(target: sqlite3.Connection, row: Row) -> bool:
    """Claims that the row is in nobody's way."""
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    try:
        target.execute(f"INSERT INTO decisions ({names}) VALUES ({values})", row)  # noqa: S608 - our names
    except sqlite3.IntegrityError:
        return False
    return True
