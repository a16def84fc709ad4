"""Rows read from the pages of a SQLite file without SQLite, which gives up where one is damaged.

Formats: sqlite.org/fileformat2.html (table leaf pages 1.6, records 2.1).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from gerra_tui.journal.frames import PAGE_SIZE, finished

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value = int | float | str | bytes | None

TABLE_LEAF: Final = 0x0D
MOST_LOCAL: Final = PAGE_SIZE - 35  # bytes of a row that fit its page
LEAST_LOCAL: Final = (PAGE_SIZE - 12) * 32 // 255 - 23
LONGEST_ROW: Final = 1 << 20  # bytes; a damaged length must not ask for more
_INTEGER_SIZES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def with_log(database: bytes, log: bytes) -> list[bytes]:
    """The pages of a database with the sound ones of its write-ahead log's transactions."""
    pages = [database[at : at + PAGE_SIZE] for at in range(0, len(database), PAGE_SIZE)]
    for number, page in finished(log):
        while len(pages) < number:
            pages.append(b"")
        pages[number - 1] = page
    return pages


def rows(pages: Sequence[bytes], *, errors: str = "strict") -> Iterator[tuple[int, list[Value]]]:
    """Row number and values of every row that can be read, of every table.

    `errors`: as `bytes.decode` has it, for texts that are no UTF-8.
    """
    for page in pages:
        if len(page) != PAGE_SIZE or page[0] != TABLE_LEAF:
            continue
        count = int.from_bytes(page[3:5], "big")
        for at in range(8, min(8 + 2 * count, PAGE_SIZE - 1), 2):
            try:
                number, payload = _row(pages, page, int.from_bytes(page[at : at + 2], "big"))
                yield number, _values(payload, errors)
            except (IndexError, ValueError, struct.error):
                continue


def _row(pages: Sequence[bytes], page: bytes, at: int) -> tuple[int, bytes]:
    size, at = _varint(page, at)
    number, at = _varint(page, at)
    if size > LONGEST_ROW:
        raise ValueError
    local = size
    if size > MOST_LOCAL:
        local = LEAST_LOCAL + (size - LEAST_LOCAL) % (PAGE_SIZE - 4)
        local = local if local <= MOST_LOCAL else LEAST_LOCAL
    payload = page[at : at + local]
    if size > local:
        payload += _overflow(pages, int.from_bytes(page[at + local : at + local + 4], "big"), size)
    return number, payload[:size]


def _overflow(pages: Sequence[bytes], number: int, size: int) -> bytes:
    content = b""
    while number and len(content) < size:
        page = pages[number - 1]
        number = int.from_bytes(page[:4], "big")
        content += page[4:]
    return content


def _values(payload: bytes, errors: str) -> list[Value]:
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        size = _INTEGER_SIZES.get(kind, 8 if kind == 7 else max(0, (kind - 12) // 2))
        data = payload[at : at + size]
        if len(data) != size:
            raise ValueError
        values.append(_value(kind, data, errors))
        at += size
    return values


def _value(kind: int, data: bytes, errors: str) -> Value:
    if kind in _INTEGER_SIZES:
        return int.from_bytes(data, "big", signed=True)
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    if kind in (8, 9):
        return kind - 8
    if kind < 12:
        return None
    return data.decode(errors=errors) if kind % 2 else data


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in 1 to 9 bytes, and where it ends."""
    value = 0
    for index in range(at, at + 8):
        value = value << 7 | data[index] & 0x7F
        if data[index] < 0x80:
            return value, index + 1
    return value << 8 | data[at + 8], at + 9
