"""The audit log: a line for each end, once, whole, and kept for ever."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import Decision, DecisionState, Verdict
from gerra_tui.journal.audit import FileAuditLog, audit_files, audit_lines, recorded_ids
from gerra_tui.service.ports import JournalUnwritable
from tests.journal.samples import decision
from tests.patience import PATIENCE
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit.jsonl"


def ended(number: int) -> Decision:
    return replace(
        decision(number, state=DecisionState.SENDING, posted=True),
        state=DecisionState.DONE,
        settled_at=NOON,
        settled_detail="Dataset accepted",
        settled_http_status=200,
    )


async def test_a_line_has_every_key_of_the_contract(path: Path) -> None:
    log = FileAuditLog(path)
    one = replace(
        ended(1),
        verdict=Verdict.REJECT,
        reason="bidi \u202e and ESC \x1b[2J\nin a reason",
        query="type:episode",
        batch_id="b",
    )
    await log.record([one])
    await log.close()
    (line,) = audit_lines(path)
    record = json.loads(line)
    assert list(record) == [
        "v", "time", "decided_at", "user", "host", "profile", "base_url", "organization_id",
        "decision_id", "batch_id", "dataset_id", "version", "verdict", "reason", "query", "seconds",
        "via", "result", "http_status", "detail",
    ]  # fmt: skip
    assert record["reason"] == one.reason
    assert (record["v"], record["result"], record["via"]) == (1, "done", "console")
    assert record["time"] == record["decided_at"] == "2026-11-23T12:00:00.000Z"
    assert (record["seconds"], record["version"], record["http_status"]) == (4.25, 2, 200)
    assert record["user"]
    assert record["host"]
    assert b"\x1b" not in line
    assert "\u202e" not in line.decode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_line_that_is_there_is_not_written_again(path: Path) -> None:
    log = FileAuditLog(path)
    await log.record([ended(1)])
    first, second, third = ended(1), ended(2), ended(3)
    await log.record([first, second])
    await log.record_missing([first, second, third])
    await log.record_missing([first, second, third])
    await log.close()
    assert list(recorded_ids(path))[1:] == [first.id, second.id, third.id]


async def test_rotation_loses_nothing_and_keeps_the_order(path: Path) -> None:
    log = FileAuditLog(path, limit=3000)
    decisions = [ended(number) for number in range(100)]
    for one in decisions:
        await log.record([one])
    await log.record_missing(decisions)
    await log.close()
    files = audit_files(path)
    assert len(files) > 10
    assert files[-1] == path
    assert all(one.stat().st_size < 4000 for one in files)
    assert list(recorded_ids(path)) == [one.id for one in decisions]


async def test_a_file_that_is_rotated_while_it_is_read_is_read_once(path: Path) -> None:
    log = FileAuditLog(path, limit=3000)
    decisions = [ended(number) for number in range(20)]
    await log.record(decisions[:10])
    reading = audit_lines(path)
    ids = [json.loads(next(reading))["decision_id"]]
    await log.record(decisions[10:])
    assert len(audit_files(path)) == 2
    ids += [json.loads(line)["decision_id"] for line in reading]
    assert ids == [one.id for one in decisions[:10]]
    await log.close()


@pytest.mark.parametrize("torn", [b"{", b'{"v":1,"time":"2026', b'{"decision_id":"x"}', b"\0" * 9])
async def test_a_line_that_a_power_cut_left_unfinished_is_written_anew(
    path: Path, torn: bytes
) -> None:
    log = FileAuditLog(path)
    await log.record([ended(1)])
    with path.open("ab") as file:
        file.write(torn)
    assert len(list(audit_lines(path))) == 1
    await log.record_missing([replace(ended(2), id="x")])
    await log.close()
    lines = path.read_bytes().splitlines()
    assert [json.loads(line)["result"] for line in lines] == ["done", "done"]


async def test_an_unfinished_first_line_is_cut_off_too(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"{" * 3_000_000)
    log = FileAuditLog(path, limit=2**30)
    await log.record([ended(1)])
    await log.close()
    assert len(path.read_bytes().splitlines()) == 1


async def test_nothing_to_record_creates_nothing(path: Path) -> None:
    log = FileAuditLog(path)
    await log.record([])
    await log.close()
    assert list(audit_lines(path)) == []
    assert not path.parent.exists()


async def test_a_log_that_cannot_be_written_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    log = FileAuditLog(path)
    with pytest.raises(JournalUnwritable, match="cannot be written"):
        await log.record([ended(1)])
    await log.close()


WRITE = """
import asyncio, resource, sys
from pathlib import Path
from gerra_tui.journal.audit import FileAuditLog
from gerra_tui.service.ports import JournalUnwritable
from tests.journal.test_audit import ended

async def main():
    if int(sys.argv[3]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    log = FileAuditLog(Path(sys.argv[1]), limit=int(sys.argv[2]))
    for number in range(100):
        one = ended(number)
        try:
            await log.record([one])
        except JournalUnwritable as problem:
            print("!", problem, flush=True)
            return
        print(one.id, flush=True)

asyncio.run(main())
"""


def writer(path: Path, *, limit: int, room: int = 0) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITE, str(path), str(limit), str(room)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


@pytest.mark.processes
async def test_a_full_disk_leaves_whole_lines_only(path: Path) -> None:
    """The kernel takes half of a line and refuses the rest."""
    with writer(path, limit=2**30, room=5000) as child:
        said = child.communicate(timeout=PATIENCE)[0].splitlines()
    assert said[-1].startswith("! ")
    assert path.read_bytes().endswith(b"\n")
    assert list(recorded_ids(path)) == said[:-1]


async def test_a_line_that_could_not_be_synced_is_not_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = FileAuditLog(path)
    await log.record([ended(1)])
    before = path.read_bytes()

    def failing(_: int) -> None:
        raise OSError(errno.EIO, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(JournalUnwritable, match="I/O error"):
            await log.record([ended(2)])
    assert path.read_bytes() == before
    await log.record([ended(3)])
    await log.close()
    assert len(list(recorded_ids(path))) == 2


@pytest.mark.processes
def test_five_processes_write_and_rotate_at_once(path: Path) -> None:
    children = [writer(path, limit=20_000) for _ in range(5)]
    said = [child.communicate(timeout=PATIENCE)[0].split() for child in children]
    assert [len(ids) for ids in said] == [100] * 5
    there = list(recorded_ids(path))
    assert len(there) == 500
    for ids in said:
        assert [one for one in there if one in set(ids)] == ids
    assert len(audit_files(path)) > 5


async def test_a_user_without_a_name_is_told_by_number(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless() -> str:
        raise OSError("no entry in the user database")

    monkeypatch.setattr("getpass.getuser", nameless)
    log = FileAuditLog(path)
    await log.record([ended(1)])
    await log.close()
    assert json.loads(path.read_text())["user"] == str(os.getuid())


async def test_a_line_is_there_before_the_call_returns(path: Path) -> None:
    log = FileAuditLog(path)
    await asyncio.gather(*(log.record([ended(number)]) for number in range(20)))
    assert len(list(audit_lines(path))) == 20
    await log.close()
