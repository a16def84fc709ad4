"""A part of a remote file that is read by ranges, within a budget, each byte at most once."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from gerra_tui.domain.evidence import MOST_BYTES, MOST_REQUESTS, Cost
from gerra_tui.evidence.spans import KEPT, Spans

if TYPE_CHECKING:
    from collections.abc import Sequence

TAIL: Final = 65_536  # bytes of the first request: most formats have their directory at the end
NEAR: Final = 32_768  # bytes between two ranges that cost less than a request of their own


class OverBudget(Exception):
    """The next read would pass the budget: `requests` and `bytes` of what was wanted."""

    def __init__(self, requests: int, wanted: int) -> None:
        super().__init__(f"{requests} requests and {wanted:,} bytes more than the budget holds")
        self.requests = requests
        self.bytes = wanted


class StorageFailure(Exception):
    """Why storage gave no bytes, as a sentence; never with a URL's query in it.

    `requests` and `bytes` are what it took to learn it.
    """

    def __init__(self, sentence: str, *, requests: int = 1, received: int = 0) -> None:
        super().__init__(sentence)
        self.requests = requests
        self.bytes = received


@dataclass(frozen=True, slots=True)
class Reply:
    """A part of a file of `size` bytes, from `start`; `requests` is what it took to get it.

    `etag` names the file's content, where storage does.
    """

    start: int
    data: bytes
    size: int
    requests: int = 1
    etag: str | None = None


class Source(Protocol):
    """What one signed URL, or one local file, is."""

    async def get(self, start: int | None, stop: int) -> Reply:
        """The bytes from `start` up to `stop`; with no start, the last `stop` bytes.

        The reply holds exactly what was asked for, as far as the file goes. Raises StorageFailure.
        """
        ...


@dataclass(slots=True)
class Budget:
    """What a look may cost. `strict`: also the bytes that are exempt otherwise."""

    requests: int
    bytes: int
    strict: bool = False


def first_look() -> Budget:
    """At most 3 requests and 256 kB."""
    return Budget(requests=MOST_REQUESTS, bytes=MOST_BYTES)


def more() -> Budget:
    """What a look on a key may cost in all: as much as is kept, so that nothing is read twice."""
    return Budget(requests=400, bytes=KEPT)


class _File:
    """What all windows on one file share: the source, what was read, the meter, the budget."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self.source = source
        self.budget = budget
        self.size = 0
        self.etag: str | None = None
        self.spans = Spans()
        self.requests = 0
        self.bytes = 0
        self.seconds = 0.0
        self._exempt = 0
        self._given_up = 0  # requests of looks that were left: in the meter, not in the budget
        self._failure: StorageFailure | None = None
        self._one_at_a_time = asyncio.Lock()

    def room(self) -> tuple[int, int]:
        spent = self.bytes - (0 if self.budget.strict else self._exempt)
        requests = self.requests - self._given_up
        return max(0, self.budget.requests - requests), max(0, self.budget.bytes - spent)

    async def open(self) -> None:
        await self._get(None, max(1, min(TAIL, self.room()[1])), exempt=False)

    async def read(self, start: int, stop: int, *, exempt: bool) -> bytes:
        async with self._one_at_a_time:
            while (held := self.spans.held(start, stop)) is None:
                await self._get(*(self.spans.missing(start, stop) or (start, stop)), exempt=exempt)
        return held

    def afford(self, requests: int, wanted: int, *, exempt: bool = False) -> None:
        left_requests, left_bytes = self.room()
        free = exempt and not self.budget.strict
        if requests > left_requests or (wanted > left_bytes and not free):
            raise OverBudget(requests, wanted)

    async def _get(self, start: int | None, stop: int, *, exempt: bool) -> None:
        if self._failure:  # one file a session of reading: what changed stays changed
            raise self._failure
        self.afford(1, stop - (start or 0), exempt=exempt)
        begun = time.monotonic()
        try:
            reply = await self.source.get(start, stop)
        except StorageFailure as failure:
            self.requests += failure.requests
            self.bytes += failure.bytes
            self._failure = failure
            raise
        except asyncio.CancelledError:
            self.requests += 1
            self._given_up += 1
            raise
        finally:
            self.seconds += time.monotonic() - begun
        self.requests += reply.requests
        self.bytes += len(reply.data)
        self._exempt += len(reply.data) if exempt else 0
        self.size = reply.size
        self.etag = reply.etag
        self.spans.add(reply.start, reply.data)


class Window:
    """A file, or a part of one, that is read by ranges counted from the window's own start."""

    def __init__(self, file: _File, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self.size = size

    @property
    def cost(self) -> Cost:
        """What all windows on this file have cost together."""
        return Cost(
            requests=self._file.requests, bytes=self._file.bytes, seconds=self._file.seconds
        )

    @property
    def etag(self) -> str | None:
        """Storage's name for the content, where it gives one."""
        return self._file.etag

    def room(self) -> tuple[int, int]:
        """Requests and bytes left of the budget."""
        return self._file.room()

    def grant(self, budget: Budget) -> None:
        """Go on with another budget, which counts from the file's first request, too."""
        self._file.budget = budget

    async def read(self, start: int, stop: int, *, exempt: bool = False) -> bytes:
        """The bytes from `start` up to `stop`, as far as the window goes, in one request at most.

        What was read before costs nothing. `exempt` bytes do not count against the budget: for a
        zip's directory. Raises OverBudget, StorageFailure.
        """
        start, stop = self._clamped(start, stop)
        data = await self._file.read(start, stop, exempt=exempt) if start < stop else b""
        self._file.spans.trim()
        return data

    async def read_all(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """The bytes of each (start, stop), neighbours in one request; all of them, or none.

        Raises OverBudget before the first request, StorageFailure.
        """
        spans = self._file.spans
        clamped = [self._clamped(start, stop) for start, stop in ranges]
        joined: list[tuple[int, int]] = []
        for start, stop in sorted(filter(None, (spans.missing(*each) for each in clamped))):
            if joined and start - joined[-1][1] < NEAR:
                joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
            else:
                joined.append((start, stop))
        self._file.afford(len(joined), sum(stop - start for start, stop in joined))
        for start, stop in joined:
            await self._file.read(start, stop, exempt=False)
        found = [await self._file.read(*each, exempt=False) for each in clamped]
        spans.trim()
        return found

    def held(self, start: int, stop: int) -> bytes | None:
        """The bytes from `start` up to `stop` if all of them have been read; never a request."""
        return self._file.spans.held(*self._clamped(start, stop))

    def tail(self) -> bytes:
        """The last 64 kB as far as they have been read; never a request."""
        start, stop = self._clamped(self.size - TAIL, self.size)
        missing = self._file.spans.missing(start, stop)
        return self._file.spans.held(missing[1] if missing else start, stop) or b""

    def inside(self, start: int, length: int) -> Window:
        """A window on a part of this one, with the same meter, budget and what was read."""
        start, stop = self._clamped(start, start + length)
        return Window(self._file, start, stop - start)

    def _clamped(self, start: int, stop: int) -> tuple[int, int]:
        start = self._start + max(0, min(start, self.size))
        stop = self._start + max(0, min(stop, self.size))
        return start, max(start, stop)


async def opened(source: Source, budget: Budget | None = None) -> Window:
    """A window on all of a source, after the first request: its size, and its last 64 kB.

    Raises StorageFailure, and OverBudget where not even the first request fits.
    """
    file = _File(source, budget or first_look())
    await file.open()
    return Window(file, 0, file.size)


class _InMemory:
    """Bytes that are here already."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def get(self, start: int | None, stop: int) -> Reply:
        size = len(self._data)
        begin = max(0, size - stop) if start is None else start
        end = size if start is None else min(stop, size)
        return Reply(begin, self._data[begin:end], size, requests=0)


async def over(data: bytes) -> Window:
    """A window on what is here already: a member that had to be unpacked. It costs nothing."""
    window = await opened(_InMemory(data), Budget(requests=sys.maxsize, bytes=sys.maxsize))
    await window.read(0, len(data))
    window.grant(first_look())
    return window
