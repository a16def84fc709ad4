"""A decision that could not be synced was refused, and stays so after a crash."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gerra_tui.journal.sqlite import SqliteJournal
from tests.fakes import ORIGIN, id_of
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

SCRIPT = """
import asyncio, os, signal, sys
from pathlib import Path
from gerra_tui.journal import opening
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import ORIGIN
from tests.journal.samples import decision

async def main():
    opening.file_system_of = lambda _: sys.argv[2]
    journal = SqliteJournal(Path(sys.argv[1]), ORIGIN)
    await journal.open()
    for number in range(int(sys.argv[3])):
        try:
            await journal.add([decision(number)])
            print("decided", number, flush=True)
        except JournalUnwritable as problem:
            print("refused", number, problem, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def run(path: Path, kind: str, adds: int, *tracing: str) -> list[list[str]]:
    """What a console says of its decisions while the disk does as `tracing` says."""
    log = path.with_name("strace.txt")
    ended = subprocess.run(
        ["strace", "-f", "-o", str(log), "-e", "trace=fsync,fdatasync", *tracing,  # noqa: S607
         sys.executable, "-c", SCRIPT, str(path), kind, str(adds)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 4,
    )  # fmt: skip
    assert ended.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), ended.stderr
    return [line.split(maxsplit=2) for line in ended.stdout.splitlines()]


def last_sync(log: str) -> str:
    """The fault that hits it: strace counts by thread and by call."""
    calls = re.findall(r"^(\d+) +(f(?:data)?sync)\(", log, re.MULTILINE)
    return f"inject={calls[-1][1]}:error=EIO:when={calls.count(calls[-1])}"


async def listed(path: Path) -> tuple[set[str], tuple[str, ...]]:
    journal = SqliteJournal(path, ORIGIN)
    await journal.open()
    there = {one.dataset_id for one in await journal.open_decisions()}
    await journal.close()
    return there, journal.remarks


@pytest.mark.parametrize("kind", ["ext4", "nfs4"])
@pytest.mark.parametrize("until", ["", "+"], ids=["once", "from then on"])
def test_what_could_not_be_synced_is_not_decided_after_a_crash(
    tmp_path: Path, kind: str, until: str
) -> None:
    (tmp_path / "counted").mkdir()
    (tmp_path / "state").mkdir()
    assert run(tmp_path / "counted" / "journal.db", kind, 2) == [["decided", "0"], ["decided", "1"]]
    path = tmp_path / "state" / "journal.db"
    fault = last_sync((tmp_path / "counted" / "strace.txt").read_text()) + until
    said = run(path, kind, 3, "-e", fault)
    refused = {id_of(int(number)) for word, number, *_ in said if word == "refused"}
    decided = {id_of(int(number)) for word, number, *_ in said if word == "decided"}
    assert refused
    assert decided
    there, remarks = asyncio.run(listed(path))
    assert there == decided
    assert remarks == ()
