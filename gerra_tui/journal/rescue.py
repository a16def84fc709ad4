"""A journal taken away under a running console: what it held is written to one at its path."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.decision import OPEN_STATES, DecisionState
from gerra_tui.journal import recovery
from gerra_tui.journal.files import locked
from gerra_tui.journal.opening import open_for_writing
from gerra_tui.journal.rows import CHANGING, from_row, to_row
from gerra_tui.journal.schema import transaction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from gerra_tui.domain.decision import Decision
    from gerra_tui.journal.presence import Presence
    from gerra_tui.journal.standing import Standing

Row = dict[str, Any]
_ORDER: Final = {state.value: number for number, state in enumerate(DecisionState)}


@dataclass(frozen=True, slots=True)
class Rescued:
    """The journal that is at the path now. `kept` and `left_out` count decisions that are open."""

    connection: sqlite3.Connection
    kept: int
    left_out: int
    remarks: tuple[str, ...]


def rescue(
    path: Path,
    presence: Presence,
    standing: Standing,
    old: sqlite3.Connection,
    known: Mapping[str, Decision],
    refused: Collection[str],
) -> Rescued:
    """Bring all of the journal that was open into one at the path, and leave the old one.

    `known` is what this console wrote, as it is now; `refused` are ids of decisions that the
    reviewer was told are not made. Raises `JournalUnwritable`, `OSError`, `sqlite3.Error`.
    """
    rows = [row for row in _rows(old) if row["id"] not in refused]
    if standing.is_there:
        with locked(path.with_name(f"{path.name}.lock")):
            if standing.is_there:
                recovery.recover(path)
    else:
        _put_aside(standing.left_beside())
    opened = open_for_writing(path, presence)
    try:
        with transaction(opened.connection):
            left_out = sum(not _merge(opened.connection, row) for row in rows)
            for decision in known.values():
                row = {**to_row(decision), "owner": presence.id, "owner_pid": os.getpid()}
                left_out += not _merge(opened.connection, row, surely=True)
    except BaseException:
        opened.connection.close()
        raise
    old.close()  # neither writes to nor removes what is not at its path (SQLITE_FCNTL_HAS_MOVED)
    kept = sum(one.state in OPEN_STATES for one in known.values()) - left_out
    return Rescued(opened.connection, kept, left_out, opened.remarks)


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """What can still be read of it, oldest first, without the numbers that it had there."""
    try:
        for found in connection.execute("SELECT * FROM decisions ORDER BY seq"):
            row = {name: found[name] for name in found.keys() if name != "seq"}  # noqa: SIM118
            from_row(row, alive=False, mine=False)
            yield row
    except (sqlite3.Error, ValueError, TypeError):
        return


def _put_aside(files: Iterable[Path]) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    for one in files:
        one.rename(one.with_name(f"{one.name}.left-{stamp}"))


def _merge(connection: sqlite3.Connection, row: Row, *, surely: bool = False) -> bool:
    """Add the decision, or bring it on; `surely`: it is known to be so now.

    False if another one is open on its dataset.
    """
    there = connection.execute("SELECT state FROM decisions WHERE id = ?", (row["id"],)).fetchone()
    try:
        if there is None:
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO decisions ({names}) VALUES ({values})", row)  # noqa: S608 - our names
        elif surely or _ORDER[row["state"]] > _ORDER.get(there["state"], -1):
            changes = ", ".join(f"{name} = :{name}" for name in CHANGING)
            connection.execute(f"UPDATE decisions SET {changes} WHERE id = :id", row)  # noqa: S608 - our names
    except sqlite3.IntegrityError:
        return False
    return True
