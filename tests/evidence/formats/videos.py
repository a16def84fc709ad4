"""Videos made by PyAV for the tests, and their boxes moved, cut and changed by hand."""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RATE = 30


def video(
    frames: int = 30,
    *,
    codec: str = "mpeg4",
    size: tuple[int, int] = (64, 48),
    options: dict[str, str] | None = None,
    steps: Sequence[int] | None = None,
    noise: bool = False,
    rate: int | Fraction = RATE,
    between: int = 0,
    container: str = "mp4",
) -> bytes:
    """An MP4 of so many frames at 30 a second; `steps` are the ticks of 1/30 s between them.

    `between` is how many frames in a row may need a later one.
    """
    file = io.BytesIO()
    chance = np.random.default_rng(1)
    with av.open(file, "w", format=container, options=options or {}) as out:
        stream = out.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = 10
        stream.codec_context.max_b_frames = between
        stream.codec_context.time_base = 1 / Fraction(rate)
        at = 0
        for number in range(frames):
            shape = (size[1], size[0], 3)
            pixels = (
                chance.integers(0, 255, shape, dtype=np.uint8)
                if noise
                else np.full(shape, number * 7 % 256, dtype=np.uint8)
            )
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = at, 1 / Fraction(rate)
            at += steps[number] if steps else 1
            for packet in stream.encode(frame):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return file.getvalue()


def tops(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, stop) of the boxes at the top of a file."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, at, at + size
        at += size


def top(data: bytes, kind: bytes) -> tuple[int, int]:
    """Where the first box of a kind lies."""
    return next((start, stop) for each, start, stop in tops(data) if each == kind)


def index_first(data: bytes) -> bytes:
    """The same video with its index before its media, as for the web."""
    start, stop = top(data, b"moov")
    index = bytearray(data[start:stop])
    media = top(data, b"mdat")[0]
    at = index.find(b"stco")
    while at >= 0:
        (count,) = struct.unpack_from(">I", index, at + 8)
        for place in range(at + 12, at + 12 + 4 * count, 4):
            (offset,) = struct.unpack_from(">I", index, place)
            struct.pack_into(">I", index, place, offset + len(index))
        at = index.find(b"stco", at + 4)
    return data[:media] + bytes(index) + data[media:start] + data[stop:]
