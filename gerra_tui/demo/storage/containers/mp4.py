"""MP4 (ISO 14496-12) with its index at either end.

Keyframes that have the room show a drawn movement; the frames between them are zeros.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import cycle, islice, pairwise
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.keyframes import keyframes
from gerra_tui.demo.storage.sparse import Repeated, Sparse, zeros

if TYPE_CHECKING:
    from collections.abc import Sequence

Sizes = int | list[int]  # one for all frames, or each one's

_MATRIX = struct.pack(">9L", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000)
_RECORDS = {"av1": b"av1C", "h264": b"avcC", "hevc": b"hvcC"}
_ENTRIES = {"av1": b"av01", "h264": b"avc1", "hevc": b"hvc1"}
# For sizes without pictures: main profiles, and no parameter sets (ISO 14496-15; AV1 in ISOBMFF).
_CONFIGURATIONS = {
    "av1": b"\x81\x05\x0c\0",
    "h264": b"\1\x4d\0\x1e\xff\xe0\0",
    "hevc": b"\1\1\x60\0\0\0\x90\0\0\0\0\0\x5d\xf0\0\xfc\xfd\xf8\xf8\0\0\x0f\0",
}
_KEYFRAME_EVERY = 2  # seconds
_LISTED = 2_000  # frames whose sizes are listed each: longer videos have frames of one size
_MOVIE = 1_000  # ticks a second of the movie's own header


@dataclass(frozen=True, slots=True)
class Video:
    """`lost`: frames that were dropped, by their number, so that time jumps there."""

    width: int
    height: int
    fps: float
    frames: int
    codec: str = "av1"
    lost: Sequence[int] = ()
    note: bytes = b""

    @property
    def timescale(self) -> int:
        return round(self.fps * 1_000)

    @property
    def keyframe_every(self) -> int:
        """Frames."""
        return max(1, round(self.fps * _KEYFRAME_EVERY))


def file(video: Video, length: int, *, index_first: bool = False) -> Sparse:
    """A video of exactly so many bytes, if its index leaves one for every frame."""
    first = _box(b"ftyp", b"isom", struct.pack(">L", 512), b"isomiso2mp41")
    if video.note:
        first += _box(b"free", video.note)
    known = keyframes(video.codec, video.width, video.height)
    places = range(0, video.frames, video.keyframe_every)
    pictures = [*islice(cycle(known.frames), len(places))] if known else []
    needed = len(first) + 16 + len(_index(video, [0] * min(video.frames, _LISTED), 0))
    listed = video.frames <= _LISTED and pictures and 2 * sum(map(len, pictures)) < length - needed
    indexed = len(_index(video, [0] * video.frames if listed else 0, 0))
    media = max(video.frames, length - len(first) - 16 - indexed)
    sizes, frames = _listed(video, pictures, media) if listed else _alike(video, media)
    index = _index(video, sizes, len(first) + 16 + (indexed if index_first else 0))
    held = Sparse(struct.pack(">L4sQ", 1, b"mdat", media + 16), frames)
    return Sparse(first, index, held) if index_first else Sparse(first, held, index)


def _listed(video: Video, pictures: Sequence[bytes], media: int) -> tuple[Sizes, Sparse]:
    """Keyframes as long as their pictures; the others share what is left, the last one the rest."""
    others = max(1, video.frames - len(pictures))
    sizes = [(media - sum(map(len, pictures))) // others] * video.frames
    stops = [*range(0, video.frames, video.keyframe_every), video.frames]
    for place, picture in zip(stops, pictures, strict=False):
        sizes[place] = len(picture)
    sizes[-1] += media - sum(sizes)
    parts = []
    for (start, stop), picture in zip(pairwise(stops), pictures, strict=True):
        parts += [Sparse(picture), zeros(sum(sizes[start:stop]) - len(picture))]
    return sizes, Sparse(*parts)


def _alike(video: Video, media: int) -> tuple[Sizes, Sparse]:
    """All as long, with zeros up to the length."""
    sample = media // max(1, video.frames)
    known = keyframes(video.codec, video.width, video.height)
    pictures = known.fitting(sample) if known else ()
    if not pictures:
        return sample, zeros(media)
    between = zeros(sample * (video.keyframe_every - 1))
    round_ = Sparse(*(part for picture in pictures for part in (picture, between)))
    taken = sample * video.frames
    shown = Sparse(Repeated(round_, -(-taken // round_.length))).shortened(taken)
    return sample, Sparse(shown, zeros(media - taken))


def _index(video: Video, sizes: Sizes, start: int) -> bytes:
    """The moov box: frames of these sizes, one after the other from `start`."""
    duration = _duration(video)
    told = duration * _MOVIE // video.timescale
    header = _box(b"mvhd", struct.pack(">5L", 0, 0, 0, _MOVIE, told),
                  struct.pack(">LH", 0x10000, 0x100), bytes(10), _MATRIX, bytes(24),
                  struct.pack(">L", 2))  # fmt: skip
    track = _box(b"tkhd", struct.pack(">6L", 3, 0, 0, 1, 0, told), bytes(16), _MATRIX,
                 struct.pack(">2L", video.width << 16, video.height << 16))  # fmt: skip
    media = _box(b"mdhd", struct.pack(">5L2H", 0, 0, 0, video.timescale, duration, 0x55C4, 0))
    handler = _box(b"hdlr", bytes(8), b"vide", bytes(12), b"VideoHandler\0")
    data = _box(b"dinf", _box(b"dref", struct.pack(">2L", 0, 1), _box(b"url ", b"\0\0\0\1")))
    tables = _box(b"stbl", _description(video), _times(video), _keyframes(video),
                  _box(b"stsc", struct.pack(">5L", 0, 1, 1, video.frames, 1)),
                  _sizes(video, sizes),
                  _box(b"co64", struct.pack(">2LQ", 0, 1, start)))  # fmt: skip
    about = _box(b"minf", _box(b"vmhd", b"\0\0\0\1", bytes(8)), data, tables)
    return _box(b"moov", header, _box(b"trak", track, _box(b"mdia", media, handler, about)))


def _duration(video: Video) -> int:
    """Ticks, a thousand a frame; where frames were dropped, of those as well."""
    return 1_000 * (video.frames + len(video.lost))


def _times(video: Video) -> bytes:
    lost = set(video.lost)
    runs: list[list[int]] = []
    for number in range(video.frames) if lost else ():
        ticks = 1_000 * (2 if number in lost else 1)
        if runs and runs[-1][1] == ticks:
            runs[-1][0] += 1
        else:
            runs.append([1, ticks])
    runs = runs or [[video.frames, 1_000]]
    return _box(b"stts", struct.pack(">2L", 0, len(runs)), *(struct.pack(">2L", *r) for r in runs))


def _keyframes(video: Video) -> bytes:
    places = range(1, video.frames + 1, video.keyframe_every)
    return _box(b"stss", struct.pack(f">2L{len(places)}L", 0, len(places), *places))


def _sizes(video: Video, sizes: Sizes) -> bytes:
    if isinstance(sizes, int):
        return _box(b"stsz", struct.pack(">3L", 0, sizes, video.frames))
    return _box(b"stsz", struct.pack(f">3L{len(sizes)}L", 0, 0, len(sizes), *sizes))


def _description(video: Video) -> bytes:
    known = keyframes(video.codec, video.width, video.height)
    configuration = known.configuration if known else _CONFIGURATIONS[video.codec]
    entry = _box(_ENTRIES[video.codec], bytes(6), struct.pack(">H", 1), bytes(16),
                 struct.pack(">2H2L", video.width, video.height, 0x480000, 0x480000), bytes(4),
                 struct.pack(">H", 1), bytes(32), struct.pack(">HH", 24, 0xFFFF),
                 _box(_RECORDS[video.codec], configuration))  # fmt: skip
    return _box(b"stsd", struct.pack(">2L", 0, 1), entry)


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">L4s", 8 + len(body), kind) + body
