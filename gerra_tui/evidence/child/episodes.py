"""The episode list of LeRobot 3, a Parquet file, summed up with pyarrow: within the child only.

Each row names where an episode lies: rows of a data file, and seconds of a video file for each
camera (lerobot, datasets/utils.py, version 3.0). Columns of statistics are not read.
"""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.evidence.child.remote import Remote

_MOST_ROWS: Final = 100_000
_MOST_FILES: Final = 2_000
_MOST_CAMERAS: Final = 32
_SHOWN: Final = 5
_CAMERA: Final = re.compile(r"videos/(.+)/from_timestamp")
_USUAL: Final = ("episode_index", "length", "dataset_from_index", "dataset_to_index")
_SPAN: Final = ("chunk_index", "file_index", "from_timestamp", "to_timestamp")
_NEAR: Final = 1.5  # frames between the span of an episode and its length


def run(remote: Remote, needs: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """`rows`, `frames`, `shortest`, `longest`, `data` files, and `cameras` with files and spans.

    `needs["fps"]` is the rate by which a span of seconds is held against a number of frames.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    file = pq.ParquetFile(io.BufferedReader(remote, 1 << 16))
    if file.metadata.num_rows > _MOST_ROWS:
        raise ValueError(f"{file.metadata.num_rows:,} episodes are too many to look at")
    names = set(file.schema_arrow.names)
    cameras = sorted(match[1] for name in names if (match := _CAMERA.fullmatch(name)))
    wanted = [*_USUAL, "data/chunk_index", "data/file_index"]
    for camera in cameras[:_MOST_CAMERAS]:
        wanted += [f"videos/{camera}/{part}" for part in _SPAN]
    table = file.read(columns=[name for name in wanted if name in names], use_threads=False)
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    return sum_up(columns, cameras[:_MOST_CAMERAS], needs.get("fps") or 0), b""


def sum_up(columns: dict[str, list[Any]], cameras: Sequence[str], fps: float) -> dict[str, Any]:
    """What `run` tells, of columns as they were read."""
    rows = len(next(iter(columns.values()), []))
    lengths = [_whole(value) for value in columns.get("length", [None] * rows)]
    order = sorted(range(rows), key=lambda row: lengths[row])
    return {
        "rows": rows,
        "frames": sum(lengths),
        "shortest": {"episode": order[0], "frames": lengths[order[0]]} if rows else None,
        "longest": {"episode": order[-1], "frames": lengths[order[-1]]} if rows else None,
        "unordered": _first(
            row for row, index in enumerate(columns.get("episode_index", [])) if index != row
        ),
        "broken": _broken(columns, lengths),
        "data": _files(columns, "data")[:_MOST_FILES],
        "cameras": {camera: _camera(columns, camera, lengths, fps) for camera in cameras},
    }


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _first(rows: Any) -> int | None:
    return next(iter(rows), None)


def _broken(columns: dict[str, list[Any]], lengths: list[int]) -> list[int]:
    """Episodes whose rows of the dataset do not follow the one before, or are not their length."""
    starts, stops = columns.get("dataset_from_index"), columns.get("dataset_to_index")
    if starts is None or stops is None:
        return []
    wrong, at = [], 0
    for row, length in enumerate(lengths):
        if starts[row] != at or stops[row] != at + length:
            wrong.append(row)
        at = _whole(stops[row])
    return wrong[:_SHOWN]


def _files(columns: dict[str, list[Any]], prefix: str) -> list[list[int]]:
    chunks = columns.get(f"{prefix}/chunk_index", [])
    files = columns.get(f"{prefix}/file_index", [])
    pairs = {
        (chunk, file)
        for chunk, file in zip(chunks, files, strict=False)
        if isinstance(chunk, int) and isinstance(file, int)
    }
    return [list(pair) for pair in sorted(pairs)]


def _camera(
    columns: dict[str, list[Any]], camera: str, lengths: list[int], fps: float
) -> dict[str, Any]:
    """Its `files` with where the last span in each ends, and episodes whose spans are wrong."""
    parts = [columns.get(f"videos/{camera}/{part}", []) for part in _SPAN]
    ends: dict[tuple[int, int], float] = {}
    overlapping, uneven = [], []
    for row, (chunk, file, start, stop) in enumerate(zip(*parts, strict=False)):
        if not all(isinstance(each, int | float) and math.isfinite(each) for each in (start, stop)):
            uneven.append(row)
            continue
        key = (_whole(chunk), _whole(file))
        frame = 1 / fps if fps else 0
        if stop <= start or start < ends.get(key, 0) - frame:
            overlapping.append(row)
        elif fps and abs((stop - start) * fps - lengths[row]) > _NEAR:
            uneven.append(row)
        ends[key] = max(ends.get(key, 0), stop)
    return {
        "files": [[*key, end] for key, end in sorted(ends.items())[:_MOST_FILES]],
        "overlapping": overlapping[:_SHOWN],
        "overlaps": len(overlapping),
        "uneven": uneven[:_SHOWN],
        "unevens": len(uneven),
    }
