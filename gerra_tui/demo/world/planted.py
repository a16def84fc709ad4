"""The record of planted faults, for checks from outside: a JSON line per dataset that has one.

`{"dataset_id","kind","fault"}`: the kind is that of the container that its link promises.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.demo.world.catalogue import Catalogue

_AT_ONCE = 5_000  # rows between two chances to end


async def record(catalogue: Catalogue, path: Path | None) -> None:
    """Appends those of the start, newest dataset first; None keeps no record."""
    size = catalogue.population.size if path else 0
    for start in range(0, size, _AT_ONCE):
        rows = range(start, min(size, start + _AT_ONCE))
        lines = await asyncio.to_thread(_lines, catalogue, rows)
        if path is not None:
            with path.open("a", encoding="utf-8") as file:
                file.writelines(lines)


def _lines(catalogue: Catalogue, rows: range) -> list[str]:
    lines = []
    for row in rows:
        held = catalogue.holding(row)
        if held.flaw is not None:
            dataset_id = catalogue.identity.dataset_id(row)
            told = {"dataset_id": dataset_id, "kind": held.kind, "fault": held.flaw}
            lines.append(json.dumps(told) + "\n")
    return lines
