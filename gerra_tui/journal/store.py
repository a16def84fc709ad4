"""The journal's statements. Each method is one transaction, and runs on the journal's thread."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gerra_tui.domain.base_url import is_same as base_url_is_same
from gerra_tui.domain.decision import (
    OPEN_STATES,
    OWNERS_ALONE,
    TRANSITIONS,
    TROUBLED,
    WrongTransition,
)
from gerra_tui.journal.rows import CHANGING, from_row, to_row
from gerra_tui.journal.schema import LISTED, transaction
from gerra_tui.service.ports import AlreadyOpen, JournalUnwritable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from gerra_tui.domain.decision import Decision, DecisionState, Origin


class Store:
    """`console` is the owner of what is added; `is_alive` tells of other owners."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        origin: Origin,
        console: str,
        is_alive: Callable[[str], bool],
    ) -> None:
        self._connection = connection
        self._console = console
        self._is_alive = is_alive
        self._origin = origin

    def add(self, decisions: Sequence[Decision]) -> None:
        with transaction(self._connection):
            if open_ones := self._open_among(decisions):
                raise AlreadyOpen(open_ones)
            for decision in decisions:
                # Trying again is a new decision, which takes the old one's place in the listing.
                self._connection.executemany(
                    "UPDATE decisions SET dismissed = 1 WHERE seq = ?",
                    [
                        (row["seq"],)
                        for row in self._on(decision.dataset_id, decision.origin.base_url)
                        if row["state"] in TROUBLED
                    ],
                )
                row = {**to_row(decision), "owner": self._console, "owner_pid": os.getpid()}
                names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
                self._connection.execute(
                    f"INSERT INTO decisions ({names}) VALUES ({values})",  # noqa: S608 - our names
                    row,
                )

    def move(
        self, moves: Iterable[tuple[Decision, Decision]], from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        with transaction(self._connection):
            return [to for decision, to in moves if self._move(decision, to, from_states)]

    def adopt(self, ids: Sequence[str]) -> list[Decision]:
        with transaction(self._connection):
            mine = []
            for row in self._rows(ids):
                if row["state"] not in OPEN_STATES or not self._may_touch(row["owner"]):
                    continue
                self._connection.execute(
                    "UPDATE decisions SET owner = ?, owner_pid = ? WHERE seq = ?",
                    (self._console, os.getpid(), row["seq"]),
                )
                mine.append(row["id"])
            return [self._decision(row) for row in self._rows(mine)]

    def open_decisions(self) -> list[Decision]:
        rows = self._connection.execute(
            f"SELECT * FROM decisions WHERE {LISTED} ORDER BY seq"  # noqa: S608 - our words
        )
        return self._decisions(row for row in rows.fetchall() if self._is_ours(row))

    def of_dataset(self, dataset_id: str) -> list[Decision]:
        rows = self._on(dataset_id, self._origin.base_url)
        return self._decisions(row for row in rows if self._is_ours(row))

    def unaudited(self) -> list[Decision]:
        """Of every origin: the log is one for all."""
        rows = self._connection.execute(
            "SELECT * FROM decisions WHERE audited = 0 AND settled_at IS NOT NULL ORDER BY seq"
        )
        return [self._decision(row) for row in rows if self._may_touch(row["owner"])]

    def has(self, decisions: Iterable[Decision]) -> bool:
        """Whether all of these are here as they are given, and the file makes sense."""
        for decision in decisions:
            row = next(iter(self._rows([decision.id])), None)
            if row is None or row["state"] != decision.state:
                return False
        return bool(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")

    def mark_audited(self, ids: Sequence[str]) -> None:
        self._mark("audited", ids)

    def dismiss(self, ids: Sequence[str]) -> None:
        self._mark("dismissed", ids)

    def close(self) -> None:
        self._connection.close()

    def _move(
        self, decision: Decision, to: Decision, from_states: frozenset[DecisionState]
    ) -> bool:
        for state in from_states:
            if to.state not in TRANSITIONS[state]:
                raise WrongTransition(f"{state} does not become {to.state}")
        row = next(iter(self._rows([decision.id])), None)
        if row is None:  # nothing is ever deleted
            raise JournalUnwritable(
                "The journal does not have this decision any more: quit, then start again."
            )
        if row["state"] not in from_states or bool(row["posted"]) != decision.posted:
            return False
        allowed = row["owner"] == self._console or (
            to.state not in OWNERS_ALONE and self._may_touch(row["owner"])
        )
        if allowed:
            values = to_row(to)
            changes = ", ".join(f"{name} = :{name}" for name in CHANGING)
            self._connection.execute(
                f"UPDATE decisions SET {changes} WHERE seq = :seq",  # noqa: S608 - our names
                {**values, "seq": row["seq"]},
            )
        return allowed

    def _may_touch(self, owner: str) -> bool:
        return owner == self._console or not self._is_alive(owner)

    def _open_among(self, decisions: Iterable[Decision]) -> list[Decision]:
        return [
            found
            for decision in decisions
            for found in self._decisions(
                row
                for row in self._on(decision.dataset_id, decision.origin.base_url)
                if row["state"] in OPEN_STATES
            )
        ]

    def _on(self, dataset_id: str, base_url: str) -> list[sqlite3.Row]:
        """Of one dataset, oldest first. A service may be spelt in other ways in older rows."""
        rows = self._connection.execute(
            "SELECT * FROM decisions WHERE dataset_id = ? ORDER BY seq", (dataset_id,)
        )
        return [row for row in rows.fetchall() if base_url_is_same(row["base_url"], base_url)]

    def _is_ours(self, row: sqlite3.Row) -> bool:
        ours, theirs = self._origin.organization_id, row["organization_id"]
        same = ours is None or theirs in (None, ours)
        return same and base_url_is_same(row["base_url"], self._origin.base_url)

    def _rows(self, ids: Sequence[str]) -> list[sqlite3.Row]:
        rows = []
        for one in ids:
            rows += self._connection.execute(
                "SELECT * FROM decisions WHERE id = ?", (one,)
            ).fetchall()
        return rows

    def _decisions(self, rows: Iterable[sqlite3.Row]) -> list[Decision]:
        alive: dict[str, bool] = {}
        return [self._decision(row, alive) for row in rows]

    def _decision(self, row: sqlite3.Row, alive: dict[str, bool] | None = None) -> Decision:
        owner = row["owner"]
        known = {} if alive is None else alive
        if owner not in known:
            known[owner] = self._is_alive(owner)
        return from_row(
            row,  # type: ignore[arg-type] # a Row is read as a Mapping
            alive=known[owner],
            mine=owner == self._console,
        )

    def _mark(self, flag: str, ids: Sequence[str]) -> None:
        with transaction(self._connection):
            self._connection.executemany(
                f"UPDATE decisions SET {flag} = 1 WHERE id = ?",  # noqa: S608 - our names
                [(one,) for one in ids],
            )
