"""Pictures out of an MP4 without downloading it: keyframes by the sample table, decoded alone."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.evidence.child.host import run
from gerra_tui.evidence.formats.binary import Damaged
from gerra_tui.evidence.formats.movie import Track, sample_places
from gerra_tui.evidence.formats.mp4_index import read_index
from gerra_tui.evidence.formats.sample_entry import configuration
from gerra_tui.evidence.members import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gerra_tui.evidence.window import Window

SHEET: Final = 6  # keyframes of a contact sheet
_MOST_SAMPLES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A picture that needs no other: its time in seconds, and where its bytes lie."""

    seconds: float
    offset: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """All keyframes of a video track, and what decoding them needs; sizes in pixels."""

    codec: str
    configuration: bytes
    width: int
    height: int
    rotation: int
    keyframes: tuple[Keyframe, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded keyframe: raw RGB, three bytes a pixel, row by row."""

    keyframe: Keyframe
    width: int
    height: int
    rgb: bytes


async def read_reel(window: Window) -> Reel:
    """The keyframes of an MP4's first video track.

    Raises Unreadable, OverBudget where the index does not fit, StorageFailure.
    """
    try:
        movie = await read_index(window)
    except Damaged as damage:
        raise Unreadable(f"the index is damaged: {damage}") from None
    track = next((track for track in movie.tracks if track.kind == "vide"), None)
    if track is None or not track.width or not track.height:
        raise Unreadable("no video track")
    if movie.fragmented:
        raise Unreadable("fragmented MP4: no index of its frames")
    found = await asyncio.to_thread(lambda: tuple(keyframes(track, window.size)))
    if not found:
        raise Unreadable("no frames within the file")
    return Reel(
        codec=track.codec or "?",
        configuration=configuration(track.entry),
        width=track.width,
        height=track.height,
        rotation=track.rotation,
        keyframes=found,
    )


def spread(found: Sequence[Keyframe], number: int = SHEET) -> list[Keyframe]:
    """As many of them as asked for, from the first to the last, evenly."""
    if len(found) <= number:
        return list(found)
    last = len(found) - 1
    return [found[round(index * last / (number - 1))] for index in range(number)]


async def decode(
    window: Window, reel: Reel, chosen: Sequence[Keyframe], width: int, height: int
) -> list[Picture]:
    """The keyframes as pictures within `width` and `height` pixels; those that fail are left out.

    Their bytes are fetched by exact ranges. Raises ChildFailure, OverBudget, StorageFailure.
    """
    scale = min(width / reel.width, height / reel.height, 1.0)
    shown = max(1, round(reel.width * scale)), max(1, round(reel.height * scale))
    await window.read_all([(each.offset, each.offset + each.size) for each in chosen])
    needs: dict[str, Any] = {
        "codec": reel.codec,
        "configuration": b64encode(reel.configuration).decode("ascii"),
        "packets": [[each.offset, each.size] for each in chosen],
        "width": shown[0],
        "height": shown[1],
    }
    answer = await run("frames", window, needs)
    length = 3 * shown[0] * shown[1]
    places = [
        each for each, is_there in zip(chosen, answer.facts["shown"], strict=True) if is_there
    ]
    return [
        Picture(each, *shown, answer.raw[at * length : (at + 1) * length])
        for at, each in enumerate(places)
    ]


def keyframes(track: Track, size: int) -> Iterator[Keyframe]:
    """Every keyframe of a track that lies within a file of `size` bytes, in order."""
    wanted = set(track.keyframes or ()) if track.has_keyframes else None
    for number, ((offset, length), ticks) in enumerate(
        zip(sample_places(track), _starts(track), strict=False), 1
    ):
        if number > _MOST_SAMPLES:
            return
        if (wanted is None or number in wanted) and offset + length <= size:
            yield Keyframe(round(ticks / (track.timescale or 1), 6), offset, length)


def _starts(track: Track) -> Iterator[int]:
    """When each sample is decoded, in ticks; without end where the table is short."""

    def steps() -> Iterator[int]:
        for count, step in track.times or ():
            yield from repeat(step, count)
        yield from repeat(0)

    return accumulate(steps(), initial=0)
