"""An order of this side over the rows that were read, kept without the rows themselves."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.columns import value_of
from gerra_tui.domain.dataset import Dataset
from gerra_tui.service.listing.id_table import IdTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.view import Sort

TEXT_COMPARED: Final = 200  # characters; texts that agree in these count as equal
WITHOUT: Final = -1


class Ordering:
    """Datasets in the order of a sort: stable, by typed values, numbers before texts; those
    without a value last either way.

    A row costs 40 bytes (its id, and its line both ways) and the value that it is sorted by.
    """

    def __init__(self, sort: Sort) -> None:
        self.sort = sort
        self._key = value_of(sort.column)
        self._ids = IdTable()
        self._values: list[Any] = []  # in the order of the ids: that in which they were noted
        self._order = array("I")
        self._line = array("I")

    def __len__(self) -> int:
        """Lines."""
        return len(self._order)

    @property
    def noted(self) -> int:
        """Rows, those without a line yet included."""
        return len(self._ids)

    def __getitem__(self, line: int) -> str:
        return self._ids[self._order[line]]

    def __contains__(self, dataset_id: str) -> bool:
        return dataset_id in self._ids

    def line_of(self, dataset_id: str) -> int | None:
        place = self._ids.find(dataset_id)
        return self._line[place] if place is not None and place < len(self._line) else None

    def note(self, rows: Iterable[Row]) -> None:
        """They get their lines with `arrange`. A row that is here keeps its value."""
        for row in rows:
            if self._ids.append(row.id):
                value = self._key(row) if isinstance(row, Dataset) else None
                self._values.append(_comparable(value))

    def take(self, other: Ordering) -> None:
        """What the other has of the same column and this one has not."""
        for dataset_id, value in zip(other._ids, other._values, strict=True):
            if self._ids.append(dataset_id):
                self._values.append(value)

    def turn(self, sort: Sort) -> None:
        """The same column the other way round."""
        self.sort = sort
        self.arrange()

    def arrange(self) -> None:
        """Give every row its line."""
        places: dict[int, list[int]] = {}
        for place, value in enumerate(self._values):
            places.setdefault(_rank(value), []).append(place)
        without = places.pop(WITHOUT, [])
        order = array("I")
        for rank in sorted(places, reverse=self.sort.descending):
            places[rank].sort(key=self._values.__getitem__, reverse=self.sort.descending)
            order.extend(places[rank])
        order.extend(without)
        line = array("I", bytes(order.itemsize * len(order)))
        for at, place in enumerate(order):
            line[place] = at
        self._order, self._line = order, line


def _comparable(value: Any) -> Any:
    """A value that others of its rank can be compared with, and that holds on to nothing else."""
    if isinstance(value, str):
        return value[:TEXT_COMPARED].casefold()
    if isinstance(value, dict | list):
        return (str(value)[:TEXT_COMPARED],)
    return value


def _rank(value: Any) -> int:
    """Numbers, texts, moments, what is made up of others; what has no value is apart."""
    match value:
        case None:
            return WITHOUT
        case bool() | int() | float():
            return 0
        case str():
            return 1
        case tuple():
            return 3
    return 2
