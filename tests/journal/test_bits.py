"""A bit that flipped on the disk: what is lost is named, what can be read is kept."""

from __future__ import annotations

import asyncio
import functools
import itertools
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gerra_tui.domain.decision import Decision, DecisionState
from gerra_tui.journal.frames import FRAME, HEADER
from gerra_tui.journal.schema import MIGRATIONS
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import ORIGIN
from tests.journal.samples import decision
from tests.patience import PATIENCE

COUNT = 19
NUMBERS = itertools.count(100_000)
KILLED = """
import asyncio, os, pickle, signal, sys
from pathlib import Path
from tests.journal.test_bits import *

# The same lines thousands of times: counting them would take as long again.
pytestmark = pytest.mark.no_cover

async def main():
    journal = SqliteJournal(Path(sys.argv[1]), ORIGIN)
    await journal.open()
    made = [decision(number) for number in range(COUNT)]
    for one in made:
        await journal.add([one])
    os.write(1, pickle.dumps(made))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@dataclass(frozen=True)
class Left:
    """What a console that was killed left, and the decisions that it had made."""

    journal: bytes
    log: bytes
    decisions: tuple[Decision, ...]


@functools.cache
def left() -> Left:
    import pickle

    with TemporaryDirectory() as directory:
        path = Path(directory) / "journal.db"
        ended = subprocess.run(
            [sys.executable, "-c", KILLED, str(path)],
            stdout=subprocess.PIPE,
            check=False,
            timeout=PATIENCE,
        )
        assert ended.returncode == -signal.SIGKILL
        made = pickle.loads(ended.stdout)  # noqa: S301 - our own child's
        return Left(path.read_bytes(), (path.parent / "journal.db-wal").read_bytes(), tuple(made))


async def start(path: Path) -> tuple[list[Decision], tuple[str, ...]]:
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    there = [replace(one, owner=None) for one in await journal.open_decisions()]
    await journal.add([decision(next(NUMBERS))])
    await journal.close()
    return there, journal.remarks


def flipped(data: bytes, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def version(path: Path) -> int:
    """By the file's header: sqlite.org/fileformat2.html, 1.3."""
    return int.from_bytes(path.read_bytes()[60:64], "big")


def laid_out(directory: Path, journal: bytes, log: bytes) -> Path:
    path = directory / "state" / "journal.db"
    path.parent.mkdir()
    path.write_bytes(journal)
    path.with_name("journal.db-wal").write_bytes(log)
    return path


quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_without_damage_all_is_there(tmp_path: Path) -> None:
    path = laid_out(tmp_path, left().journal, left().log)
    assert asyncio.run(start(path)) == (list(left().decisions), ())


@quick
@given(share=st.floats(0, 1, exclude_max=True))
@example(share=0.0)
@example(share=0.8437894499131368)  # a frame's salts, which its checksum does not cover
def test_a_bit_flipped_in_the_log_loses_nothing_silently(
    tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    log, made = left().log, left().decisions
    path = laid_out(
        tmp_path_factory.mktemp("bits"), left().journal, flipped(log, int(share * len(log) * 8))
    )
    there, remarks = asyncio.run(start(path))
    assert all(one in made for one in there), "nothing is made up"
    assert len(there) >= COUNT - 1, "at most what the damaged page alone had"
    if len(there) < COUNT:
        (remark,) = remarks
        assert f"{COUNT - len(there)} could not be" in remark
    assert asyncio.run(start(path))[1] == ()


def test_what_was_lost_is_named(tmp_path: Path) -> None:
    """A letter of its name is another one: it is not to be trusted, and known all the same."""
    log, made = left().log, left().decisions
    name = log.rindex(b"Stack cups")
    path = laid_out(tmp_path, left().journal, flipped(log, name * 8))
    there, (remark,) = asyncio.run(start(path))
    assert there == list(made[:-1])
    assert f"1 could not be (as far as can be told: accept {made[-1].dataset_id[:8]}" in remark


@pytest.mark.parametrize("frame", range(3))
def test_the_end_of_the_last_decision_is_damaged(tmp_path: Path, frame: int) -> None:
    log = left().log
    path = laid_out(tmp_path, left().journal, flipped(log, (len(log) - 90 - frame * FRAME) * 8))
    there, (remark,) = asyncio.run(start(path))
    assert "The journal was damaged" in remark
    assert all(one in left().decisions for one in there)


@quick
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_bit_flipped_in_the_file_never_ends_a_start(
    tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    """SQLite has no checksums there: what still makes sense is taken for right."""
    path = tmp_path_factory.mktemp("bits") / "journal.db"
    path.write_bytes(left().journal)
    path.with_name("journal.db-wal").write_bytes(left().log)
    before, _ = asyncio.run(start(path))  # now all is in the file
    data = path.read_bytes()
    path.write_bytes(flipped(data, int(share * len(data) * 8)))
    if version(path) > len(MIGRATIONS):
        with pytest.raises(JournalUnwritable, match="another version"):
            asyncio.run(start(path))
        return
    there, remarks = asyncio.run(start(path))
    known = {one.dataset_id for one in before}
    added = [one for one in there if one.dataset_id not in known]
    assert remarks or (len(there), len(added)) == (COUNT + 1, 1)
    assert asyncio.run(start(path))[1] == ()


def test_a_log_without_its_file_is_not_thrown_away(tmp_path: Path) -> None:
    path = laid_out(tmp_path, b"", left().log)
    there, (remark,) = asyncio.run(start(path))
    assert all(one in left().decisions for one in there)
    assert len(there) == COUNT
    assert "The journal was damaged" in remark


def test_a_reader_says_what_it_cannot_read(tmp_path: Path) -> None:
    log = left().log
    path = laid_out(tmp_path, left().journal, flipped(log, (HEADER + 5 * FRAME + 900) * 8))

    async def read() -> None:
        journal = SqliteJournal(path, ORIGIN, read_only=True)
        await journal.open()

    with pytest.raises(JournalUnwritable, match="is damaged"):
        asyncio.run(read())
    os.truncate(path, 0)
    with pytest.raises(JournalUnwritable, match="is empty: it was truncated"):
        asyncio.run(read())


@pytest.mark.parametrize("frame", range(4))
def test_a_damaged_mark_of_sending_is_settled_by_reading(tmp_path: Path, frame: int) -> None:
    """Else what was posted would be sent as if nothing had been."""
    path = tmp_path / "first" / "journal.db"

    async def posted() -> SqliteJournal:
        journal = SqliteJournal(path, ORIGIN)
        await journal.open()
        one = decision(1)
        await journal.add([one])
        sending = one.being_posted(at=one.decided_at)
        await journal.move(one, sending, from_states=frozenset({DecisionState.WAITING}))
        return journal

    running = asyncio.run(posted())  # still open: the log is as a crash leaves it
    log = path.with_name("journal.db-wal").read_bytes()
    copy = laid_out(tmp_path, path.read_bytes(), flipped(log, (len(log) - 90 - frame * FRAME) * 8))
    (one,), remarks = asyncio.run(start(copy))
    assert one.posted
    assert one.state in (DecisionState.SENDING, DecisionState.UNKNOWN)
    assert len(remarks) == 1
    asyncio.run(running.close())
