"""Tar (POSIX.1-2001, ustar), as it is or packed: gzip (RFC 1952) and zstd (RFC 8878), which here
only store."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.checksum import crc_of
from gerra_tui.demo.storage.member import lengths
from gerra_tui.demo.storage.sparse import Made, Sparse, zeros

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gerra_tui.demo.storage.member import Member

_BLOCK = 512
_OCTAL = 8**11  # bytes of a member; above, GNU's number of base 256
_MOST_STORED = 65_535  # RFC 1951: bytes of a stored block
_MOST_RAW = 100_000  # below the window of 128 kB that the frame says
_WINDOW = b"\0\x38"  # RFC 8878, 3.1.1.1: no checksum, no size; 2 to the power of 17


def plain(members: Sequence[Member], length: int) -> Sparse:
    """Behind its end mark stand zeros, as tapes have them, up to the length."""
    room = length - len(members) * 2 * _BLOCK - 2 * _BLOCK
    parts: list[bytes | Sparse] = []
    for member, size in zip(members, lengths(members, room), strict=True):
        content = member.made(size)
        parts += [_header(member.name, content.length), content, bytes(-content.length % _BLOCK)]
    held = Sparse(*parts)
    return Sparse(held, zeros(max(2 * _BLOCK, length - held.length)))


def gzip(members: Sequence[Member], length: int) -> Sparse:
    held = plain(members, _held(length, 10 + 8, 5, _MOST_STORED))
    blocks = _blocks(held, _MOST_STORED, _stored)
    end = struct.pack("<2L", crc_of(held), held.length & 0xFFFF_FFFF)
    return Sparse(b"\x1f\x8b\x08\0\0\0\0\0\0\x03", blocks, end)


def zstd(members: Sequence[Member], length: int) -> Sparse:
    held = plain(members, _held(length, 4 + len(_WINDOW), 3, _MOST_RAW))
    return Sparse(b"\x28\xb5\x2f\xfd", _WINDOW, _blocks(held, _MOST_RAW, _raw))


def _held(length: int, around: int, head: int, most: int) -> int:
    """How many bytes of content blocks with heads leave of the length."""
    blocks = -(-(length - around) // (most + head))
    return length - around - blocks * head


def _blocks(held: Sparse, most: int, head: Callable[[int, bool], bytes]) -> Sparse:
    whole, rest = divmod(held.length, most)
    if not rest:
        whole, rest = whole - 1, most
    first = Made(
        len(head(most, False)) + most,
        whole,
        lambda number: head(most, False) + held.read(number * most, (number + 1) * most),
    )
    return Sparse(first, head(rest, True), held.beginning_at(whole * most))


def _stored(size: int, last: bool) -> bytes:
    return struct.pack("<B2H", last, size, size ^ 0xFFFF)


def _raw(size: int, last: bool) -> bytes:
    return (size << 3 | last).to_bytes(3, "little")


def _header(name: str, size: int) -> bytes:
    path = name.encode()
    folder = b""
    if len(path) > 100:
        cut = path.rindex(b"/", 0, 155)
        folder, path = path[:cut], path[cut + 1 :]
    number = b"%011o\0" % size if size < _OCTAL else b"\x80" + size.to_bytes(11, "big")
    header = struct.pack(
        "<100s8s8s8s12s12s8sc100s8s32s32s8s8s155s12x",
        path, b"0000644\0", b"0001750\0", b"0001750\0", number, b"%011o\0" % 1_775_000_000,
        b" " * 8, b"0", b"", b"ustar\00000", b"robot", b"robot", b"0000000\0", b"0000000\0", folder,
    )  # fmt: skip
    return header[:148] + b"%06o\0 " % sum(header) + header[156:]
