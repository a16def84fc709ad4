"""The columns of the list: what each is called, how wide it is, and what it says of a row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from gerra_tui.domain.columns import BY, CHECK, REASON, STATE, value_of
from gerra_tui.domain.dataset import PENDING, UnreadableRow
from gerra_tui.domain.fields import META_PREFIX
from gerra_tui.domain.text import clean
from gerra_tui.domain.view import LEAST_WIDTH
from gerra_tui.domain.view import Column as Written
from gerra_tui.ui.present.values import (
    NOTHING,
    SHORT_ID,
    age,
    short_age,
    short_size,
    size,
    type_letters,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.query import Query

GUTTER: Final = 3  # cells: the cursor, the mark, the state's letter
LEAD: Final = GUTTER + 1
EDGE: Final = 1  # what stands beside the list does not touch it
GAP: Final = 2
NAME: Final = "name"
NAME_LEAST: Final = 20
LONGEST_AGE: Final = 3
META_WIDTH: Final = 16
FLEXIBLE: Final = (NAME, REASON)  # share what is left
# The columns that are dropped first where the list is narrow.
DISPENSABLE: Final = (BY, CHECK, "id", "created", "updated", "type", "size")


class Around(NamedTuple):
    """What a row's cells need beside it: the moment that ages count from, the word of its state,
    who decided it, and what a look at its file found."""

    now: datetime
    state: str = ""
    by: str = ""
    check: str = ""


class Kind(NamedTuple):
    """`text` gets a row, what is around it and the cells that it has."""

    width: int
    title: str
    text: Callable[[Dataset, Around, int], str]
    right: bool = False
    least: int = LEAST_WIDTH
    gap: int = GAP  # cells behind it


def _type(row: Dataset, _: Around, width: int) -> str:
    return type_letters(row.data_type) if width < len(row.data_type) else clean(row.data_type, 40)


def _size(row: Dataset, _: Around, width: int) -> str:
    return size(row) if width > 8 else short_size(row)


def _aged(column: str) -> Callable[[Dataset, Around, int], str]:
    moment_of = value_of(column)

    def text(row: Dataset, around: Around, width: int) -> str:
        write = age if width > LONGEST_AGE + 3 else short_age
        return write(moment_of(row), around.now)

    return text


def _value(column: str) -> Callable[[Dataset, Around, int], str]:
    find = value_of(column)

    def text(row: Dataset, _around: Around, _width: int) -> str:
        value = find(row)
        if isinstance(value, list):
            return ", ".join(map(value_text, value)) or NOTHING
        return NOTHING if value is None else value_text(value)

    return text


COLUMNS: Final = {
    STATE: Kind(10, "STATE", lambda _row, around, _: around.state, least=10),
    NAME: Kind(NAME_LEAST, "NAME", lambda row, *_: clean(row.name) or "(no name)"),
    "type": Kind(3, "TYP", _type, gap=1),
    "size": Kind(7, "SIZE", _size, right=True),
    "updated": Kind(LONGEST_AGE, "UPD", _aged("updated"), right=True),
    "created": Kind(LONGEST_AGE, "CRE", _aged("created"), right=True),
    "id": Kind(SHORT_ID, "ID", lambda row, *_: clean(row.id[:SHORT_ID])),
    "status": Kind(16, "STATUS", _value("status")),
    "desc": Kind(META_WIDTH, "DESCRIPTION", _value("desc")),
    "org": Kind(36, "ORGANIZATION", _value("org")),
    "link": Kind(META_WIDTH, "LINK", _value("link")),
    CHECK: Kind(3, "CHK", lambda _row, around, _: around.check),
    BY: Kind(5, "BY", lambda _row, around, _: around.by),
    REASON: Kind(NAME_LEAST, "REASON", _value(REASON)),
}


@lru_cache(maxsize=256)
def kind_of(name: str) -> Kind:
    """Raises `UnknownColumn` for what is neither of the table nor a path of the metadata."""
    if (known := COLUMNS.get(name)) is not None:
        return known
    return Kind(META_WIDTH, name.removeprefix(META_PREFIX).upper(), _value(name))


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the cells that it has."""

    name: str
    width: int

    @property
    def kind(self) -> Kind:
        return kind_of(self.name)

    @property
    def gap(self) -> int:
        return self.kind.gap

    def text(self, row: Row, around: Around) -> str:
        if isinstance(row, UnreadableRow):
            short_id = clean(row.id[:SHORT_ID])
            texts = {"id": short_id, NAME: f"{short_id}  {clean(row.problem)}", "type": "???"}
            return texts.get(self.name, NOTHING)
        return self.kind.text(row, around, self.width)


@lru_cache(maxsize=64)
def layout(written: tuple[str, ...], width: int) -> tuple[Column, ...]:
    """Columns that fit `width` cells, gutter and gaps included, from `NAME` or `NAME:WIDTH`.

    Name and reason get what is left, where nobody chose their width. Where the room is too small
    columns are left out, and what still reaches beyond it is cut off.
    """
    chosen = dict(map(Written.of, written))
    widths = {
        name: max(wide or kind_of(name).width, kind_of(name).least) for name, wide in chosen.items()
    }
    room = width - LEAD - EDGE
    for name in DISPENSABLE:
        if _total(widths) > room and name in widths and len(widths) > 1:
            del widths[name]
    flexible = [name for name in FLEXIBLE if name in widths and not chosen[name]]
    left = max(0, room - _total(widths))
    for number, name in enumerate(flexible):
        widths[name] += left // len(flexible) + (number < left % len(flexible))
    return _within(room, widths)


def _total(widths: dict[str, int]) -> int:
    names = list(widths)
    return sum(widths.values()) + sum(kind_of(name).gap for name in names[:-1])


def _within(room: int, widths: dict[str, int]) -> tuple[Column, ...]:
    columns: list[Column] = []
    for name, wide in widths.items():
        if room > 0:
            columns.append(Column(name, min(wide, room)))
        room -= wide + kind_of(name).gap
    return tuple(columns)


# What of a view's columns is worth its cells

ALWAYS: Final = frozenset({STATE, NAME, "size", "updated", "created", "id", CHECK, BY})


def fixed_by(query: Query) -> frozenset[str]:
    """The columns in which every row of the query has the same: it names one value for them."""
    return frozenset(
        term.field
        for term in query.terms
        if term.is_equality and not term.negated and len(term.values) == 1
    ) - {CHECK}  # `odd` is how many


def usual_state(query: Query) -> str:
    """The state that a row of the query has where nothing happened to it."""
    if "status" not in fixed_by(query):
        return PENDING
    return next(term.values[0].casefold() for term in query.terms if term.field == "status")


class Variety:
    """Which columns tell the rows apart, of those that were loaded since it was begun.

    A column that once did goes on to: nothing is hidden again by a row that arrives.
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._varied: set[str] = set()
        self._rows = 0

    def learn(self, rows: Iterable[Dataset], columns: Iterable[str]) -> None:
        watched = [name for name in columns if name not in ALWAYS and name not in self._varied]
        for row in rows:
            self._rows += 1
            for name in watched:
                value = repr(value_of(name)(row))
                if self._first.setdefault(name, value) != value:
                    self._varied.add(name)

    def same(self) -> frozenset[str]:
        """The columns in which all of two rows or more have had the same so far."""
        return frozenset(self._first) - self._varied if self._rows > 1 else frozenset()


def shown(written: tuple[str, ...], hidden: Collection[str]) -> tuple[str, ...]:
    """What is left without the hidden ones; never nothing."""
    return tuple(text for text in written if Written.of(text).name not in hidden) or written
