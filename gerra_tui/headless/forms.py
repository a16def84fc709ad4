"""A row of the list as a line: JSON, CSV, tab-separated, or aligned for a person."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING, Any, Final, Protocol

from gerra_tui.domain import urls
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.moments import age
from gerra_tui.domain.text import ELLIPSIS, clean, compact_json, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Row

CSV_COLUMNS: Final = (
    "id",
    "status",
    "data_type",
    "name",
    "data_byte_size",
    "date_created",
    "date_updated",
    "organization_id",
    "link",
    "description",
    "metadata",
)
PIPED_COLUMNS: Final = ("id", "status", "data_type", "data_byte_size", "date_updated", "name")
WHOLE = 2**20  # characters of one field: into a pipe nothing is cut that anybody wrote
NARROWEST = (36, 10, 9, 8, 14)  # cells: id, status ("unreadable"), type, size, age
NARROWEST_NAME = 20  # cells: a line that is too long by less than this wraps instead


class Form(Protocol):
    """How the rows of one listing are written."""

    def header(self) -> list[str]: ...

    def lines(self, rows: Sequence[Row]) -> list[str]: ...


class Json:
    """Each row as received."""

    def header(self) -> list[str]:
        return []

    def lines(self, rows: Sequence[Row]) -> list[str]:
        return [compact_json(row.raw) for row in rows]


class Csv:
    """RFC 4180 with plain line ends. Raw text, but control and format characters as `\\uXXXX`."""

    def header(self) -> list[str]:
        return [",".join(CSV_COLUMNS)]

    def lines(self, rows: Sequence[Row]) -> list[str]:
        return [_csv_line([self._value(row, column) for column in CSV_COLUMNS]) for row in rows]

    def _value(self, row: Row, column: str) -> str:
        value = _raw_value(row, column)
        value = without_url_queries(value)
        if column == "metadata":
            return "" if value is None else compact_json(value)
        return escaped(_scalar(value))


class Piped:
    """Tab-separated, for `cut` and `awk`: raw numbers, whatever would break a line as spaces."""

    def header(self) -> list[str]:
        return []

    def lines(self, rows: Sequence[Row]) -> list[str]:
        return [
            "\t".join(clean(_scalar(_raw_value(row, column)), WHOLE) for column in PIPED_COLUMNS)
            for row in rows
        ]


class Aligned:
    """For a person at a terminal of `width` cells. Ages count back from `now`."""

    def __init__(self, width: int, now: datetime) -> None:
        self._width = width
        self._now = now
        self._widths = list(NARROWEST)

    def header(self) -> list[str]:
        return []

    def lines(self, rows: Sequence[Row]) -> list[str]:
        cells = [self._cells(row) for row in rows]
        if cells:
            columns = zip(*(fields for fields, _ in cells), strict=True)
            wanted = [max(map(cells_of, column)) for column in columns]
            # Columns only grow, so that a long listing settles at once.
            self._widths = [max(pair) for pair in zip(wanted, self._widths, strict=True)]
        return [self._line(fields, name) for fields, name in cells]

    def _line(self, fields: list[str], name: str) -> str:
        padded = [
            " " * (width - cells_of(field)) + field if column == 3 else _padded(field, width)
            for column, (field, width) in enumerate(zip(fields, self._widths, strict=True))
        ]
        start = "  ".join(padded)
        return f"{start}  {cut(name, max(self._width - len(start) - 2, NARROWEST_NAME))}".rstrip()

    def _cells(self, row: Row) -> tuple[list[str], str]:
        identity, status, kind, _, _, name = (
            clean(_scalar(_raw_value(row, column))) for column in PIPED_COLUMNS
        )
        if not isinstance(row, Dataset):
            return [identity or "-", "unreadable", kind, "-", "-"], clean(row.problem)
        size, age = humane_size(row.data_byte_size), humane_age(row.date_updated, self._now)
        return [identity, status, kind, size, age], name


def without_url_queries(value: Any) -> Any:
    """A JSON value whose addresses have no secrets: a signature works for as long as it does,
    wherever the service puts it."""
    if isinstance(value, dict):
        return {name: without_url_queries(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_url_queries(item) for item in value]
    return urls.without_secrets(value) if isinstance(value, str) else value


def humane_size(size: int | None) -> str:
    from humanize import naturalsize

    return "-" if size is None else naturalsize(size)


def humane_age(moment: datetime | None, now: datetime) -> str:
    return "-" if moment is None else age(moment, now)


def cells_of(text: str) -> int:
    """How many cells a terminal gives to cleaned text."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of_character, text))


def cut(text: str, cells: int) -> str:
    """As much of cleaned text as fits."""
    if cells_of(text) <= cells:
        return text
    kept, used = [], 1
    for character in text:
        used += _cells_of_character(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(kept) + ELLIPSIS


def _cells_of_character(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells_of(text))


def _raw_value(row: Row, column: str) -> Any:
    """A field of the body; dates in UTC where they are dates."""
    if isinstance(row, Dataset) and column in ("date_created", "date_updated"):
        moment: datetime | None = getattr(row, column)
        if moment is not None:
            return moment.isoformat().replace("+00:00", "Z")
    return row.raw.get(column) if isinstance(row.raw, dict) else None


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else compact_json(value)


def _csv_line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue().removesuffix("\n")
