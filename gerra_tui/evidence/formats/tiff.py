"""TIFF: its directories lie anywhere in the file, each naming the next (TIFF 6.0, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from gerra_tui.evidence.formats.binary import Cursor, Damaged
from gerra_tui.evidence.formats.image_headers import Header
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from gerra_tui.evidence.window import Window

_WIDTH, _HEIGHT = 256, 257
_SHORT: Final = 3
_MOST_FRAMES: Final = 1_000
_DIRECTORY: Final = 4_096  # bytes: 340 fields


def is_tiff(head: bytes) -> bool:
    """Whether a file begins as one."""
    return head[:4] in (b"II*\x00", b"MM\x00*")


async def read(window: Window, head: bytes) -> Header:
    """The first directory's picture; frames are counted as far as the budget reaches.

    Raises Damaged, OverBudget, StorageFailure.
    """
    order: Literal["<", ">"] = "<" if head[:2] == b"II" else ">"
    place = Cursor(head, 4, order=order).u32()
    size: tuple[int, int] | None = None
    seen: set[int] = set()
    frames: int | None = 0
    while place and place not in seen and len(seen) < _MOST_FRAMES:
        seen.add(place)
        try:
            data = await window.read(place, place + _DIRECTORY)
        except OverBudget:
            if size is None:
                raise
            frames = None
            break
        found, place = _directory(Cursor(data, order=order))
        size = size or found
        frames = len(seen)
    if size is None:
        raise Damaged("no directory")
    return Header(format="TIFF", width=size[0], height=size[1], frames=frames or None)


def _directory(cursor: Cursor) -> tuple[tuple[int, int], int]:
    """Width and height of one directory, and where the next one is (0: nowhere)."""
    values = {_WIDTH: 0, _HEIGHT: 0}
    for _ in range(cursor.u16()):
        tag, kind, _ = cursor.u16(), cursor.u16(), cursor.u32()
        begin = cursor.at
        value = cursor.u16() if kind == _SHORT else cursor.u32()
        cursor.at = begin + 4
        if tag in values:
            values[tag] = value
    return (values[_WIDTH], values[_HEIGHT]), cursor.u32() if cursor.left >= 4 else 0
