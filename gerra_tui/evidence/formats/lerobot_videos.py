"""Videos of a LeRobot dataset against their episodes: frames, rate and size, by their indexes.

A dataset has too many to look at all of them: those with the fewest bytes a frame, the shortest,
the longest, and some between. A video with fewer frames than its episode has lost what the robot
saw; one with more may be cut off by the loader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Mark, Step, fine, odd, unchecked
from gerra_tui.evidence.formats import mp4
from gerra_tui.evidence.listing import count
from gerra_tui.evidence.members import STORED, Unreadable
from gerra_tui.evidence.window import OverBudget, Window, first_look

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gerra_tui.evidence.findings import FormatLook
    from gerra_tui.evidence.formats.lerobot_info import Info
    from gerra_tui.evidence.members import Archive, Member

EACH: Final = 6  # videos of one camera
_MOST: Final = 24  # videos in all
_HEAD: Final = 64  # bytes: a writer's first boxes, up to where the media begins
_TAIL: Final = 32_768  # bytes: the index of some 3,000 frames
_REQUESTS: Final = 2
_NEAR: Final = 0.001  # of a frame rate
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Video:
    """A member that should hold so many `frames`; `exactly`, or at least that many."""

    path: str
    camera: str
    frames: int
    exactly: bool = True


@dataclass(slots=True)
class _Findings:
    fewer: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    rates: list[tuple[str, float]] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    left: int = 0
    seen: int = 0


async def judge_videos(
    archive: Archive, prefix: str, info: Info, videos: Iterable[Video], found: FormatLook
) -> None:
    """Look at some of the videos where the budget holds it. Raises StorageFailure."""
    members = {each.name: each for each in archive.members}
    there = [each for each in videos if prefix + each.path in members]
    chosen = _chosen(there, prefix, members)
    if not chosen:
        return
    if any(members[prefix + each.path].method != STORED for each in chosen):
        found.checks.append(unchecked("video", "packed videos are readable from their start only"))
        return
    try:
        windows = [await _opened(archive, prefix + chosen[0].path)]
        if windows[0].room()[1] <= first_look().bytes:
            raise OverBudget(_REQUESTS * len(chosen), (_HEAD + _TAIL) * len(chosen))
        windows += [await _opened(archive, prefix + each.path) for each in chosen[1:]]
    except OverBudget:
        words = f"frames of {len(chosen):,} of {count(len(there), 'video')}"
        found.checks.append(unchecked("video", f"{words} against their episodes"))
        price = (_HEAD + _TAIL) * len(chosen)
        found.more.append(
            Step(key=MORE, words=words, requests=_REQUESTS * len(chosen), bytes=price)
        )
        return
    except Unreadable as problem:
        found.checks.append(unchecked("video", str(problem)))
        return
    findings = _Findings()
    for video, window in zip(chosen, windows, strict=True):
        await _look(video, window, info, findings)
    _tell(found, findings, info, scope=f"{findings.seen:,} of {count(len(there), 'video')}")


async def _opened(archive: Archive, name: str) -> Window:
    content = await archive.member(name)
    if isinstance(content, bytes):
        raise Unreadable("packed videos are readable from their start only")
    return content


def _chosen(videos: Sequence[Video], prefix: str, members: dict[str, Member]) -> list[Video]:
    """Those of each camera that are most likely to be odd, and some that are not."""
    chosen: list[Video] = []
    for camera in sorted({each.camera for each in videos}):
        own = [each for each in videos if each.camera == camera and each.frames > 0]
        thin = sorted(own, key=lambda each: members[prefix + each.path].size / each.frames)
        long = sorted(own, key=lambda each: each.frames)
        between = own[:: max(1, len(own) // EACH)]
        wanted = [*thin[:2], *long[:1], *long[-1:], *between]
        chosen += list(dict.fromkeys(wanted))[:EACH]
    return chosen[:_MOST]


async def _look(video: Video, window: Window, info: Info, findings: _Findings) -> None:
    try:
        await window.read_all([(0, _HEAD), (window.size - _TAIL, window.size)])
    except OverBudget:
        findings.left += 1
        return
    looked = await mp4.look(window)
    facts, frames = looked.facts, looked.facts["frames"]
    if frames is None:
        if any(check.mark is Mark.ODD for check in looked.checks):
            findings.unread.append(video.path)
        else:
            findings.left += 1
        return
    findings.seen += 1
    if frames < video.frames:
        findings.fewer.append(f"{video.path} {frames:,} of {video.frames:,}")
    elif video.exactly and frames > video.frames:
        findings.more.append(f"{video.path} {frames:,} of {video.frames:,}")
    rate = facts["fps"]
    if rate and info.fps and abs(rate - info.fps) > _NEAR * info.fps:
        findings.rates.append((video.path, rate))
    declared = info.sizes.get(video.camera)
    if declared and {facts["width"], facts["height"]} - set(declared):
        shape = "x".join(map(str, declared))
        findings.sizes.append(f"{video.path} {facts['width']}x{facts['height']}, {shape} declared")


def _tell(found: FormatLook, findings: _Findings, info: Info, scope: str) -> None:
    for name, words, odd_ones in (
        ("video", "fewer frames than its episode", findings.fewer),
        ("video", "more frames than its episode", findings.more),
        ("size-in-video", "another size than declared", findings.sizes),
    ):
        if odd_ones:
            shown = "; ".join(odd_ones[:_SHOWN])
            text = f"{words} in {count(len(odd_ones), 'video')}: {shown}"
            found.checks.append(odd(name, text, measured=len(odd_ones), scope=scope))
    if findings.rates:
        path, rate = findings.rates[0]
        text = f"info.json says {info.fps:g}, {path} has {rate:g}"
        found.checks.append(odd("fps", text, measured=rate, declared=info.fps, scope=scope))
    if findings.unread:
        text = f"no frames found in {count(len(findings.unread), 'video')}: {findings.unread[0]}"
        found.checks.append(odd("video", text, measured=len(findings.unread), scope=scope))
    if findings.left:
        text = f"{count(findings.left, 'video')} not looked at within the budget"
        found.checks.append(unchecked("video", text))
    if findings.seen and not (findings.fewer or findings.more or findings.unread):
        text = f"as many frames as their episodes in {count(findings.seen, 'video')}"
        found.checks.append(fine("video", text, measured=findings.seen, scope=scope))
