"""What there is to look at (`service.looking.Evidence`): signed URLs, and local files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.evidence.first_look import Looking
from gerra_tui.evidence.link import Link
from gerra_tui.evidence.local import FileSource
from gerra_tui.evidence.storage import Storage
from gerra_tui.evidence.window import Reply, StorageFailure
from gerra_tui.service.failures import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.ports import ReadingApi


class StorageEvidence:
    """`api` signs a link anew that storage no longer takes; storage itself never sees its key."""

    def __init__(
        self, api: ReadingApi, storage: Storage | None = None, *, limits: Limits | None = None
    ) -> None:
        self._api = api
        self._storage = storage or Storage()
        self._limits = limits

    def at(self, dataset: Dataset, *, most: int | None = None) -> Looking:
        source = self._link(dataset) if dataset.signed_url else _Nowhere()
        return Looking(source, dataset, limits=self._limits, most=most)

    def at_file(self, path: Path, *, most: int | None = None) -> Looking:
        return Looking(FileSource(path), limits=self._limits, most=most)

    async def aclose(self) -> None:
        await self._storage.aclose()

    def _link(self, dataset: Dataset) -> Link:
        async def fresh() -> str | None:
            try:
                return (await self._api.dataset(dataset.id)).signed_url
            except Failure:
                return None

        return Link(
            self._storage, dataset.signed_url or "", declared=dataset.data_byte_size, fresh=fresh
        )


class _Nowhere:
    """The source of a dataset without a signed URL."""

    async def get(self, start: int | None, stop: int) -> Reply:  # noqa: ARG002 (a `Source`)
        raise StorageFailure("the service gives no link to the data", requests=0)
