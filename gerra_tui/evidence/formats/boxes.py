"""The boxes that MP4 and its kin are made of (ISO 14496-12, 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerra_tui.evidence.formats.binary import Cursor, Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Box:
    """A box whose content is `data[start:stop]`; `whole` where all of it was read."""

    kind: str
    start: int
    stop: int
    whole: bool


def boxes(data: bytes, start: int, stop: int) -> Iterator[Box]:
    """The boxes that follow one another, the last perhaps cut off; ends where no box can be."""
    while stop - start >= 8:
        cursor = Cursor(data, start, stop)
        size, kind = cursor.u32(), cursor.take(4)
        if size == 1:
            if cursor.left < 8:
                return
            size = cursor.u64()
        elif size == 0:
            size = stop - start
        if start + size < cursor.at:
            raise Damaged(f"box {kind!r} is smaller than its own header")
        end = start + size
        yield Box(kind.decode("latin-1"), cursor.at, min(end, stop), end <= stop)
        start = end
