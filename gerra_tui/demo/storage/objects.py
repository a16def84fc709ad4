"""What lies behind the signed URLs: a file for each dataset, pictures for the synthetic ones.

A file is exactly as large as its dataset declares, up to tens of gigabytes, and computed as it is
read. Where nothing is declared, or less than what the file must hold, it is as large as that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gerra_tui.demo.storage.pictures import Scene
from gerra_tui.demo.storage.sparse import Sparse
from gerra_tui.demo.world.draws import Draws
from gerra_tui.demo.world.population import POV, THIRD_PERSON

if TYPE_CHECKING:
    from gerra_tui.demo.world.catalogue import Catalogue

_REMEMBERED = 32  # objects of some hundred kilobytes
_USUAL = 30_000_000  # bytes where none are declared
PREVIEW_SIZE: Final = (160, 120)
_POSE_SIZE: Final = (320, 240)
_TYPES: Final = {
    "zip": "application/zip", "npz": "application/zip", "tar": "application/x-tar",
    "tar.gz": "application/gzip", "tar.zst": "application/zstd", "mp4": "video/mp4",
    "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "csv": "text/csv",
    "json": "application/json", "txt": "text/plain",
}  # fmt: skip
_ANY_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Stored:
    """One object of the storage. The ETag is strong: the same bytes have the same one, always."""

    content: Sparse
    kind: str
    etag: str


class Objects:
    """Makes objects on request; the same request gives the same bytes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._renewed: dict[int, int] = {}
        self._made = lru_cache(_REMEMBERED)(self._make)

    def renew(self, row: int) -> None:
        """From now on the row's file holds other bytes."""
        self._renewed[row] = self._renewed.get(row, 0) + 1

    def get(self, row: int, what: str) -> Stored | None:
        """`what` is `preview.gif`, `pose_frame.png`, or how the name of the dataset's file ends.

        None if there is no such object.
        """
        edition = self._renewed.get(row, 0)
        if what in {"preview.gif", "pose_frame.png"}:
            synthetic = self._catalogue.population.data_type[row] in {POV, THIRD_PERSON}
            return self._made(row, what, edition) if synthetic else None
        if what != self._catalogue.holding(row).suffix:
            return None
        twin = self._catalogue.twin(row)
        return self._made(row if twin is None else twin, what, edition)

    def _make(self, row: int, what: str, edition: int) -> Stored:
        draws = Draws(self._catalogue.key, b"archive", row)
        seed = draws.below(2**32) + edition
        pov = self._catalogue.population.data_type[row] == POV
        scene = Scene(seed, pov, vanishes=draws.chance(30))
        if what == "preview.gif":
            content = Sparse(scene.gif(PREVIEW_SIZE))
        elif what == "pose_frame.png":
            content = Sparse(scene.pose(_POSE_SIZE))
        else:
            content = self._file(row, seed, scene)
        kind = _TYPES.get(what.rpartition("_frame.")[2].removeprefix("preview."), _ANY_TYPE)
        name = b"%s %d %s %d" % (self._catalogue.key, row, what.encode(), edition)
        return Stored(content, kind, f'"{sha256(name).hexdigest()[:32]}"')

    def _file(self, row: int, seed: int, scene: Scene) -> Sparse:
        # When a file is asked for: the service's start does not wait for them.
        from gerra_tui.demo.storage import making
        from gerra_tui.demo.storage.flaws import FLAWS, Flaw
        from gerra_tui.demo.storage.subject import recorded

        content, held = self._catalogue.content(row), self._catalogue.holding(row)
        told = content.metadata or {}
        length = self._catalogue.declared_size(row) or _USUAL
        flaw = FLAWS[held.flaw] if held.flaw else Flaw()
        recording = flaw.told(recorded(content.name, told, seed))
        members = making.members(held.container, recording, told, scene, length)
        if members is None:
            return flaw.file(making.file(held.container, recording, scene, length))
        return flaw.file(making.packed(held.container, flaw.members(members), length))
