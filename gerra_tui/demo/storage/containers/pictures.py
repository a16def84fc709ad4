"""Pictures of any length: what they lack stands where each format keeps what is no picture."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.sparse import Run, Sparse

if TYPE_CHECKING:
    from gerra_tui.demo.storage.pictures import Scene

_SEGMENT = 65_533  # bytes of a JPEG comment
_BLOCK = 255  # bytes of a GIF's


def png(scene: Scene, size: tuple[int, int], length: int) -> Sparse:
    """A private chunk (PNG 3rd edition, 4.7.2) before the end."""
    picture = scene.png(size, 0.4)
    room = length - len(picture) - 12
    if room < 0:
        return Sparse(picture)
    filler = b"raWd" + bytes(room)
    chunk = struct.pack(">L", room) + filler + struct.pack(">L", zlib.crc32(filler))
    return Sparse(picture[:-12], chunk, picture[-12:])


def jpg(scene: Scene, size: tuple[int, int], length: int) -> Sparse:
    """Comments (ITU T.81, B.2.4.5) before its scan."""
    picture = scene.jpg(size, 0.4)
    scan = picture.rindex(b"\xff\xda")
    whole, rest = divmod(max(0, length - len(picture)), _SEGMENT + 4)
    if 0 < rest < 4 and whole:
        whole, rest = whole - 1, rest + _SEGMENT + 4
    ends = [rest] if rest <= _SEGMENT + 4 else [1_000, rest - 1_000]
    last = b"".join(_comment(size - 4) for size in ends if size >= 4)
    return Sparse(picture[:scan], Run(_comment(_SEGMENT), whole), last, picture[scan:])


def gif(scene: Scene, size: tuple[int, int], length: int) -> Sparse:
    """A comment (GIF89a, 24) before the trailer."""
    picture = scene.gif(size)
    room = length - len(picture) - 3
    if room < 2:
        return Sparse(picture)
    whole, rest = divmod(room, _BLOCK + 1)
    if rest == 1:
        whole, rest = whole - 1, rest + _BLOCK + 1
    ends = [rest] if rest <= _BLOCK + 1 else [100, rest - 100]
    blocks = b"".join(bytes((size - 1,)) + b" " * (size - 1) for size in ends if size)
    full = Run(bytes((_BLOCK,)) + b" " * _BLOCK, whole)
    return Sparse(picture[:-1], b"\x21\xfe", full, blocks, b"\0", picture[-1:])


def _comment(size: int) -> bytes:
    return b"\xff\xfe" + struct.pack(">H", size + 2) + b" " * size
