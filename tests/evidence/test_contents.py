"""What is in a file: its members, the beginning of one, and pictures, at a bounded price."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile

import pytest
from PIL import Image

from gerra_tui.demo.storage.containers import mp4
from gerra_tui.evidence.first_look import Looking
from gerra_tui.service.contents import SHEET, NotShown, spread
from tests.evidence.formats.videos import top, video
from tests.evidence.memory import MemorySource

COLOURS = ("red", "lime", "blue", "yellow", "cyan", "magenta", "white", "black")
TEXT = b"".join(b"%d,%d\n" % (row, row * row) for row in range(40_000))


def png(colour: str, size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def gif(*colours: str) -> bytes:
    file = io.BytesIO()
    first, *others = (Image.new("RGB", (40, 30), colour) for colour in colours)
    first.save(file, "GIF", save_all=True, append_images=others, duration=125)
    return file.getvalue()


def zipped(**members: bytes) -> bytes:
    """Tables deflated, all else stored; `__` in a name is a slash, its last `_` a dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for written, data in members.items():
            path = ".".join(written.replace("__", "/").rsplit("_", 1))
            packed = path.endswith((".csv", ".json"))
            method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            archive.writestr(path, data, method)
    return file.getvalue()


def tarred(**members: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(f"{name}.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


async def test_the_members_of_an_archive_are_told_with_their_sizes() -> None:
    contents = await Looking(MemorySource(zipped(a_csv=TEXT, meta__info_json=b"{}"))).contents()
    assert contents.whole
    assert [(one.name, one.size) for one in contents.entries] == [
        ("a.csv", len(TEXT)),
        ("meta/info.json", 2),
    ]
    assert contents.entries[0].compressed < len(TEXT)


async def test_the_beginning_of_a_member_costs_no_more_than_its_64_kb() -> None:
    filler = bytes(range(256)) * 4_000
    source = MemorySource(zipped(a_csv=TEXT, b_bin=filler, c_csv=b"x,y\n", d_bin=filler))
    contents = await Looking(source).contents()
    before = contents.cost.bytes
    peek = await contents.peek("a.csv")
    assert (peek.data, peek.whole) == (TEXT[:65_536], False)
    stored = await contents.peek("b.bin")
    assert (stored.data, stored.whole) == (filler[:65_536], False)
    short = await contents.peek("c.csv")
    assert (short.data, short.whole) == (b"x,y\n", True)
    assert contents.cost.bytes - before < 3 * 70_000


async def test_a_tar_is_listed_as_far_as_it_was_read() -> None:
    contents = await Looking(MemorySource(tarred(a=b"one", b=b"two"))).contents()
    assert [one.name for one in contents.entries] == ["a.txt", "b.txt"]
    assert (await contents.peek("b.txt")).data == b"two"
    cut = await Looking(MemorySource(tarred(a=bytes(200_000), b=b"x", c=bytes(200_000)))).contents()
    assert not cut.whole


async def test_a_file_that_is_no_archive_can_be_looked_into() -> None:
    contents = await Looking(MemorySource(TEXT)).contents()
    (entry,) = contents.entries
    assert entry.size == len(TEXT)
    peek = await contents.peek(entry.name)
    assert (peek.data, peek.whole) == (TEXT[:65_536], False)


async def test_a_sheet_of_a_video_fetches_six_keyframes_and_no_more() -> None:
    film = video(300, size=(320, 240))
    source = MemorySource(film)
    looking = Looking(source)
    await looking.first()
    before = len(source.ranges)
    album = await (await looking.contents()).album()
    assert "mpeg4 320x240" in album.title
    assert album.count > SHEET
    shots = await album.shots(spread(album.count), 40, 40)
    assert [(one.width, one.height, len(one.rgb)) for one in shots if one] == [
        (40, 30, 3_600)
    ] * SHEET
    assert album.label(0) == "0:00.0"
    assert re.fullmatch(r"0:09\.[0-9]", album.label(album.count - 1))
    fetched = source.ranges[before:]
    assert len(fetched) <= SHEET
    again = await album.shots(spread(album.count), 80, 60)
    assert len(again) == SHEET
    assert source.ranges[before:] == fetched


async def test_keyframes_of_megabytes_are_fetched_once() -> None:
    """As long as all of them are within what a look on a key may cost."""
    made = mp4.file(mp4.Video(1280, 720, 5.0, 60, "h264"), 60 * 2_000_000, index_first=True)
    source = MemorySource(b"".join(made.chunks(0, made.length)))
    album = await (await Looking(source).contents()).album()
    shots = await album.shots(range(6), 40, 30)
    assert None not in shots
    assert album.cost.requests <= 3 + 6
    assert album.cost.bytes < 6 * 2_000_000 + 400_000


async def test_a_video_within_an_archive_is_found_and_read_in_place() -> None:
    film = video(60)
    packed = zipped(
        data__a_csv=TEXT, videos__cam__episode_mp4=film, videos__cam__late_mp4=film, z_bin=TEXT * 9
    )
    contents = await Looking(MemorySource(packed)).contents()
    album = await contents.album()
    assert contents.videos == ["videos/cam/episode.mp4", "videos/cam/late.mp4"]
    assert album.title.startswith("videos/cam/episode.mp4")
    assert all(await album.shots([0, 1], 32, 24))


async def test_the_fullest_folder_of_pictures_is_the_album() -> None:
    frames = {f"frames__f{n}_png": png(colour) for n, colour in enumerate(COLOURS)}
    packed = zipped(pose_png=png("gray"), preview_gif=gif("red", "blue"), **frames)
    album = await (await Looking(MemorySource(packed)).contents()).album()
    assert album.title == "frames/  8 pictures"
    shots = await album.shots([0, 7], 8, 8)
    assert [one and one.rgb[:3] for one in shots] == [b"\xff\0\0", b"\0\0\0"]
    assert album.label(7) == "f7.png"


async def test_the_frames_of_a_gif_are_told_apart() -> None:
    contents = await Looking(MemorySource(gif("red", "blue", "lime"))).contents()
    album = await contents.album()
    assert album.count == 3
    shots = await album.shots([0, 1, 2], 4, 4)
    assert [one and one.rgb[:3] for one in shots] == [b"\xff\0\0", b"\0\0\xff", b"\0\xff\0"]
    assert album.label(2) == "frame 3/3"


async def test_one_picture_can_be_asked_for_by_its_name() -> None:
    packed = zipped(a_png=png("red"), b_png=png("blue"), c_csv=TEXT)
    contents = await Looking(MemorySource(packed)).contents()
    album = await contents.album("b.png")
    (shot,) = await album.shots([0], 4, 4)
    assert shot is not None
    assert shot.rgb[:3] == b"\0\0\xff"
    with pytest.raises(NotShown, match=r"csv: there are no pictures in it"):
        await contents.album("c.csv")


async def test_what_cannot_be_decoded_is_a_sentence() -> None:
    broken = zipped(a_png=png("red")[:60] + bytes(40), b_csv=TEXT)
    album = await (await Looking(MemorySource(broken)).contents()).album()
    with pytest.raises(NotShown):
        await album.shots([0], 4, 4)
    film = video(30, codec="libx264")
    start, stop = top(film, b"mdat")
    blank = film[: start + 8] + bytes(stop - start - 8) + film[stop:]
    album = await (await Looking(MemorySource(blank)).contents()).album()
    with pytest.raises(NotShown, match="its frames cannot be decoded"):
        await album.shots([0], 4, 4)
    with pytest.raises(NotShown, match="no video and no picture"):
        await (await Looking(MemorySource(zipped(b_csv=TEXT))).contents()).album()
    with pytest.raises(NotShown, match="no directory"):
        await Looking(MemorySource(b"PK\3\4" + bytes(500))).contents()


async def test_one_picture_that_fails_does_not_take_the_others_along() -> None:
    packed = zipped(f__a_png=png("red"), f__b_png=b"\x89PNG broken", f__c_png=png("blue"))
    album = await (await Looking(MemorySource(packed)).contents()).album()
    shots = await album.shots([0, 1, 2], 4, 4)
    assert [one is not None for one in shots] == [True, False, True]


def test_six_of_many_are_spread_from_the_first_to_the_last() -> None:
    assert spread(3) == [0, 1, 2]
    assert spread(0) == []
    assert spread(101) == [0, 20, 40, 60, 80, 100]
