"""Habits in which backends of the service differ from each other; set by `POST /_demo/quirks`."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(slots=True)
class Quirks:
    """`total` is `exact`, `page` (the page's length) or `absent`.

    With `shuffled_ties` rows of the same instant come in another order each time; without `search`
    that parameter is ignored.
    """

    total: str = "exact"
    shuffled_ties: bool = False
    search: bool = True
    _random: Random = field(default_factory=lambda: Random(1), repr=False)

    def page(
        self, rows: Sequence[int], offset: int, limit: int, instant: Callable[[int], int]
    ) -> Sequence[int]:
        """The rows of a page; `instant` gives what a row is ordered by."""
        if not self.shuffled_ties or offset >= len(rows):
            return rows[offset : offset + limit]
        start, stop = offset, min(offset + limit, len(rows))
        while start > 0 and instant(rows[start - 1]) == instant(rows[offset]):
            start -= 1
        last = instant(rows[stop - 1])
        while stop < len(rows) and instant(rows[stop]) == last:
            stop += 1
        mixed: list[int] = []
        for _, tied in groupby(rows[start:stop], instant):
            group = list(tied)
            mixed += self._random.sample(group, len(group))
        return mixed[offset - start : offset - start + limit]
