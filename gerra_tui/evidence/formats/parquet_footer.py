"""A Parquet footer: rows, row groups, columns and their types, and what was recorded of each.

After github.com/apache/parquet-format, src/main/thrift/parquet.thrift. Numbers that are absent stay
None; statistics are what the writer recorded, not what the pages hold.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import Any, Final

from gerra_tui.evidence.formats.binary import Cursor, Damaged
from gerra_tui.evidence.formats.thrift import Struct, read_struct

_DEEPEST: Final = 16
_LONGEST_TYPE: Final = 200  # characters
_LONGEST_TEXT: Final = 64  # of a recorded minimum or maximum

_PHYSICAL: Final = (
    "bool", "int32", "int64", "timestamp[ns]", "float", "double", "binary", "fixed_size_binary",
)  # fmt: skip
_CODECS: Final = ("none", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw")
_BOOL, _INT32, _INT64, _INT96, _FLOAT, _DOUBLE, _BINARY, _FIXED = range(8)
_NUMBERS: Final = {_INT32: "<i", _INT64: "<q", _FLOAT: "<f", _DOUBLE: "<d"}
# ConvertedType, by number: the names are pyarrow's
_CONVERTED: Final = {
    0: "string", 4: "string", 6: "date32[day]", 7: "time32[ms]", 8: "time64[us]",
    9: "timestamp[ms]", 10: "timestamp[us]", 11: "uint8", 12: "uint16", 13: "uint32",
    14: "uint64", 15: "int8", 16: "int16", 17: "int32", 18: "int64", 19: "string", 20: "bson",
}  # fmt: skip
_DECIMAL: Final = 5
_REPEATED: Final = 2
_MAP: Final = (1, 2)
_LIST: Final = 3


@dataclass(slots=True)
class Recorded:
    """What the writer recorded of one leaf column, over all row groups that say it."""

    minimum: Any = None
    maximum: Any = None
    nulls: int | None = None
    values: int = 0
    compressed: int = 0
    nan: bool = False


@dataclass(slots=True)
class Footer:
    """`groups_rows` is the sum over row groups; `ends` the furthest byte of a column's pages."""

    rows: int
    groups: int
    groups_rows: int
    columns: dict[str, str]
    leaves: dict[str, Recorded]
    codecs: list[str]
    created_by: str
    end: int
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Named:
    """A column or a part of one; `kind` is that of one element where it is repeated."""

    name: str
    kind: str
    repeated: bool

    @property
    def whole(self) -> str:
        """Its type, a list's where it is repeated outside of a group that says list."""
        return f"list<{self.kind}>" if self.repeated else self.kind


def read_footer(data: bytes) -> Footer:
    """The FileMetaData of a footer. Raises Damaged."""
    meta = read_struct(Cursor(data))
    schema = _structs(meta.get(2))
    if not schema:
        raise Damaged("no schema")
    columns: dict[str, str] = {}
    at = 1
    for _ in range(_count(schema[0].get(5))):
        column, at = _column(schema, at, 0)
        columns[column.name] = column.whole
    physical: dict[str, Recorded] = {}
    codecs: set[str] = set()
    groups = _structs(meta.get(4))
    end = 0
    for group in groups:
        for chunk in _structs(group.get(1)):
            pages = chunk.get(3)
            if isinstance(pages, dict):
                codec = _count(pages.get(4))
                codecs.add(_CODECS[codec] if codec < len(_CODECS) else f"codec {codec}")
                end = max(end, _record(physical, pages))
    created = meta.get(6)
    return Footer(
        rows=_count(meta.get(3)),
        groups=len(groups),
        groups_rows=sum(_count(group.get(3)) for group in groups),
        columns=columns,
        leaves=physical,
        codecs=sorted(codecs),
        created_by=_text(created)[:_LONGEST_TYPE],
        end=end,
        keys=[_text(pair.get(1)) for pair in _structs(meta.get(5))],
    )


def _structs(value: object) -> list[Struct]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _column(schema: list[Struct], at: int, depth: int) -> tuple[_Named, int]:
    """The column whose element is at `at`, and where the next one begins."""
    if at >= len(schema):
        raise Damaged("its schema promises more columns than it names")
    if depth > _DEEPEST:
        raise Damaged("its schema is nested too deeply")
    element = schema[at]
    children: list[_Named] = []
    at += 1
    for _ in range(_count(element.get(5))):
        child, at = _column(schema, at, depth + 1)
        children.append(child)
    kind = _group(element, children) if children else _leaf(element)
    repeated = element.get(3) == _REPEATED
    return _Named(_text(element.get(4)), kind[:_LONGEST_TYPE], repeated), at


def _group(element: Struct, children: list[_Named]) -> str:
    logical = element.get(10)
    described = set(logical) if isinstance(logical, dict) else set()
    converted = element.get(6)
    if converted == _LIST or _LIST in described:
        return f"list<{children[0].kind}>"
    if converted in _MAP or 2 in described:
        return f"map<{children[0].kind.removeprefix('struct<').removesuffix('>')}>"
    if element.get(3) == _REPEATED and len(children) == 1:  # the middle of a list's three levels
        return children[0].whole
    return f"struct<{', '.join(f'{child.name}: {child.whole}' for child in children)}>"


def _leaf(element: Struct) -> str:
    kind = _count(element.get(1))
    name = _PHYSICAL[kind] if kind < len(_PHYSICAL) else f"type {kind}"
    converted, logical = element.get(6), element.get(10)
    if isinstance(logical, dict) and logical:
        name = _logical(logical) or name
    elif converted == _DECIMAL:
        name = f"decimal128({_count(element.get(8))}, {_count(element.get(7))})"
    elif converted in _CONVERTED:
        name = _CONVERTED[converted]
    if name == "fixed_size_binary":
        name = f"fixed_size_binary[{_count(element.get(2))}]"
    return name


def _logical(logical: Struct) -> str | None:
    """The name of a LogicalType, where it says more than the physical type."""
    (number, about), *_ = logical.items()
    about = about if isinstance(about, dict) else {}
    if number in (1, 4, 12):
        return "string"
    if number == 5:
        return f"decimal128({_count(about.get(2))}, {_count(about.get(1))})"
    if number == 6:
        return "date32[day]"
    if number in (7, 8):
        unit = next(iter(about.get(2) or {}), 0)
        unit_name = {1: "ms", 2: "us", 3: "ns"}.get(unit, "?")
        if number == 7:
            return f"time{32 if unit == 1 else 64}[{unit_name}]"
        return f"timestamp[{unit_name}{', tz=UTC' if about.get(1) else ''}]"
    if number == 10:
        return f"{'' if about.get(2) else 'u'}int{_count(about.get(1))}"
    return {14: "uuid", 15: "halffloat"}.get(number)


def _record(leaves: dict[str, Recorded], column: Struct) -> int:
    """Add a column chunk to what is known of its column; where its pages end."""
    path = column.get(3)
    name = ".".join(_text(part) for part in path) if isinstance(path, list) else ""
    leaf = leaves.setdefault(name, Recorded())
    leaf.values += _count(column.get(5))
    leaf.compressed += _count(column.get(7))
    statistics = column.get(12)
    if isinstance(statistics, dict):
        if 3 in statistics:
            leaf.nulls = (leaf.nulls or 0) + _count(statistics[3])
        kind = _count(column.get(1))
        low = _decoded(kind, statistics.get(6, statistics.get(2)))
        high = _decoded(kind, statistics.get(5, statistics.get(1)))
        leaf.nan |= any(isinstance(value, float) and math.isnan(value) for value in (low, high))
        leaf.minimum = _extreme(min, leaf.minimum, low)
        leaf.maximum = _extreme(max, leaf.maximum, high)
    places = [column[number] for number in (9, 11) if _count(column.get(number))]
    return min(places) + _count(column.get(7)) if places else 0


def _decoded(kind: int, value: object) -> Any:
    """A recorded minimum or maximum; text where the bytes are UTF-8, None where they are not."""
    if not isinstance(value, bytes):
        return None
    if kind in _NUMBERS:
        width = struct.calcsize(_NUMBERS[kind])
        return struct.unpack(_NUMBERS[kind], value)[0] if len(value) == width else None
    if kind == _BOOL:
        return bool(value[0]) if len(value) == 1 else None
    try:
        return value.decode()[:_LONGEST_TEXT] if kind == _BINARY else None
    except UnicodeDecodeError:
        return None


def _extreme(choose: Any, known: Any, new: Any) -> Any:
    if isinstance(new, float) and not math.isfinite(new):
        return known
    if known is None or new is None:
        return new if known is None else known
    return choose(known, new)
