"""A zip's directory, as PKWARE's APPNOTE 6.3.10 describes it: where it is, and what stands in it.

The standard library's reader wants the whole directory and gives up at the first fault; here a part
of it is read, and faults are findings.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.members import Member

if TYPE_CHECKING:
    from collections.abc import Iterator

END: Final = b"PK\x05\x06"  # APPNOTE 4.3.16
END_64: Final = b"PK\x06\x06"  # 4.3.14
LOCATOR_64: Final = b"PK\x06\x07"  # 4.3.15
ENTRY: Final = b"PK\x01\x02"  # 4.3.12
LOCAL: Final = b"PK\x03\x04"  # 4.3.7

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_FULL_16: Final = 0xFFFF  # "see the zip64 field"
_FULL_32: Final = 0xFFFFFFFF
_ENCRYPTED: Final = 0x0001
_DESCRIPTOR: Final = 0x0008
_UTF_8: Final = 0x0800
_ZIP64: Final = 0x0001  # identities of extra fields
_UNICODE_PATH: Final = 0x7075
_SYMLINK: Final = 0o120000


@dataclass(frozen=True, slots=True)
class End:
    """What the end of a zip says of its directory. Places are bytes from the file's start.

    `before` is how much stands before the archive itself (a program that unpacks it, or junk),
    `after` how much follows its end, `disk` the number of the last of several parts. A `misplaced`
    directory was found elsewhere than by its size.
    """

    members: int
    start: int
    stop: int
    before: int
    after: int
    disk: int = 0
    misplaced: bool = False

    @property
    def size(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the directory: the member, and what only checks need of it."""

    member: Member
    raw_name: bytes
    descriptor: bool  # sizes follow the data, where its local header could not know them
    symlink: bool


def read_end(tail: bytes, size: int) -> End | None:
    """The end of a zip of `size` bytes whose last ones are `tail`; None where there is none."""
    place = _end_place(tail)
    if place is None:
        return None
    _, disk, first_disk, _, members, length, offset, comment = _END.unpack_from(tail, place)
    after = len(tail) - min(len(tail), place + 22 + comment)
    stop = place
    far = place - 20
    if far >= 0 and tail.startswith(LOCATOR_64, far):
        found = tail.rfind(END_64, 0, far)
        if 0 <= found <= far - _END_64.size:
            _, _, _, _, disk, first_disk, _, members, length, offset = _END_64.unpack_from(
                tail, found
            )
            stop = found
    stop += size - len(tail)
    start = max(0, stop - length)
    return End(members, start, stop, stop - length - offset, after, max(disk, first_disk))


def _end_place(tail: bytes) -> int | None:
    """The last end that reaches exactly to the file's; else the last that fits into it."""
    fallback = None
    place = len(tail)
    while (place := tail.rfind(END, 0, place)) >= 0:
        if place + _END.size > len(tail):
            continue
        (comment,) = struct.unpack_from("<H", tail, place + 20)
        if place + 22 + comment == len(tail):
            return place
        if fallback is None:
            fallback = place
    return fallback


def entries(directory: bytes, *, before: int = 0) -> Iterator[Entry]:
    """The entries from the start of `directory` to the first that does not fit."""
    place = 0
    while directory.startswith(ENTRY, place) and place + _ENTRY.size <= len(directory):
        fields = _ENTRY.unpack_from(directory, place)
        _, _, _, flags, method, _, _, crc, compressed, size = fields[:10]
        name_length, extra_length, comment_length, _, _, attributes, offset = fields[10:]
        name_at = place + _ENTRY.size
        extra_at = name_at + name_length
        place = extra_at + extra_length + comment_length
        if place > len(directory):
            return
        raw_name = directory[name_at:extra_at]
        extra = directory[extra_at : extra_at + extra_length]
        size, compressed, offset = _wide(extra, size, compressed, offset)
        unix = fields[1] >> 8 == 3  # version made by: its upper byte is the system
        name = _name(raw_name, extra, utf_8=bool(flags & _UTF_8))
        yield Entry(
            Member(
                name=name,
                size=size,
                compressed=compressed,
                method=method,
                offset=offset + before,
                crc=crc,
                encrypted=bool(flags & _ENCRYPTED),
                is_dir=name.endswith("/"),
            ),
            raw_name,
            bool(flags & _DESCRIPTOR),
            unix and (attributes >> 16) & 0o170000 == _SYMLINK,
        )


def last_entries(tail: bytes, *, before: int = 0) -> list[Entry]:
    """The entries of a directory's last bytes, from the first that reads on to the very end."""
    place = -1
    while (place := tail.find(ENTRY, place + 1)) >= 0:
        if _reaches_end(tail, place):
            return list(entries(tail[place:], before=before))
    return []


def _reaches_end(directory: bytes, place: int) -> bool:
    while directory.startswith(ENTRY, place) and place + _ENTRY.size <= len(directory):
        name, extra, comment = struct.unpack_from("<3H", directory, place + 28)
        place += _ENTRY.size + name + extra + comment
    return place == len(directory)


def _wide(extra: bytes, size: int, compressed: int, offset: int) -> tuple[int, int, int]:
    """The sizes and the place with what the zip64 field has of them (APPNOTE 4.5.3)."""
    values = [size, compressed, offset]
    field = _field(extra, _ZIP64)
    for index, value in enumerate(values):
        if value == _FULL_32 and len(field) >= 8:
            (values[index],) = struct.unpack_from("<Q", field)
            field = field[8:]
    return values[0], values[1], values[2]


def _field(extra: bytes, wanted: int) -> bytes:
    """The extra field of an identity (APPNOTE 4.5.1), empty where there is none."""
    place = 0
    while place + 4 <= len(extra):
        identity, length = struct.unpack_from("<2H", extra, place)
        if identity == wanted:
            return extra[place + 4 : place + 4 + length]
        place += 4 + length
    return b""


def _name(raw: bytes, extra: bytes, *, utf_8: bool) -> str:
    """UTF-8 where it says so, here or in a field of its own (APPNOTE 4.6.9), else the code page of
    DOS (appendix D)."""
    if utf_8:
        return raw.decode("utf-8", "replace")
    if raw.isascii():
        return raw.decode("ascii")
    field = _field(extra, _UNICODE_PATH)
    if field[:1] == b"\1" and field[1:5] == struct.pack("<L", zlib.crc32(raw)):
        return field[5:].decode("utf-8", "replace")
    return raw.decode("cp437")
