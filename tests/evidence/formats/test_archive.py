"""Zip: what its directory tells, and what is odd about it. Files are made by `zipfile`."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gerra_tui.domain.evidence import FILES, Mark, Step
from gerra_tui.evidence.first_look import Looking
from gerra_tui.evidence.members import Unreadable
from gerra_tui.evidence.window import Window, opened
from gerra_tui.evidence.zip_archive import open_zip
from tests.evidence.looked import check, checks, looked, looked_further
from tests.evidence.memory import MemorySource, window_on

if TYPE_CHECKING:
    from collections.abc import Iterable


def zipped(
    members: Iterable[tuple[str, bytes]],
    *,
    method: int = zipfile.ZIP_STORED,
    comment: bytes = b"",
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
        archive.comment = comment
    return file.getvalue()


FEW = [("a/one.bin", b"1" * 1_000), ("a/two.bin", b"2" * 2_000), ("three.bin", b"3" * 900)]


async def test_a_zip_tells_its_members_by_its_end_alone() -> None:
    data = zipped([("large.bin", bytes(500_000)), *FEW])
    source = MemorySource(data)
    look = await Looking(source).first()

    assert source.ranges[0] == (len(data) - 65_536, len(data))
    assert look.kind == "zip"
    assert look.facts["size"] == len(data)
    assert look.facts["members"] == 4
    assert (look.facts["unsafe"], look.facts["encrypted"]) == (0, 0)
    assert (look.facts["stored"], look.facts["deflated"]) == (4, 0)
    assert look.facts["files"][1] == {"name": "a/one.bin", "size": 1_000, "compressed": 1_000}
    assert check(look, "archive").text == "4 members, none unsafe"
    assert not checks(look, Mark.ODD)


async def test_packed_and_stored_members_are_told_apart() -> None:
    look = await looked(zipped(FEW, method=zipfile.ZIP_DEFLATED))

    assert (look.facts["stored"], look.facts["deflated"]) == (0, 3)
    assert look.facts["unpacked"] == 3_900


def named(number: int) -> str:
    return f"videos/chunk-000/observation.images.cam_high/episode_of_some_length_{number:06}.mp4"


async def test_ten_thousand_members_come_in_one_request_beyond_the_budget() -> None:
    data = zipped((named(number), b"") for number in range(10_000))
    source = MemorySource(data)
    look = await Looking(source).first()

    assert look.facts["members"] == 10_000
    assert check(look, "archive").mark is Mark.OK
    assert look.facts["directory_bytes"] > 1_000_000
    assert len(source.ranges) == look.cost.requests == 2
    assert look.cost.bytes <= 1_250_000


async def test_seventy_thousand_members_are_counted_and_asked_about() -> None:
    data = zipped((named(number), b"") for number in range(70_003))
    source = MemorySource(data)
    looking = Looking(source)
    look = await looking.first()

    assert (look.cost.requests, look.cost.bytes) == (1, 65_536)
    assert look.facts["members"] == 70_003
    assert look.facts["unsafe"] is None
    archive = check(look, "archive")
    assert archive.mark is Mark.UNCHECKED
    assert archive.declared == 70_003
    assert archive.measured > 400
    assert look.facts["files"][0]["name"].startswith("videos/chunk-000")
    missing = look.facts["directory_bytes"] - (65_536 - 98)
    assert look.more == (Step(key=FILES, words="list 70,003 members", requests=1, bytes=missing),)

    further = await looking.more()

    assert check(further, "archive").text == "70,003 members, none unsafe"
    assert (further.cost.requests, further.cost.bytes) == (2, 65_536 + missing)
    assert not further.more


@pytest.mark.parametrize(
    "name",
    ["../root", "a/../../b", "/etc/passwd", "C:/x", "a\\b", "a/\x1b[2J", "safe\u202efdp.exe"],
)
async def test_a_name_that_would_leave_the_directory_or_hide_is_odd(name: str) -> None:
    look = await looked(zipped([*FEW, (name, b"x")]))

    assert look.facts["unsafe"] == 1
    assert check(look, "names").mark is Mark.ODD
    assert "archive" not in checks(look, Mark.OK)


async def test_a_name_there_twice_is_odd() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([*FEW, FEW[0]])

    assert checks(await looked(data), Mark.ODD)["duplicates"] == (
        "1 name there more than once: a/one.bin"
    )


async def test_encrypted_members_are_counted() -> None:
    data = bytearray(zipped(FEW))
    for _ in range(2):  # flag bit 0 of the first two entries
        place = data.index(b"PK\x01\x02" + data[data.rindex(b"PK\x01\x02") + 4 :][:4])
        data[place + 8] |= 1
        data[place : place + 4] = b"pk\x01\x02"
    look = await looked(bytes(data).replace(b"pk\x01\x02", b"PK\x01\x02"))

    assert look.facts["encrypted"] == 2
    assert checks(look, Mark.ODD)["encrypted"] == "2 of 3 members encrypted"


async def test_what_stands_before_the_archive_is_odd() -> None:
    look = await looked(b"#" * 43 + zipped(FEW))

    assert checks(look, Mark.ODD) == {"archive": "43 bytes before the archive"}
    assert look.facts["members"] == 3


async def test_what_follows_the_archive_is_odd() -> None:
    assert checks(await looked(zipped(FEW) + b"junk"), Mark.ODD) == {
        "archive": "4 bytes after the archive's end"
    }


async def test_a_comment_is_no_junk() -> None:
    assert not checks(await looked(zipped(FEW, comment=b"made by hand")), Mark.ODD)


async def test_a_cut_off_archive_says_so() -> None:
    look = await looked(zipped([("large.bin", bytes(500_000)), *FEW])[:300_000])

    assert look.kind == "zip"
    assert look.facts["members"] is None
    assert checks(look, Mark.ODD) == {"archive": "cut off: no directory at its end"}


async def test_an_archive_of_nothing_is_odd() -> None:
    look = await looked(zipped([]))

    assert look.facts["members"] == 0
    assert checks(look, Mark.ODD) == {"archive": "no member in it"}


async def test_overlapping_members_are_odd() -> None:
    data = bytearray(zipped(FEW))
    first = data.index(b"PK\x01\x02")
    struct.pack_into("<2L", data, first + 20, 5_000, 5_000)
    look = await looked(bytes(data))

    assert "overlap" in checks(look, Mark.ODD)


async def test_an_end_that_promises_more_members_than_there_are_is_odd() -> None:
    data = bytearray(zipped(FEW))
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<2H", data, end + 8, 9, 9)

    assert checks(await looked(bytes(data)), Mark.ODD) == {
        "archive": "its end promises 9 members, the directory has 3"
    }


async def test_a_local_header_that_names_another_member_is_odd() -> None:
    data = zipped(FEW).replace(b"a/one.bin", b"a/two.exe", 1)

    assert "headers" in checks(await looked(data), Mark.ODD)


async def test_a_member_that_unpacks_to_thousands_of_times_its_size_is_odd() -> None:
    data = bytearray(zipped(FEW, method=zipfile.ZIP_DEFLATED))
    first = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, first + 24, 4_000_000_000)

    assert "unpacked" in checks(await looked(bytes(data)), Mark.ODD)


async def test_a_member_far_smaller_than_its_siblings_is_odd() -> None:
    videos = [(f"videos/episode_{number:06}.mp4", bytes(40_000)) for number in range(6)]
    look = await looked(zipped([*videos, ("videos/episode_000006.mp4", bytes(300))]))

    assert check(look, "siblings").text == "videos/episode_000006.mp4 300 B, median 40,000 B"
    assert not checks(await looked(zipped(videos)), Mark.ODD)


async def test_compression_that_cannot_be_read_is_said_not_to_be_checked() -> None:
    look = await looked(zipped(FEW, method=zipfile.ZIP_BZIP2))

    assert checks(look, Mark.UNCHECKED)["compression"] == "compression 12 cannot be read here"


async def test_names_of_the_dos_code_page_are_read() -> None:
    data = zipped(FEW).replace(b"three.bin", b"thr\x82e.bin")

    assert (await looked(data)).facts["files"][2]["name"] == "thrée.bin"


async def test_the_same_contents_have_the_same_fingerprint_whatever_the_names() -> None:
    one = await looked(zipped(FEW))
    renamed = await looked(zipped([(f"v2/{name}", data) for name, data in FEW]))
    other = await looked(zipped([*FEW[:2], ("three.bin", b"4" * 900)]))

    assert one.facts["fingerprint"] == renamed.facts["fingerprint"]
    assert one.facts["fingerprint"] != other.facts["fingerprint"]
    assert len(set(one.facts["sketch"]) & set(other.facts["sketch"])) == 2


async def test_the_file_that_an_archive_is_the_envelope_of_is_looked_at() -> None:
    table = "t,x\n" + "".join(f"{t},{t * t}\n" for t in range(200))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        look = await looked(zipped([("log.csv", table.encode())], method=method))

        assert look.kind == "zip"
        assert look.facts["inside"]["kind"] == "csv"
        assert list(look.facts["inside"]["columns"]) == ["t", "x"]


async def test_a_packed_file_beyond_the_budget_is_offered_at_its_price() -> None:
    noise = b"".join(
        struct.pack("<Q", number * 0x9E3779B97F4A7C15 % 2**64) for number in range(90_000)
    )
    data = zipped([("log.bin", noise)], method=zipfile.ZIP_DEFLATED)
    look = await looked(data)

    assert checks(look, Mark.UNCHECKED)["content"] == "deflated: readable from its start only"
    (step,) = look.more
    assert (step.key, step.words, step.requests) == ("+", "look at log.bin", 1)
    further = await looked_further(data)
    assert further.cost.bytes == 65_536 + step.bytes
    assert "inside" in further.facts


async def test_a_stored_member_is_read_without_its_header() -> None:
    data = zipped([("a.bin", bytes(300_000)), ("b.bin", bytes(range(256)) * 1_000)])
    source = MemorySource(data)
    archive = await open_zip(await opened(source))
    member = await archive.member("b.bin")

    assert isinstance(member, Window)
    assert member.size == 256_000
    assert await member.read(255_000, 256_000) == (bytes(range(256)) * 1_000)[255_000:]
    assert len(source.ranges) == 1


async def test_several_small_members_come_in_one_request() -> None:
    small = [(f"meta/{number}.json", b'{"a": %d}' % number) for number in range(5)]
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        source = MemorySource(zipped([*small, ("z.bin", bytes(range(256)) * 2_000)], method=method))
        archive = await open_zip(await opened(source))

        assert await archive.read([*(name for name, _ in small), "nothing"]) == dict(small)
        assert len(source.ranges) <= 2


async def test_a_member_that_cannot_be_unpacked_says_why() -> None:
    data = bytearray(zipped(FEW, method=zipfile.ZIP_DEFLATED))
    data[39] ^= 0xFF
    archive = await open_zip(await window_on(bytes(data)))
    with pytest.raises(Unreadable, match=r"damaged|another size"):
        await archive.member("a/one.bin")


async def test_streamed_members_are_found_by_their_headers() -> None:
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    file = Unseekable()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in FEW:
            archive.writestr(name, data)
    zipped_again = await open_zip(await window_on(file.getvalue()))
    member = await zipped_again.member("a/two.bin")

    assert isinstance(member, Window)
    assert await member.read(0, 2_000) == b"2" * 2_000
    assert not checks(await looked(file.getvalue()), Mark.ODD)


async def test_zip64_is_read_as_the_standard_library_reads_it() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, archive.open("a.bin", "w", force_zip64=True) as out:
        out.write(b"a" * 100)
    look = await looked(file.getvalue())

    assert look.facts["unpacked"] == 100
    assert not checks(look, Mark.ODD)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
async def test_no_change_to_a_zip_stops_a_look(drawn: st.DataObject) -> None:
    data = bytearray(zipped(FEW, method=drawn.draw(st.sampled_from([0, 8])), comment=b"c"))
    for _ in range(drawn.draw(st.integers(1, 8))):
        place = drawn.draw(st.integers(0, len(data) - 1))
        data[place] = drawn.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, 0x50]))
    if drawn.draw(st.booleans()):
        del data[drawn.draw(st.integers(0, len(data) - 1)) :]

    look = await looked(bytes(data))

    assert not [one for one in look.checks if "Error" in one.text]
