"""What the facts of a look say the content is: one value of each thing, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.numbers import number

if TYPE_CHECKING:
    from collections.abc import Mapping

Pixels = tuple[int, int]  # width and height

_VIDEO: Final = "mp4"
_TABLES: Final = ("csv", "jsonl", "parquet")
_RECORDINGS: Final = ("mcap", "bag")
_INFO: Final = "meta/info.json"
_PICTURE: Final = re.compile(r"(?:video|image)\[([0-9]{1,7}),([0-9]{1,7}),([0-9]{1,7})\]")
_CHANNELS: Final = 4  # of a picture at most: a longer side of its shape is width or height


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`scope`: what of the file says so, null where that is all of it. `source`: a word for it.

    `cameras` are sizes by name, null where a camera's is not known. `names` are those of topics or
    columns, and None where the content has none to compare.
    """

    source: str = "file"
    scope: str | None = None
    fps: float | None = None
    frames: float | None = None
    episodes: float | None = None
    duration_s: float | None = None
    pixels: Pixels | None = None
    turned: bool = False
    robot: str | None = None
    cameras: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    names: tuple[str, ...] | None = None


def content_of(facts: Mapping[str, Any]) -> Content:
    """By the facts of a LeRobot dataset, of a file alone, or of the one that an archive wraps."""
    told = facts.get("lerobot")
    if isinstance(told, dict):
        return _lerobot(told)
    inside = facts.get("inside")
    if isinstance(inside, dict):
        return _file(inside, scope=_text(inside.get("name")))
    return _file(facts, scope=None)


def _lerobot(told: Mapping[str, Any]) -> Content:
    features = told.get("features")
    features = features if isinstance(features, dict) else {}
    cameras = told.get("cameras")
    return Content(
        source="info.json",
        scope=_INFO,
        fps=number(told.get("fps")),
        frames=number(told.get("frames")),
        episodes=number(told.get("episodes")),
        robot=_text(told.get("robot")),
        cameras={
            name: _sides(features.get(name))
            for name in (cameras if isinstance(cameras, list) else ())
            if isinstance(name, str)
        },
    )


def _file(facts: Mapping[str, Any], scope: str | None) -> Content:
    kind = facts.get("kind")
    if kind == _VIDEO:
        width, height = number(facts.get("width")), number(facts.get("height"))
        return Content(
            source="video",
            scope=scope,
            fps=number(facts.get("fps")),
            frames=number(facts.get("frames")),
            duration_s=number(facts.get("duration_s")),
            pixels=(int(width), int(height)) if width and height else None,
            turned=(number(facts.get("rotation")) or 0) % 180 == 90,
        )
    if kind in _RECORDINGS:
        topics = facts.get("topics")
        names = tuple(map(str, topics)) if isinstance(topics, dict) else None
        duration = number(facts.get("duration_s"))
        return Content(source="recording", scope=scope, duration_s=duration, names=names)
    if kind in _TABLES:
        columns = facts.get("columns")
        names = tuple(map(str, columns)) if isinstance(columns, dict) else None
        return Content(source="table", scope=scope, names=names)
    return Content()


def _sides(feature: object) -> frozenset[int] | None:
    """Width and height of a camera, whichever stands first."""
    found = _PICTURE.fullmatch(feature) if isinstance(feature, str) else None
    sides = (
        frozenset(side for side in map(int, found.groups()) if side > _CHANNELS) if found else ()
    )
    return frozenset(sides) or None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
