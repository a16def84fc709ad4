"""Looks at what lies behind datasets' signed URLs: who makes them, and those there are."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from gerra_tui.domain.checks.rules import ruled
from gerra_tui.domain.evidence import Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from gerra_tui.domain.checks.rules import Rule
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Cost, Look
    from gerra_tui.service.contents import Album, Contents
    from gerra_tui.service.ports import Clock

Identity = tuple[str, str, str]

LOOKS_KEPT: Final = 300  # whole ones in memory, of some 30 kB at most


class Looking(Protocol):
    """Looks at one file, each going on with what was read before. They never raise."""

    @property
    def cost(self) -> Cost:
        """So far, while a look is under way too."""
        ...

    async def first(self, arrived: Callable[[Look], None] | None = None) -> Look:
        """At most 3 requests and 256 kB; a zip's directory up to 1.25 MB.

        `arrived` is given what is known meanwhile: the size, then the kind.
        """
        ...

    async def more(self) -> Look:
        """What the steps of the first look offer, up to 16 MB in all."""
        ...

    async def contents(self) -> Contents:
        """What is in the file. Raises NotShown."""
        ...


class Evidence(Protocol):
    """What there is to look at. `most` is a cap of bytes for all looks at one file together."""

    def at(self, dataset: Dataset, *, most: int | None = None) -> Looking: ...

    def at_file(self, path: Path, *, most: int | None = None) -> Looking:
        """A local file, read and counted as if it were remote."""
        ...

    async def album_at(self, url: str, name: str) -> Album:
        """The pictures behind a signed URL of the service's: a preview. Raises NotShown."""
        ...


@dataclass(frozen=True, slots=True)
class KeptLook:
    """A look of before, and when it was."""

    look: Look
    as_of: datetime


class FactStore(Protocol):
    """Looks that outlast the console. Calls may block on a disk; none raises."""

    def load(self, dataset: Dataset) -> KeptLook | None:
        """The last look at the dataset as it is now; none where it has changed since."""
        ...

    def summaries(self) -> Iterable[tuple[Identity, Summary]]:
        """What all kept looks found, and what each is good for."""
        ...

    def keep(self, dataset: Dataset, look: Look, *, now: datetime) -> None:
        """One that ended in an error is not kept."""
        ...


def identity(dataset: Dataset) -> Identity:
    """What a look is good for: with another date or size it is of something else."""
    updated = str(dataset.raw.get("date_updated"))
    return dataset.id.casefold(), updated, str(dataset.data_byte_size)


class Looks:
    """The looks of this session and of earlier ones, by dataset as it is now.

    `rules` are the reviewer's own, which speak of a dataset beside what a look found.
    """

    def __init__(self, store: FactStore, clock: Clock, rules: Sequence[Rule] = ()) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._whole: OrderedDict[Identity, KeptLook] = OrderedDict()
        self._summaries: dict[str, tuple[Identity, Summary]] = {}
        self._recalled_all = False

    def of(self, dataset: Dataset) -> KeptLook | None:
        """What is in memory."""
        return self._whole.get(identity(dataset))

    def summary(self, dataset: Dataset) -> Summary | None:
        """What a list shows of the last look at the dataset as it is now, and of the rules.

        Of earlier sessions' looks those that were recalled.
        """
        found = self._summaries.get(dataset.id.casefold())
        if found is None or found[0] != identity(dataset):
            return None
        if not self._rules:
            return found[1]
        checks = ruled(dataset, self._rules, self._clock.now())
        return found[1].with_marks((check.id, check.mark) for check in checks)

    def summaries(self) -> Iterator[Summary]:
        """What is known, of whichever datasets."""
        return (summary for _, summary in self._summaries.values())

    @property
    def is_empty(self) -> bool:
        """Claims that nothing is known of any dataset."""
        return not self._summaries

    async def recall_all(self) -> bool:
        """Take the summaries of all looks on the disk, once. Claims that there were any."""
        if self._recalled_all:
            return False
        self._recalled_all = True
        kept = await asyncio.to_thread(lambda: list(self._store.summaries()))
        for key, summary in kept:
            self._summaries.setdefault(key[0], (key, summary))
        return bool(kept)

    async def recall(self, dataset: Dataset) -> KeptLook | None:
        """What is in memory, or on the disk."""
        kept = self.of(dataset)
        if kept is None:
            kept = await asyncio.to_thread(self._store.load, dataset)
            if kept is not None:
                self._remember(dataset, kept)
        return kept

    async def keep(self, dataset: Dataset, look: Look) -> None:
        now = self._clock.now()
        self._remember(dataset, KeptLook(look, now))
        await asyncio.to_thread(self._store.keep, dataset, look, now=now)

    def _remember(self, dataset: Dataset, kept: KeptLook) -> None:
        self._whole[identity(dataset)] = kept
        self._whole.move_to_end(identity(dataset))
        self._summaries[dataset.id.casefold()] = (identity(dataset), Summary.of(kept.look))
        while len(self._whole) > LOOKS_KEPT:
            self._whole.popitem(last=False)
