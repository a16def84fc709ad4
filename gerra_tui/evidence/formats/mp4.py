"""MP4 and MOV: codec, size, frames, keyframes, gaps, and whether all media is there.

All of it stands in the index, the moov box (ISO 14496-12), at either end of the file; nothing is
decoded. An index too long for the budget is read from its beginning, where the times stand.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, PICTURES, Step, fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats.binary import Damaged
from gerra_tui.evidence.formats.keyframes import keyframes, spread
from gerra_tui.evidence.formats.movie import Movie, Track, reaches, read_movie
from gerra_tui.evidence.formats.mp4_index import AHEAD, Layout, beginning, walk
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.evidence import Check
    from gerra_tui.evidence.window import Window

FACTS: Final = ("codec", "width", "height", "frames", "keyframes", "duration_s", "fps")


_GAP: Final = 1.5  # of the usual step between two frames
_BACK: Final = 1 << 31  # a step from here on is a negative one, as writers have stored it
_DIFFERENT: Final = 0.1  # seconds between two durations of one file


async def look(window: Window) -> FormatLook:
    """What an MP4's index tells. Raises StorageFailure."""
    found = FormatLook(kind="mp4", facts=dict.fromkeys(FACTS))
    layout = Layout()
    try:
        await walk(window, layout)
        if layout.index is None:
            found.checks.append(_without_index(layout))
            return found
        start, stop = layout.index
        data = await beginning(window, start, min(stop, window.size))
        movie = await asyncio.to_thread(read_movie, data)
        partial = len(data) < stop - start
        if partial and stop <= window.size:
            found.more.append(
                Step(key=MORE, words="the whole index", requests=1, bytes=stop - start)
            )
        await asyncio.to_thread(_tell, found, movie, layout, window.size, partial=partial)
    except OverBudget as over:
        found.checks.append(unchecked("index", "the index was not reached within the budget"))
        found.more.append(Step(key=MORE, words="the index", requests=2, bytes=over.bytes + AHEAD))
    except Damaged as damage:
        found.checks.append(odd("index", f"the index is damaged: {damage}"))
    return found


def _without_index(layout: Layout) -> Check:
    if layout.missing:
        return odd(
            "index", f"cut off: no index, and {layout.missing:,} bytes of the last box missing"
        )
    if layout.fragmented:
        return odd("index", "fragments without an index before them")
    return odd("index", "no index (moov): no player can show this")


def _tell(found: FormatLook, movie: Movie, layout: Layout, size: int, *, partial: bool) -> None:
    facts = found.facts
    if not movie.has_header and not partial:
        found.checks.append(odd("header", "no movie header (mvhd): players may refuse it"))
    track = next((track for track in movie.tracks if track.kind == "vide"), None)
    others = [track.codec for track in movie.tracks if track.kind == "soun" and track.codec]
    if others:
        facts["audio"] = others
    if movie.timescale:
        declared = movie.fragments_duration if movie.fragmented else None
        declared = movie.duration if declared is None else declared
        facts["duration_s"] = _seconds(declared, movie.timescale) if declared else None
    if track is None:
        if not partial:
            words = f"no video track: audio {', '.join(others)}" if others else "no video track"
            found.checks.append(odd("video", words))
    else:
        facts |= {"codec": track.codec, "width": track.width, "height": track.height}
        if track.rotation:
            facts["rotation"] = track.rotation
    if movie.fragmented or layout.fragmented:
        found.checks += _fragmented(movie, layout)
    elif track is not None:
        _tell_track(found, movie, track, size, partial=partial)


def _fragmented(movie: Movie, layout: Layout) -> Iterator[Check]:
    header = ""
    if movie.timescale and (declared := movie.fragments_duration or movie.duration):
        header = f"header says {_seconds(declared, movie.timescale):,.10g} s"
    if layout.ended and not layout.has_media and not layout.fragmented:
        yield odd("media", f"no media at all: {header or 'the header alone'}")
        return
    words = "fragmented MP4: no index of its frames"
    yield unchecked("frames", f"{words}; {header}, not checked" if header else words)
    if layout.missing:
        yield odd("media", f"cut off: {layout.missing:,} bytes of the last box missing")


def _tell_track(found: FormatLook, movie: Movie, track: Track, size: int, *, partial: bool) -> None:
    facts, checks = found.facts, found.checks
    facts["frames"] = frames = track.samples
    if track.has_keyframes:
        facts["keyframes"] = len(track.keyframes or ())
    elif not partial:
        facts["keyframes"] = frames  # ISO 14496-12, 8.6.2: no stss, every sample is one
    if track.times and track.timescale:
        _tell_times(found, movie, track)
    elif frames:
        checks.append(
            unchecked("gaps", "the times of its frames are beyond the budget")
            if partial
            else odd("gaps", "no times for its frames")
        )
    if frames == 0:
        checks.append(odd("frames", "no frames", measured=0))
    elif frames is not None:
        checks.append(_media(track, size, partial=partial))
        _offer_pictures(found, track, size)


def _offer_pictures(found: FormatLook, track: Track, size: int) -> None:
    sheet = spread(tuple(keyframes(track, size)))
    if sheet:
        price = sum(each.size for each in sheet)
        found.more.append(Step(key=PICTURES, words="pictures", requests=len(sheet), bytes=price))


def _tell_times(found: FormatLook, movie: Movie, track: Track) -> None:
    facts, checks, times = found.facts, found.checks, track.times or ()
    timed = sum(count for count, _ in times)
    ticks = sum(count * step for count, step in times)
    if ticks:
        facts["fps"] = round(timed * track.timescale / ticks, 6)
    length = ticks
    if track.edited and movie.timescale:  # what the edit list leaves out is not played
        length = min(ticks, track.edited * track.timescale // movie.timescale)
    facts["duration_s"] = seconds = _seconds(length, track.timescale)
    if track.samples is not None and timed != track.samples:
        checks.append(
            odd("frames", f"times for {timed:,} frames, sizes for {track.samples:,}",
                measured=track.samples, declared=timed)
        )  # fmt: skip
    if movie.duration and movie.timescale:
        declared = _seconds(movie.duration, movie.timescale)
        facts["header_duration_s"] = declared
        step = ticks / timed / track.timescale if timed else 0
        if abs(declared - seconds) > max(_DIFFERENT, 2 * step):
            checks.append(
                odd("duration", f"header says {declared:g} s, its frames last {seconds:g} s",
                    measured=seconds, declared=declared)
            )  # fmt: skip
    checks.append(_gaps(track))


def _gaps(track: Track) -> Check:
    """Steps between frames beyond one and a half of the usual; the last frame's is no step."""
    times = [*(track.times or ())]
    if times:
        times[-1] = (times[-1][0] - 1, times[-1][1])
    usual = _median(times)
    gaps, longest, where, at = 0, 0, 0, 0
    for count, step in times:
        if step >= _BACK and count:
            return odd("order", f"time goes back at {_seconds(at, track.timescale):g} s")
        if step > _GAP * usual and count > 0:
            gaps += count
            if step > longest:
                longest, where = step, at
        at += count * step
    if not gaps:
        return fine("gaps", "no gaps between frames", measured=0)
    milliseconds = 1000 * _seconds(longest, track.timescale)
    place = _seconds(where, track.timescale)
    return odd("gaps", f"{gaps:,}, longest {milliseconds:,.4g} ms at {place:g} s", measured=gaps)


def _median(times: list[tuple[int, int]]) -> int:
    half = sum(count for count, _ in times) / 2
    passed = 0
    for count, step in sorted(times, key=lambda run: run[1]):
        passed += count
        if passed >= half:
            return step
    return 0


def _media(track: Track, size: int, *, partial: bool) -> Check:
    frames = track.samples or 0
    if not track.is_indexed:
        if partial:
            return unchecked("media", f"{frames:,} frames promised; where they lie, was not read")
        return odd("media", f"{frames:,} frames promised, no table of where they lie")
    placed, beyond, last = 0, 0, 0
    for count, fitting, stop in reaches(track, size):
        placed += count
        last = max(last, stop)
        beyond += count - fitting
    if beyond:
        what = "media missing" if beyond == frames else f"{beyond:,} beyond the file's end"
        return odd("media", f"{frames:,} frames promised, {what}", measured=size, declared=last)
    if placed < frames:
        return odd("media", f"{frames:,} frames promised, {placed:,} have a place",
                   measured=placed, declared=frames)  # fmt: skip
    return fine("media", "every frame lies within the file", measured=size, declared=last)


def _seconds(ticks: int, timescale: int) -> float:
    return round(ticks / timescale, 6)
