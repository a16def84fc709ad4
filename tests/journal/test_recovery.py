"""A damaged journal is set aside, never overwritten, and what can be read of it goes on."""

from __future__ import annotations

import asyncio
import functools
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gerra_tui.domain.decision import Decision, DecisionState
from gerra_tui.journal import recovery
from gerra_tui.journal.files import sync_directory
from gerra_tui.journal.frames import PAGE_SIZE
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import ORIGIN
from tests.journal.samples import decision
from tests.patience import PATIENCE

COUNT = 120
LEAF = 9  # a page with some of these


async def fill(path: Path, count: int = COUNT) -> list[Decision]:
    """A journal that was closed in good order."""
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    decisions = [
        decision(number, reason="x" * 300, state=DecisionState.HELD) for number in range(count)
    ]
    await journal.add(decisions)
    moves = [(one, one.becoming(DecisionState.WAITING)) for one in decisions[::2]]
    await journal.move_all(moves, from_states=frozenset({DecisionState.HELD}))
    there = [replace(one, owner=None) for one in await journal.open_decisions()]
    await journal.close()
    return there


async def read(path: Path) -> tuple[list[Decision], tuple[str, ...]]:
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    there = [replace(one, owner=None) for one in await journal.open_decisions()]
    await journal.add([decision(100_000)])
    await journal.close()
    return there, journal.remarks


def damage(path: Path, at: int, data: bytes) -> None:
    with path.open("rb+") as file:
        file.seek(at)
        file.write(data)


def set_aside(path: Path) -> list[Path]:
    """Damaged journals, without SQLite's own files beside them."""
    named = path.parent.glob("journal.db.damaged-*")
    return sorted(one for one in named if not one.name.endswith(("-wal", "-shm")))


async def test_a_destroyed_header_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    decisions = await fill(path)
    damage(path, 0, os.urandom(PAGE_SIZE))
    before = path.read_bytes()
    there, (remark,) = await read(path)
    assert there == decisions
    (aside,) = set_aside(path)
    assert aside.read_bytes() == before
    assert aside.name in remark
    assert f"{COUNT} decisions were recovered" in remark
    assert aside.stat().st_mode & 0o077 == 0
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"not a database at all\n" * 500, b"\0" * 9000, b"x"])
async def test_something_else_in_its_place_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    there, (remark,) = await read(path)
    assert there == []
    assert [one.read_bytes() for one in set_aside(path)] == [content]
    assert "0 decisions were recovered" in remark


async def test_another_programs_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE decisions (seq INTEGER PRIMARY KEY, id TEXT)")
        other.execute("INSERT INTO decisions VALUES (1, 'theirs')")
        other.commit()
    there, remarks = await read(path)
    assert there == []
    assert len(remarks) == len(set_aside(path)) == 1


async def test_an_empty_file_is_a_new_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    assert await read(path) == ([], ())
    assert set_aside(path) == []


async def test_a_truncated_journal_keeps_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    decisions = await fill(path)
    os.truncate(path, path.stat().st_size // 2 // PAGE_SIZE * PAGE_SIZE)
    there, remarks = await read(path)
    assert len(remarks) == 1
    assert 0 < len(there) < COUNT
    assert all(one in decisions for one in there)


def started(script: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@functools.cache
def filled() -> tuple[bytes, list[Decision]]:
    """The content of a journal, and its decisions."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "journal.db"
        decisions = asyncio.run(fill(path))
        return path.read_bytes(), decisions


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pages=st.sets(st.integers(0, 60), min_size=1, max_size=4),
    seed=st.integers(0, 2**32),
    zeros=st.booleans(),
)
def test_whatever_pages_are_destroyed_the_rest_is_recovered(
    tmp_path_factory: pytest.TempPathFactory,
    pages: set[int],
    seed: int,
    zeros: bool,
) -> None:
    path = tmp_path_factory.mktemp("state") / "journal.db"
    content, decisions = filled()
    path.write_bytes(content)
    size = path.stat().st_size // PAGE_SIZE
    for page in {page % size for page in pages}:
        data = bytes(PAGE_SIZE) if zeros else random.Random(seed).randbytes(PAGE_SIZE)
        damage(path, page * PAGE_SIZE, data)
    before = path.read_bytes()
    there, remarks = asyncio.run(read(path))
    assert all(one in decisions for one in there)
    assert [one.read_bytes() for one in set_aside(path)] == [before] * len(remarks)
    rows_of_a_page = 12
    assert len(there) >= COUNT - rows_of_a_page * len(pages)


async def test_what_was_not_yet_checkpointed_is_recovered_too(tmp_path: Path) -> None:
    """The console was killed: the newest commits are in SQLite's log beside the file."""
    path = tmp_path / "journal.db"
    script = """
import asyncio, os, sys
from pathlib import Path
from tests.journal.test_recovery import *

async def main():
    path = Path(sys.argv[1])
    await fill(path)
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    await journal.add([decision(5000)])
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    ended = subprocess.run([sys.executable, "-c", script, str(path)], check=False, timeout=PATIENCE)
    assert ended.returncode == -signal.SIGKILL
    assert path.with_name("journal.db-wal").stat().st_size > 0
    damage(path, LEAF * PAGE_SIZE, os.urandom(PAGE_SIZE))
    log = path.with_name("journal.db-wal").read_bytes()
    there, remarks = await read(path)
    assert len(remarks) == 1
    (aside,) = set_aside(path)
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == log
    assert decision(5000).dataset_id in {one.dataset_id for one in there}
    assert COUNT - 12 < len(there) < COUNT + 1


async def test_of_two_readings_of_a_row_the_later_one_counts(tmp_path: Path) -> None:
    """A page that SQLite no longer uses still holds what was in it."""
    path = tmp_path / "journal.db"
    decisions = await fill(path, 3)
    stale = path.read_bytes()
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    (one, *_) = await journal.open_decisions()
    (mine,) = await journal.adopt([one.id])
    sending = mine.being_posted(at=mine.decided_at)
    await journal.move(mine, sending, from_states=frozenset({DecisionState.WAITING}))
    await journal.close()
    with path.open("ab") as file:
        file.write(stale[PAGE_SIZE:])
    damage(path, 0, os.urandom(PAGE_SIZE))
    there, _ = await read(path)
    assert len(there) == len(decisions)
    assert next(it for it in there if it.id == one.id).state is DecisionState.SENDING


async def test_a_row_in_another_ones_place_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await fill(path, 3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX one_open_decision_of_a_dataset")
        connection.execute("UPDATE decisions SET dataset_id = 'the same' WHERE seq < 3")
        connection.execute("UPDATE decisions SET state = 'no such state' WHERE seq = 3")
        connection.commit()
    damage(path, 0, os.urandom(PAGE_SIZE))
    there, (remark,) = await read(path)
    assert [one.dataset_id for one in there] == ["the same"]
    assert "1 decisions were recovered" in remark


async def test_a_damaged_journal_that_is_in_use_is_left_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await fill(path)
    running = SqliteJournal(path, ORIGIN)
    await running.open()
    damage(path, LEAF * PAGE_SIZE, os.urandom(PAGE_SIZE))
    other = SqliteJournal(path, ORIGIN)
    with pytest.raises(JournalUnwritable, match="another console has it open"):
        await other.open()
    await other.close()
    assert set_aside(path) == []
    await running.close()
    assert (await read(path))[0] != []


@pytest.mark.processes
async def test_five_consoles_that_start_at_once_recover_it_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    decisions = await fill(path)
    damage(path, 0, os.urandom(PAGE_SIZE))
    script = """
import asyncio, sys
from pathlib import Path
from gerra_tui.journal.sqlite import SqliteJournal
from tests.fakes import ORIGIN

async def main():
    journal = SqliteJournal(Path(sys.argv[1]), ORIGIN)
    await journal.open()
    print(len(await journal.open_decisions()), len(journal.remarks), flush=True)
    sys.stdin.readline()
    await journal.close()

asyncio.run(main())
"""
    children = [started(script, path) for _ in range(5)]
    said = [child.communicate("\n", timeout=PATIENCE)[0].split() for child in children]
    assert [count for count, _ in said] == [str(len(decisions))] * 5
    assert sorted(remarks for _, remarks in said) == ["0"] * 4 + ["1"]
    assert len(set_aside(path)) == 1


@pytest.mark.parametrize("step", range(8))
async def test_a_recovery_that_is_cut_off_is_finished_by_the_next_start(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power fails at any of the steps that change names."""
    path = tmp_path / "journal.db"
    decisions = await fill(path)
    damage(path, 0, os.urandom(PAGE_SIZE))
    left = [step]

    class PowerCut(BaseException):
        pass

    def counted(call: object) -> object:
        def wrapped(*args: object, **kwargs: object) -> object:
            if left[0] == 0:
                raise PowerCut
            left[0] -= 1
            return call(*args, **kwargs)  # type: ignore[operator] # whatever it is

        return wrapped

    with monkeypatch.context() as patch:
        for name in ("rename", "replace"):
            patch.setattr(f"pathlib.Path.{name}", counted(getattr(type(path), name)))
        patch.setattr(recovery, "sync_directory", counted(sync_directory))
        with suppress(PowerCut):
            recovery.recover(path)
    there, _ = await read(path)
    assert there == decisions
    assert len(set_aside(path)) == 1
