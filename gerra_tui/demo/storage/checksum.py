"""CRC-32 of files that are not there: in the time of the logarithm of their length.

A zero byte is a linear map of the 32-bit register, so that maps can be squared, as zlib's
crc32_combine does.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.sparse import Repeated, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.demo.storage.sparse import Sparse

_ALL_ONES = 0xFFFF_FFFF
_CHUNK = 1 << 20
_Tables = tuple[tuple[int, ...], ...]  # four, one for each byte of the register


def crc_of(content: Sparse) -> int:
    """CRC-32 as zip has it. Parts that are made one by one are read."""
    crc = 0
    for part in content.parts:
        if isinstance(part, Run):
            crc = _joined(crc, _crc_of_run(part.block, part.times), part.length)
        elif isinstance(part, Repeated):
            once = crc_of(part.parts)
            crc = _joined(crc, _over_and_over(once, part.size, part.times), part.length)
        else:
            for start in range(0, part.length, _CHUNK):
                crc = zlib.crc32(part.read(start, min(part.length, start + _CHUNK)), crc)
    return crc


@lru_cache(4_096)
def _crc_of_run(block: bytes, times: int) -> int:
    if block == b"\0":
        return _after_zeros(_ALL_ONES, times) ^ _ALL_ONES
    return _over_and_over(zlib.crc32(block), len(block), times)


def _over_and_over(step: int, length: int, times: int) -> int:
    """Of a content with this CRC and length, so many times."""
    crc = 0
    while times:
        if times & 1:
            crc = _joined(crc, step, length)
        times >>= 1
        if times:
            step, length = _joined(step, step, length), 2 * length
    return crc


def _joined(first: int, second: int, length: int) -> int:
    """The CRC of two contents together, the second of so many bytes."""
    return _after_zeros(first, length) ^ second


def _after_zeros(register: int, count: int) -> int:
    power = 0
    while count:
        if count & 1:
            register = _mapped(_zeros(power), register)
        count >>= 1
        power += 1
    return register


@lru_cache(64)
def _zeros(power: int) -> _Tables:
    """What 2 to the power of so many zero bytes make of each byte of the register."""
    if power == 0:
        columns = [zlib.crc32(b"\0", (1 << bit) ^ _ALL_ONES) ^ _ALL_ONES for bit in range(32)]
    else:
        half = _zeros(power - 1)
        columns = [_mapped(half, _mapped(half, 1 << bit)) for bit in range(32)]
    return tuple(_table(columns[start : start + 8]) for start in range(0, 32, 8))


def _table(columns: Sequence[int]) -> tuple[int, ...]:
    """The sums of some columns, by which bits of a byte are set."""
    sums = [0] * 256
    for value in range(1, 256):
        lowest = value & -value
        sums[value] = sums[value ^ lowest] ^ columns[lowest.bit_length() - 1]
    return tuple(sums)


def _mapped(tables: _Tables, register: int) -> int:
    first, second, third, fourth = tables
    return (
        first[register & 255]
        ^ second[register >> 8 & 255]
        ^ third[register >> 16 & 255]
        ^ fourth[register >> 24]
    )
