"""A journal taken away under a running console decides nothing, and what is held goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import Decision, DecisionState
from gerra_tui.journal import opening
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import ORIGIN
from tests.journal.samples import decision
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HELD, WAITING, SENDING = DecisionState.HELD, DecisionState.WAITING, DecisionState.SENDING


def removed(state: Path) -> None:
    shutil.rmtree(state)


def moved(state: Path) -> None:
    state.rename(state.with_name("elsewhere"))


def file_removed(state: Path) -> None:
    for one in state.glob("journal.db*"):
        one.unlink()


def restored(state: Path) -> None:
    shutil.rmtree(state)
    shutil.copytree(state.with_name("backup"), state)


def file_restored(state: Path) -> None:
    """The journal alone: SQLite's log beside it is of the one that was there."""
    shutil.copy(state.with_name("backup") / "journal.db", state / "new")
    (state / "new").rename(state / "journal.db")


def written_over(state: Path) -> None:
    shutil.copyfile(state.with_name("backup") / "journal.db", state / "journal.db")


def truncated(state: Path) -> None:
    os.truncate(state / "journal.db", 0)


def half_truncated(state: Path) -> None:
    os.truncate(state / "journal.db", 4096)


def log_removed(state: Path) -> None:
    (state / "journal.db-wal").unlink()


def log_truncated(state: Path) -> None:
    os.truncate(state / "journal.db-wal", 100)


def memory_removed(state: Path) -> None:
    (state / "journal.db-shm").unlink()


def another_program(state: Path) -> None:
    (state / "new").write_bytes(b"no journal at all\n" * 1000)
    (state / "new").rename(state / "journal.db")


FATES: dict[Callable[[Path], None], str] = {
    removed: "was removed or moved",
    moved: "was removed or moved",
    file_removed: "was removed or moved",
    restored: "was replaced by another file",
    file_restored: "was replaced by another file",
    truncated: "was truncated",
    half_truncated: "was truncated",
    log_removed: "was removed or moved",
    log_truncated: "was truncated",
    memory_removed: "was removed or moved",
    another_program: "was replaced by another file",
}
fates = pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.__name__)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


async def running(state: Path) -> SqliteJournal:
    """A console whose journal has a past, of which there is a copy, and a write-ahead log."""
    before = SqliteJournal(state / "journal.db", ORIGIN)
    await before.open()
    past = [decision(number, reason="x" * 300, state=HELD) for number in range(100, 120)]
    await before.add(past)
    moves = [(one, one.settled(DecisionState.DROPPED, at=NOON)) for one in past]
    await before.move_all(moves, from_states=frozenset({HELD}))
    await before.mark_audited([one.id for one in past])
    await before.close()
    shutil.copytree(state, state.with_name("backup"))
    journal = SqliteJournal(state / "journal.db", ORIGIN)
    await journal.open()
    return journal


async def listed(state: Path) -> list[Decision]:
    """What the next start finds."""
    journal = SqliteJournal(state / "journal.db", ORIGIN)
    await journal.open()
    there = await journal.open_decisions()
    await journal.close()
    return there


@fates
async def test_nothing_is_decided_and_what_is_held_is_there_at_the_next_start(
    state: Path, fate: Callable[[Path], None]
) -> None:
    journal = await running(state)
    held = [decision(number, state=HELD) for number in range(5)]
    await journal.add(held)
    fate(state)
    with pytest.raises(JournalUnwritable, match=FATES[fate]) as refused:
        await journal.add([decision(7, state=HELD)])
    assert "5 that are not settled were written" in str(refused.value)
    with pytest.raises(JournalUnwritable, match=FATES[fate]):
        await journal.add([decision(8, state=HELD)])
    assert [one.id for one in await journal.open_decisions()] == [one.id for one in held]
    await journal.close()
    assert [(one.id, one.state) for one in await listed(state)] == [(it.id, HELD) for it in held]


@fates
async def test_nothing_is_sent_and_what_became_of_the_rest_is_written(
    state: Path, fate: Callable[[Path], None]
) -> None:
    journal = await running(state)
    due, posted = decision(1), decision(2)
    await journal.add([due, posted])
    sending = posted.being_posted(at=NOON)
    assert await journal.move(posted, sending, from_states=frozenset({WAITING}))
    fate(state)
    with pytest.raises(JournalUnwritable, match=FATES[fate]):
        await journal.move(due, due.being_posted(at=NOON), from_states=frozenset({WAITING}))
    done = sending.settled(DecisionState.DONE, at=NOON, detail="accepted", http_status=200)
    assert await journal.move(sending, done, from_states=frozenset({SENDING}))
    await journal.close()
    assert [(one.id, one.state) for one in await listed(state)] == [(due.id, WAITING)]
    again = SqliteJournal(state / "journal.db", ORIGIN)
    await again.open()
    assert [replace(one, owner=None) for one in await again.of_dataset(done.dataset_id)] == [done]
    await again.close()


@fates
async def test_an_old_copy_does_not_bring_back_what_is_settled(
    state: Path, fate: Callable[[Path], None]
) -> None:
    journal = await running(state)
    one, other = decision(1), decision(2, state=HELD)
    await journal.add([one, other])
    shutil.rmtree(state.with_name("backup"))
    shutil.copytree(state, state.with_name("backup"))
    sending = one.being_posted(at=NOON)
    await journal.move(one, sending, from_states=frozenset({WAITING}))
    done = sending.settled(DecisionState.DONE, at=NOON)
    await journal.move(sending, done, from_states=frozenset({SENDING}))
    fate(state)
    with pytest.raises(JournalUnwritable):
        await journal.add([decision(3)])
    await journal.close()
    assert [(it.id, it.state) for it in await listed(state)] == [(other.id, HELD)]


@fates
async def test_what_is_held_is_kept_at_the_end_if_nothing_else_was_asked(
    state: Path, fate: Callable[[Path], None]
) -> None:
    journal = await running(state)
    held = decision(1, state=HELD)
    await journal.add([held])
    fate(state)
    await journal.close()
    assert [one.id for one in await listed(state)] == [held.id]


@fates
async def test_what_ended_consoles_left_goes_along(
    state: Path, fate: Callable[[Path], None]
) -> None:
    ended = SqliteJournal(state / "journal.db", ORIGIN)
    await ended.open()
    kept = decision(50, state=HELD)
    await ended.add([kept])
    await ended.close()
    journal = await running(state)
    fate(state)
    with pytest.raises(JournalUnwritable):
        await journal.add([decision(1)])
    await journal.close()
    if fate not in (truncated, half_truncated, another_program):
        assert kept.id in [one.id for one in await listed(state)]


async def test_two_consoles_bring_theirs_to_the_same_place(state: Path) -> None:
    first = await running(state)
    second = SqliteJournal(state / "journal.db", ORIGIN)
    await second.open()
    await first.add([decision(1, state=HELD)])
    await second.add([decision(2, state=HELD)])
    truncated(state)
    for journal in (first, second, first, second):
        with pytest.raises(JournalUnwritable, match=r"was truncated|was replaced"):
            await journal.add([decision(3)])
    assert len(await second.open_decisions()) == 2
    for journal in (first, second):
        await journal.close()
    assert [one.state for one in await listed(state)] == [HELD, HELD]


async def test_a_copy_written_over_the_open_file_is_found_out(state: Path) -> None:
    journal = await running(state)
    later = [decision(number, reason="y" * 300, state=HELD) for number in range(200, 260)]
    await journal.add(later)
    await journal.close()  # now these are in the file itself
    journal = SqliteJournal(state / "journal.db", ORIGIN)
    await journal.open()
    held = decision(1, state=HELD)
    await journal.add([held])
    size = (state / "journal.db").stat().st_size
    copy = (state.with_name("backup") / "journal.db").read_bytes()
    with (state / "journal.db").open("r+b") as file:
        file.write(copy.ljust(size, b"\0"))
    with pytest.raises(JournalUnwritable, match="was written over"):
        await journal.add([decision(2)])
    await journal.close()
    there = {one.id for one in await listed(state)}
    assert {held.id} <= there <= {held.id, *(one.id for one in later)}


async def test_where_nothing_can_be_written_that_is_said_and_tried_again(state: Path) -> None:
    journal = await running(state)
    held = decision(1, state=HELD)
    await journal.add([held])
    shutil.rmtree(state)
    state.touch()
    for _ in range(2):
        with pytest.raises(JournalUnwritable, match="cannot be written there"):
            await journal.add([decision(2)])
    state.unlink()
    with pytest.raises(JournalUnwritable, match="1 that are not settled were written"):
        await journal.add([decision(2)])
    await journal.close()
    assert [one.id for one in await listed(state)] == [held.id]


async def test_another_consoles_writing_is_nobodys_replacement(state: Path) -> None:
    journal = await running(state)
    other = SqliteJournal(state / "journal.db", ORIGIN)
    await other.open()
    for number in range(400):
        await (journal if number % 2 else other).add([decision(number)])
    await other.close()
    await journal.add([decision(1000)])
    await journal.close()
    assert len(await listed(state)) == 401


async def test_what_two_consoles_bring_on_of_an_ended_one_is_nobodys_replacement(
    state: Path,
) -> None:
    ended = SqliteJournal(state / "journal.db", ORIGIN)
    await ended.open()
    left = decision(50, state=HELD)
    await ended.add([left])
    await ended.close()
    journal = await running(state)
    other = SqliteJournal(state / "journal.db", ORIGIN)
    await other.open()
    kept = replace(left, state=DecisionState.KEPT)
    assert await journal.move(left, kept, from_states=frozenset({HELD}))
    await other.adopt([left.id])
    dropped = kept.settled(DecisionState.DROPPED, at=NOON)
    assert await other.move(kept, dropped, from_states=frozenset({DecisionState.KEPT}))
    with closing(sqlite3.connect(state / "journal.db")) as someone:
        someone.execute("PRAGMA wal_checkpoint(PASSIVE)")
    await journal.add([decision(1)])
    await journal.close()
    await other.close()


async def test_the_same_holds_without_a_log(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "file_system_of", lambda _: "nfs4")
    for fate in (removed, restored, truncated):
        shutil.rmtree(state, ignore_errors=True)
        shutil.rmtree(state.with_name("backup"), ignore_errors=True)
        journal = await running(state)
        held = decision(1, state=HELD)
        await journal.add([held])
        fate(state)
        with pytest.raises(JournalUnwritable, match=FATES[fate]):
            await journal.add([decision(2)])
        await journal.close()
        assert [one.id for one in await listed(state)] == [held.id]
