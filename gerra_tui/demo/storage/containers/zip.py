"""Zip, as PKWARE's APPNOTE 6.3.10 has it: of exactly the length that is asked for."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.checksum import crc_of
from gerra_tui.demo.storage.member import lengths
from gerra_tui.demo.storage.sparse import Made, Sparse, zeros

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.demo.storage.member import Member

_FULL_32 = 0xFFFF_FFFF
_UTF_8, _ENCRYPTED = 0x0800, 0x0001
_STORED, _DEFLATED = 0, 8
_STAMP = (12 << 11, (2026 - 1980) << 9 | 5 << 5 | 4)  # MS-DOS time and date
_WIDE = struct.Struct("<2H3Q")  # the zip64 field: size, packed size, offset


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    content: Sparse
    size: int
    crc: int
    method: int
    flags: int

    def header(self) -> bytes:
        extra = _WIDE.pack(1, 24, self.size, self.content.length, 0)
        return b"PK\3\4" + self._common(45, len(extra)) + self.name + extra

    def listed(self, offset: int) -> bytes:
        extra = _WIDE.pack(1, 24, self.size, self.content.length, offset)
        head = b"PK\1\2" + struct.pack("<H", 3 << 8 | 45) + self._common(45, len(extra))
        attributes = 0o100644 << 16
        return head + struct.pack("<3H2L", 0, 0, 0, attributes, _FULL_32) + self.name + extra

    def _common(self, version: int, extra: int) -> bytes:
        return struct.pack(
            "<5H3L2H", version, self.flags, self.method, *_STAMP, self.crc, _FULL_32, _FULL_32,
            len(self.name), extra,
        )  # fmt: skip


def archive(members: Sequence[Member], length: int) -> Sparse:
    """Members with a share take what is left of the length; without any it is as it comes.

    All sizes and places stand in zip64 fields: so the headers are as long, whatever they say.
    """
    entries = [_packed(one) for one in members]
    overhead = len(_end(0, 0, 0))
    for one, entry in zip(members, entries, strict=True):
        name = len(one.name.encode())
        overhead += 30 + 46 + 2 * (name + _WIDE.size)
        if entry is not None:
            overhead += entry.content.length - (one.content.length if one.content else 0)
    parts: list[Sparse | bytes] = []
    directory, place = b"", 0
    for one, entry, size in zip(members, entries, lengths(members, length - overhead), strict=True):
        made = entry or _stored(one, one.made(size))
        directory += made.listed(place)
        parts += [made.header(), made.content]
        place += len(made.header()) + made.content.length
    return Sparse(*parts, directory, _end(len(members), len(directory), place))


def many(prefix: str, content: bytes, number: int, length: int) -> Sparse:
    """An archive of so many small files of one content, and one that takes what is left."""
    crc = zlib.crc32(content)
    name = f"{prefix}{{:08}}.png"
    small = _Entry(name.format(0).encode(), Sparse(content), len(content), crc, _STORED, _UTF_8)
    local = len(small.header()) + len(content)
    listed = len(small.listed(0))

    def entry(index: int) -> _Entry:
        return _Entry(name.format(index).encode(), small.content, len(content), crc, 0, _UTF_8)

    files = Made(local, number, lambda index: entry(index).header() + content)
    directory = Made(listed, number, lambda index: entry(index).listed(index * local))
    rest = b"rest.bin"
    overhead = files.length + directory.length + len(_end(0, 0, 0))
    overhead += 30 + 46 + 2 * (len(rest) + _WIDE.size)
    filler = zeros(max(0, length - overhead))
    last = _Entry(rest, filler, filler.length, crc_of(filler), _STORED, _UTF_8)
    start = files.length + len(last.header()) + filler.length
    ending = last.listed(files.length)
    return Sparse(files, last.header(), filler, directory, ending,
                  _end(number + 1, directory.length + len(ending), start))  # fmt: skip


def _packed(member: Member) -> _Entry | None:
    """An entry whose bytes are known already; None for one that takes what is left."""
    if member.content is None:
        return None
    if not member.packed:
        return _stored(member, member.content)
    plain = member.content.read(0, member.content.length)
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(plain) + deflate.flush()
    return _Entry(member.name.encode(), Sparse(packed), len(plain), zlib.crc32(plain), _DEFLATED,
                  _flags(member))  # fmt: skip


def _stored(member: Member, content: Sparse) -> _Entry:
    return _Entry(member.name.encode(), content, content.length, crc_of(content), _STORED,
                  _flags(member))  # fmt: skip


def _flags(member: Member) -> int:
    return _UTF_8 | (_ENCRYPTED if member.encrypted else 0)


def _end(members: int, size: int, start: int) -> bytes:
    wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 3 << 8 | 45, 45, 0, 0, members, members, size,
                       start)  # fmt: skip
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
    short = min(members, 0xFFFF)
    return (
        wide
        + locator
        + struct.pack(
            "<4s4H2LH", b"PK\5\6", 0, 0, short, short, min(size, _FULL_32), min(start, _FULL_32), 0
        )
    )
