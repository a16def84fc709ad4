"""What a file's format tells of it, in a few words each: `204 members`, `640x480`, `30.00 fps`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.numbers import number
from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Tell = Callable[[Mapping[str, Any]], str]  # nothing where the look does not know

NAMED: Final = 3  # topics, columns or arrays that are named
MOST: Final = 10**15  # beyond, a number is no count of anything


def facts_of(kind: str, facts: Mapping[str, Any]) -> Iterator[str]:
    """What the format tells, shortest words first; what is not known is left out."""
    robot = facts.get("lerobot")
    if isinstance(robot, dict):
        yield from _lerobot(robot)
    if kind in _TOLD:
        yield from filter(None, (tell(facts) for tell in _TOLD[kind]))
    inside = facts.get("inside")
    if isinstance(inside, dict) and isinstance(inner := inside.get("kind"), str):
        told = ", ".join(facts_of(inner, inside))
        yield f"{clean(str(inside.get('name')), 40)} {clean(inner, 12)}{' ' if told else ''}{told}"


def _count(name: str, one: str, many: str | None = None) -> Tell:
    def tell(facts: Mapping[str, Any]) -> str:
        value = facts.get(name)
        count = len(value) if isinstance(value, dict | list) else value
        if not isinstance(count, int) or not 0 <= count < MOST:
            return ""
        return f"{count:,} {one if count == 1 else many or one + 's'}"

    return tell


def _text(name: str) -> Tell:
    return lambda facts: clean(value, 24) if isinstance(value := facts.get(name), str) else ""


def _pixels(facts: Mapping[str, Any]) -> str:
    sides = facts.get("width"), facts.get("height")
    known = [side for side in sides if isinstance(side, int) and 0 < side < MOST]
    return f"{known[0]}x{known[1]}" if len(known) == 2 else ""


def _number(name: str, unit: str, digits: int = 2) -> Tell:
    def tell(facts: Mapping[str, Any]) -> str:
        value = number(facts.get(name))
        return f"{value:,.{digits}f} {unit}" if value is not None and abs(value) < MOST else ""

    return tell


def _names(name: str) -> Tell:
    def tell(facts: Mapping[str, Any]) -> str:
        value = facts.get(name)
        if not isinstance(value, dict | list) or not value:
            return ""
        told = ", ".join(clean(str(one), 30) for one in list(value)[:NAMED])
        return f"{told} ..." if len(value) > NAMED else told

    return tell


_RECORDING: Final = (
    _count("topics", "topic"), _count("messages", "message"), _number("duration_s", "s"),
    _count("chunks", "chunk"), _names("topics"),
)  # fmt: skip
_TABLE: Final = (_count("rows", "row"), _count("columns", "column"), _names("columns"))
_ARRAYS: Final = (_count("arrays", "array"), _names("arrays"))
_TOLD: Final[Mapping[str, tuple[Tell, ...]]] = {
    "zip": (_count("members", "member"), _count("deflated", "deflated", "deflated")),
    "tar": (_count("members", "member"),),
    "mp4": (
        _text("codec"), _pixels, _number("fps", "fps"), _count("frames", "frame"),
        _count("keyframes", "keyframe"), _number("duration_s", "s"),
    ),
    "mcap": _RECORDING,
    "bag": _RECORDING,
    "parquet": (_count("rows", "row"), _count("row_groups", "row group"), *_TABLE[1:]),
    "hdf5": (_count("datasets", "dataset"), _names("datasets")),
    "npz": _ARRAYS,
    "npy": _ARRAYS,
    "image": (_text("format"), _pixels, _count("frames", "frame")),
    "csv": _TABLE,
    "jsonl": _TABLE,
    "json": (_count("keys", "key"), _names("keys")),
}  # fmt: skip


def _lerobot(facts: Mapping[str, Any]) -> Iterator[str]:
    version, robot = facts.get("version"), facts.get("robot")
    yield f"LeRobot {clean(str(version or '?'), 12)}"
    if isinstance(robot, str):
        yield clean(robot, 24)
    for tell in (
        _count("episodes", "episode"), _count("frames", "frame"), _number("fps", "fps", 0),
        _count("tasks", "task"), _count("cameras", "camera"),
    ):  # fmt: skip
        if told := tell(facts):
            yield told
