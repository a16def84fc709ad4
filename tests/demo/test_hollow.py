"""Archives of any declared size, of which only the small members are real."""

from __future__ import annotations

import io
import zipfile
import zlib

from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.demo.storage.hollow import Hollow, crc_of_zeros, zip_of_length


def archive_of(length: int) -> Hollow:
    infos = [zipfile.ZipInfo("a.csv"), zipfile.ZipInfo("b.png")]
    infos[0].compress_type = zipfile.ZIP_DEFLATED
    return zip_of_length(infos, [b"1,2\n" * 50, bytes(range(256))], filler="c.raw", length=length)


def read(hollow: Hollow, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join(hollow.chunks(start, hollow.length if stop is None else stop))


@given(st.integers(0, 300_000))
def test_the_checksum_of_zeros_is_zlibs(count: int) -> None:
    assert crc_of_zeros(count) == zlib.crc32(bytes(count))


@given(st.integers(1_000, 700_000))
def test_an_archive_has_exactly_the_declared_length_and_no_bad_member(length: int) -> None:
    content = read(archive_of(length))
    assert len(content) == length
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    assert archive.read("b.png") == bytes(range(256))
    assert set(archive.read("c.raw")) <= {0}


def test_an_archive_longer_than_declared_holds_its_members_alone() -> None:
    content = read(archive_of(100))
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["a.csv", "b.png"]


@given(st.integers(4_000_000_000, 90_000_000_000))
def test_beyond_four_gigabytes_the_length_is_exact_too(length: int) -> None:
    hollow = archive_of(length)
    assert hollow.length == length
    directory = zipfile.ZipFile(io.BytesIO(read(hollow, length - 4096)))
    filler = directory.getinfo("c.raw")
    assert 0 < length - filler.file_size < 1_000
    assert crc_of_zeros(filler.file_size) == filler.CRC


@given(st.binary(max_size=20), st.integers(0, 40), st.binary(max_size=20), st.data())
def test_any_part_is_that_part_of_the_whole(
    head: bytes, hole: int, tail: bytes, data: st.DataObject
) -> None:
    hollow, whole = Hollow(head, hole, tail), head + bytes(hole) + tail
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))
    assert hollow.length == len(whole)
    assert read(hollow, start, stop) == whole[start:stop]
    assert read(hollow.shortened(stop)) == whole[:stop]
