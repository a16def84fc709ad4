"""`gerra-tui evidence` as a program: what it sends where, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import zipfile
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.bodies import ID
from tests.api.bodies import dataset as body
from tests.api.wire import wire
from tests.evidence.range_server import RangeServer, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.api.wire import Connection

pytestmark = pytest.mark.processes

KEY = "key-that-storage-must-never-see"


async def program(home: Path, *words: str, base_url: str = "http://127.0.0.1:9") -> Any:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gerra_tui", "evidence", *words,
        env={
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "GERRA_BASE_URL": base_url,
            "GERRA_API_KEY": KEY,
            "HOME": str(home),
        },
        stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip


def zipped(file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../outside", bytes(100))
    return file


async def test_a_local_file_needs_no_key_and_no_service(tmp_path: Path) -> None:
    process = await program(tmp_path, "--file", str(zipped(tmp_path / "a.zip")), "--json")
    out, err = await process.communicate()

    look = json.loads(out)
    assert process.returncode == 1
    assert (look["dataset_id"], look["kind"], look["facts"]["unsafe"]) == (None, "zip", 1)
    assert b"Traceback" not in err


async def test_the_key_never_reaches_storage(tmp_path: Path) -> None:
    data = zipped(tmp_path / "a.zip").read_bytes()
    async with serving(RangeServer(data)) as storage:
        asked = list[bytes]()

        async def answer(connection: Connection) -> None:
            while True:
                asked.append(await connection.request())
                one = body(signed_url=storage.url, data_byte_size=len(data))
                await connection.answer(one)

        async with wire(answer) as service:
            process = await program(tmp_path, ID, "--json", base_url=service.base_url)
            out, err = await process.communicate()

    assert json.loads(out)["kind"] == "zip"
    assert KEY.encode() in b"".join(asked)
    assert KEY not in repr(storage.requests)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for place in (out, err, kept):
        assert KEY.encode() not in place
        assert b"X-Amz-Signature" not in place


async def test_storage_that_hangs_does_not_hold_a_signal_up(tmp_path: Path) -> None:
    async with serving(RangeServer(b"x" * 500_000, stall=True)) as storage:

        async def answer(connection: Connection) -> None:
            while True:
                await connection.request()
                await connection.answer(body(signed_url=storage.url))

        async with wire(answer) as service:
            process = await program(tmp_path, ID, base_url=service.base_url)
            while not storage.requests:  # noqa: ASYNC110 (another process's doing)
                await asyncio.sleep(0.01)
            process.send_signal(signal.SIGINT)
            async with asyncio.timeout(5):
                _, err = await process.communicate()

    assert process.returncode == 130
    assert b"Traceback" not in err
