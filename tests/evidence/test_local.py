"""A local file takes the same path, and is counted as if it were remote."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gerra_tui.evidence.local import FileSource
from gerra_tui.evidence.window import StorageFailure, opened

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_local_file_costs_what_a_remote_one_would(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(range(256)) * 1_000)
    window = await opened(FileSource(file))

    assert await window.read(10, 20) == bytes(range(10, 20))
    assert (window.size, window.cost.requests, window.cost.bytes) == (256_000, 2, 65_546)


async def test_an_empty_local_file_has_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert (await opened(FileSource(tmp_path / "file"))).size == 0


async def test_what_is_no_readable_file_has_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "directory").mkdir()
    for name, told in (
        ("nothing", "no such file or directory"),
        ("directory", "is a directory"),
        ("pipe", "it is no regular file"),
        ("null\0", "there is no such file"),
    ):
        with pytest.raises(StorageFailure, match=f"^the file cannot be read: {told}$"):
            await opened(FileSource(tmp_path / name))


async def test_a_local_file_that_changes_meanwhile_is_not_read_on(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(100_000))
    window = await opened(FileSource(file))
    file.write_bytes(bytes(90_000))

    with pytest.raises(StorageFailure, match="the file changed while it was read"):
        await window.read(0, 10)
