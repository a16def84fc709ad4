"""What there is to look at, with its readers imported at the first look, in a thread.

`service.looks.Evidence` and `FactStore` of a console: its start imports none of what reads files.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.domain.checks.limits import SHIPPED
from gerra_tui.domain.evidence import Cost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Look, Summary
    from gerra_tui.evidence.evidence import StorageEvidence
    from gerra_tui.evidence.facts import FactFiles
    from gerra_tui.service.contents import Album, Contents
    from gerra_tui.service.downloads import Fetching
    from gerra_tui.service.looks import Identity, KeptLook, Looking
    from gerra_tui.service.ports import ReadingApi


class LateEvidence:
    """`newest` gives a dataset's newest body, which may have a link where a row has none."""

    def __init__(
        self,
        api: ReadingApi,
        *,
        private: bool = False,
        limits: Limits | None = None,
        newest: Callable[[Dataset], Dataset] = lambda dataset: dataset,
    ) -> None:
        self._api = api
        self._private = private
        self._limits = limits
        self._newest = newest
        self._made: StorageEvidence | None = None

    def at(self, dataset: Dataset, *, most: int | None = None) -> LateLooking:
        async def opened() -> Looking:
            evidence = await self._ready()
            return evidence.at(self._newest(dataset), most=most)

        return LateLooking(opened)

    def at_file(self, path: Path, *, most: int | None = None) -> LateLooking:
        async def opened() -> Looking:
            return (await self._ready()).at_file(path, most=most)

        return LateLooking(opened)

    async def album_at(self, url: str, name: str) -> Album:
        return await (await self._ready()).album_at(url, name)

    def download(self, dataset: Dataset, directory: Path) -> LateDownload:
        async def opened() -> Fetching:
            return (await self._ready()).download(dataset, directory)

        return LateDownload(opened, dataset.data_byte_size)

    async def aclose(self) -> None:
        if self._made is not None:
            await self._made.aclose()

    async def _ready(self) -> StorageEvidence:
        if self._made is None:
            await asyncio.to_thread(_import)
        return self._the_one()

    def _the_one(self) -> StorageEvidence:
        """Callers that waited for the same import share it."""
        from gerra_tui.evidence.evidence import StorageEvidence
        from gerra_tui.evidence.storage import Storage

        if self._made is None:
            storage = Storage(private=self._private)
            self._made = StorageEvidence(self._api, storage, limits=self._limits)
        return self._made


class LateLooking:
    """`service.looks.Looking` that is opened by its first look."""

    def __init__(self, opened: Callable[[], Awaitable[Looking]]) -> None:
        self._open = opened
        self._looking: Looking | None = None

    @property
    def cost(self) -> Cost:
        return self._looking.cost if self._looking is not None else Cost()

    async def first(self, arrived: Callable[[Look], None] | None = None) -> Look:
        return await (await self._opened()).first(arrived)

    async def more(self) -> Look:
        return await (await self._opened()).more()

    async def contents(self) -> Contents:
        return await (await self._opened()).contents()

    async def _opened(self) -> Looking:
        if self._looking is None:
            self._looking = await self._open()
        return self._looking


class LateDownload:
    """`service.downloads.Fetching` that is begun when it is first run."""

    def __init__(self, opened: Callable[[], Awaitable[Fetching]], size: int | None) -> None:
        self._open = opened
        self._declared = size
        self._fetching: Fetching | None = None

    @property
    def received(self) -> int:
        return self._fetching.received if self._fetching is not None else 0

    @property
    def size(self) -> int | None:
        return self._fetching.size if self._fetching is not None else self._declared

    async def run(self) -> Path:
        if self._fetching is None:
            self._fetching = await self._open()
        return await self._fetching.run()


class LateFacts:
    """`service.looks.FactStore`; its calls come in threads already."""

    def __init__(self, directory: Path, base_url: str, limits: Limits = SHIPPED) -> None:
        self._where = directory, base_url, limits
        self._made: FactFiles | None = None

    def load(self, dataset: Dataset) -> KeptLook | None:
        return self._files.load(dataset)

    def summaries(self) -> Iterable[tuple[Identity, Summary]]:
        return self._files.summaries()

    def keep(self, dataset: Dataset, look: Look, *, now: datetime) -> None:
        self._files.keep(dataset, look, now=now)

    @property
    def _files(self) -> FactFiles:
        if self._made is None:
            from gerra_tui.evidence.facts import FactFiles

            self._made = FactFiles(*self._where)
        return self._made


def _import() -> None:
    import gerra_tui.evidence.evidence  # noqa: F401
