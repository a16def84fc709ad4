"""Real pictures for the demo's videos: keyframes of one drawn movement, made before.

`python -m tests.keyframes` makes them again.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zipfile import ZipFile

MOMENTS: Final = 4
CONFIGURATION: Final = "configuration"  # avcC, hvcC or av1C (ISO 14496-15; AV1 in ISOBMFF)
_ARCHIVE: Final = "keyframes.zip"
_LONGEST_PADDING: Final = (1 << 28) - 1  # of an OBU, whose length has four times seven bits here


@dataclass(frozen=True, slots=True)
class Keyframes:
    """Of one codec and size."""

    codec: str
    configuration: bytes
    frames: tuple[bytes, ...]

    def fitting(self, length: int) -> tuple[bytes, ...]:
        """The frames in exactly so many bytes each, padded as the codec has it; none where they do
        not fit."""
        padded = tuple(_padded(self.codec, frame, length) for frame in self.frames)
        return padded if all(padded) else ()


@lru_cache(16)
def keyframes(codec: str, width: int, height: int) -> Keyframes | None:
    """None for a codec or a size that there are none of."""
    source = files(__package__) / _ARCHIVE
    folder = f"{codec}/{width}x{height}"
    with source.open("rb") as file, ZipFile(file) as archive:
        if f"{folder}/{CONFIGURATION}" not in archive.namelist():
            return None
        return Keyframes(
            codec,
            archive.read(f"{folder}/{CONFIGURATION}"),
            tuple(archive.read(f"{folder}/{number}") for number in range(MOMENTS)),
        )


def _padded(codec: str, frame: bytes, length: int) -> bytes:
    """Empty where it does not fit."""
    room = length - len(frame)
    if not room:
        return frame
    if codec == "av1":  # AV1, 5.8: an OBU of padding, of type 15, with its size
        if not 7 <= room <= _LONGEST_PADDING:
            return b""
        size = room - 5
        told = bytes(
            (size >> shift & 0x7F) | (0x80 if shift < 21 else 0) for shift in (0, 7, 14, 21)
        )
        return frame + b"\x7a" + told + bytes(size - 1) + b"\x80"
    # Filler data (H.264, 7.3.2.7; H.265, 7.3.2.8) behind its length
    head = b"\x0c" if codec == "h264" else b"\x4c\x01"
    if room < 4 + len(head) + 1:
        return b""
    filler = head + b"\xff" * (room - 4 - len(head) - 1) + b"\x80"
    return frame + struct.pack(">L", len(filler)) + filler
