"""How wide each column of the list is, in cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size

ELLIPSIS: Final = "…"
GAP: Final = 2
CURSOR: Final = 2  # `> ` or `* ` in front
EDGE: Final = 1  # what stands beside the list does not touch it
# What each column would have; the name takes what is left.
WIDTHS: Final = {
    "state": 10,
    "type": 22,
    "size": 8,
    "updated": 10,
    "created": 10,
    "id": 8,
    "status": 16,
    "org": 36,
}
NARROW: Final = {"type": 9, "updated": 7, "created": 7}
FLEXIBLE: Final = "name"
NAME_LEAST: Final = 20
META_WIDTH: Final = 16
RIGHT: Final = frozenset({"size"})
# The columns that are dropped first where the list is narrow.
DISPENSABLE: Final = ("id", "created", "updated", "type", "size")
TITLES: Final = {"desc": "DESCRIPTION", "org": "ORGANIZATION"}
AGES: Final = frozenset({"updated", "created"})
TYPES: Final = {"synthetic_pov": "pov", "synthetic_third_person": "third"}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    width: int

    @property
    def title(self) -> str:
        return TITLES.get(self.name, self.name.removeprefix("meta.").upper())


@lru_cache(maxsize=64)
def layout(names: tuple[str, ...], width: int) -> tuple[Column, ...]:
    """Columns that fit `width` cells, cursor and gaps included; the name gets what is left."""
    widths = {name: WIDTHS.get(name, META_WIDTH) for name in names}
    room = width - CURSOR - EDGE
    if _least(widths) > room:
        widths |= {name: NARROW[name] for name in NARROW if name in widths}
    for name in DISPENSABLE:
        if _least(widths) > room and name in widths:
            del widths[name]
    if FLEXIBLE in widths:
        others = sum(wide for name, wide in widths.items() if name != FLEXIBLE)
        widths[FLEXIBLE] = max(1, room - others - GAP * (len(widths) - 1))
    return tuple(Column(name, wide) for name, wide in widths.items())


def _least(widths: dict[str, int]) -> int:
    fixed = sum(NAME_LEAST if name == FLEXIBLE else wide for name, wide in widths.items())
    return fixed + GAP * (len(widths) - 1)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Exactly `width` cells: cut with an ellipsis, or filled with blanks."""
    if text.isascii():
        if len(text) > width:
            return text[: max(0, width - 1)] + ELLIPSIS if width else ""
        return text.rjust(width) if right else text.ljust(width)
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, max(0, width - 1)).rstrip() + ELLIPSIS, width)
    return " " * (width - length) + text if right else text + " " * (width - length)


def shorter(column: str, text: str, width: int) -> str:
    """The shorter form of a type or an age where the long one does not fit."""
    if len(text) <= width:
        return text
    if column in AGES:
        return text.removesuffix(" ago").removeprefix("just ")
    return TYPES.get(text, text) if column == "type" else text
