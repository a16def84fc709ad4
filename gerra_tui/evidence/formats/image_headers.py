"""The headers of PNG, JPEG, GIF, WebP and BMP: size in pixels, frames, where the file ends.

Sources: PNG (Third Edition) 11.2.1 and 11.3.7; ITU-T T.81 annex B; GIF89a; RFC 9649 (WebP);
Microsoft's BITMAPINFOHEADER.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gerra_tui.evidence.formats.binary import Cursor, Damaged

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Width and height in pixels; `frames` is None where only the whole file tells.

    `length` is how long the file says it is, `ending` what its last bytes hold.
    """

    format: str
    width: int
    height: int
    frames: int | None = 1
    length: int | None = None
    ending: bytes = b""


def read(head: bytes) -> Header:
    """The header at a file's beginning. Raises Damaged where there is none."""
    if head.startswith(_PNG):
        return _png(head)
    if head.startswith(_JPEG):
        return _jpeg(head)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        place = Cursor(head, 6, order="<")
        width, height = place.u16(), place.u16()
        return Header(format="GIF", width=width, height=height, frames=None, ending=b"\x3b")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head[:2] == b"BM":
        return _bmp(head)
    raise Damaged("no header of one")


def frames(data: bytes) -> int:
    """The frames of a whole GIF or animated WebP. Raises Damaged."""
    return _gif_frames(data) if data[:3] == b"GIF" else _webp_frames(data)


def _png(head: bytes) -> Header:
    cursor = Cursor(head, len(_PNG))
    frames: int | None = 1
    size: tuple[int, int] | None = None
    while cursor.left >= 8:
        length, kind = cursor.u32(), cursor.take(4)
        if kind == b"IHDR":
            size = cursor.u32(), cursor.u32()
            length -= 8
        elif kind == b"acTL":  # stands before the first IDAT
            frames = cursor.u32()
            length -= 4
        elif kind in (b"IDAT", b"IEND"):
            break
        if length + 4 > cursor.left:
            break
        cursor.skip(length + 4)
    if size is None:
        raise Damaged("no IHDR chunk")
    width, height = size
    return Header(format="PNG", width=width, height=height, frames=frames, ending=b"IEND\xaeB`\x82")


def _jpeg(head: bytes) -> Header:
    cursor = Cursor(head, 2)
    while True:
        while cursor.u8() != 0xFF:
            pass
        while (marker := cursor.u8()) == 0xFF:
            pass
        # every SOF but DHT, JPG and DAC, which have numbers among them
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            cursor.skip(3)
            height, width = cursor.u16(), cursor.u16()
            return Header(format="JPEG", width=width, height=height, ending=b"\xff\xd9")
        if marker in (0xD9, 0xDA):
            raise Damaged("no frame header before its scan")
        if marker not in (0x00, 0x01) and not 0xD0 <= marker <= 0xD8:
            cursor.skip(max(cursor.u16() - 2, 0))


def _webp(head: bytes) -> Header:
    cursor = Cursor(head, 4, order="<")
    length = cursor.u32() + 8
    cursor.skip(4)
    kind = cursor.take(4)
    cursor.skip(4)
    frames: int | None = 1
    if kind == b"VP8X":
        flags = cursor.u8()
        cursor.skip(3)
        width, height = (1 + int.from_bytes(cursor.take(3), "little") for _ in range(2))
        frames = None if flags & 0x02 else 1
    elif kind == b"VP8L":
        cursor.skip(1)
        bits = cursor.u32()
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        cursor.skip(6)
        width, height = cursor.u16() & 0x3FFF, cursor.u16() & 0x3FFF
    else:
        raise Damaged("no picture in its first chunk")
    return Header(format="WEBP", width=width, height=height, frames=frames, length=length)


def _webp_frames(data: bytes) -> int:
    cursor = Cursor(data, 12, order="<")
    count = 0
    while cursor.left >= 8:
        kind, length = cursor.take(4), cursor.u32()
        count += kind == b"ANMF"
        cursor.skip(min(length + length % 2, cursor.left))
    return count


def _bmp(head: bytes) -> Header:
    cursor = Cursor(head, 2, order="<")
    length = cursor.u32()
    cursor.skip(8)
    if cursor.u32() == 12:
        width, height = cursor.u16(), cursor.u16()
    else:
        width, height = abs(cursor.i32()), abs(cursor.i32())
    return Header(format="BMP", width=width, height=height, length=length or None)


def _gif_frames(data: bytes) -> int:
    cursor = Cursor(data, 10)
    flags = cursor.u8()
    cursor.skip(2 + _color_table(flags))
    count = 0
    while cursor.left:
        block = cursor.u8()
        if block == 0x3B:
            return count
        if block == 0x2C:
            cursor.skip(8)
            cursor.skip(_color_table(cursor.u8()) + 1)
            count += 1
        elif block == 0x21:
            cursor.skip(1)
        else:
            raise Damaged(f"after {count:,} frames")
        while length := cursor.u8():
            cursor.skip(length)
    return count


def _color_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
