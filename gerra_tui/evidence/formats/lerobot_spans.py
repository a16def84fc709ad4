"""The episode list of LeRobot 3 (`meta/episodes/`): sums against totals, and where episodes lie.

It is Parquet, so a child reads it. The files that it names must be members, and the spans of
seconds must follow one another and be as long as their episodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.child.host import ChildFailure, NotInstalled, run
from gerra_tui.evidence.formats.binary import Damaged
from gerra_tui.evidence.formats.lerobot_lists import compared
from gerra_tui.evidence.formats.lerobot_videos import Video
from gerra_tui.evidence.formats.parquet_footer import read_footer
from gerra_tui.evidence.listing import count
from gerra_tui.evidence.members import Unreadable
from gerra_tui.evidence.window import OverBudget, Reply, Window, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.evidence import Check
    from gerra_tui.evidence.findings import FormatLook
    from gerra_tui.evidence.formats.lerobot_info import Info
    from gerra_tui.evidence.members import Archive, Member

FOLDER: Final = "meta/episodes/"


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """A packed member's bytes, as a source of ranges that cost nothing more."""

    data: bytes

    async def get(self, start: int | None, stop: int) -> Reply:
        size = len(self.data)
        begin = max(0, size - stop) if start is None else start
        return Reply(begin, self.data[begin : size if start is None else stop], size)


async def judge_spans(archive: Archive, prefix: str, info: Info, found: FormatLook) -> list[Video]:
    """Look at the episode list where the budget holds it: which videos it calls for.

    Raises StorageFailure.
    """
    lists = [
        each
        for each in archive.members
        if each.name.startswith(prefix + FOLDER) and each.name.endswith(".parquet")
    ]
    if not lists:
        return []
    if len(lists) > 1:
        words = f"the episode list lies in {count(len(lists), 'file')}: not summed up"
        found.checks.append(unchecked("episodes", words))
        return []
    try:
        told = (await run("episodes", await _window(archive, lists[0]), {"fps": info.fps})).facts
    except OverBudget:
        price = lists[0].compressed
        found.checks.append(unchecked("episodes", f"the episode list not read: {price:,} bytes"))
        found.more.append(Step(key=MORE, words="the episode list", requests=1, bytes=price))
    except NotInstalled as missing:
        found.checks.append(unchecked("episodes", f"the episode list {missing}"))
    except (ChildFailure, Unreadable) as problem:
        found.checks.append(odd("episodes", f"the episode list: {problem}"))
    else:
        found.facts["shortest_episode"] = told["shortest"]
        found.facts["longest_episode"] = told["longest"]
        names = {each.name for each in archive.members} if archive.whole else None
        found.checks += [*_sums(told, info), *_spans(told)]
        if names is not None:
            found.checks += _files(told, info, prefix, names)
        return _videos(told, info)
    return []


def judge_task_table(table: bytes, info: Info) -> Check:
    """The rows of `meta/tasks.parquet`, by its footer, against info.json."""
    length = int.from_bytes(table[-8:-4], "little")
    try:
        rows = read_footer(table[max(0, len(table) - 8 - length) : -8]).rows
    except Damaged as damage:
        return odd("tasks", f"tasks.parquet is damaged: {damage}")
    return compared("tasks", rows, info.tasks, "in tasks.parquet")


async def _window(archive: Archive, member: Member) -> Window:
    """The whole list, fetched in one request. Raises OverBudget, Unreadable, StorageFailure."""
    content = await archive.member(member.name)
    if isinstance(content, bytes):
        return await opened(_Unpacked(content))
    await content.read(0, content.size)
    return content


def _sums(told: dict[str, Any], info: Info) -> Iterator[Check]:
    yield compared("episodes", told["rows"], info.episodes, "in the episode list")
    yield compared("frames", told["frames"], info.frames, "the sum over episodes")
    if (row := told["unordered"]) is not None:
        yield odd("order", f"the episode list: row {row + 1:,} is not episode {row:,}")
    if told["broken"]:
        words = f"rows of the data do not follow one another: episode {told['broken'][0]:,}"
        yield odd("spans", words)


def _spans(told: dict[str, Any]) -> Iterator[Check]:
    good = 0
    for camera, spans in told["cameras"].items():
        if overlaps := spans["overlaps"]:
            words = f"{camera}: {count(overlaps, 'episode')} not after the one before in its video"
            yield odd("spans", f"{words}: {_some(spans['overlapping'])}", measured=overlaps)
        if unevens := spans["unevens"]:
            words = f"{camera}: {count(unevens, 'episode')} not as long in its video as in the data"
            yield odd("spans", f"{words}: {_some(spans['uneven'])}", measured=unevens)
        good += not overlaps and not unevens
    if good and good == len(told["cameras"]):
        yield fine("spans", f"every episode has its length in {count(good, 'camera')}")


def _files(told: dict[str, Any], info: Info, prefix: str, names: set[str]) -> Iterator[Check]:
    wanted = [(info.data, "", chunk, file) for chunk, file in told["data"]]
    for camera, spans in told["cameras"].items():
        wanted += [(info.video, camera, chunk, file) for chunk, file, _ in spans["files"]]
    absent = []
    for shape, key, chunk, file in wanted:
        try:
            path = shape.path({"chunk_index": chunk, "file_index": file}, key)
        except KeyError:
            return  # said of info.json already
        if prefix + path not in names:
            absent.append(path)
    if absent:
        words = f"{count(len(absent), 'file')} of the episode list missing: {absent[0]}"
        yield odd("listed", words, measured=len(absent), declared=0)
    elif wanted:
        yield fine("listed", f"all {count(len(wanted), 'file')} of the episode list are there")


def _videos(told: dict[str, Any], info: Info) -> list[Video]:
    """The files of videos, with the frames that their last episode needs."""
    try:
        return [
            Video(
                info.video.path({"chunk_index": chunk, "file_index": file}, camera),
                camera,
                round(end * (info.fps or 0)),
                exactly=False,
            )
            for camera, spans in told["cameras"].items()
            for chunk, file, end in spans["files"]
        ]
    except (KeyError, OverflowError):
        return []


def _some(episodes: list[int]) -> str:
    return ", ".join(map(str, episodes))
