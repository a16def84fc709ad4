"""Files of any length of which nothing is kept but how to make them."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.demo.storage.checksum import crc_of
from gerra_tui.demo.storage.sparse import Made, Repeated, Run, Sparse, zeros

blocks = st.binary(min_size=1, max_size=9)
simple = st.one_of(
    st.binary(max_size=20),
    st.builds(Run, blocks, st.integers(0, 40)),
    st.builds(lambda size, times: Made(size, times, lambda at: bytes((at % 251,)) * size),
              st.integers(1, 9), st.integers(0, 40)),
)  # fmt: skip
parts = st.one_of(
    simple,
    st.builds(lambda some, times: Repeated(Sparse(*some), times),
              st.lists(simple, max_size=4), st.integers(0, 9)),
)  # fmt: skip
files = st.builds(lambda some: Sparse(*some), st.lists(parts, max_size=6))


def read(file: Sparse) -> bytes:
    return b"".join(file.chunks(0, file.length))


@given(files, st.data())
def test_any_part_is_that_part_of_the_whole(file: Sparse, data: st.DataObject) -> None:
    whole = read(file)
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))
    assert file.length == len(whole)
    assert b"".join(file.chunks(start, stop)) == whole[start:stop]
    assert read(file.shortened(stop)) == whole[:stop]
    assert read(Sparse(b"<", file, b">")) == b"<" + whole + b">"


@given(files)
def test_the_checksum_is_zlibs(file: Sparse) -> None:
    assert crc_of(file) == zlib.crc32(read(file))


def test_the_checksum_of_gigabytes_takes_no_time() -> None:
    long = Sparse(b"head", zeros(40_000_000_000), Run(b"block", 10**9))
    assert crc_of(long) == crc_of(Sparse(b"head", zeros(20_000_000_000), zeros(20_000_000_000),
                                         Run(b"blockblock", 5 * 10**8)))  # fmt: skip
    alternating = Sparse(Repeated(Sparse(b"key", zeros(5_000_000)), 10_000))
    assert crc_of(alternating) == crc_of(Sparse(Repeated(Sparse(alternating), 1)))


def test_a_piece_of_gigabytes_is_what_stands_there() -> None:
    long = Sparse(zeros(30_000_000_000), Made(4, 10**9, lambda at: at.to_bytes(4, "big")))
    assert long.length == 34_000_000_000
    assert long.read(29_999_999_999, 30_000_000_009) == b"\0" + b"\0\0\0\0\0\0\0\1\0"
