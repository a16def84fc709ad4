"""Which keys the metadata of a type usually has, learned from the rows that were seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset

ENOUGH: Final = 10  # rows of a type, before they say what is usual
USUAL: Final = 0.9  # of them
MOST_KEYS: Final = 300  # of a type; beyond, nothing more is learned of it


class Siblings:
    """Counts top-level keys by data type; a row that comes again counts again."""

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()
        self._keys: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def learn(self, dataset: Dataset) -> None:
        keys = self._keys[dataset.data_type]
        self._rows[dataset.data_type] += 1
        for key in dataset.metadata or ():
            if key in keys or len(keys) < MOST_KEYS:
                keys[key] += 1

    def missing(self, dataset: Dataset) -> tuple[str, ...]:
        """The keys that nearly all of its type have and it has not, sorted."""
        rows = self._rows[dataset.data_type]
        if rows < ENOUGH:
            return ()
        has = dataset.metadata or {}
        keys = self._keys[dataset.data_type]
        return tuple(sorted(k for k, n in keys.items() if n >= USUAL * rows and k not in has))
