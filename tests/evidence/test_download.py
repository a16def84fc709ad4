"""A whole file on the disk: resumed, checked, private, and never in the place of another one."""

from __future__ import annotations

import asyncio
import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.evidence import download
from gerra_tui.evidence.download import FileDownload
from gerra_tui.evidence.part_file import PartFile, file_name
from gerra_tui.evidence.storage import Patience, Storage
from gerra_tui.service.downloads import NotFetched, scp_line
from tests.evidence.range_server import RangeServer, serving
from tests.headless.stage import dataset

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

DATA = random.Random(3).randbytes(3_000_000)


class Place:
    """A server, a directory, and downloads between them. `signed` counts fresh links."""

    def __init__(self, server: RangeServer, directory: Path, storage: Storage) -> None:
        self.server = server
        self.directory = directory
        self.storage = storage
        self.signed = 0

    async def sign(self) -> str:
        self.signed += 1
        return f"{self.server.url}&number={self.signed}"

    def download(self, **changes: Any) -> FileDownload:
        one = dataset(1, data_byte_size=len(DATA), link="s3://bucket/cups.zip", **changes)
        return FileDownload(self.storage, one, self.directory, sign=self.sign, pauses=(0.0, 0.01))

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.directory.iterdir())


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    storage = Storage(patience=Patience(silence=0.5))
    async with serving(RangeServer(DATA)) as server:
        yield Place(server, tmp_path / "downloads", storage)
    await storage.aclose()


async def test_a_file_arrives_whole_under_its_name(place: Place) -> None:
    one = place.download()
    path = await one.run()

    assert path == place.directory / "00000001_cups.zip"
    assert path.read_bytes() == DATA
    assert path.stat().st_mode & 0o777 == 0o600
    assert place.directory.stat().st_mode & 0o777 == 0o700
    assert place.names == ["00000001_cups.zip"]
    assert (one.received, one.size) == (len(DATA), len(DATA))
    assert (len(place.server.requests), place.signed) == (1, 1)


async def test_a_file_of_the_same_name_is_left_alone(place: Place) -> None:
    place.directory.mkdir()
    (place.directory / "00000001_cups.zip").write_text("mine")
    path = await place.download().run()

    assert path.name == "00000001_cups-2.zip"
    assert (place.directory / "00000001_cups.zip").read_text() == "mine"


async def test_a_connection_that_breaks_is_gone_on_from_where_it_broke(place: Place) -> None:
    place.server.cuts = [1_200_000, 700_000]
    path = await place.download().run()

    assert path.read_bytes() == DATA
    assert place.server.ranges == ["", "bytes=1200000-", "bytes=1900000-"]
    assert place.server.requests[1].headers["if-range"] == '"v1"'
    assert place.server.sent == len(DATA)


async def test_another_console_goes_on_where_the_last_one_ended(place: Place) -> None:
    one = place.download()
    place.server.cuts = [1_000_000] + [0] * 10
    with pytest.raises(NotFetched, match=r"storage broke off .*; 1,000,000 B are kept"):
        await one.run()
    assert place.names == ["00000001_cups.zip.part", "00000001_cups.zip.part.json"]

    place.server.cuts = []
    path = await place.download().run()
    assert path.read_bytes() == DATA
    assert place.server.ranges[-1] == "bytes=1000000-"


async def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(place: Place) -> None:
    place.server.cuts = [1_000_000] + [0] * 10
    with pytest.raises(NotFetched):
        await place.download().run()
    place.server.cuts = []
    place.server.data, place.server.etag = DATA[::-1], '"v2"'

    assert (await place.download().run()).read_bytes() == DATA[::-1]


async def test_a_weak_tag_is_no_reason_to_go_on(place: Place) -> None:
    place.server.etag = 'W/"v1"'
    place.server.cuts = [1_000_000]

    assert (await place.download().run()).read_bytes() == DATA
    assert place.server.ranges == ["", ""]


async def test_a_pause_keeps_what_has_come(place: Place) -> None:
    place.server.hang = 2_000_000
    one = place.download()
    running = asyncio.create_task(one.run())
    while one.received < 1_000_000:  # noqa: ASYNC110 (progress is looked at, as by the screen)
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    kept = (place.directory / "00000001_cups.zip.part").stat().st_size
    assert 1_000_000 <= kept == one.received < len(DATA)

    place.server.hang = None
    assert (await place.download().run()).read_bytes() == DATA
    assert place.server.ranges == ["", f"bytes={kept}-"]


async def test_a_link_that_expired_is_signed_anew(place: Place) -> None:
    place.server.cuts = [1_000_000]
    place.server.odd = lambda server, _start, _stop: (
        (403, {}, b"") if len(server.requests) > 1 and "number=1" in server.requests[-1].target
        else None
    )  # fmt: skip

    assert (await place.download().run()).read_bytes() == DATA
    assert place.signed == 2


async def test_a_link_near_its_end_is_signed_anew_before_it_is_used(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SIGNED_FOR", 0.0)
    place.server.cuts = [1_000_000]
    await place.download().run()

    assert place.signed == 2


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "refused (403) with a fresh link"),
        (404, "storage has no such file (404)"),
        (503, "storage is busy (503); look again later; 0 B are kept"),
    ],
)
async def test_a_file_that_is_refused_says_why(place: Place, status: int, told: str) -> None:
    place.server.odd = lambda _server, _start, _stop: (status, {}, b"")
    with pytest.raises(NotFetched) as refused:
        await place.download().run()

    assert str(refused.value) == told
    assert len(place.server.requests) <= download.TRIES
    assert place.names == []


async def test_a_full_disk_is_told_before_it_is_full(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100_000_007))
    with pytest.raises(NotFetched, match="3,000,000 B are missing, and the disk has 100,000,007 B"):
        await place.download().run()
    assert place.server.sent <= 400_000


async def test_a_disk_that_fails_while_writing_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_part: PartFile, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PartFile, "append", full)
    with pytest.raises(NotFetched, match="it cannot be written: no space left on device"):
        await place.download().run()


async def test_two_consoles_never_write_into_one_file(place: Place) -> None:
    first = PartFile(place.directory, "00000001_cups.zip")
    try:
        with pytest.raises(NotFetched, match="another console is fetching this file"):
            await place.download().run()
    finally:
        first.close()
    assert (await place.download().run()).read_bytes() == DATA


async def test_a_link_planted_in_the_directory_is_not_followed(
    place: Place, tmp_path: Path
) -> None:
    place.directory.mkdir()
    (tmp_path / "target").write_text("mine")
    (place.directory / "00000001_cups.zip.part").symlink_to(tmp_path / "target")
    with pytest.raises(NotFetched, match="it cannot be written"):
        await place.download().run()
    assert (tmp_path / "target").read_text() == "mine"


async def test_storage_that_sends_more_than_it_announced_is_not_believed(place: Place) -> None:
    def longer(server: RangeServer, _start: int | None, _stop: int) -> Any:
        return (
            200,
            {"Content-Length": "1000", "ETag": server.etag},
            server.data,
        )

    place.server.odd = longer
    path = await place.download().run()

    assert path.stat().st_size == 1_000


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("s3://bucket/a/b/cups.zip", "00000001_cups.zip"),
        ("s3://bucket/../../etc/passwd", "00000001_passwd"),
        ("https://host/x.mcap?X-Amz-Signature=SECRET", "00000001_x.mcap"),
        ("https://host/\x1b[2J\u202e größe .zip", "00000001_2J__gr__e_.zip"),
        ("https://host/" + "a" * 900 + ".tar", "00000001_" + "a" * 120 + ".tar"),
        ("https://host/.bashrc", "00000001_bashrc"),
        (None, "00000001_Stack_cups__batch_1"),
    ],
)
def test_a_file_is_named_so_that_it_can_do_no_harm(link: str | None, name: str) -> None:
    assert file_name(replace(dataset(1), link=link)) == name


def test_the_line_for_scp_can_be_pasted(tmp_path: Path) -> None:
    line = scp_line(tmp_path / "a file.zip")

    assert line.startswith("scp '")
    assert line.endswith("a file.zip' .")
