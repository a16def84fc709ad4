"""Where an MP4's index lies: boxes follow one another from the start of the file to its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.formats.binary import Damaged
from gerra_tui.evidence.formats.boxes import boxes
from gerra_tui.evidence.formats.movie import read_movie
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from gerra_tui.evidence.formats.movie import Movie
    from gerra_tui.evidence.window import Window

AHEAD: Final = 131_072  # bytes of what follows the media, where the index may be

_HEAD: Final = 65_536
_LONGEST_INDEX: Final = 16_000_000  # bytes: some 300 hours at 30 frames a second are more
_MOST_BOXES: Final = 4_096  # at the top; a fragmented file has more, and is not walked to its end


@dataclass(slots=True)
class Layout:
    """What the walk along the top of the file met; `missing` is how much its last box promises."""

    index: tuple[int, int] | None = None
    has_media: bool = False
    fragmented: bool = False
    ended: bool = False
    missing: int = 0


async def walk(window: Window, layout: Layout) -> None:
    """Step from box to box along the top, until index and media were met. Raises OverBudget."""
    at = 0
    for _ in range(_MOST_BOXES):
        if window.size - at < 8:
            layout.ended = True
            return
        header = window.held(at, at + 16)
        if header is None:
            if layout.index:
                return  # what follows the index is not worth a request
            header = (await window.read(at, at + _reach(window, at)))[:16]
        box = next(boxes(header + bytes(16), 0, 1 << 63))
        length = box.stop - box.start
        if header[:4] == bytes(4):  # to the end of the file
            length = window.size - at - 8
        stop = at + box.start + length
        if box.kind == "moov":
            layout.index = (at + box.start, stop)
        layout.has_media |= box.kind == "mdat"
        layout.fragmented |= box.kind == "moof"
        layout.missing = max(0, stop - window.size)
        if layout.fragmented and layout.index:
            return
        at = stop


def _reach(window: Window, at: int) -> int:
    return _HEAD if at == 0 else max(16, min(AHEAD, window.room()[1]))


async def beginning(window: Window, start: int, stop: int) -> bytes:
    """The index, or as much of its beginning as the budget holds."""
    stop = min(stop, start + _LONGEST_INDEX)
    if (held := window.held(start, stop)) is not None:
        return held
    requests, room = window.room()
    if requests and room:
        try:
            return await window.read(start, stop)
        except OverBudget:
            return await window.read(start, min(stop, start + room))
    low, high = start, stop
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (low, middle - 1) if window.held(start, middle) is None else (middle, high)
    if low == start:
        raise OverBudget(1, stop - start)
    return window.held(start, low) or b""


async def read_index(window: Window) -> Movie:
    """The whole index. Raises Damaged where there is none, OverBudget, StorageFailure."""
    layout = Layout()
    await walk(window, layout)
    if layout.index is None:
        raise Damaged("there is none")
    start, stop = layout.index
    if stop > min(window.size, start + _LONGEST_INDEX):
        raise Damaged("it is cut off" if stop > window.size else "it is too long to be read")
    return await asyncio.to_thread(read_movie, await window.read(start, stop))
