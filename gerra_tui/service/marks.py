"""The reviewer's marks: datasets by id, each with the body that was seen when it was marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gerra_tui.domain.dataset import Dataset


class Marks:
    """In the order of marking. Restored ones are inactive until the reviewer keeps them."""

    def __init__(self) -> None:
        self._bodies: dict[str, Dataset] = {}
        self._restored: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._bodies) + len(self._restored)

    def __contains__(self, dataset_id: str) -> bool:
        return dataset_id in self._bodies or dataset_id in self._restored

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self._bodies, *self._restored)

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """The bodies of the active ones."""
        return tuple(self._bodies.values())

    @property
    def restored(self) -> tuple[str, ...]:
        """Ids marked in the last session, not kept yet."""
        return self._restored

    def restore(self, ids: Iterable[str]) -> None:
        self._restored = tuple(dict.fromkeys(ids))

    def keep(self, bodies: Iterable[Dataset]) -> None:
        """The reviewer keeps the restored marks; these are their bodies as read now."""
        self._restored = ()
        self.add(*bodies)

    def forget_restored(self) -> None:
        self._restored = ()

    def add(self, *datasets: Dataset) -> None:
        for dataset in datasets:
            self._bodies[dataset.id] = dataset

    def discard(self, dataset_ids: Iterable[str]) -> None:
        for dataset_id in dataset_ids:
            self._bodies.pop(dataset_id, None)

    def toggle(self, dataset: Dataset) -> bool:
        """Claims that it is marked now."""
        if self._bodies.pop(dataset.id, None) is not None:
            return False
        self._bodies[dataset.id] = dataset
        return True

    def renew(self, dataset: Dataset) -> None:
        """A newer body was shown of a marked one."""
        if dataset.id in self._bodies:
            self._bodies[dataset.id] = dataset

    def set(self, datasets: Iterable[Dataset]) -> None:
        """Exactly these, for undoing."""
        self._bodies = {dataset.id: dataset for dataset in datasets}

    def clear(self) -> None:
        self._bodies.clear()
        self._restored = ()

    def split(self, shown: Callable[[Dataset], bool]) -> tuple[list[Dataset], list[Dataset]]:
        """Those that the current query shows, and those that it hides."""
        visible = [dataset for dataset in self._bodies.values() if shown(dataset)]
        hidden = [dataset for dataset in self._bodies.values() if not shown(dataset)]
        return visible, hidden
