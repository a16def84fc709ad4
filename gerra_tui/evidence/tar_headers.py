"""The headers of a tar, one after the other: POSIX.1-2001 (ustar, pax) and GNU tar's additions.

The standard library's reader can be led in circles by sizes below zero (CVE-2025-8194), and wants
the whole file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

BLOCK: Final = 512
LONGEST: Final = 65_536  # bytes of a name or of pax records: Linux knows 4,096
MOST: Final = 1_000_000  # headers of one walk

_DIRECTORY: Final = b"5"
_SYMBOLIC: Final = b"2"
_SPARSE: Final = b"S"  # of GNU: a map of up to four holes, and more in blocks of their own
_WITHOUT_DATA: Final = b"123456"
_LONG_NAME: Final = b"L"
_LONG_LINK: Final = b"K"
_OF_THE_NEXT: Final = (b"x", b"X")  # pax, and Solaris before it
_OF_ALL: Final = b"g"


class Damaged(Exception):
    """What is wrong with a header, as a sentence without an end."""


@dataclass(frozen=True, slots=True)
class Header:
    """A member: `size` bytes when unpacked, `length` in the archive, from `data` on."""

    name: str
    size: int
    length: int
    place: int
    data: int
    is_dir: bool
    is_link: bool


async def headers(read: Callable[[int, int], Awaitable[bytes]]) -> AsyncIterator[Header]:
    """Every member up to the two empty blocks at the end.

    `read` gives the bytes from a place up to another one, fewer at the file's end; what it raises
    passes. Raises Damaged: a header that is none, or an end that does not come.
    """
    place = 0
    pending: dict[str, str] = {}
    for _ in range(MOST):
        block = await read(place, place + BLOCK)
        if block == bytes(BLOCK):
            return
        if len(block) < BLOCK:
            raise Damaged("cut off: no end mark")
        _check(block, place)
        kind, length = block[156:157], _number(block[124:136])
        data = place + BLOCK
        if kind in (_LONG_NAME, _LONG_LINK, *_OF_THE_NEXT, _OF_ALL):
            if length > LONGEST:
                raise Damaged(f"{length:,} bytes of names at {place:,}")
            payload = await read(data, data + length)
            if len(payload) < length:
                raise Damaged("cut off: no end mark")
            if kind == _LONG_NAME:
                pending["path"] = _text(payload)
            elif kind in _OF_THE_NEXT:
                pending |= _records(payload)
            place = data + _padded(length)
            continue
        if kind == _SPARSE:
            data = await _after_maps(read, block, data)
        header = _member(block, place, data, pending)
        yield header
        pending = {}
        place = header.data + _padded(header.length)
    raise Damaged(f"more than {MOST:,} headers")


async def _after_maps(
    read: Callable[[int, int], Awaitable[bytes]], block: bytes, place: int
) -> int:
    more = block[482:483]
    while more not in (b"", b"\0"):
        more = (await read(place, place + BLOCK))[504:505]
        place += BLOCK
    return place


def _member(block: bytes, place: int, data: int, pending: dict[str, str]) -> Header:
    kind = block[156:157]
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345] and kind != _SPARSE:
        name = f"{_text(block[345:500])}/{name}"
    name = pending.get("GNU.sparse.name") or pending.get("path") or name
    length = _decimal(pending.get("size")) or _number(block[124:136])
    if kind in _WITHOUT_DATA:
        length = 0
    size = _decimal(pending.get("GNU.sparse.realsize") or pending.get("GNU.sparse.size"))
    if kind == _SPARSE:
        size = _number(block[483:495])
    is_dir = kind == _DIRECTORY or (kind in (b"0", b"\0") and name.endswith("/"))
    return Header(
        name=f"{name.rstrip('/')}/" if is_dir else name,
        size=length if size is None else size,
        length=length,
        place=place,
        data=data,
        is_dir=is_dir,
        is_link=kind in (b"1", _SYMBOLIC),
    )


def _check(block: bytes, place: int) -> None:
    if not is_header(block):
        raise Damaged(f"no tar header at {place:,}")


def is_header(block: bytes) -> bool:
    """Whether a block has the checksum of a header: of bytes, or of signed ones as of old."""
    if len(block) < BLOCK:
        return False
    try:
        told = int(block[148:156].strip(b" \0") or b"0", 8)
    except ValueError:
        return False
    spaced = block[:148] + b" " * 8 + block[156:BLOCK]
    total = sum(spaced)
    high = sum(byte > 127 for byte in spaced)
    return told > len(b" " * 8) * 32 and told in (total, total - 256 * high)


def _number(field: bytes) -> int:
    """Octal digits, or of GNU a number in base 256. Raises Damaged: none, or one below zero."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big", signed=False) & ((1 << (8 * len(field) - 1)) - 1)
        if field[0] == 0xFF or value >= 1 << 62:
            raise Damaged("a member's size is no size")
        return value
    try:
        return int(field.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        raise Damaged("a member's size is no number") from None


def _decimal(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _records(payload: bytes) -> dict[str, str]:
    """pax: `LENGTH KEY=VALUE\\n`, the length being that of the whole record."""
    found = {}
    while payload:
        digits, space, _ = payload[:20].partition(b" ")
        length = _decimal(digits.decode("latin-1"))
        if not space or not length or length > len(payload):
            break
        key, _, value = payload[len(digits) + 1 : length].rstrip(b"\n").partition(b"=")
        found[_text(key)] = _text(value)
        payload = payload[length:]
    return found


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("utf-8", "replace")


def _padded(length: int) -> int:
    return -(-length // BLOCK) * BLOCK
