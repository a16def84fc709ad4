"""What can be read of a damaged journal, brought into a fresh one. The damaged one is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.decision import OPEN_STATES, DecisionState
from gerra_tui.domain.text import clean
from gerra_tui.journal.files import sync_directory
from gerra_tui.journal.frames import PAGE_SIZE, doubtful, finished
from gerra_tui.journal.pages import rows, with_log
from gerra_tui.journal.rows import from_row
from gerra_tui.journal.schema import migrate, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 1 << 40  # decisions; a damaged number must not count as lost ones
NAMED: Final = 3  # of what is lost, in one sentence
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
        kept, lost, named = _salvage(path, fresh)
        fresh.chmod(0o600)
        fresh.replace(_recovered(path))
    sync_directory(path.parent)
    aside = finish_interrupted(path)
    return (
        f"The journal was damaged. It is kept as {aside}; {kept:,} decisions were recovered "
        f"from it, {lost:,} could not be{named}. Look at the outbox ($) before you go on."
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


def _salvage(path: Path, fresh: Path) -> tuple[int, int, str]:
    """Copy the readable rows; gives how many there are, how many are missing, and their names."""
    beside = path.with_name(f"{path.name}-wal")
    log = beside.read_bytes() if beside.exists() else b""
    pages = with_log(path.read_bytes(), log)
    with closing(sqlite3.connect(fresh, isolation_level=None)) as target:
        target.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        target.execute("PRAGMA synchronous = FULL")
        with transaction(target):
            migrate(target)
        columns = [str(column[1]) for column in target.execute("PRAGMA table_info(decisions)")]
        # Where the last state of a page is damaged, an earlier one may have some of its rows.
        earlier = [content for _, content in finished(log)]
        found = _found([*pages, *earlier], columns) | _found(pages, columns)
        unsure = {
            row["seq"]: row for row in _rows([*pages, *doubtful(log)], columns, errors="replace")
        }
        rows_kept = [_cautious(row, unsure.get(seq)) for seq, row in sorted(found.items())]
        with transaction(target):
            kept = sum(_insert(target, row) for row in rows_kept)
    lost = [row for seq, row in sorted(unsure.items()) if seq not in found and 0 < seq < MOST]
    last = max((*found, *(row["seq"] for row in lost), *_last_numbers(pages)), default=0)
    return kept, last - kept, _named(lost)


def _found(pages: list[bytes], columns: list[str]) -> dict[int, Row]:
    """The rows that make sense, by their numbers."""
    found: dict[int, Row] = {}
    for row in _rows(pages, columns):
        try:
            from_row(row, alive=False, mine=False)
        except (KeyError, ValueError, TypeError):
            continue
        seq = row["seq"]
        if seq not in found or _ORDER[found[seq]["state"]] < _ORDER[row["state"]]:
            found[seq] = row
    return found


def _rows(pages: list[bytes], columns: list[str], *, errors: str = "strict") -> Iterator[Row]:
    """What looks like a decision. One that was written before a column was added has fewer."""
    for seq, values in rows(pages, errors=errors):
        row: Row = dict(zip(columns, values, strict=False)) | {"seq": seq}
        if len(values) <= len(columns) and isinstance(row.get("dataset_id"), str):
            yield row


def _cautious(row: Row, unsure: Row | None) -> Row:
    """A decision that a damaged page tells to have gone further may have been posted: it is to be
    settled by reading, and not to be sent as if nothing had been."""
    if unsure is None or row["posted"] or row["state"] not in OPEN_STATES:
        return row
    if not unsure.get("posted"):
        return row
    return row | {
        "state": DecisionState.UNKNOWN.value,
        "posted": 1,
        "posted_at": row["posted_at"] or row["decided_at"],
    }


def _last_numbers(pages: list[bytes]) -> Iterator[int]:
    """What SQLite has noted as the last number given to a decision."""
    for _, values in rows(pages):
        match values:
            case ["decisions", int(last)] if 0 < last < MOST:
                yield last


def _named(lost: list[Row]) -> str:
    if not lost:
        return ""
    names = [
        clean(f"{one['verdict']} {one['dataset_id'][:8]} {one.get('name')}", 60) for one in lost
    ]
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f" (as far as can be told: {', '.join(names[:NAMED])}{more})"


def _insert(target: sqlite3.Connection, row: Row) -> bool:
    """Claims that the row is in nobody's way."""
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    try:
        target.execute(f"INSERT INTO decisions ({names}) VALUES ({values})", row)  # noqa: S608 - our names
    except sqlite3.IntegrityError:
        return False
    return True
