"""Rows read without SQLite are the rows that SQLite has."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gerra_tui.journal.frames import PAGE_SIZE, frames, is_damaged
from gerra_tui.journal.pages import rows, with_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=30),
    st.integers(0, 20_000).map(lambda size: "ä" * size),
    st.binary(max_size=30),
)


def database(path: Path, content: list[list[Any]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute("CREATE TABLE t (a, b, c)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", content)
        connection.commit()


@settings(deadline=None, max_examples=60)
@given(content=st.lists(st.lists(values, min_size=3, max_size=3), max_size=60))
def test_every_row_of_a_sound_file_is_read(
    content: list[list[Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("pages") / "a.db"
    database(path, content)
    read = dict(rows(with_log(path.read_bytes(), b"")))
    assert [read[number] for number in sorted(read)] == content


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 2**32), size=st.integers(0, 5 * PAGE_SIZE))
def test_no_damage_makes_reading_fail(seed: int, size: int) -> None:
    noise = bytearray(random.Random(seed).randbytes(size))
    for at in range(0, size, PAGE_SIZE):
        noise[at : at + 1] = b"\x0d"  # each claims to be a page of rows
    pages = with_log(bytes(noise), bytes(noise[:PAGE_SIZE]))
    assert all(isinstance(number, int) for number, _ in rows(pages))


def test_only_finished_transactions_of_the_log_count(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a, b, c)")
    for number in range(40):
        connection.execute("INSERT INTO t VALUES (?, ?, ?)", (number, "x" * 900, None))
    log = path.with_name("a.db-wal").read_bytes()
    whole = dict(rows(with_log(path.read_bytes(), log)))
    assert len(whole) == 40
    half = dict(rows(with_log(path.read_bytes(), log[: len(log) * 2 // 3])))
    assert 0 < len(half) < 40
    connection.close()


def test_frames_of_an_earlier_round_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a, b, c)")
    for number in range(40):
        connection.execute("INSERT INTO t VALUES (?, ?, ?)", (number, "x" * 900, None))
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO t VALUES (99, 'y', NULL)")
    log = path.with_name("a.db-wal").read_bytes()
    assert len(log) > 40 * PAGE_SIZE
    assert len(frames(log)) < 4
    assert not is_damaged(log)
    assert len(dict(rows(with_log(path.read_bytes(), log)))) == 41
    connection.close()
