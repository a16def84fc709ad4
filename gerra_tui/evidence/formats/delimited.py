"""Comma-separated values and their kin: columns, guessed types, first rows, and how they go on."""

from __future__ import annotations

import csv
import io
import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import fine, odd, unchecked
from gerra_tui.evidence.formats.small import FIRST_ONLY
from gerra_tui.evidence.listing import count
from gerra_tui.evidence.texts import DELIMITERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.evidence import Check
    from gerra_tui.evidence.findings import FormatLook

_SHOWN: Final = 5  # rows
_LONGEST_CELL: Final = 200  # characters
_MOST_COLUMNS: Final = 4_096
_SNIFFED: Final = 20  # lines by which the delimiter is chosen
_GAP: Final = 2.0  # of the usual step: a computer's own clock strays by half of one
_CLOCK: Final = re.compile(
    r"(^|[^a-z])(t|time|times|timestamp|stamp|secs?|seconds)$", re.IGNORECASE
)
_INTEGER: Final = re.compile(r"[+-]?\d{1,30}")


def read(found: FormatLook, text: str, whole: bool) -> None:
    """Put columns, rows and first rows into the facts, and judge them."""
    rows, problem = _rows(text)
    scope = None if whole else FIRST_ONLY
    if problem:
        found.checks.append(odd("rows", f"not readable beyond row {len(rows):,}: {problem}"))
    if not rows:
        found.checks.append(odd("rows", "no rows", measured=0))
        return
    header = rows[0] if _is_header(rows[0]) else [f"column {n}" for n, _ in enumerate(rows[0], 1)]
    rows = rows[1:] if header is rows[0] else rows
    header = header[:_MOST_COLUMNS]
    names, twice = _unique(header)
    columns = dict(zip(names, _columns(rows, len(names)), strict=True))
    found.facts["columns"] = {name: _type(values) for name, values in columns.items()}
    found.facts["rows"] = len(rows) if whole and not problem else None
    found.facts["first_rows"] = [
        [cell[:_LONGEST_CELL] for cell in row[: len(names)]] for row in rows[:_SHOWN]
    ]
    if twice:
        found.checks.append(odd("columns", f"twice or more: {', '.join(twice[:3])}"))
    if not rows:
        found.checks.append(odd("rows", "a header and no rows", measured=0, scope=scope))
        return
    found.checks += _judge(columns, rows, len(header), scope)


def _rows(text: str) -> tuple[list[list[str]], str | None]:
    lines = list(io.StringIO(text, newline=""))  # as csv wants them: U+2028 ends no row
    sample = [line for line in lines[:_SNIFFED] if line.strip()]
    delimiter = max(DELIMITERS, key=lambda each: _alike(sample, each))
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if row:
                rows.append(row)  # noqa: PERF401 - those before an error stay
    except csv.Error as error:
        return rows, str(error)
    return rows, None


def _alike(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have as many fields as the first one, and how many fields those are."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0, 0
    return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)


def _is_header(row: list[str]) -> bool:
    return any(cell.strip() for cell in row) and not any(_number(cell) is not None for cell in row)


def _number(cell: str) -> float | None:
    """The number in a cell, NaN among them, or None."""
    if len(cell) > 64 or "_" in cell:  # Python's underscores are no number of any other language
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def _unique(header: list[str]) -> tuple[list[str], list[str]]:
    """The names, those that are there again with a count, and which these are."""
    seen: dict[str, int] = {}
    names, twice = [], []
    for cell in header:
        name = cell.strip()[:_LONGEST_CELL]
        seen[name] = seen.get(name, 0) + 1
        if seen[name] == 2:
            twice.append(name)
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    if len(set(names)) < len(names):  # a column is named "x (2)" itself
        names = [f"{name} [{number}]" for number, name in enumerate(names, 1)]
    return names, twice


def _columns(rows: list[list[str]], width: int) -> list[list[str]]:
    return [[row[index] for row in rows if index < len(row)] for index in range(width)]


def _type(cells: list[str]) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return "empty"
    if all(_INTEGER.fullmatch(cell) for cell in filled):
        return "int"
    if all(_number(cell) is not None for cell in filled):
        return "float"
    return "bool" if {cell.lower() for cell in filled} <= {"true", "false"} else "text"


def _judge(
    columns: dict[str, list[str]], rows: list[list[str]], width: int, scope: str | None
) -> Iterator[Check]:
    ragged = sum(len(row) != width for row in rows)
    if ragged:
        words = f"{ragged:,} of {len(rows):,} rows have another number of fields than {width:,}"
        yield odd("rows", words, measured=ragged, scope=scope)
    else:
        yield fine("rows", f"each of {len(rows):,} has {width:,} fields", measured=len(rows),
                   scope=scope)  # fmt: skip
    strange = {
        name: number
        for name, cells in columns.items()
        if (number := sum(_is_strange(cell) for cell in cells))
    }
    total = sum(strange.values())
    if total:
        words = f"{count(total, 'value')} NaN or infinite: {', '.join(list(strange)[:3])}"
        yield odd("nan", words, measured=total, scope=scope)
    else:
        yield fine("nan", f"none in {count(len(columns), 'column')}", measured=0, scope=scope)
    name, cells = next(iter(columns.items()))
    if _CLOCK.search(name):
        yield from _judge_clock(name, cells, scope)
    if scope:
        yield unchecked("rest", "rows beyond the first 64 kB", scope=scope)


def _is_strange(cell: str) -> bool:
    number = _number(cell)
    return number is not None and not math.isfinite(number)


def _judge_clock(name: str, cells: list[str], scope: str | None) -> Iterator[Check]:
    times: list[Any] = [
        int(cell) if _INTEGER.fullmatch(cell.strip()) else _number(cell) for cell in cells
    ]
    if any(time is None or not math.isfinite(time) for time in times) or len(times) < 3:
        return
    steps = [after - before for before, after in pairwise(times)]
    back = sum(step < 0 for step in steps)
    if back:
        yield odd("order", f"{name} goes back {count(back, 'time')}", measured=back, scope=scope)
    else:
        yield fine("order", f"{name} never goes back", measured=0, scope=scope)
    usual = sorted(steps)[len(steps) // 2]
    gaps = sum(step > _GAP * usual for step in steps) if usual > 0 else 0
    if gaps:
        longest = max(steps)
        row = steps.index(longest) + 2
        words = f"{gaps:,} in {name}, longest {longest:,.7g} at row {row:,}, usual {usual:,.7g}"
        yield odd("gaps", words, measured=gaps, scope=scope)
    else:
        yield fine("gaps", f"none in {name}", measured=0, scope=scope)
