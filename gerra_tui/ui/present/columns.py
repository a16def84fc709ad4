"""How wide each column of the list is, in cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gerra_tui.domain.view import LEAST_WIDTH
from gerra_tui.domain.view import Column as Written

GAP: Final = 2
CURSOR: Final = 2  # `> ` or `* ` in front
EDGE: Final = 1  # what stands beside the list does not touch it
NAME_LEAST: Final = 20
# What each column has where nobody chose; the name then takes what is left.
WIDTHS: Final = {
    "state": 10,
    "type": 22,
    "size": 8,
    "updated": 10,
    "created": 10,
    "id": 8,
    "status": 16,
    "org": 36,
    "name": NAME_LEAST,
}
NARROW: Final = {"type": 9, "updated": 7, "created": 7}
FLEXIBLE: Final = "name"
LEAST: Final = {"state": 10}  # all of its words
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


def own_width(name: str) -> int:
    """What the column has where nobody chose."""
    return WIDTHS.get(name, META_WIDTH)


def least_width(name: str) -> int:
    return LEAST.get(name, LEAST_WIDTH)


@lru_cache(maxsize=64)
def layout(written: tuple[str, ...], width: int) -> tuple[Column, ...]:
    """Columns that fit `width` cells, cursor and gaps included, from `NAME` or `NAME:WIDTH`.

    A name without a width gets what is left. Where the room is too small, columns are first
    narrowed, then left out, and what still reaches beyond it is cut off.
    """
    chosen = dict(map(Written.of, written))
    widths = {
        name: max(wide or own_width(name), least_width(name)) for name, wide in chosen.items()
    }
    room = width - CURSOR - EDGE
    if _total(widths) > room:
        narrow = {name: NARROW[name] for name in NARROW if name in widths and not chosen[name]}
        widths |= narrow
    for name in DISPENSABLE:
        if _total(widths) > room and name in widths and len(widths) > 1:
            del widths[name]
    if FLEXIBLE in widths and not chosen[FLEXIBLE]:
        widths[FLEXIBLE] += max(0, room - _total(widths))
    return _within(room, widths)


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + GAP * (len(widths) - 1)


def _within(room: int, widths: dict[str, int]) -> tuple[Column, ...]:
    columns: list[Column] = []
    for name, wide in widths.items():
        if room > 0:
            columns.append(Column(name, min(wide, room)))
        room -= wide + GAP
    return tuple(columns)


def shorter(column: str, text: str, width: int) -> str:
    """The shorter form of a type or an age where the long one does not fit."""
    if len(text) <= width:
        return text
    if column in AGES:
        return text.removesuffix(" ago").removeprefix("just ")
    return TYPES.get(text, text) if column == "type" else text
