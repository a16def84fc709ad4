"""SQLite's write-ahead log, read without SQLite, which forgets all that follows a damaged frame.

Format: sqlite.org/fileformat2.html, 4. Each commit is synced before the next one begins, so what
follows a frame that cannot be right was on the disk, and so was that frame.
"""

from __future__ import annotations

import struct
import sys
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

PAGE_SIZE: Final = 4096  # bytes; fixed, since recovery reads pages by itself
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADER: Final = 32  # bytes
FRAME_HEADER: Final = 24  # bytes
FRAME: Final = FRAME_HEADER + PAGE_SIZE
LITTLE_ENDIAN: Final = 0x377F0682  # the magic number of a log with checksums of that order
MOST_PAGES: Final = 1 << 24
_Sum = tuple[int, int]


class Frame(NamedTuple):
    """A page as a transaction left it. `commits`: it is the transaction's last one; `is_sound`: its
    checksum, which covers number and content, is right."""

    page: int
    content: bytes
    commits: bool
    is_sound: bool


def frames(log: bytes) -> list[Frame]:
    """Those of the log's current round, in their order; the ones before it have other salts."""
    round_ = _Round(log)
    slots = [round_.frame(at) for at in range(HEADER, len(log) - FRAME + 1, FRAME)]
    while slots and slots[-1] is None:
        slots.pop()
    return [slot or Frame(0, b"", commits=False, is_sound=False) for slot in slots]


def is_damaged(log: bytes) -> bool:
    """Whether a finished transaction cannot be read whole.

    One that was cut off while it was being written has no last frame.
    """
    all_frames = frames(log)
    last = max((at for at, one in enumerate(all_frames) if one.commits), default=-1)
    if last >= 0 and not _Round(log).header_is_sound:
        return True
    return any(not one.is_sound for one in all_frames[: last + 1])


def forget_rest(path: Path) -> None:
    """Take away what stands behind the last transaction that can be read whole: a transaction that
    failed left it, and `is_damaged` would take it for one that was lost. Raises `OSError`.

    No one may be writing to the log meanwhile.
    """
    log = path.read_bytes()
    sound = list(takewhile(lambda one: one.is_sound, frames(log)))
    count = max((at + 1 for at, one in enumerate(sound) if one.commits), default=0)
    with path.open("r+b") as file:
        for at in range(HEADER + count * FRAME, len(log), FRAME):
            file.seek(at)
            file.write(bytes(FRAME_HEADER))


def finished(log: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers and contents of the sound pages of finished transactions."""
    waiting: list[Frame] = []
    for one in frames(log):
        waiting.append(one)
        if one.commits:
            yield from ((it.page, it.content) for it in waiting if it.is_sound)
            waiting.clear()


def doubtful(log: bytes) -> list[bytes]:
    """Contents of the other pages: good for telling what is lost, and for nothing else."""
    return [one.content for one in frames(log) if not one.is_sound]


class _Round:
    """What tells a frame of the log's current round, whatever one of its bytes has become."""

    def __init__(self, log: bytes) -> None:
        self._log = log
        magic, page_size = struct.unpack_from(">I4xI", log) if len(log) >= HEADER else (0, 0)
        self._order = "<" if magic == LITTLE_ENDIAN else ">"
        self._salts = log[16:24]
        summed = self._sum(log[:24], (0, 0)) if len(log) >= HEADER else (0, 0)
        stored = struct.unpack_from(">II", log, 24) if len(log) >= HEADER else (0, 0)
        self.header_is_sound = summed == stored and page_size == PAGE_SIZE
        if not self.header_is_sound:
            self._order = "<" if sys.byteorder == "little" else ">"
            self._salts = log[HEADER + 8 : HEADER + 16]
        self._before = {stored, summed}  # either may be what the next frame goes on from
        self._is_current = True

    def frame(self, at: int) -> Frame | None:
        """The frame there; null if it belongs to an earlier round, or to none."""
        page, size_after = struct.unpack_from(">II", self._log, at)
        salted = self._log[at + 8 : at + 16] == self._salts
        stored: _Sum = struct.unpack_from(">II", self._log, at + 16)
        if not (salted or self._is_current):
            self._before = {stored}
            return None
        content = self._log[at + FRAME_HEADER : at + FRAME]
        head = self._log[at : at + 8]
        sums = {self._sum(content, self._sum(head, before)) for before in self._before}
        follows = stored in sums and 0 < page < MOST_PAGES
        self._is_current = salted or follows
        self._before = {stored} if follows else {stored, *sums}
        if not self._is_current:
            return None
        return Frame(page, content, commits=size_after > 0, is_sound=follows)

    def _sum(self, data: bytes, before: _Sum) -> _Sum:
        one, other = before
        for first, second in struct.iter_unpack(f"{self._order}II", data):
            one = (one + first + other) & 0xFFFFFFFF
            other = (other + second + one) & 0xFFFFFFFF
        return one, other
