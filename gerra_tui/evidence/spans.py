"""The parts of a file that have been read, bounded in memory."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

KEPT: Final = 16_000_000  # bytes a file


class Spans:
    """Byte strings by their place in the file; they never overlap."""

    def __init__(self, limit: int = KEPT) -> None:
        self._limit = limit
        self._spans: dict[int, bytes] = {}  # oldest first
        self._starts: list[int] = []

    def add(self, start: int, data: bytes) -> None:
        """Keep `data`; what was there before gives way."""
        stop = start + len(data)
        for old in [at for at in self._starts if at < stop and at + len(self._spans[at]) > start]:
            kept = self._spans.pop(old)
            if old < start:
                self._spans[old] = kept[: start - old]
            if old + len(kept) > stop:
                self._spans[stop] = kept[stop - old :]
        if data:
            self._spans[start] = data
        self._starts = sorted(self._spans)

    def trim(self) -> None:
        """Give up the oldest beyond the limit."""
        while sum(map(len, self._spans.values())) > self._limit and len(self._spans) > 1:
            del self._spans[next(iter(self._spans))]
        self._starts = sorted(self._spans)

    def held(self, start: int, stop: int) -> bytes | None:
        """The bytes from `start` to `stop`, or None where not all of them are here."""
        parts = []
        while start < stop:
            begin = self._around(start)
            if begin is None:
                return None
            parts.append(self._spans[begin][start - begin : stop - begin])
            start += len(parts[-1])
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def missing(self, start: int, stop: int) -> tuple[int, int] | None:
        """The smallest range around all that is not here; None where nothing is missing."""
        while start < stop and (begin := self._around(start)) is not None:
            start = begin + len(self._spans[begin])
        while start < stop and (begin := self._around(stop - 1)) is not None:
            stop = begin
        return (start, stop) if start < stop else None

    def _around(self, place: int) -> int | None:
        """Where the span begins that holds the byte at `place`."""
        index = bisect_right(self._starts, place)
        begin = self._starts[index - 1] if index else None
        return begin if begin is not None and place < begin + len(self._spans[begin]) else None
