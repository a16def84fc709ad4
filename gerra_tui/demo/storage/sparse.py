"""A file of any length, computed as it is read: tens of gigabytes cost what a few bytes do."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_CHUNK = 256 * 1024
Part: TypeAlias = "Run | Made | Repeated"


@dataclass(frozen=True, slots=True)
class Run:
    """One block of bytes, over and over."""

    block: bytes
    times: int

    @property
    def length(self) -> int:
        return len(self.block) * self.times

    def read(self, start: int, stop: int) -> bytes:
        size = len(self.block)
        first, last = start // size, -(-stop // size)
        return (self.block * (last - first))[start - first * size : stop - first * size]


@dataclass(frozen=True, slots=True)
class Made:
    """Blocks of one size, each made by its number when it is read."""

    size: int
    times: int
    make: Callable[[int], bytes]

    @property
    def length(self) -> int:
        return self.size * self.times

    def read(self, start: int, stop: int) -> bytes:
        first, last = start // self.size, -(-stop // self.size)
        blocks = b"".join(self.make(number) for number in range(first, last))
        return blocks[start - first * self.size : stop - first * self.size]


@dataclass(frozen=True, slots=True)
class Repeated:
    """Several parts, over and over."""

    parts: Sparse
    times: int

    @property
    def size(self) -> int:
        return self.parts.length

    @property
    def length(self) -> int:
        return self.size * self.times

    def read(self, start: int, stop: int) -> bytes:
        pieces = []
        while start < stop:
            begin = start % self.size
            pieces.append(self.parts.read(begin, min(self.size, begin + stop - start)))
            start += len(pieces[-1])
        return b"".join(pieces)


class Sparse:
    """Parts one after the other, each bytes or a way to make them."""

    def __init__(self, *parts: bytes | Part | Sparse) -> None:
        self.parts: list[Part] = [*_plain(parts)]
        self._ends = [*accumulate(part.length for part in self.parts)]
        self.length = self._ends[-1] if self._ends else 0

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from start to before stop, in pieces of at most 256 KiB."""
        while start < stop:
            end = min(stop, start + _CHUNK)
            yield self.read(start, end)
            start = end

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from start to before stop, as far as there are any."""
        pieces = []
        number = bisect_right(self._ends, start)
        while number < len(self.parts) and start < stop:
            part, end = self.parts[number], self._ends[number]
            begin = end - part.length
            pieces.append(part.read(start - begin, min(stop, end) - begin))
            start = end
            number += 1
        return b"".join(pieces)

    def beginning_at(self, start: int) -> Sparse:
        """All but the first bytes, read at once."""
        return Sparse(self.read(start, self.length))

    def shortened(self, length: int) -> Sparse:
        """The first bytes alone, as an upload that broke off leaves them."""
        kept: list[Part] = []
        for part, end in zip(self.parts, self._ends, strict=True):
            left = length - (end - part.length)
            if left <= 0:
                break
            kept += [part] if left >= part.length else _beginning(part, left)
        return Sparse(*kept)


def zeros(length: int) -> Sparse:
    return Sparse(Run(b"\0", length))


def _plain(parts: Iterable[bytes | Part | Sparse]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Sparse):
            yield from part.parts
        elif isinstance(part, bytes):
            if part:
                yield Run(part, 1)
        elif part.length:
            yield part


def _beginning(part: Part, length: int) -> list[Part]:
    """The first bytes of a part: whole blocks, and what there is of the next one."""
    size = len(part.block) if isinstance(part, Run) else part.size
    whole, rest = divmod(length, size)
    kept: list[Part] = []
    if whole:
        kept.append(replace(part, times=whole))
    if rest and isinstance(part, Repeated):
        kept += part.parts.shortened(rest).parts
    elif rest:
        kept.append(Run(part.read(whole * size, length), 1))
    return kept
