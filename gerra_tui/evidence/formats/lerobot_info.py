"""`meta/info.json` of a LeRobot dataset, as it is meant and as it contradicts itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import odd
from gerra_tui.evidence.formats.lerobot_layout import (
    CHUNK,
    DATA_2,
    DATA_3,
    VIDEO_2,
    VIDEO_3,
    Template,
    template,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.evidence import Check

_MOST: Final = 10**12  # episodes, frames: more is no number of those
_MOST_FEATURES: Final = 512
_LONGEST: Final = 200
_NEAR: Final = 0.001  # of a frame rate: 29.97 is not 30


@dataclass(slots=True, kw_only=True)
class Info:
    """Numbers are None where the file has none that could be; `videos` are cameras kept as MP4."""

    version: str
    robot: str | None
    fps: float | None
    episodes: int | None
    frames: int | None
    tasks: int | None
    chunk: int
    features: dict[str, str]
    cameras: tuple[str, ...]
    videos: tuple[str, ...]
    sizes: dict[str, list[int]]
    data: Template
    video: Template
    problems: list[str] = field(default_factory=list)
    contradictions: list[Check] = field(default_factory=list)


def read_info(raw: object) -> Info:
    """The file's content. Raises ValueError where it is no object."""
    if not isinstance(raw, dict):
        raise ValueError("it is no object")
    version = _text(raw.get("codebase_version")) or ""
    features = _features(raw.get("features"))
    kinds = {name: _text(about.get("dtype")) or "?" for name, about in features.items()}
    cameras = tuple(name for name, kind in kinds.items() if kind in ("video", "image"))
    third = version.startswith("v3")
    info = Info(
        version=version,
        robot=_text(raw.get("robot_type")),
        fps=_rate(raw.get("fps")),
        episodes=_natural(raw.get("total_episodes")),
        frames=_natural(raw.get("total_frames")),
        tasks=_natural(raw.get("total_tasks")),
        chunk=_natural(raw.get("chunks_size")) or CHUNK,
        features={name: kinds[name] + _shape(about) for name, about in features.items()},
        cameras=cameras,
        videos=tuple(name for name in cameras if kinds[name] == "video"),
        sizes={name: _pixels(features[name]) for name in cameras},
        data=template(raw.get("data_path"), DATA_3 if third else DATA_2),
        video=template(raw.get("video_path"), VIDEO_3 if third else VIDEO_2),
    )
    info.problems += _problems(info, raw)
    info.contradictions += _contradictions(info, raw, features)
    return info


def _problems(info: Info, raw: dict[str, Any]) -> Iterator[str]:
    for name, value in (
        ("total_episodes", info.episodes),
        ("total_frames", info.frames),
        ("fps", info.fps),
    ):
        if value is None:
            yield f"info.json: {name} is {_shown(raw.get(name))}"
    if not info.features:
        yield "info.json names no features"


def _contradictions(
    info: Info, raw: dict[str, Any], features: dict[str, dict[str, Any]]
) -> Iterator[Check]:
    videos = _natural(raw.get("total_videos"))
    if info.episodes is not None and videos is not None and not info.version.startswith("v3"):
        wanted = info.episodes * len(info.videos)
        if videos != wanted:
            words = f"info.json says {videos:,}, episodes times cameras are {wanted:,}"
            yield odd("videos", words, measured=wanted, declared=videos)
    chunks = _natural(raw.get("total_chunks"))
    if info.episodes is not None and chunks is not None and not info.version.startswith("v3"):
        wanted = -(-info.episodes // info.chunk)
        if chunks != wanted:
            words = f"info.json says {chunks:,}, its episodes fill {wanted:,}"
            yield odd("chunks", words, measured=wanted, declared=chunks)
    for camera in info.videos:
        about = features[camera].get("info") or features[camera].get("video_info")
        rate = _rate(about.get("video.fps")) if isinstance(about, dict) else None
        if rate and info.fps and abs(rate - info.fps) > _NEAR * info.fps:
            words = f"info.json says {info.fps:g}, its {camera} {rate:g}"
            yield odd("fps", words, measured=rate, declared=info.fps)


def _features(value: object) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict):
        return {}
    return {
        name[:_LONGEST]: about
        for name, about in list(value.items())[:_MOST_FEATURES]
        if isinstance(about, dict)
    }


def _shape(about: dict[str, Any]) -> str:
    shape = about.get("shape")
    if not isinstance(shape, list) or len(shape) > 8:
        return ""
    return f"[{','.join(_shown(size) for size in shape)}]"


def _pixels(about: dict[str, Any]) -> list[int]:
    """The numbers of a camera's shape, its channels left out, in the order that they stand in."""
    shape = about.get("shape")
    sizes = shape if isinstance(shape, list) and len(shape) == 3 else []
    return [size for size in map(_natural, sizes) if size is not None and size > 4]


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) else None


def _natural(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
    return int(value) if whole else None  # type: ignore[call-overload]


def _rate(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) and 0 < value < _MOST else None
    except OverflowError:
        return None


def _shown(value: object) -> str:
    """A foreign value in a sentence: short, whatever it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) <= _MOST else "beyond all numbers"
    if isinstance(value, list | dict):  # which can be nested deeper than can be shown
        return "a list" if isinstance(value, list) else "an object"
    return "not there" if value is None else repr(value)[:40]
