"""The episode and task lists of LeRobot 2: sums against the totals, and the odd ones out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import fine, odd
from gerra_tui.evidence.listing import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.evidence import Check, Facts
    from gerra_tui.evidence.formats.lerobot_info import Info

_MOST: Final = 10**12  # frames of one episode: more is no length
_SHOWN: Final = 20  # tasks in the facts
_LONGEST: Final = 300


def judge_episodes(text: bytes, info: Info, facts: Facts) -> Iterator[Check]:
    """`episodes.jsonl` against info.json; the shortest and the longest episode become facts."""
    rows, broken = _rows(text)
    if broken:
        yield odd("episodes", f"episodes.jsonl: {count(broken, 'line')} no JSON", measured=broken)
    lengths = [_length(row.get("length")) for row in rows]
    known = [length for length in lengths if length is not None]
    if len(known) < len(lengths):
        words = f"episodes.jsonl: {count(len(lengths) - len(known), 'episode')} without a length"
        yield odd("frames", words, measured=len(known), declared=len(lengths))
    if known:
        order = sorted(range(len(lengths)), key=lambda index: lengths[index] or 0)
        facts["shortest_episode"] = _named(rows, lengths, order[0])
        facts["longest_episode"] = _named(rows, lengths, order[-1])
    yield compared("episodes", len(rows), info.episodes, "in episodes.jsonl")
    if len(known) == len(lengths):
        yield compared("frames", sum(known), info.frames, "the sum over episodes")
    numbers = [row.get("episode_index") for row in rows]
    if numbers != list(range(len(rows))):
        first = next(at for at, number in enumerate(numbers) if number != at)
        yield odd("order", f"episodes.jsonl: line {first + 1:,} is not episode {first:,}")


def episode_lengths(text: bytes) -> dict[int, int]:
    """Frames by episode, of those that `episodes.jsonl` names with both."""
    lengths = {}
    for row in _rows(text)[0]:
        index, length = row.get("episode_index"), _length(row.get("length"))
        if isinstance(index, int) and 0 <= index <= _MOST and length is not None:
            lengths[index] = length
    return lengths


def judge_tasks(text: bytes, info: Info, facts: Facts) -> Iterator[Check]:
    """`tasks.jsonl` against info.json; the first tasks become facts."""
    rows, broken = _rows(text)
    if broken:
        yield odd("tasks", f"tasks.jsonl: {count(broken, 'line')} no JSON", measured=broken)
    texts = [task for row in rows if isinstance(task := row.get("task"), str)]
    facts["task_texts"] = [task[:_LONGEST] for task in texts[:_SHOWN]]
    yield compared("tasks", len(rows), info.tasks, "in tasks.jsonl")


def compared(name: str, measured: int, declared: int | None, where: str) -> Check:
    """A sum held against what info.json says, if it says it."""
    if declared is None or measured == declared:
        return fine(name, f"{measured:,} {where}", measured=measured, declared=declared)
    words = f"{measured:,} {where}, info.json says {declared:,}"
    return odd(name, words, measured=measured, declared=declared)


def _rows(text: bytes) -> tuple[list[dict[str, Any]], int]:
    """The objects, and how many lines are none."""
    rows: list[dict[str, Any]] = []
    broken = 0
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            broken += 1
    return rows, broken


def _length(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST
    return int(value) if whole else None  # type: ignore[call-overload]


def _named(rows: list[dict[str, Any]], lengths: list[int | None], index: int) -> dict[str, Any]:
    episode = _length(rows[index].get("episode_index"))
    return {"episode": 0 if episode is None else episode, "frames": lengths[index]}
