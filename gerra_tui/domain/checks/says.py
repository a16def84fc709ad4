"""Is it what the service says it is: a dataset's metadata against its content.

What either side does not say is not compared: a name or a unit that could mean something else is
no contradiction.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.content import Content, content_of
from gerra_tui.domain.checks.numbers import number
from gerra_tui.domain.evidence import fine, odd
from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gerra_tui.domain.checks.content import Pixels
    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Check, Facts

SHORTEST: Final = 0.051  # seconds: one frame at 20 a second, and rounding to a tenth
NAMED: Final = 3  # channels that are named
_LONGEST: Final = 40  # characters of a foreign name
_MOST: Final = 1_000  # names that are compared, on either side
_SIZE: Final = re.compile(r"\s*([0-9]{1,7})\s*[x\u00d7*]\s*([0-9]{1,7})\s*", re.IGNORECASE)


def says(dataset: Dataset | None, facts: Facts, limits: Limits) -> Iterator[Check]:
    """Metadata beside the facts of a look, as far as both speak of the same thing."""
    metadata = dataset.metadata if dataset else None
    if not metadata:
        return
    content = content_of(facts)
    yield from _numbers(metadata, content, limits)
    yield from _resolution(metadata, content)
    yield from _robot(metadata, content)
    yield from _cameras(metadata, content)
    yield from _channels(metadata, content)


def _numbers(metadata: Mapping[str, Any], content: Content, limits: Limits) -> Iterator[Check]:
    length = limits.duration * (content.duration_s or 0)
    for id_, keys, measured, tolerated in (
        ("fps", ("fps", "frame_rate"), content.fps, limits.fps * (content.fps or 0)),
        ("frames", ("total_frames", "num_frames", "frames"), content.frames, limits.frames),
        ("episodes", ("total_episodes", "num_episodes", "episodes"), content.episodes,
         limits.episodes),
        ("duration", ("duration_s", "duration_seconds"), content.duration_s,
         max(SHORTEST, length)),
    ):  # fmt: skip
        found = [number(metadata.get(key)) for key in keys]
        declared = [value for value in found if value is not None]
        if measured is None or not declared:
            continue
        near = min(declared, key=lambda value: abs(value - measured))
        unit = " s" if id_ == "duration" else ""
        if abs(near - measured) <= tolerated:
            text = f"{_shown(measured)}{unit} = declared"
            yield fine(id_, text, measured=measured, declared=near, scope=content.scope)
        else:
            text = f"metadata {_shown(near)}{unit}, {content.source} {_shown(measured)}{unit}"
            yield odd(id_, text, measured=measured, declared=near, scope=content.scope)


def _resolution(metadata: Mapping[str, Any], content: Content) -> Iterator[Check]:
    declared = _pixels(metadata.get("resolution")) or _pixels(metadata)
    if declared is None:
        return
    if content.pixels is not None:
        fitting = {content.pixels}
        if content.turned:
            fitting.add((content.pixels[1], content.pixels[0]))
        agrees, told = declared in fitting, _written(content.pixels)
    else:
        sizes = {sides for sides in content.cameras.values() if sides}
        if len(sizes) != 1:  # cameras of several sizes: any of them may be meant
            return
        (sides,) = sizes
        agrees, told = sides == frozenset(declared), "x".join(map(str, sorted(sides, reverse=True)))
    if agrees:
        text = f"{told} = declared"
        yield fine("resolution", text, measured=told, declared=told, scope=content.scope)
    else:
        text = f"metadata {_written(declared)}, {content.source} {told}"
        yield odd("resolution", text, measured=told, declared=_written(declared),
                  scope=content.scope)  # fmt: skip


def _robot(metadata: Mapping[str, Any], content: Content) -> Iterator[Check]:
    declared = metadata.get("robot_type")
    if declared is None:
        robot = metadata.get("robot")
        declared = robot.get("type") if isinstance(robot, dict) else robot
    if not isinstance(declared, str) or content.robot is None:
        return
    one, other = _letters(declared), _letters(content.robot)
    if not one or not other or "unknown" in (one, other):
        return
    told, meant = clean(content.robot, _LONGEST), clean(declared, _LONGEST)
    if one in other or other in one:  # so100, and so100_follower
        yield fine("robot", told, measured=content.robot, declared=declared, scope=content.scope)
    else:
        text = f"metadata {meant}, {content.source} {told}"
        yield odd("robot", text, measured=content.robot, declared=declared, scope=content.scope)


def _cameras(metadata: Mapping[str, Any], content: Content) -> Iterator[Check]:
    """How many there are, and how large those are whose name is the same on both sides."""
    declared = metadata.get("cameras")
    if not isinstance(declared, dict | list) or not declared or not content.cameras:
        return
    measured, meant = len(content.cameras), len(declared)
    if measured != meant:
        text = f"metadata {meant:,}, {content.source} {measured:,}"
        yield odd("cameras", text, measured=measured, declared=meant, scope=content.scope)
    else:
        yield fine("cameras", f"{measured:,} = declared", measured=measured, declared=meant,
                   scope=content.scope)  # fmt: skip
    sizes = {name.rpartition(".")[2].casefold(): found for name, found in content.cameras.items()}
    for name, about in declared.items() if isinstance(declared, dict) else ():
        pixels, sides = _pixels(about), sizes.get(str(name).casefold())
        if pixels is not None and sides is not None and sides != frozenset(pixels):
            told = "x".join(map(str, sorted(sides, reverse=True)))
            text = f"{clean(str(name), _LONGEST)}: metadata {_written(pixels)}, "
            yield odd("resolution", f"{text}{content.source} {told}", measured=told,
                      declared=_written(pixels), scope=content.scope)  # fmt: skip


def _channels(metadata: Mapping[str, Any], content: Content) -> Iterator[Check]:
    """Declared channels among topics or columns, where at least one of them is found."""
    declared = metadata.get("channels")
    if not isinstance(declared, list) or content.names is None:
        return
    wanted = [name for name in declared[:_MOST] if isinstance(name, str) and _path(name)]
    there = [path for name in content.names[:_MOST] if (path := _path(name))]
    missing = [name for name in wanted if not any(_is_part(_path(name), path) for path in there)]
    found = len(wanted) - len(missing)
    if not found:  # other names for them, for all that is known
        return
    if missing:
        names = ", ".join(clean(name, _LONGEST) for name in missing[:NAMED])
        more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
        text = f"{names}{more} declared, not in the {content.source}"
        yield odd("channels", text, measured=found, declared=len(wanted), scope=content.scope)
    else:
        text = f"all {found:,} declared are there" if found > 1 else "the declared one is there"
        yield fine("channels", text, measured=found, declared=found, scope=content.scope)


def _is_part(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Claims that one is the beginning or the end of the other: a topic, and a field of it."""
    short, long = sorted((one, other), key=len)
    return long[: len(short)] == short or long[-len(short) :] == short


def _path(name: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[./]", name.strip().casefold()) if part)


def _pixels(value: object) -> Pixels | None:
    """`[1280, 720]`, `"1280x720"`, `{"width": 1280, "height": 720}`."""
    sides: list[object] = []
    if isinstance(value, dict):
        sides = [value.get("width"), value.get("height")]
    elif isinstance(value, list):
        sides = value
    elif isinstance(value, str) and (found := _SIZE.fullmatch(value)):
        sides = [int(side) for side in found.groups()]
    numbers = [side for side in map(number, sides[:3]) if side is not None and side > 0]
    if len(sides) != 2 or len(numbers) != 2:
        return None
    return int(numbers[0]), int(numbers[1])


def _written(pixels: Pixels) -> str:
    return f"{pixels[0]}x{pixels[1]}"


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _shown(value: float) -> str:
    """At most two decimals that say something; beyond counting, as a power."""
    if abs(value) >= 1e15:
        return f"{value:.3g}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3f}".rstrip("0").rstrip(".")
