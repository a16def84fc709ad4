"""Parquet (parquet.apache.org/docs/file-format): a page a column and row group, not compressed."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.storage.sparse import Made, Run, Sparse, zeros

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INT64, FLOAT, DOUBLE, BYTES = 2, 4, 5, 6
_REQUIRED, _OPTIONAL, _REPEATED = 0, 1, 2
_PLAIN, _RLE, _DELTA, _DICTIONARY = 0, 3, 5, 8
_LIST = 3  # a converted type
_NEAR = 64
_WRITER = b"gerra-demo 1"
_FORMATS = {INT64: "q", FLOAT: "f", DOUBLE: "d"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one page. `values` are the encoded bytes; `low` and `high` its recorded range.

    With a `dictionary`, values are places in it. `elements`: of a list in each row, 0 for no list.
    """

    name: str
    type: int
    values: Sparse
    low: float | None = None
    high: float | None = None
    dictionary: bytes = b""
    elements: int = 0
    encoding: int = _PLAIN


def plain(name: str, type_: int, values: Sequence[float]) -> Column:
    """A column of numbers as they are."""
    packed = struct.pack(f"<{len(values)}{_FORMATS[type_]}", *values)
    known = [value for value in values if value == value]  # noqa: PLR0124 - all but NaN
    return Column(name, type_, Sparse(packed), min(known), max(known))


def texts(name: str, values: Iterable[str]) -> Column:
    encoded = [value.encode() for value in values]
    packed = b"".join(struct.pack("<L", len(one)) + one for one in encoded)
    return Column(name, BYTES, Sparse(packed))


def held(name: str, dictionary: Sequence[float], rows: int, elements: int, run: int) -> Column:
    """Lists of 32-bit numbers that keep each value of the dictionary for `run` places in turn."""
    total, size = rows * elements, len(dictionary)
    block = b"".join(bytes((run << 1, place)) for place in range(size))
    whole, rest = divmod(total, run * size)
    full, left = divmod(rest, run)
    ending = block[: 2 * full] + (bytes((left << 1, full)) if left else b"")
    values = Sparse(b"\x08", Run(block, whole), ending)
    packed = struct.pack(f"<{size}f", *dictionary)
    return Column(name, FLOAT, values, min(dictionary), max(dictionary), packed, elements)


def counted(name: str, rows: int) -> Column:
    """0, 1, 2, ... as differences (DELTA_BINARY_PACKED): five bytes for each 128 of them."""
    head = _varint(128) + _varint(4) + _varint(rows) + _zigzag(0)
    block = _zigzag(1) + bytes(4)
    values = Sparse(head, Run(block, -(-(rows - 1) // 128)))
    return Column(name, INT64, values, 0, rows - 1, encoding=_DELTA)


def repeated(name: str, runs: Sequence[tuple[int, int]]) -> Column:
    """Up to 256 different numbers, each (value, how often in a row)."""
    numbers = [value for value, _ in runs]
    places = (_varint(often << 1) + bytes((place,)) for place, (_, often) in enumerate(runs))
    values = Sparse(b"\x08" + b"".join(places))
    packed = struct.pack(f"<{len(runs)}q", *numbers)
    return Column(name, INT64, values, min(numbers), max(numbers), packed)


def file(groups: Sequence[tuple[int, Sequence[Column]]], length: int = 0) -> Sparse:
    """A file of (rows, columns) each group; what it lacks to the length is a gap before the pages.

    The further away the pages are, the longer the footer is: so it is approached, and what is left
    then are a few spaces after the writer's name.
    """
    gap, found = 0, _laid_out(groups, 0)
    while found.length < length - _NEAR:
        gap += length - _NEAR // 2 - found.length
        found = _laid_out(groups, gap)
    return found if found.length >= length else _laid_out(groups, gap, length - found.length)


def _laid_out(groups: Sequence[tuple[int, Sequence[Column]]], gap: int, pad: int = 0) -> Sparse:
    parts: list[bytes | Sparse | Run | Made] = [b"PAR1", zeros(gap)]
    place = 4 + gap
    told = []
    for rows, columns in groups:
        chunks = []
        for column in columns:
            pages, before = _pages(column, rows)
            size = sum(page.length for page in pages)
            chunks.append(_chunk(column, rows, place, place + before, size))
            parts += pages
            place += size
        told.append(_Struct({1: chunks, 2: sum(c.size for c in chunks), 3: rows}))
    rows = sum(number for number, _ in groups)
    schema = [element for column in groups[0][1] for element in _schema(column)]
    root = _Struct({4: b"schema", 5: _I32(len(groups[0][1]))})
    footer = _Struct({1: _I32(1), 2: [root, *schema], 3: rows, 4: told,
                      6: _WRITER + b" " * pad, 7: [_ORDERED] * len(groups[0][1])})  # fmt: skip
    packed = footer.packed()
    return Sparse(*parts, packed, struct.pack("<L", len(packed)), b"PAR1")


def _pages(column: Column, rows: int) -> tuple[list[Sparse], int]:
    """The pages, and how many bytes the dictionary's take."""
    values = rows * (column.elements or 1)
    levels = _levels(rows, column.elements) if column.elements else b""
    body = Sparse(levels, column.values)
    encoding = _DICTIONARY if column.dictionary else column.encoding
    data = _Struct({1: _I32(0), 2: _I32(body.length), 3: _I32(body.length),
                    5: _Struct({1: _I32(values), 2: _I32(encoding), 3: _I32(_RLE),
                                4: _I32(_RLE)})})  # fmt: skip
    pages = [Sparse(data.packed(), body)]
    if not column.dictionary:
        return pages, 0
    number = len(column.dictionary) // struct.calcsize(_FORMATS[column.type])
    size = _I32(len(column.dictionary))
    head = _Struct({1: _I32(2), 2: size, 3: size, 7: _Struct({1: _I32(number), 2: _I32(_PLAIN)})})
    dictionary = Sparse(head.packed(), column.dictionary)
    return [dictionary, *pages], dictionary.length


def _levels(rows: int, elements: int) -> bytes:
    """A list begins with each row (repetition 0), and nothing in it is null (definition 2)."""
    row = b"\x02\0" + (_varint(elements - 1 << 1) + b"\1" if elements > 1 else b"")
    repeated = row * rows
    defined = _varint(rows * elements << 1) + b"\2"
    return b"".join(struct.pack("<L", len(one)) + one for one in (repeated, defined))


def _chunk(column: Column, rows: int, start: int, data: int, size: int) -> _Struct:
    name = column.name.encode()
    path = [name, b"list", b"element"] if column.elements else [name]
    used = _DICTIONARY if column.dictionary else column.encoding
    encodings = [_I32(encoding) for encoding in sorted({_PLAIN, _RLE, used})]
    values = rows * (column.elements or 1)
    about: dict[int, Any] = {1: _I32(column.type), 2: encodings, 3: path, 4: _I32(0), 5: values,
                             6: size, 7: size, 9: data}  # fmt: skip
    if column.dictionary:
        about[11] = start
    if column.low is not None and column.high is not None:
        low, high = (_number(column.type, value) for value in (column.low, column.high))
        about[12] = _Struct({3: 0, 5: high, 6: low})
    chunk = _Struct({2: start, 3: _Struct(about)})
    chunk.size = size
    return chunk


def _schema(column: Column) -> list[_Struct]:
    name, type_ = column.name.encode(), _I32(column.type)
    if not column.elements:
        text = {6: _I32(0)} if column.type == BYTES else {}
        return [_Struct({1: type_, 3: _I32(_REQUIRED), 4: name, **text})]
    return [
        _Struct({3: _I32(_REQUIRED), 4: name, 5: _I32(1), 6: _I32(_LIST)}),
        _Struct({3: _I32(_REPEATED), 4: b"list", 5: _I32(1)}),
        _Struct({1: type_, 3: _I32(_OPTIONAL), 4: b"element"}),
    ]


def _number(type_: int, value: float) -> bytes:
    return struct.pack(f"<{_FORMATS[type_]}", value)


class _I32(int):
    """A number of 32 bits; the others have 64."""


@dataclass(slots=True)
class _Struct:
    """Fields by number, as Thrift's compact protocol writes them."""

    fields: dict[int, Any]
    size: int = field(default=0)

    def packed(self) -> bytes:
        out, before = b"", 0
        for number, value in sorted(self.fields.items()):
            kind = _kind(value)
            step = number - before
            out += bytes((step << 4 | kind,)) if step < 16 else bytes((kind,)) + _zigzag(number)
            out += _value(value)
            before = number
        return out + b"\0"


_ORDERED = _Struct({1: _Struct({})})  # of every column: by its type


def _kind(value: Any) -> int:
    match value:
        case _I32():
            return 5
        case int():
            return 6
        case bytes():
            return 8
        case list():
            return 9
    return 12


def _value(value: Any) -> bytes:
    match value:
        case int():
            return _zigzag(value)
        case bytes():
            return _varint(len(value)) + value
        case list():
            kind = _kind(value[0])
            size = len(value)
            head = (
                bytes((size << 4 | kind,)) if size < 15 else bytes((0xF0 | kind,)) + _varint(size)
            )
            return head + b"".join(map(_value, value))
    packed: bytes = value.packed()
    return packed


def _zigzag(number: int) -> bytes:
    return _varint(number << 1 ^ number >> 63)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))
