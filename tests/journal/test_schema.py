"""A released version of the tables stays as it was released, and its journals still open."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.revision import AS_RECEIVED, CANONICAL
from gerra_tui.journal.frames import PAGE_SIZE
from gerra_tui.journal.rows import ADDED, to_row
from gerra_tui.journal.schema import APPLICATION_ID, MIGRATIONS
from gerra_tui.journal.sqlite import SqliteJournal
from tests.fakes import ORIGIN
from tests.journal.samples import decision

if TYPE_CHECKING:
    from pathlib import Path

RELEASED = (
    "2e133dbe1874475f38013702b83dd21e7b227e4588efce43f5cb898ed7f88525",
    "2bb1db832427526f394ecfc92be1f3fb770fc0bb16c868528f4bc831b43391cf",
)


@pytest.mark.parametrize("version", range(len(RELEASED)))
def test_the_text_of_a_released_migration_never_changes(version: int) -> None:
    text = "\n".join(" ".join(one.split()) for one in MIGRATIONS[version])
    assert hashlib.sha256(text.encode()).hexdigest() == RELEASED[version]


def write_as_before(path: Path) -> None:
    """A journal of the first version with one decision in it, of a console that has ended."""
    kept = {name: value for name, value in to_row(decision(3)).items() if name not in ADDED}
    row = {**kept, "owner": "ended", "owner_pid": 1}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(f"INSERT INTO decisions ({names}) VALUES ({values})", row)  # noqa: S608 - our names
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_journal_of_the_version_before_still_opens(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "journal.db"
    write_as_before(path)
    journal = SqliteJournal(path, ORIGIN, read_only=read_only)
    await journal.open()
    try:
        (known,) = await journal.open_decisions()
        assert known.dataset_id == decision(3).dataset_id
        assert known.revision.form == AS_RECEIVED
        assert known.revision.metadata_sha256 == decision(3).revision.metadata_sha256
        assert (known.revision.link, known.revision.metadata) == (None, None)
    finally:
        await journal.close()


async def test_what_was_seen_is_kept_whole(tmp_path: Path) -> None:
    made = decision(3)
    journal = SqliteJournal(tmp_path / "journal.db", ORIGIN)
    await journal.open()
    try:
        await journal.add([made])
        (known,) = await journal.open_decisions()
        assert known.revision == made.revision
        assert known.revision.form == CANONICAL
        assert known.revision.metadata
    finally:
        await journal.close()
