"""A child that parses foreign bytes owns nothing, and whatever it does costs one sentence."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from gerra_tui.evidence.child import guest, host
from gerra_tui.evidence.child.host import Answer, ChildFailure, converse
from gerra_tui.evidence.window import Budget, StorageFailure, more
from tests.evidence.memory import window_on

pytestmark = pytest.mark.processes

GUEST = Path(guest.__file__)
# What a program within the child sees after the limits stand.
WITHIN = f"""
import sys
sys.path.append({str(GUEST.parents[3])!r})
from gerra_tui.evidence.child.confine import confine
from gerra_tui.evidence.child.guest import limit
order = sys.stdin.buffer.readline()
limit()
confined = confine()
def answer(text):
    data = text.encode()
    sys.stdout.buffer.write(b"J %d 0\\n" % len(data) + data)
    sys.stdout.flush()
"""


async def child(program: str, *, wall: float = 20, data: bytes = b"0123456789") -> Answer:
    """Run `program` as if it were the guest."""
    command = [sys.executable, "-I", "-c", WITHIN + program]
    return await converse(command, await window_on(data), {}, wall=wall)


async def failure(program: str, *, wall: float = 20) -> str:
    with pytest.raises(ChildFailure) as caught:
        await child(program, wall=wall)
    return str(caught.value)


async def test_a_child_that_loops_is_stopped_by_its_own_limit() -> None:
    words = await failure("while True: pass", wall=120)  # a busy machine gives it time slowly

    assert words == "the reader was stopped after 5 s of computing"


async def test_a_child_that_sleeps_is_stopped_by_the_clock() -> None:
    words = await failure("import time; time.sleep(60)", wall=1)

    assert words == "the reader was stopped after 1 s"


async def test_a_child_that_takes_memory_is_refused_it() -> None:
    program = """
try:
    data = bytearray(2_000_000_000)
except MemoryError:
    answer('{"problem": "the reader needed more than 1 GiB"}')
"""
    assert await failure(program) == "the reader needed more than 1 GiB"


async def test_a_child_that_crashes_is_one_sentence() -> None:
    words = await failure("import signal; signal.raise_signal(signal.SIGSEGV)")

    assert words == "the reader crashed (SIGSEGV)"


async def test_a_child_that_ends_at_once_is_one_sentence() -> None:
    assert await failure("raise SystemExit(0)") == "the reader ended without an answer"


@pytest.mark.parametrize(
    "program",
    [
        "while True: sys.stdout.buffer.write(b'x' * 65536)",
        "while True: sys.stdout.buffer.write(b'R 0 1\\n' * 1000)",
        "sys.stdout.buffer.write(b'J 999999999999 0\\n'); sys.stdout.flush()",
        "sys.stdout.buffer.write(b'J 2 999999999999\\n{}'); sys.stdout.flush()",
        "sys.stdout.buffer.write(b'R -1 5\\n'); sys.stdout.flush()",
        "sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush()",
        "answer('[1, 2]')",
        "answer('{' * 200_000)",
        "answer('no json')",
    ],
)
async def test_a_child_that_floods_or_speaks_nonsense_is_one_sentence(program: str) -> None:
    words = await failure(program, wall=5)

    assert words.startswith("the reader ")
    assert "\n" not in words


async def test_a_child_writes_no_file_and_opens_few() -> None:
    program = """
import json, os, resource, tempfile
try:
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("x" * 100)
    wrote = True
except OSError:
    wrote = False
answer(json.dumps({
    "wrote": wrote, "home": os.getcwd(), "environment": sorted(os.environ),
    "files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
    "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
    "open": len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 4,
}))
"""
    facts = (await child(program)).facts

    assert facts["wrote"] is False
    assert facts["home"] == "/"
    assert set(facts["environment"]) <= {"LC_CTYPE"}  # which Python itself sets
    assert (facts["files"], facts["core"], facts["memory"]) == (64, 0, 1 << 30)
    assert facts["open"] <= 4  # stdin, stdout, stderr, and the listing


async def test_a_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GERRA_API_KEY", "the key")
    program = "import os, json; answer(json.dumps({'e': str(dict(os.environ)), 'a': sys.argv}))"

    assert "the key" not in str((await child(program)).facts)


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"),
    reason="only Linux on these machines takes a filter of system calls",
)
async def test_a_child_reaches_no_network_no_program_and_no_other_process() -> None:
    program = """
import json, os, signal, socket, subprocess
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "done"
answer(json.dumps({
    "confined": confined,
    "socket": tried(socket.socket),
    "unix": tried(lambda: socket.socket(socket.AF_UNIX)),
    "program": tried(lambda: os.execv("/bin/true", ["true"])),
    "kill": tried(lambda: os.kill(os.getppid(), signal.SIGTERM)),
}))
"""
    assert (await child(program)).facts == {
        "confined": True,
        **dict.fromkeys(("socket", "unix", "program", "kill"), "PermissionError"),
    }


async def test_bytes_come_on_request_and_within_the_budget() -> None:
    program = """
import json
def ask(line):
    sys.stdout.buffer.write(line); sys.stdout.flush()
    head = sys.stdin.buffer.readline().split()
    return sys.stdin.buffer.read(int(head[1])).decode() if head[0] == b"D" else None
answer(json.dumps([ask(b"R 2 3\\n"), ask(b"R 8 100\\n"), ask(b"R 99 1\\n")]).join(('{"a":', "}")))
"""
    assert (await child(program)).facts == {"a": ["234", "89", ""]}

    data = bytes(200_000)
    window = await window_on(data, Budget(requests=1, bytes=70_000))
    command = [sys.executable, "-I", "-c", WITHIN + program.replace("R 2 3", "R 2 70000")]
    assert (await converse(command, window, {})).facts["a"][0] is None
    assert window.cost.requests == 1


async def test_storage_that_fails_meanwhile_is_told_as_storage() -> None:
    class Failing:
        async def read(self, start: int, stop: int) -> bytes:
            raise StorageFailure("the file changed while it was read; look again")

    program = "sys.stdout.buffer.write(b'R 0 1\\n'); sys.stdout.flush(); sys.stdin.read()"
    command = [sys.executable, "-I", "-c", WITHIN + program]
    with pytest.raises(StorageFailure, match="changed"):
        await converse(command, Failing(), {})  # type: ignore[arg-type]


async def test_a_look_that_is_cancelled_leaves_no_child() -> None:
    pids: list[int] = []
    asked = asyncio.Event()

    class Telling:
        async def read(self, start: int, stop: int) -> bytes:
            pids.append(start)
            asked.set()
            return b"x"

    program = """
import os, time
sys.stdout.buffer.write(b"R %d 1\\n" % os.getpid()); sys.stdout.flush(); time.sleep(60)
"""
    command = [sys.executable, "-I", "-c", WITHIN + program]
    task = asyncio.create_task(converse(command, Telling(), {}))  # type: ignore[arg-type]
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


async def test_a_reader_that_cannot_be_started_is_one_sentence() -> None:
    with pytest.raises(ChildFailure, match="could not be started"):
        await converse(["/no/such/python"], await window_on(b"x"), {})


async def test_a_library_that_is_not_there_is_asked_for_by_its_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(host.LIBRARIES, "tree", ("no_such_library", "data"))
    with pytest.raises(host.NotInstalled, match=r"^needs gerra-tui\[data\]$"):
        await host.run("tree", await window_on(b"x"))


@pytest.mark.parametrize(
    ("job", "needs"),
    [("columns", {}), ("tree", {"block": 4_096}), ("picture", {"width": 8, "height": 8}),
     ("picture", {"width": 10**9, "height": 10**9}),
     ("frames", {"codec": "h264", "configuration": "", "packets": [[0, 900]], "width": 9,
                 "height": 9})],
)  # fmt: skip
@pytest.mark.parametrize("data", [b"", bytes(1_000), bytes(range(256)) * 8, b"PAR1" * 300])
async def test_each_job_gives_a_sentence_for_whatever_bytes(
    job: str, needs: dict[str, Any], data: bytes
) -> None:
    with pytest.raises(ChildFailure) as caught:
        await host.run(job, await window_on(data, more()), needs)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_the_console_itself_loads_no_library_of_the_extras() -> None:
    import subprocess

    program = (
        "import sys\n"
        "from gerra_tui.evidence.formats import (bag, hdf5, image, keyframes, lerobot, mcap, mp4,"
        " npz, parquet, table)\n"
        "from gerra_tui.evidence.child import host\n"
        "print([name for name in ('PIL', 'numpy', 'av', 'pyarrow', 'h5py', 'mcap')"
        " if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert told.stdout.strip() == b"[]"
