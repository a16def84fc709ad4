"""A file in memory, read as if it were remote."""

from __future__ import annotations

from dataclasses import dataclass, field

from gerra_tui.evidence.window import Budget, Reply, Window, opened


@dataclass
class MemorySource:
    """Serves `data` by ranges and remembers them, as (start, stop)."""

    data: bytes
    ranges: list[tuple[int, int]] = field(default_factory=list)

    async def get(self, start: int | None, stop: int) -> Reply:
        size = len(self.data)
        begin = max(0, size - stop) if start is None else start
        end = size if start is None else min(stop, size)
        self.ranges.append((begin, end))
        return Reply(start=begin, data=self.data[begin:end], size=size)


async def window_on(data: bytes, budget: Budget | None = None) -> Window:
    """A window on `data` as a look is given it: its last 64 kB have been read."""
    return await opened(MemorySource(data), budget)
