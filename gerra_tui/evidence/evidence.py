"""What there is to look at (`service.looks.Evidence`): signed URLs, and local files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.evidence.first_look import Looking
from gerra_tui.evidence.link import Link
from gerra_tui.evidence.local import FileSource
from gerra_tui.evidence.storage import Storage
from gerra_tui.evidence.window import StorageFailure
from gerra_tui.service.failures import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.ports import ReadingApi


class StorageEvidence:
    """`api` signs links: where a dataset has none (rows of a list), and where storage no longer
    takes it. Storage never sees the API's key."""

    def __init__(
        self, api: ReadingApi, storage: Storage | None = None, *, limits: Limits | None = None
    ) -> None:
        self._api = api
        self._storage = storage or Storage()
        self._limits = limits

    def at(self, dataset: Dataset, *, most: int | None = None) -> Looking:
        async def fresh() -> str | None:
            try:
                return (await self._api.dataset(dataset.id)).signed_url
            except Failure as failure:
                told = f"no link to the data: {failure.detail}"
            raise StorageFailure(told, requests=0)

        source = Link(
            self._storage, dataset.signed_url, declared=dataset.data_byte_size, fresh=fresh
        )
        return Looking(source, dataset, limits=self._limits, most=most)

    def at_file(self, path: Path, *, most: int | None = None) -> Looking:
        return Looking(FileSource(path), limits=self._limits, most=most)

    async def aclose(self) -> None:
        await self._storage.aclose()
