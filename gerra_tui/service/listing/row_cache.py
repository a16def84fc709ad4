"""The rows themselves: those used last, whatever the list's length."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.dataset import Row

KEPT: Final = 1000  # rows; some 5 kB each


class Bodies:
    """Rows by id, those remembered last.

    `elsewhere` has the statuses read of rows that were decided elsewhere since they were listed.
    """

    def __init__(self) -> None:
        self._rows: OrderedDict[str, Row] = OrderedDict()
        self.elsewhere: dict[str, str] = {}
        self._room = KEPT

    def __contains__(self, dataset_id: object) -> bool:
        return dataset_id in self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def get(self, dataset_id: str) -> Row | None:
        return self._rows.get(dataset_id)

    def room_for(self, window: range) -> None:
        """Keep at least three screens of that height."""
        self._room = max(KEPT, 3 * len(window))

    def clear(self) -> None:
        self._rows.clear()
        self.elsewhere.clear()

    def remember(self, row: Row) -> None:
        self._rows[row.id] = row
        self._rows.move_to_end(row.id)
        while len(self._rows) > self._room:
            self._rows.popitem(last=False)

    def renew(self, dataset: Dataset) -> bool:
        """Take a newer body; claims that it differs. A pending row that was decided elsewhere
        keeps its own, and the status beside it."""
        old = self._rows.get(dataset.id)
        if isinstance(old, Dataset) and old.is_pending and not dataset.is_pending:
            self.elsewhere.setdefault(dataset.id, dataset.status)
        if old is not None and old.raw == dataset.raw:
            return False
        kept = old if isinstance(old, Dataset) and not dataset.is_pending else dataset
        self._rows[dataset.id] = kept
        return True
