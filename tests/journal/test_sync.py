"""What is said to be recorded is on the disk by then: told by the system calls, not by the code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.processes

SCRIPT = """
import asyncio, os, sys
from pathlib import Path
from gerra_tui.bootstrap import SystemClock
from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.journal import opening
from gerra_tui.journal.audit import FileAuditLog
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.decisions.decisions import Decisions
from tests.fakes import ORIGIN, FakeService

def mark(what):
    os.write(1, f"MARK {what}\\n".encode())

class Service(FakeService):
    async def accept(self, dataset_id, **options):
        mark("post")
        return await super().accept(dataset_id, **options)

async def main():
    state, kind = Path(sys.argv[1]), sys.argv[2]
    opening.file_system_of = lambda _: kind
    service = Service()
    journal = SqliteJournal(state / "journal.db", ORIGIN)
    decisions = Decisions(
        journal=journal, audit=FileAuditLog(state / "audit.jsonl"), api=service,
        clock=SystemClock(), origin=ORIGIN, hold=0.05,
    )
    done = asyncio.Semaphore(0)
    def listen(decision):
        mark(f"shown {decision.state}")
        if decision.state is DecisionState.DONE:
            done.release()
    decisions.subscribe(listen)
    await decisions.start()
    run = asyncio.create_task(decisions.run())
    for number in range(3):
        await decisions.decide(Verdict.ACCEPT, [service.target(number)])
        mark("said decided")
        await done.acquire()
        while await journal.unaudited():
            await asyncio.sleep(0.01)
    run.cancel()
    await decisions.close()

asyncio.run(main())
"""
CALL = re.compile(
    r"\d+ +(pwrite64|write|fsync|fdatasync|unlink|ftruncate)"
    r'\((?:(\d+)<([^>]*)>|"([^"]*)")(.*)= (-?\d+)'
)


class Call(NamedTuple):
    name: str
    path: str
    rest: str


def traced(state: Path, log: Path, kind: str) -> list[Call]:
    """The calls on files of the state directory, and the marks, in the order of their ends."""
    subprocess.run(
        ["strace", "-f", "-y", "-s", "80", "-o", str(log), "-e",  # noqa: S607 - found on the PATH
         "trace=pwrite64,write,fsync,fdatasync,unlink,ftruncate",
         sys.executable, "-c", SCRIPT, str(state), kind],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    calls = []
    unfinished: dict[str, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        whole = line
        pid = line.split(maxsplit=1)[0]
        if line.endswith("<unfinished ...>"):
            unfinished[pid] = line.removesuffix("<unfinished ...>")
            continue
        if " resumed>" in line:
            whole = unfinished.pop(pid, "") + line.split(" resumed>", 1)[1]
        if (match := CALL.match(whole)) and int(match[6]) >= 0:
            calls.append(Call(match[1], match[3] or match[4], match[5]))
    return [one for one in calls if "MARK" in one.rest or str(state) in one.path]


needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed (apt install strace)"
)


@needs_strace
@pytest.mark.parametrize("kind", ["ext4", "nfs4"])
def test_nothing_is_shown_or_posted_before_it_is_synced(tmp_path: Path, kind: str) -> None:
    state = tmp_path / "state"
    calls = traced(state, tmp_path / "strace.txt", kind)
    dirty: set[str] = set()
    marks: list[str] = []
    synced = 0
    for call in calls:
        name = call.path.rpartition("/")[2]
        if "MARK" in call.rest:
            said = call.rest.partition("MARK ")[2].partition("\\n")[0]
            assert not {one for one in dirty if one.startswith("journal.db")}, f"before {said}"
            if said in ("said decided", "shown waiting", "post", "shown done"):
                assert synced, f"nothing was synced before {said}"
                synced = 0
            marks.append(said)
        elif call.name in ("fsync", "fdatasync"):
            synced += name in dirty and name.startswith("journal.db")
            dirty.discard(name)
        elif call.name == "unlink":  # the end of a transaction in DELETE mode
            dirty.discard(name)
        elif name.startswith(("journal.db", "audit.jsonl")) and not name.endswith(("lock", "shm")):
            if name == "journal.db-journal" and call.name == "ftruncate":
                continue
            dirty.add(name)
    steps = ["shown held", "said decided", "shown waiting", "shown sending", "post", "shown done"]
    assert marks == steps * 3
    assert "audit.jsonl" not in dirty


@needs_strace
def test_new_files_are_in_their_synced_directory(tmp_path: Path) -> None:
    state = tmp_path / "xdg" / "state"
    calls = traced(state, tmp_path / "strace.txt", "ext4")
    synced = [one.path for one in calls if one.name == "fsync"]
    assert str(state) in synced
