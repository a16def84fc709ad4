"""The journal's file: private, synced, alone where it must be, and refused in words."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import DecisionState
from gerra_tui.journal import opening, schema
from gerra_tui.journal.files import create_directory, file_system_of, locked, unwritable
from gerra_tui.journal.frames import PAGE_SIZE
from gerra_tui.journal.schema import MIGRATIONS
from gerra_tui.journal.sqlite import SqliteJournal, sentence
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import ORIGIN
from tests.journal.samples import decision
from tests.patience import PATIENCE
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOCAL = "ext4"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "xdg" / "gerra-tui" / "journal.db"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[SqliteJournal]:
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    yield journal
    await journal.close()


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


async def test_only_its_owner_can_read_what_was_decided(journal: SqliteJournal, path: Path) -> None:
    await journal.add([decision(1)])
    files = [one for one in path.parent.rglob("*") if one.is_file()]
    assert {"journal.db", "journal.db-wal"} <= {one.name for one in files}
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    directories = [path.parent.parent, path.parent, path.parent / "consoles"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in directories} == {0o700}


async def test_a_journal_that_others_can_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch(mode=0o644)
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await journal.close()


def test_a_state_directory_that_others_can_enter_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    create_directory(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("file_system", "mode"),
    [("ext4", "wal"), ("btrfs", "wal"), ("nfs4", "delete"), ("cifs", "delete"),
     ("fuse.sshfs", "delete"), ("unknown", "delete")],
)  # fmt: skip
async def test_shared_memory_is_only_used_where_it_works(
    path: Path, file_system: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "file_system_of", lambda _: file_system)
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    await journal.add([decision(1)])
    assert path.with_name("journal.db-wal").exists() == (mode == "wal")
    await journal.close()
    assert pragma(path, "journal_mode") == mode


@pytest.mark.parametrize(("before", "after"), [("ext4", "nfs4"), ("nfs4", "ext4")])
async def test_a_journal_that_was_moved_to_another_file_system_goes_on(
    path: Path, before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file_system in (before, after):
        monkeypatch.setattr(opening, "file_system_of", lambda _, kind=file_system: kind)
        journal = SqliteJournal(path, ORIGIN)
        await journal.open()
        if file_system == before:
            await journal.add([decision(1)])
        assert len(await journal.open_decisions()) == 1
        await journal.close()
    assert pragma(path, "journal_mode") == ("delete" if after == "nfs4" else "wal")


@pytest.mark.parametrize("file_system", ["ext4", "nfs4"])
def test_every_commit_is_synced(
    path: Path, file_system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "file_system_of", lambda _: file_system)
    path.parent.mkdir(parents=True)
    with closing(opening.connect(path)) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_the_file_system_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    spaced = str(tmp_path / "home dir").replace(" ", "\\040")
    mounts.write_text(
        f"""22 1 0:21 / / rw,relatime - ext4 /dev/vda rw
23 22 0:22 / {spaced} rw shared:7 master:3 - nfs4 server:/home rw
24 22 0:23 / {spaced}/state rw - xfs /dev/vdb rw
25 22 0:24 / {spaced}/state rw - fuse.sshfs far:/ rw
26 22 0:25 / {spaced}/other rw - tmpfs tmpfs rw
"""
    )
    kinds = {
        name: file_system_of(tmp_path / name, mounts)
        for name in ("home dir", "home dir/x/y", "home dir/state/gerra-tui", "home dirs", "else")
    }
    assert list(kinds.values()) == ["nfs4", "nfs4", "fuse.sshfs", "ext4", "ext4"]
    assert file_system_of(tmp_path, tmp_path / "none") == "unknown"
    assert file_system_of(Path("/")) != ""


async def test_a_journal_of_a_later_version_is_left_alone(
    journal: SqliteJournal, path: Path
) -> None:
    await journal.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    for read_only in (False, True):
        later = SqliteJournal(path, ORIGIN, read_only=read_only)
        with pytest.raises(JournalUnwritable, match="another version"):
            await later.open()
        await later.close()
    assert path.read_bytes() == before


async def test_a_journal_of_an_earlier_version_is_brought_up_to_date(
    journal: SqliteJournal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.add([decision(1)])
    await journal.close()
    added = ("ALTER TABLE decisions ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'",)
    later = (*MIGRATIONS, added)
    for module in (schema, opening):
        monkeypatch.setattr(module, "MIGRATIONS", later)
    for _ in range(2):
        after = SqliteJournal(path, ORIGIN)
        await after.open()
        assert len(await after.open_decisions()) == 1
        await after.close()
    assert pragma(path, "user_version") == len(later)
    with path.open("rb+") as file:  # what was written before is still recovered
        file.write(bytes(4096))
    after = SqliteJournal(path, ORIGIN)
    await after.open()
    assert len(await after.open_decisions()) == 1
    await after.close()


async def test_a_migration_that_fails_changes_nothing(
    journal: SqliteJournal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.add([decision(1)])
    await journal.close()
    broken = ("CREATE TABLE half_way (x)", "no such statement")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken))
        after = SqliteJournal(path, ORIGIN)
        with pytest.raises(JournalUnwritable):
            await after.open()
        await after.close()
    assert pragma(path, "user_version") == len(MIGRATIONS)
    with closing(sqlite3.connect(path)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "half_way" not in tables


async def test_a_file_system_that_cannot_be_written_is_found_at_the_start() -> None:
    journal = SqliteJournal(Path("/sys/gerra-tui/journal.db"), ORIGIN)
    with pytest.raises(JournalUnwritable, match=r"read-only|may not be written"):
        await journal.open()
    with pytest.raises(JournalUnwritable):
        await journal.add([decision(1)])
    await journal.close()


async def test_a_file_in_the_place_of_the_directory_is_said(path: Path) -> None:
    path.parent.parent.mkdir()
    path.parent.touch()
    journal = SqliteJournal(path, ORIGIN)
    with pytest.raises(JournalUnwritable, match=f"{path.parent} is not a directory"):
        await journal.open()
    await journal.close()


async def test_a_directory_in_the_place_of_the_journal_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    journal = SqliteJournal(path, ORIGIN)
    with pytest.raises(JournalUnwritable, match="cannot be written"):
        await journal.open()
    await journal.close()


FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import ORIGIN
from tests.journal.samples import decision

async def main():
    journal = SqliteJournal(Path(sys.argv[1]), ORIGIN)
    limit = int(sys.argv[2])
    if limit:
        await journal.open()
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        for number in range(1000):
            await journal.add([decision(number)])
            print(number, flush=True)
    except JournalUnwritable as problem:
        print(problem)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

asyncio.run(main())
"""


@pytest.mark.parametrize("limit", [0, 200_000])
@pytest.mark.processes
async def test_what_a_full_disk_took_is_there_and_the_rest_was_never_said_to_be(
    path: Path, limit: int
) -> None:
    """The kernel refuses to let files grow beyond a limit, in the middle of a write."""
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), str(limit)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    *numbers, sentence = ended.stdout.splitlines()
    assert "cannot be written" in sentence
    assert (len(numbers) > 3) == (limit > 0)
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    there = await journal.open_decisions()
    assert len(there) == len(numbers)
    await journal.add([decision(1001)])
    await journal.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_READONLY, "read-only"),
        (sqlite3.SQLITE_BUSY, "locked"),
        (sqlite3.SQLITE_LOCKED, "locked"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"),
    ],
)
def test_what_sqlite_says_becomes_a_sentence(code: int, words: str) -> None:
    problem = sqlite3.OperationalError("disk I/O error")
    problem.sqlite_errorcode = code
    assert words in sentence(problem, Path("journal.db"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not be written"),
        (errno.ENOLCK, "no locks"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_what_the_system_says_becomes_a_sentence(code: int, words: str) -> None:
    said = str(unwritable(OSError(code, os.strerror(code)), Path("/state/journal.db")))
    assert words in said
    assert "/state/journal.db" in said


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EIO])
def test_a_directory_is_synced_where_that_is_possible(
    tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", failing)
    if code == errno.EINVAL:
        create_directory(tmp_path / "a" / "b")
        assert (tmp_path / "a" / "b").is_dir()
    else:
        with pytest.raises(OSError, match="error"):
            create_directory(tmp_path / "a" / "b")


def test_one_waits_for_the_lock_only_so_long(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path), pytest.raises(BlockingIOError), locked(path, patience=0.05):
        pass
    with locked(tmp_path / "lock", patience=0):
        assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600


async def test_reading_creates_and_changes_nothing(path: Path) -> None:
    journal = SqliteJournal(path, ORIGIN, read_only=True)
    await journal.open()
    assert await journal.open_decisions() == []
    assert await journal.of_dataset("x") == []
    assert not path.parent.exists()
    with pytest.raises(JournalUnwritable):
        await journal.add([decision(1)])
    await journal.close()


async def test_a_reader_sees_what_running_consoles_have(journal: SqliteJournal, path: Path) -> None:
    await journal.add([decision(1)])
    reader = SqliteJournal(path, ORIGIN, read_only=True)
    await reader.open()
    (one,) = await reader.open_decisions()
    assert one.owner is not None
    assert (one.owner.pid, one.owner.alive, one.owner.mine) == (os.getpid(), True, False)
    await journal.add([decision(2)])
    assert len(await reader.open_decisions()) == 2
    with pytest.raises(JournalUnwritable):
        await reader.adopt([one.id])
    await reader.close()


async def test_the_file_itself_holds_one_open_decision_of_a_dataset(
    journal: SqliteJournal, path: Path
) -> None:
    await journal.add([decision(1), decision(2)])
    with closing(sqlite3.connect(path)) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute("UPDATE decisions SET dataset_id = upper(?)", (decision(1).dataset_id,))


async def test_opening_twice_is_opening_once(journal: SqliteJournal, path: Path) -> None:
    await journal.open()
    assert len(list((path.parent / "consoles").iterdir())) == 1


async def test_neither_key_nor_signed_url_is_ever_written(
    journal: SqliteJournal, path: Path
) -> None:
    raw = decision(1)
    assert raw.state is DecisionState.WAITING
    await journal.add([raw])
    columns = set()
    with closing(sqlite3.connect(path)) as connection:
        for row in connection.execute("PRAGMA table_info(decisions)"):
            columns.add(row[1])
    assert not {one for one in columns if "url" in one or "key" in one} - {"base_url"}
    assert raw.decided_at == NOON


async def test_a_journal_that_was_laid_out_otherwise_is_no_damage(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        for statement in MIGRATIONS[0]:
            connection.execute(statement.replace("\n", "\n\n "))
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    assert journal.remarks == ()
    await journal.close()
