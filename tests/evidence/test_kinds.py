"""What a file is told to be, by its bytes and never by its name."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from gerra_tui.evidence.kinds import kind_of
from gerra_tui.evidence.window import Budget, opened
from tests.evidence.memory import MemorySource, window_on

if TYPE_CHECKING:
    from pathlib import Path

BIG = bytes(200_000)


def zipped(*, comment: bytes = b"", large: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")
        archive.writestr("large", bytes(large))
        archive.comment = comment
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = 3
        archive.addfile(member, io.BytesIO(b"abc"))
    return file.getvalue()


CASES: list[tuple[bytes, str]] = [
        (b"", "empty"),
        (zipped(), "zip"),
        (zipped(comment=b"made by hand"), "zip"),
        (zipped(large=300_000), "zip"),
        (b"#!/bin/sh\n" + zipped(), "zip"),
        (zipped()[:60], "zip"),
        (zipped() + b"junk", "zip"),
        (tarred(), "tar"),
        (gzip.compress(tarred()), "gzip"),
        (b"\x00\x00\x00\x18ftypisom" + BIG, "mp4"),
        (b"\x00\x00\x00\x01mdat" + BIG, "mp4"),
        (b"\x89MCAP0\r\n" + BIG, "mcap"),
        (BIG + b"\x89MCAP0\r\n", "mcap"),
        (b"PAR1" + BIG, "parquet"),
        (BIG + b"PAR1", "parquet"),
        (b"#ROSBAG V2.0\n" + BIG, "bag"),
        (b"\x89HDF\r\n\x1a\n" + BIG, "hdf5"),
        (bytes(2048) + b"\x89HDF\r\n\x1a\n" + BIG, "hdf5"),
        (b"\x93NUMPY\x01\x00", "npy"),
        (b"\x89PNG\r\n\x1a\n" + BIG, "image"),
        (b"\xff\xd8\xff\xe0" + BIG, "image"),
        (b"GIF89a" + BIG, "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + BIG, "image"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36" + BIG, "image"),
        (b"II*\x00\x08" + BIG, "image"),
        (b"SQLite format 3\x00" + BIG, "db3"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"\x28\xb5\x2f\xfd\x00", "zstd"),
        (b"\x1aE\xdf\xa3\x01", "mkv"),
        (b"t,x,y\n0,1,2\n1,1,2\n", "csv"),
        (b"t;x\n0;1,5\n1;2,5\n", "csv"),
        (b"t\tx\n" + b"0.25\t17\n" * 40_000, "csv"),
        (b'{"a": 1}', "json"),
        (b'{\n  "a": [1,\n  2]\n}\n', "json"),
        (b"\xef\xbb\xbf[1, 2]", "json"),
        (b'{"a": 1', "json"),
        (b"[" + b"1, " * 60_000, "json"),
        (b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        (b'{"a": 1}\n', "jsonl"),
        (b'{"a": 1}\n' * 30_000, "jsonl"),
        (b"It was a dark, stormy night.\nNothing.\n", "text"),
        ("große Wörter\n".encode(), "text"),
        ("ab\n".encode("utf-16"), "text"),
        (b"[" * 100_000, "json"),
        (bytes(range(256)) * 10, "unknown"),
        (BIG, "unknown"),
        (b"\x00", "unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "kind"), CASES, ids=[f"{number}-{kind}" for number, (_, kind) in enumerate(CASES)]
)
async def test_a_file_is_what_its_bytes_say(data: bytes, kind: str) -> None:
    source = MemorySource(data)

    assert await kind_of(await opened(source)) == kind
    assert len(source.ranges) <= 2
    assert sum(stop - start for start, stop in source.ranges) <= 131_072


async def test_a_database_is_known_by_its_own_writer(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db3") as database:
        database.execute("create table messages (id integer)")
    database.close()

    assert await kind_of(await window_on((tmp_path / "a.db3").read_bytes())) == "db3"


async def test_a_zip_costs_one_request_to_know() -> None:
    source = MemorySource(zipped(large=300_000))

    assert await kind_of(await opened(source)) == "zip"
    assert len(source.ranges) == 1


async def test_a_budget_of_one_request_gives_a_guess_and_no_error() -> None:
    source = MemorySource(json.dumps(list(range(100_000))).encode())

    assert await kind_of(await opened(source, Budget(requests=1, bytes=65_536))) == "unknown"
