"""A LeRobot dataset in an archive, versions 2.0, 2.1 and 3.0: what it says, and what is missing.

`meta/info.json` says what there should be, and the archive's directory what there is; the episode
and task lists are read where the budget allows it. Data and videos are not touched.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats import lerobot_stats
from gerra_tui.evidence.formats.lerobot_info import Info, read_info
from gerra_tui.evidence.formats.lerobot_layout import META, holes, missing_episodes, numbered_files
from gerra_tui.evidence.formats.lerobot_lists import episode_lengths, judge_episodes, judge_tasks
from gerra_tui.evidence.formats.lerobot_spans import judge_spans, judge_task_table
from gerra_tui.evidence.formats.lerobot_videos import Video, judge_videos
from gerra_tui.evidence.listing import count
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from gerra_tui.domain.evidence import Check
    from gerra_tui.evidence.members import Archive

INFO: Final = "meta/info.json"
FACTS: Final = ("version", "robot", "fps", "episodes", "frames", "tasks", "cameras")

_EPISODES: Final = "meta/episodes.jsonl"
_TASKS: Final = "meta/tasks.jsonl"
_TASKS_3: Final = "meta/tasks.parquet"
_STATISTICS: Final = "meta/episodes_stats.jsonl"


async def look(archive: Archive) -> FormatLook:
    """What a LeRobot dataset says of itself, against the members. Raises StorageFailure."""
    told: dict[str, Any] = dict.fromkeys(FACTS)
    found = FormatLook(kind="lerobot", facts={"lerobot": told})
    infos = [each.name for each in archive.members if f"/{each.name}".endswith(f"/{INFO}")]
    if not infos:
        found.checks.append(odd("lerobot", f"no {INFO}"))
        return found
    prefix = min(infos, key=len).removesuffix(INFO)
    texts = await _read(archive, prefix, found)
    if (text := texts.get(INFO)) is None:
        return found
    try:
        info = read_info(json.loads(text))
    except (ValueError, RecursionError) as problem:
        found.checks.append(odd("lerobot", f"{INFO} is damaged: {str(problem)[:100]}"))
        return found
    _tell(found, told, info)
    found.checks += await asyncio.to_thread(_completeness, archive, prefix, info)
    if (episodes := texts.get(_EPISODES)) is not None:
        found.checks += judge_episodes(episodes, info, found.facts)
    if (tasks := texts.get(_TASKS)) is not None:
        found.checks += judge_tasks(tasks, info, found.facts)
    if (table := texts.get(_TASKS_3)) is not None:
        found.checks.append(judge_task_table(table, info))
    if info.version == "v3.0":
        videos = await judge_spans(archive, prefix, info, found)
    else:
        videos = _videos(texts.get(_EPISODES, b""), info)
    await _statistics(archive, prefix, found)
    if archive.whole:
        await judge_videos(archive, prefix, info, videos, found)
    return found


async def _read(archive: Archive, prefix: str, found: FormatLook) -> dict[str, bytes]:
    """info.json and, where the budget allows it, the lists beside it, by their names here."""
    sizes = {each.name: each.compressed for each in archive.members}
    there = [name for name in (_EPISODES, _TASKS, _TASKS_3) if prefix + name in sizes]
    for lists in (there, there[:1], there[1:], []):
        names = [prefix + name for name in (INFO, *lists)]
        try:
            texts = await archive.read(names)
        except OverBudget:
            continue
        left = [name for name in there if name not in lists]
        if left:
            _leave(found, left, sum(sizes[prefix + name] for name in left))
        for name in names:
            if name not in texts:
                found.checks.append(unchecked("lerobot", f"{name} cannot be read"))
        return {name.removeprefix(prefix): text for name, text in texts.items()}
    price = sizes[prefix + INFO]
    found.checks.append(unchecked("lerobot", f"{INFO} was not reached within the budget"))
    found.more.append(Step(key=MORE, words=INFO, requests=1, bytes=price))
    return {}


def _leave(found: FormatLook, names: list[str], price: int) -> None:
    listed = " and ".join(name.removeprefix("meta/") for name in names)
    found.checks.append(unchecked("episodes", f"{listed} not read: {price:,} bytes"))
    found.more.append(Step(key=MORE, words=listed, requests=len(names), bytes=price))


def _tell(found: FormatLook, told: dict[str, Any], info: Info) -> None:
    told |= {
        "version": info.version,
        "robot": info.robot,
        "fps": info.fps,
        "episodes": info.episodes,
        "frames": info.frames,
        "tasks": info.tasks,
        "cameras": list(info.cameras),
        "features": info.features,
    }
    known = info.version in META
    words = f"{info.version or 'no version'}, {_number(info.episodes, 'episode')}"
    words = f"{words}, {_number(info.frames, 'frame')}"
    if not known:
        found.checks.append(unchecked("lerobot", f"{words}: this version is not known here"))
    elif info.problems:
        found.checks += [odd("lerobot", problem) for problem in info.problems]
    else:
        found.checks.append(fine("lerobot", words))
    if 0 in (info.episodes, info.frames):
        found.checks.append(odd("empty", f"{words}: nothing in it", measured=0))
    found.checks += info.contradictions


def _videos(episodes: bytes, info: Info) -> list[Video]:
    """The video of each episode and camera, with as many frames as the episode is long."""
    try:
        return [
            Video(
                info.video.path(
                    {"episode_index": index, "episode_chunk": index // info.chunk}, camera
                ),
                camera,
                length,
            )
            for index, length in episode_lengths(episodes).items()
            for camera in info.videos
        ]
    except KeyError:  # a field that nobody knows, which has been said
        return []


def _number(number: int | None, thing: str) -> str:
    return f"no number of {thing}s" if number is None else count(number, thing)


def _completeness(archive: Archive, prefix: str, info: Info) -> list[Check]:
    if info.version not in META or info.episodes is None:
        return []
    if not archive.whole:
        return [unchecked("complete", "not all members were listed")]
    names = {each.name for each in archive.members}
    try:
        absent = [*_missing(names, prefix, info)]
    except KeyError as field:
        return [odd("complete", f"a path of info.json has the unknown field {field}")]
    total = sum(number for number, _ in absent)
    if total:
        first = "; ".join(words for _, words in absent[:3])
        return [odd("complete", f"{count(total, 'file')} missing: {first}", measured=total,
                    declared=0)]  # fmt: skip
    return [fine("complete", _inventory(info), measured=0, declared=0)]


def _missing(names: AbstractSet[str], prefix: str, info: Info) -> Iterator[tuple[int, str]]:
    """(how many files, which) of each kind of file that is called for and is no member."""
    for name in META[info.version]:
        path = f"{prefix}meta/{name}"
        if path not in names and not any(
            path.endswith("/") and each.startswith(path) for each in names
        ):
            yield 1, f"meta/{name}"
    for shape, key in [(info.data, ""), *((info.video, camera) for camera in info.videos)]:
        if info.version == "v3.0":
            numbers = numbered_files(shape, key, names, prefix)
            if not numbers and info.episodes:
                yield 1, shape.path({"chunk_index": 0, "file_index": 0}, key)
            for chunk_index, file_index in holes(numbers, info.chunk):
                yield 1, shape.path({"chunk_index": chunk_index, "file_index": file_index}, key)
        else:
            number, first = missing_episodes(
                shape, key, info.episodes or 0, info.chunk, names, prefix
            )
            if number:
                yield number, first[0] if first else f"{number:,} of {key or 'the data'}"


def _inventory(info: Info) -> str:
    if info.version == "v3.0":
        return f"data, {count(len(info.videos), 'camera')} and meta are there"
    episodes = info.episodes or 0
    return f"{episodes:,} data, {episodes * len(info.videos):,} video, all of meta"


async def _statistics(archive: Archive, prefix: str, found: FormatLook) -> None:
    """Rank the episodes by their recorded statistics where the budget allows it."""
    name = prefix + _STATISTICS
    member = next((each for each in archive.members if each.name == name), None)
    if member is None:
        return
    try:
        text = (await archive.read([name])).get(name)
    except OverBudget as over:
        price = max(member.compressed, over.bytes)
        found.checks.append(unchecked("statistics", f"recorded for each episode: {price:,} bytes"))
        found.more.append(Step(key=MORE, words="recorded statistics", requests=1, bytes=price))
        return
    if text is not None:
        found.checks += await asyncio.to_thread(lerobot_stats.judge, text, found.facts)
