"""Looking at what lies behind datasets' signed URLs: what it needs of the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Look


class Looking(Protocol):
    """Looks at one file, each going on with what was read before. They never raise."""

    async def first(self) -> Look:
        """At most 3 requests and 256 kB; a zip's directory up to 1.25 MB."""
        ...

    async def more(self) -> Look:
        """What the steps of the first look offer, up to 16 MB in all."""
        ...


class Evidence(Protocol):
    """What there is to look at. `most` is a cap of bytes for all looks at one file together."""

    def at(self, dataset: Dataset, *, most: int | None = None) -> Looking: ...

    def at_file(self, path: Path, *, most: int | None = None) -> Looking:
        """A local file, read and counted as if it were remote."""
        ...
