"""The index of an MP4 or MOV: tracks, their times and where their samples lie (ISO 14496-12).

A track's tables may be cut off: what was not read is None, and nothing is guessed. A header's
number never sizes an allocation or a loop; only the bytes that are there do.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.formats.binary import Cursor
from gerra_tui.evidence.formats.boxes import Box, boxes
from gerra_tui.evidence.formats.sample_entry import codec_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_TRACKS: Final = 64
_UNKNOWN_DURATION: Final = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track. Times are in units of `timescale` a second; sizes and offsets in bytes.

    `times` are the runs of the stts box: (samples, ticks each). `sizes` is one number where all
    samples are alike. `keyframes` counts from 1, and is None where every sample is one.
    `edited` is how long it plays by its edit list, in units of the movie's timescale.
    """

    kind: str
    codec: str | None = None
    entry: bytes = b""
    width: int | None = None
    height: int | None = None
    rotation: int = 0
    timescale: int = 0
    duration: int | None = None
    edited: int | None = None
    times: tuple[tuple[int, int], ...] | None = None
    samples: int | None = None
    sizes: Sequence[int] | int | None = None
    keyframes: Sequence[int] | None = None
    has_keyframes: bool = False
    chunks: Sequence[int] | None = None
    runs: tuple[tuple[int, int], ...] | None = None

    @property
    def is_indexed(self) -> bool:
        """Whether the place of every sample is known."""
        return None not in (self.samples, self.sizes, self.chunks, self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movie:
    """The movie header and its tracks; durations in units of `timescale`, None where not said."""

    timescale: int = 0
    duration: int | None = None
    fragmented: bool = False
    fragments_duration: int | None = None
    tracks: tuple[Track, ...] = ()
    has_header: bool = False


def read_movie(data: bytes) -> Movie:
    """The content of a moov box, or as much of its beginning as was read.

    Raises Damaged where no box makes sense.
    """
    header: tuple[int, int | None] | None = None
    tracks: list[Track] = []
    fragmented = False
    promised: int | None = None
    for box in boxes(data, 0, len(data)):
        if box.kind == "mvhd" and box.whole:
            header = _times(data, box)
        elif box.kind == "mvex":
            fragmented = True
            promised = _fragments_duration(data, box)
        elif box.kind == "trak" and len(tracks) < MOST_TRACKS:
            tracks.append(_read_track(data, box))
    return Movie(
        timescale=header[0] if header else 0,
        duration=header[1] if header else None,
        fragmented=fragmented,
        fragments_duration=promised,
        tracks=tuple(tracks),
        has_header=header is not None,
    )


def sample_places(track: Track) -> Iterator[tuple[int, int]]:
    """(offset, size) of every sample in turn, as far as sizes and chunks both reach."""
    if not track.is_indexed:
        return
    at = 0
    for offset, count in _chunks(track):
        sizes = track.sizes or ()
        part = repeat(sizes, count) if isinstance(sizes, int) else sizes[at : at + count]
        for size in part:
            yield offset, size
            offset += size  # noqa: PLW2901 - the next sample of this chunk
        at += count


def reaches(track: Track, size: int) -> Iterator[tuple[int, int, int]]:
    """(samples, how many of them end within `size` bytes, byte after the last) of every chunk."""
    if not track.is_indexed:
        return
    at = 0
    each = track.sizes if isinstance(track.sizes, int) else 0
    ends = [0] if isinstance(track.sizes, int) else [0, *accumulate(track.sizes or ())]
    for offset, count in _chunks(track):
        room = max(0, size - offset)
        if each:
            yield count, min(count, room // each), offset + count * each
            continue
        last = min(at + count, len(ends) - 1)
        fitting = bisect_right(ends, ends[at] + room, at, last + 1) - 1 - at
        yield last - at, fitting if offset <= size else 0, offset + ends[last] - ends[at]
        at = last


def _chunks(track: Track) -> Iterator[tuple[int, int]]:
    """Where each chunk begins and how many samples it holds (the stsc box's runs laid out)."""
    left = track.samples or 0
    runs = track.runs or ()
    run = -1
    for number, offset in enumerate(track.chunks or (), 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        count = min(left, runs[run][1]) if run >= 0 else 0
        if left <= 0:
            return
        yield offset, count
        left -= count


def _times(data: bytes, box: Box) -> tuple[int, int | None]:
    """Timescale and duration of an mvhd or mdhd box."""
    cursor = Cursor(data, box.start, box.stop)
    version = cursor.u8()
    cursor.skip(3 + (16 if version == 1 else 8))
    timescale = cursor.u32()
    duration = cursor.u64() if version == 1 else cursor.u32()
    return timescale, None if duration in _UNKNOWN_DURATION else duration


def _fragments_duration(data: bytes, box: Box) -> int | None:
    for inner in boxes(data, box.start, box.stop):
        if inner.kind == "mehd" and inner.whole:
            cursor = Cursor(data, inner.start, inner.stop)
            version = cursor.u8()
            cursor.skip(3)
            return cursor.u64() if version == 1 else cursor.u32()
    return None


def _read_track(data: bytes, trak: Box) -> Track:
    found: dict[str, object] = {"kind": "?"}
    _descend(data, trak, found)
    return Track(**found)  # type: ignore[arg-type]


def _descend(data: bytes, parent: Box, found: dict[str, object]) -> None:
    """Read the boxes of a trak that are known; each kind of container stands at one depth only."""
    for box in boxes(data, parent.start, parent.stop):
        if box.kind == _INSIDE.get(parent.kind):
            _descend(data, box, found)
        elif box.kind == "edts" and parent.kind == "trak":
            for edits in boxes(data, box.start, box.stop):
                if edits.kind == "elst" and edits.whole:
                    found["edited"] = _edited(data, edits)
        elif (parent.kind, box.kind) in _READERS and (box.whole or box.kind == "stsz"):
            found |= _READERS[parent.kind, box.kind](data, box)


def _tkhd(data: bytes, box: Box) -> dict[str, object]:
    cursor = Cursor(data, box.start, box.stop)
    version = cursor.u8()
    cursor.skip(3 + (32 if version == 1 else 20) + 16)
    a, b = cursor.i32(), cursor.i32()
    return {"rotation": {(0, -1): 90, (-1, 0): 180, (0, 1): 270}.get((_sign(a), _sign(b)), 0)}


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _mdhd(data: bytes, box: Box) -> dict[str, object]:
    timescale, duration = _times(data, box)
    return {"timescale": timescale, "duration": duration}


def _hdlr(data: bytes, box: Box) -> dict[str, object]:
    cursor = Cursor(data, box.start, box.stop)
    cursor.skip(8)
    return {"kind": cursor.take(4).decode("latin-1")}


def _stsd(data: bytes, box: Box) -> dict[str, object]:
    cursor = Cursor(data, box.start, box.stop)
    cursor.skip(8)
    if cursor.left < 8:
        return {}
    size = cursor.u32()
    kind = cursor.take(4).decode("latin-1")
    stop = min(cursor.at + size - 8, cursor.stop)
    entry = data[cursor.at : stop]
    found: dict[str, object] = {"codec": codec_name(kind, entry), "entry": entry}
    if len(entry) >= 78:  # a VisualSampleEntry; audio's is shorter or has its numbers elsewhere
        shape = Cursor(entry, 24)
        found |= {"width": shape.u16(), "height": shape.u16()}
    return found


def _stts(data: bytes, box: Box) -> dict[str, object]:
    return {"times": _pairs(data, box)}


def _stsc(data: bytes, box: Box) -> dict[str, object]:
    numbers = _numbers(data, box, per_entry=3)
    return {"runs": tuple(zip(numbers[::3], numbers[1::3], strict=True))}


def _stss(data: bytes, box: Box) -> dict[str, object]:
    return {"keyframes": _numbers(data, box), "has_keyframes": True}


def _stsz(data: bytes, box: Box) -> dict[str, object]:
    cursor = Cursor(data, box.start, box.stop)
    cursor.skip(4)
    each, count = cursor.u32(), cursor.u32()
    if each:
        return {"samples": count, "sizes": each}
    if not box.whole:
        return {"samples": count}
    sizes = _big_endian("I", cursor.take(min(count * 4, cursor.left // 4 * 4)))
    return {"samples": count, "sizes": sizes}


def _stco(data: bytes, box: Box) -> dict[str, object]:
    return {"chunks": _numbers(data, box)}


def _co64(data: bytes, box: Box) -> dict[str, object]:
    return {"chunks": _numbers(data, box, code="Q")}


def _edited(data: bytes, box: Box) -> int:
    """How long the edits play, empty ones left out."""
    cursor = Cursor(data, box.start, box.stop)
    version = cursor.u8()
    cursor.skip(3)
    count = cursor.u32()
    width = 20 if version == 1 else 12
    total = 0
    for _ in range(min(count, cursor.left // width)):
        length = cursor.u64() if version == 1 else cursor.u32()
        media_time = cursor.u64() if version == 1 else cursor.u32()
        cursor.skip(4)
        total += 0 if media_time in _UNKNOWN_DURATION else length
    return total


def _pairs(data: bytes, box: Box) -> tuple[tuple[int, int], ...]:
    numbers = _numbers(data, box, per_entry=2)
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _numbers(data: bytes, box: Box, *, per_entry: int = 1, code: str = "I") -> array[int]:
    """The table of a full box: its count, then that many entries as far as they are there."""
    cursor = Cursor(data, box.start, box.stop)
    cursor.skip(4)
    entry = per_entry * (8 if code == "Q" else 4)
    count = cursor.u32()
    return _big_endian(code, cursor.take(min(count, cursor.left // entry) * entry))


def _big_endian(code: str, data: bytes) -> array[int]:
    numbers = array(code, data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


_INSIDE: Final = {"trak": "mdia", "mdia": "minf", "minf": "stbl"}
# A box counts in its own parent alone: QuickTime has another hdlr in minf.
_READERS: Final = {
    ("trak", "tkhd"): _tkhd, ("mdia", "mdhd"): _mdhd, ("mdia", "hdlr"): _hdlr,
    ("stbl", "stsd"): _stsd, ("stbl", "stts"): _stts, ("stbl", "stsc"): _stsc,
    ("stbl", "stss"): _stss, ("stbl", "stsz"): _stsz, ("stbl", "stco"): _stco,
    ("stbl", "co64"): _co64,
}  # fmt: skip
