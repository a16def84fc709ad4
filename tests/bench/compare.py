"""What got better and worse than in the latest results that are kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.bench.report import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.bench.figures import Figure

EXACT: Final = 1.005  # bytes and requests
NOISE: Final = 1.10  # times, CPU and memory
COUNTED: Final = frozenset({"bytes", "requests", ""})


def latest(folder: Path, length: str) -> Mapping[str, Any] | None:
    """The newest results of a run of the same length; None where there are none."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict) and found.get("length") == length:
            return found
    return None


def lines(earlier: Mapping[str, Any] | None, figures: Sequence[Figure]) -> Iterator[str]:
    """A line for each figure that differs by more than noise, the worse ones first."""
    if earlier is None:
        yield "Nothing to compare with: no results of such a run are kept."
        return
    before = {(row["group"], row["what"]): row["console"] for row in earlier["figures"]}
    worse, better = list[str](), list[str]()
    for figure in figures:
        old = before.get((figure.group, figure.what))
        if old is None:
            continue
        most = EXACT if figure.unit in COUNTED else NOISE
        told = f"{figure.what}: {number(old)} -> {number(figure.console)} {figure.unit}".rstrip()
        if figure.console > old * most:
            worse.append(f"worse   {told}")
        elif figure.console * most < old:
            better.append(f"better  {told}")
    yield f"Compared with {earlier['at'][:16]}:"
    yield from worse or ["worse   nothing"]
    yield from better or ["better  nothing"]
