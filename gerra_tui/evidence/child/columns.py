"""Every column of a small Parquet file, looked at with pyarrow: within the child only.

A list column, as LeRobot's states and actions are, is looked at element by element.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

    from gerra_tui.evidence.child.remote import Remote

_MOST_COLUMNS: Final = 512
_MOST_ELEMENTS: Final = 256  # of a list column
_MOST_ROWS: Final = 200_000
_STILL: Final = 0.02  # of the whole reach of a channel: what an idle arm trembles by
_MOST_VALUES: Final = 2_000_000  # numbers looked at in all


def run(remote: Remote, needs: dict[str, Any]) -> tuple[dict[str, Any], bytes]:  # noqa: ARG001
    """`columns`: what `_numbers` tells of each, by name, `name.i` for the elements of a list."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    file = pq.ParquetFile(io.BufferedReader(remote, 1 << 17), page_checksum_verification=True)
    if file.metadata.num_rows > _MOST_ROWS:
        raise ValueError(f"{file.metadata.num_rows:,} rows are too many to look at")
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    left = _MOST_VALUES
    for name in file.schema_arrow.names[:_MOST_COLUMNS]:
        try:
            column = file.read(columns=[name], use_threads=False).column(0)
        except (OSError, ValueError) as error:
            problems[name] = str(error)[:200]
            continue
        for label, numbers in _parts(name, column):
            left -= len(numbers)
            if left < 0:
                return {"columns": found, "problems": problems, "cut": True}, b""
            found[label] = describe(numbers)
    return {"columns": found, "problems": problems, "cut": False}, b""


def _parts(name: str, column: pa.ChunkedArray) -> list[tuple[str, list[Any]]]:
    """A column of numbers as it is; one of equally long lists of numbers as its elements."""
    import pyarrow as pa

    kind = column.type
    if _is_number(kind):
        return [(name, column.to_pylist())]
    is_list = pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind)
    if is_list and _is_number(kind.value_type):
        rows = column.to_pylist()
        lengths = {len(row) for row in rows if row is not None}
        if len(lengths) == 1 and (width := lengths.pop()) <= _MOST_ELEMENTS:
            return [
                (f"{name}.{index}", [None if row is None else row[index] for row in rows])
                for index in range(width)
            ]
    return []


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def describe(numbers: list[Any]) -> dict[str, Any]:
    """What a sequence of numbers shows, in order; shares are of all steps or values.

    `still` is the longest run of one value, `at_low` and `at_high` how many lie at the extremes;
    `idle_start` and `idle_end` how many values at either end keep to the first and the last one.
    """
    finite = [number for number in numbers if number is not None and math.isfinite(number)]
    told: dict[str, Any] = {
        "count": len(numbers),
        "nulls": sum(number is None for number in numbers),
        "nan": sum(isinstance(number, float) and math.isnan(number) for number in numbers),
        "infinite": sum(isinstance(number, float) and math.isinf(number) for number in numbers),
    }
    if not finite:
        return told
    low, high = min(finite), max(finite)
    steps = [after - before for before, after in pairwise(finite)]
    return told | {
        "min": low,
        "max": high,
        "first": finite[0],
        "last": finite[-1],
        "at_low": finite.count(low),
        "at_high": finite.count(high),
        "still": _longest_run(finite),
        "back": sum(step < 0 for step in steps),
        "step": _or_none(sorted(steps)[len(steps) // 2] if steps else None),
        "longest_step": _or_none(max(steps, default=None)),
        "gaps": _gaps(steps),
        "distinct": len(set(finite)),
        "idle_start": _idle(finite, high - low),
        "idle_end": _idle(finite[::-1], high - low),
    }


def _or_none(step: Any) -> Any:
    """A step that JSON has a number for."""
    return step if step is not None and math.isfinite(step) else None


def _idle(numbers: list[Any], reach: Any) -> int:
    first = numbers[0]
    for place, number in enumerate(numbers):
        if abs(number - first) > _STILL * reach:
            return place
    return len(numbers)


def _gaps(steps: list[Any]) -> int:
    usual = sorted(steps)[len(steps) // 2] if steps else 0
    return sum(step > 1.5 * usual for step in steps) if usual > 0 else 0


def _longest_run(numbers: list[Any]) -> int:
    longest = run = 1
    for before, after in pairwise(numbers):
        run = run + 1 if after == before else 1
        longest = max(longest, run)
    return longest
