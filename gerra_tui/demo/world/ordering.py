"""The order of the list, newest first, for every filter by status and type, under change."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from gerra_tui.demo.world.population import STATUSES, TYPES, Population

if TYPE_CHECKING:
    from gerra_tui.demo.world.timeline import Timeline

Selection = tuple[int | None, int | None]
"""Numbers of a status and of a type; None stands for all."""


class Ordering:
    """Arrays of row numbers: four bytes a row for each of the four selections it belongs to.

    A page is a slice of an array; a change moves at most a few megabytes of memory.
    """

    def __init__(self, population: Population, timeline: Timeline) -> None:
        self._population = population
        self._timeline = timeline
        self._moved: dict[int, tuple[int, int]] = {}
        self._moves = 0
        self._rows: dict[Selection, array[int]] = {
            (status, data_type): array("I")
            for status in (*range(len(STATUSES)), None)
            for data_type in (*range(len(TYPES)), None)
        }
        self._rows[None, None].extend(range(population.size))
        kinds = zip(population.status, population.data_type, strict=True)
        for row, (status, data_type) in enumerate(kinds):
            self._rows[status, None].append(row)
            self._rows[None, data_type].append(row)
            self._rows[status, data_type].append(row)

    def rows(self, selection: Selection) -> array[int]:
        """Not a copy: read it before anything changes."""
        return self._rows[selection]

    def updated_us(self, row: int) -> int:
        return -self._place(row)[0]

    def take_out(self, row: int) -> None:
        """Call it before the row changes its place, status or type."""
        place = self._place(row)
        for selection in self._selections(row):
            rows = self._rows[selection]
            del rows[bisect_left(rows, place, key=self._place)]

    def put_in(self, row: int, updated_us: int | None = None) -> None:
        """With `updated_us` at the place of that instant, before all that are tied with it."""
        if updated_us is not None:
            self._moves += 1
            self._moved[row] = (-updated_us, -self._moves)
        place = self._place(row)
        for selection in self._selections(row):
            rows = self._rows[selection]
            rows.insert(bisect_left(rows, place, key=self._place), row)

    def _place(self, row: int) -> tuple[int, int]:
        """The sort key: rises from newest to oldest; among equals the last moved comes first."""
        return self._moved.get(row) or (-self._timeline.updated_us(row), row)

    def _selections(self, row: int) -> tuple[Selection, ...]:
        status, data_type = self._population.status[row], self._population.data_type[row]
        return (None, None), (status, None), (None, data_type), (status, data_type)
