"""A file of any length of which only both ends exist: its middle is zeros.

So an archive can have the size that its dataset declares, tens of gigabytes even, while it costs
no more than the small members that are really in it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 256 * 1024
_ALL_ONES = 0xFFFF_FFFF


class Hollow:
    """`head`, then `hole` zero bytes, then `tail`."""

    def __init__(self, head: bytes, hole: int = 0, tail: bytes = b"") -> None:
        self._head = head
        self._hole_end = len(head) + hole
        self._tail = tail
        self.length = self._hole_end + len(tail)

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from start to before stop, in pieces of at most 256 KiB."""
        while start < stop:
            end = min(stop, start + _CHUNK)
            yield self._piece(start, end)
            start = end

    def shortened(self, length: int) -> Hollow:
        """The first bytes alone, as an upload that broke off leaves them."""
        head = self._head[:length]
        hole = min(length, self._hole_end) - len(head)
        return Hollow(head, hole, self._tail[: max(0, length - self._hole_end)])

    def _piece(self, start: int, end: int) -> bytes:
        head_end, hole_end = len(self._head), self._hole_end
        zeros = min(end, hole_end) - max(start, head_end)
        return (
            self._head[start:end]
            + bytes(max(0, zeros))
            + self._tail[max(0, start - hole_end) : max(0, end - hole_end)]
        )


def zip_of_length(members: list[zipfile.ZipInfo], contents: list[bytes], *,
                  filler: str, length: int) -> Hollow:  # fmt: skip
    """A zip archive of exactly `length` bytes, by a stored member of zeros named `filler`.

    If the members alone need more than `length`, the archive is as long as they make it.
    """
    plain = _zip(members, contents, filler, 0)
    hole = length - plain.length
    if hole > zipfile.ZIP64_LIMIT:  # its headers are longer then
        hole = length - (_zip(members, contents, filler, hole).length - hole)
    if hole <= 0:
        return _zip(members, contents, None, 0)
    return _zip(members, contents, filler, hole)


def _zip(
    members: list[zipfile.ZipInfo], contents: list[bytes], filler: str | None, hole: int
) -> Hollow:
    file = _Gap()
    with zipfile.ZipFile(file, "w") as archive:
        for member, content in zip(members, contents, strict=True):
            archive.writestr(member, content)
        if filler is not None:
            info = zipfile.ZipInfo(filler, members[0].date_time)
            info.file_size = info.compress_size = hole
            info.CRC = crc_of_zeros(hole)
            info.header_offset = file.tell()
            file.write(info.FileHeader(zip64=hole > zipfile.ZIP64_LIMIT))
            file.skip(hole)
            # What ZipFile.writestr would note; it writes the directory from these at its end.
            archive.filelist.append(info)
            archive.NameToInfo[filler] = info
            archive.start_dir = file.tell()
    return file.hollow()


class _Gap(io.RawIOBase):
    """What ZipFile writes to: two buffers, with the hole between them."""

    def __init__(self) -> None:
        self._head = io.BytesIO()
        self._tail = io.BytesIO()
        self._hole = 0
        self._gap = False
        self._position = 0

    def skip(self, count: int) -> None:
        self._gap = True
        self._hole = count
        self._position += count

    def hollow(self) -> Hollow:
        return Hollow(self._head.getvalue(), self._hole, self._tail.getvalue())

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("only from the start")
        self._position = offset
        return offset

    def write(self, data: bytes) -> int:  # type: ignore[override] # ZipFile writes bytes only
        behind = self._position - self._head.getbuffer().nbytes - self._hole
        if self._gap and behind >= 0:
            self._tail.seek(behind)
            self._tail.write(data)
        else:
            self._head.seek(self._position)
            self._head.write(data)
        self._position += len(data)
        return len(data)


def crc_of_zeros(count: int) -> int:
    """CRC-32 of so many zero bytes, in the time of its logarithm.

    A zero byte is a linear map of the 32-bit register, so that maps can be squared, as zlib's
    crc32_combine does.
    """
    step = [zlib.crc32(b"\0", (1 << bit) ^ _ALL_ONES) ^ _ALL_ONES for bit in range(32)]
    register = _ALL_ONES
    while count:
        if count & 1:
            register = _mapped(step, register)
        step = [_mapped(step, column) for column in step]
        count >>= 1
    return register ^ _ALL_ONES


def _mapped(columns: list[int], register: int) -> int:
    result = 0
    for bit, column in enumerate(columns):
        if register >> bit & 1:
            result ^= column
    return result
