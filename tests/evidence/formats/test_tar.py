"""Tar, plain and packed: what is told of an archive without a directory. Made by `tarfile`."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gerra_tui.domain.evidence import Mark
from tests.evidence.looked import check, checks, looked, looked_further

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def tarred(
    members: Iterable[tuple[str, bytes]],
    *,
    form: int = tarfile.PAX_FORMAT,
    links: Iterable[tuple[str, str]] = (),
) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            if name.endswith("/"):
                member.type = tarfile.DIRTYPE
            archive.addfile(member, io.BytesIO(data))
        for name, target in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return file.getvalue()


FEW = [("data/", b""), ("data/one.bin", b"1" * 1_000), ("data/two.bin", b"2" * 2_000)]
LARGE = [*FEW, ("a.bin", bytes(300_000)), ("b.bin", bytes(200_000)), ("c.bin", b"x")]
LONG = "a/" * 90 + "name_that_goes_on_and_on_beyond_a_hundred_characters_of_the_old_header.parquet"


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
async def test_a_small_tar_tells_all_its_members(form: int) -> None:
    look = await looked(tarred(FEW, form=form))

    assert look.kind == "tar"
    assert (look.facts["members"], look.facts["unsafe"], look.facts["encrypted"]) == (3, 0, 0)
    assert [file["name"] for file in look.facts["files"]] == [name for name, _ in FEW]
    assert [file["size"] for file in look.facts["files"]] == [0, 1_000, 2_000]
    assert check(look, "archive").text == "3 members, none unsafe"


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
async def test_long_names_are_read_whole(form: int) -> None:
    look = await looked(tarred([(LONG, b"x"), ("größe.bin", b"y")], form=form))

    assert [file["name"] for file in look.facts["files"]] == [LONG, "größe.bin"]


async def test_a_large_tar_tells_what_its_first_64_kb_hold() -> None:
    data = tarred(LARGE)
    look = await looked(data)

    assert look.facts["members"] is None
    assert look.facts["listed"] == 4
    told = check(look, "members")
    assert (told.mark, told.scope) == (Mark.UNCHECKED, "first 64 kB only")
    assert told.text == "no directory: 4 members in the first 64 kB"
    (step,) = look.more
    assert (step.key, step.requests, step.bytes) == ("+", 1, len(data))


async def test_more_lists_the_whole_tar() -> None:
    data = tarred(LARGE)
    look = await looked_further(data)

    assert look.facts["members"] == 6
    assert check(look, "archive").mark is Mark.OK
    assert look.cost.bytes == len(data)


async def test_more_walks_a_tar_too_large_to_read_by_its_headers() -> None:
    data = tarred((f"{number}.bin", bytes(3_000_000)) for number in range(8))
    look = await looked_further(data)

    assert look.facts["members"] == 8
    assert look.cost.requests <= 12
    assert look.cost.bytes < 300_000


async def test_a_tar_that_is_cut_off_says_so() -> None:
    whole = tarred([*FEW, ("large.bin", b"x" * 300_000)])

    assert checks(await looked(whole[:200_000]), Mark.ODD) == {"archive": "cut off: no end mark"}
    assert checks(await looked(whole[:2_000]), Mark.ODD) == {"archive": "cut off: no end mark"}


async def test_unsafe_names_in_a_tar_are_odd() -> None:
    look = await looked(tarred([("../../etc/cron.d/x", b""), ("/etc/passwd", b"")]))

    assert look.facts["unsafe"] == 2
    assert "names" in checks(look, Mark.ODD)


async def test_links_are_counted() -> None:
    look = await looked(tarred(FEW, links=[("latest", "data/two.bin")]))

    assert (look.facts["members"], look.facts["links"]) == (4, 1)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
async def test_a_packed_tar_tells_its_first_members(pack: Callable[[bytes], bytes]) -> None:
    look = await looked(pack(tarred(FEW)))

    assert look.kind == "tar"
    assert look.facts["packed"] in ("gzip", "zstd")
    assert look.facts["listed"] == 3


async def test_a_large_packed_tar_is_unpacked_only_as_far_as_it_was_read() -> None:
    noise = random.Random(7).randbytes(400_000)
    data = gzip.compress(tarred([*FEW, ("noise.bin", noise), ("behind.bin", b"x")]), 1)
    look = await looked(data)

    assert look.facts["members"] is None
    assert look.facts["listed"] == 4
    assert check(look, "members").mark is Mark.UNCHECKED


async def test_a_bomb_is_not_unpacked_beyond_its_bound() -> None:
    look = await looked(gzip.compress(bytes(100_000_000), 1)[:200_000])

    assert look.kind == "gzip"
    assert checks(look, Mark.UNCHECKED)["content"] == "packed with gzip, and no tar in it"


async def test_damaged_packing_is_odd() -> None:
    look = await looked(b"\x1f\x8b\x08\x00" + b"\xff" * 500)

    assert checks(look, Mark.ODD)["archive"].startswith("cannot be unpacked")


async def test_a_size_below_zero_does_not_lead_in_circles() -> None:
    data = bytearray(tarred(FEW, form=tarfile.GNU_FORMAT))
    data[124:136] = (-512).to_bytes(12, "big", signed=True)
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])

    look = await looked(bytes(data))

    assert checks(look, Mark.ODD) == {"archive": "a member's size is no size"}


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
async def test_no_change_to_a_tar_stops_a_look(drawn: st.DataObject) -> None:
    data = bytearray(tarred([*FEW, (LONG, b"x")]))
    for _ in range(drawn.draw(st.integers(1, 4))):
        place = drawn.draw(st.integers(0, 4_000))
        data[place] = drawn.draw(st.integers(0, 255))
    for start in range(0, 4_096, 512):  # with checksums that fit again
        if drawn.draw(st.booleans()) and any(data[start : start + 512]):
            data[start + 148 : start + 156] = b" " * 8
            data[start + 148 : start + 156] = b"%06o\0 " % sum(data[start : start + 512])

    look = await looked(bytes(data))

    assert not [one for one in look.checks if "Error" in one.text]
