"""Structs of Thrift's compact protocol, as Parquet's footers are written.

After github.com/apache/thrift, doc/specs/thrift-compact-protocol.md. A struct becomes a dict by
field number, a list a list; what a length promises is never allocated before its bytes are there.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.evidence.formats.binary import Damaged

if TYPE_CHECKING:
    from gerra_tui.evidence.formats.binary import Cursor

Struct = dict[int, Any]

_DEEPEST: Final = 24  # a footer's structs are six deep, statistics and logical types included
_LONGEST_NUMBER: Final = 10  # bytes of 7 bits in a number of 64
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY = range(1, 9)
_LIST, _SET, _MAP, _STRUCT = range(9, 13)


def read_struct(cursor: Cursor, depth: int = 0) -> Struct:
    """The struct at the cursor. Raises Damaged."""
    if depth > _DEEPEST:
        raise Damaged("nested too deeply")
    fields: Struct = {}
    number = 0
    while (head := cursor.u8()) != 0:
        number = number + (head >> 4) if head >> 4 else _signed(_unsigned(cursor))
        kind = head & 0x0F
        fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else _value(cursor, kind, depth)
    return fields


def _value(cursor: Cursor, kind: int, depth: int) -> Any:
    if kind in (_I16, _I32, _I64):
        return _signed(_unsigned(cursor))
    if kind == _BINARY:
        return cursor.take(_unsigned(cursor))
    if kind == _STRUCT:
        return read_struct(cursor, depth + 1)
    if kind in (_LIST, _SET):
        return _list(cursor, depth + 1)
    if kind in (_TRUE, _FALSE, _BYTE):
        return cursor.u8()
    if kind == _DOUBLE:
        return struct.unpack("<d", cursor.take(8))[0]
    if kind == _MAP:
        return _map(cursor, depth + 1)
    raise Damaged(f"a field of the unknown type {kind}")


def _list(cursor: Cursor, depth: int) -> list[Any]:
    head = cursor.u8()
    count = _unsigned(cursor) if head >> 4 == 0x0F else head >> 4
    if count > cursor.left:  # every element takes a byte at least
        raise Damaged(f"a list of {count:,} in {cursor.left:,} bytes")
    if depth > _DEEPEST:
        raise Damaged("nested too deeply")
    return [_value(cursor, head & 0x0F, depth) for _ in range(count)]


def _map(cursor: Cursor, depth: int) -> list[tuple[Any, Any]]:
    count = _unsigned(cursor)
    if count == 0:
        return []
    if count > cursor.left or depth > _DEEPEST:
        raise Damaged(f"a map of {count:,} in {cursor.left:,} bytes")
    kinds = cursor.u8()
    return [
        (_value(cursor, kinds >> 4, depth), _value(cursor, kinds & 0x0F, depth))
        for _ in range(count)
    ]


def _unsigned(cursor: Cursor) -> int:
    number = 0
    for shift in range(0, 7 * _LONGEST_NUMBER, 7):
        byte = cursor.u8()
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number
    raise Damaged("a number without an end")


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)
