"""What there is to look at (`service.looks.Evidence`): signed URLs, and local files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gerra_tui.evidence.download import FileDownload
from gerra_tui.evidence.first_look import Looking
from gerra_tui.evidence.link import Link
from gerra_tui.evidence.local import FileSource
from gerra_tui.evidence.storage import Storage
from gerra_tui.evidence.window import StorageFailure, more, opened
from gerra_tui.service.failures import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.contents import Album
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
        source = Link(
            self._storage,
            dataset.signed_url,
            declared=dataset.data_byte_size,
            fresh=partial(self._sign, dataset.id),
        )
        return Looking(source, dataset, limits=self._limits, most=most)

    def at_file(self, path: Path, *, most: int | None = None) -> Looking:
        return Looking(FileSource(path), limits=self._limits, most=most)

    async def album_at(self, url: str, name: str) -> Album:
        from gerra_tui.evidence.albums import album_of, told

        with told():
            window = await opened(Link(self._storage, url), more())
        return await album_of(window, name)

    def download(self, dataset: Dataset, directory: Path) -> FileDownload:
        """The whole file on its way to a directory; nothing is fetched before it is run."""
        sign = partial(self._sign, dataset.id)
        return FileDownload(self._storage, dataset, directory, sign=sign)

    async def _sign(self, dataset_id: str) -> str | None:
        try:
            return (await self._api.dataset(dataset_id)).signed_url
        except Failure as failure:
            told = f"no link to the data: {failure.detail}"
        raise StorageFailure(told, requests=0)

    async def aclose(self) -> None:
        await self._storage.aclose()
