"""Recorded statistics of LeRobot's episodes (`episodes_stats.jsonl`): which to look at first.

Data and videos are not touched: this is what the recorder wrote down. A camera's mean is between
0 and 1, nested by channel.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import fine, odd
from gerra_tui.evidence.listing import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.evidence import Check, Facts

_SCOPE: Final = "recorded statistics"
_DARK, _BRIGHT = 0.03, 0.97  # of full brightness, over a whole episode
_MOVING: Final = ("action", "observation.state")
_MOST_EPISODES: Final = 20_000
_SHOWN: Final = 5


def judge(text: bytes, facts: Facts) -> list[Check]:
    """Episodes that stand still, are dark or bright, or hold no numbers; `ranked` names them."""
    frozen: list[int] = []
    dark: list[int] = []
    bright: list[int] = []
    strange: list[int] = []
    seen = 0
    for index, statistics in _episodes(text):
        seen += 1
        moving = [statistics[name] for name in _MOVING if isinstance(statistics.get(name), dict)]
        if any(_stands_still(each) for each in moving):
            frozen.append(index)
        means = [_mean(about) for name, about in statistics.items() if ".images." in name]
        dark += [index] if any(mean is not None and mean < _DARK for mean in means) else []
        bright += [index] if any(mean is not None and mean > _BRIGHT for mean in means) else []
        strange += [index] if any(_is_strange(about) for about in statistics.values()) else []
    facts["ranked"] = {"frozen": frozen, "dark": dark, "bright": bright, "nan": strange}
    checks = [*_told(frozen, dark, bright, strange)]
    return checks or [
        fine("statistics", f"nothing still, dark or NaN in {count(seen, 'episode')}", scope=_SCOPE)
    ]


def _told(
    frozen: list[int], dark: list[int], bright: list[int], strange: list[int]
) -> Iterator[Check]:
    for name, words, episodes in (
        ("stuck", "state or action never changes", frozen),
        ("dark", "a camera sees nothing but black", dark),
        ("bright", "a camera sees nothing but white", bright),
        ("recorded", "NaN in the recorded statistics", strange),
    ):
        if episodes:
            shown = ", ".join(map(str, episodes[:_SHOWN]))
            more = f" and {len(episodes) - _SHOWN:,} more" if len(episodes) > _SHOWN else ""
            told = f"{words} in {count(len(episodes), 'episode')}: {shown}{more}"
            yield odd(name, told, measured=len(episodes), scope=_SCOPE)


def _episodes(text: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.splitlines()[:_MOST_EPISODES]):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        statistics = row.get("stats") if isinstance(row, dict) else None
        if isinstance(statistics, dict):
            index = row.get("episode_index")
            known = isinstance(index, int) and 0 <= index <= _MOST_EPISODES
            yield index if known else number, statistics


def _numbers(value: object) -> list[float]:
    """All numbers in nested lists, in order."""
    numbers: list[float] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += reversed(item)
        elif isinstance(item, int | float) and not isinstance(item, bool):
            numbers.append(item)
    return numbers


def _stands_still(about: dict[str, Any]) -> bool:
    low, high = _numbers(about.get("min")), _numbers(about.get("max"))
    return bool(low) and low == high


def _mean(about: object) -> float | None:
    numbers = _numbers(about.get("mean")) if isinstance(about, dict) else []
    return _average(numbers)


def _average(numbers: list[float]) -> float | None:
    try:
        return sum(numbers) / len(numbers) if numbers else None
    except OverflowError:
        return None


def _is_strange(about: object) -> bool:
    if not isinstance(about, dict):
        return False
    return any(
        not _is_finite(number)
        for name in ("min", "max", "mean", "std")
        for number in _numbers(about.get(name))
    )


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an integer of more digits than a float has
        return True
