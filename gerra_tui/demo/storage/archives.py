"""What lies behind the signed URLs: an archive for each dataset, pictures for the synthetic ones.

The size served. An archive is exactly as large as its dataset declares: what its members leave over
is filled by one stored member of zeros, which is computed and never kept, so tens of gigabytes are
served as declared. Where nothing is declared, or less than the members need, it is as large as its
members make it. Some three in a hundred are shorter than declared, as an upload that broke off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gerra_tui.demo.storage.hollow import Hollow, zip_of_length
from gerra_tui.demo.storage.members import Subject, members_of
from gerra_tui.demo.storage.pictures import Scene
from gerra_tui.demo.world.draws import Draws
from gerra_tui.demo.world.hostile import hostile_number
from gerra_tui.demo.world.population import POV, THIRD_PERSON, TYPES

if TYPE_CHECKING:
    from gerra_tui.demo.world.catalogue import Catalogue

_REMEMBERED = 32  # objects of some hundred kilobytes
_FILLERS: Final = {
    "episode": "raw/front_camera.bayer",
    "synthetic_pov": "raw/render_buffers.bin",
    "synthetic_third_person": "raw/render_buffers.bin",
    "telemetry": "raw/capture.bin",
}
PREVIEW_SIZE: Final = (160, 120)
_POSE_SIZE: Final = (320, 240)


@dataclass(frozen=True, slots=True)
class Stored:
    """One object of the storage. The ETag is strong: the same bytes have the same one, always."""

    content: Hollow
    kind: str
    etag: str


class Archives:
    """Makes objects on request; the same request gives the same bytes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._renewed: dict[int, int] = {}
        self._made = lru_cache(_REMEMBERED)(self._make)

    def renew(self, row: int) -> None:
        """From now on the row's archive holds other bytes."""
        self._renewed[row] = self._renewed.get(row, 0) + 1

    def get(self, row: int, what: str) -> Stored | None:
        """`what` is `zip`, `preview.gif` or `pose_frame.png`; None if there is no such object."""
        synthetic = self._catalogue.population.data_type[row] in {POV, THIRD_PERSON}
        if what != "zip" and not synthetic:
            return None
        return self._made(row, what, self._renewed.get(row, 0))

    def _make(self, row: int, what: str, edition: int) -> Stored:
        key = self._catalogue.key
        subject = self._subject(row, edition)
        if what == "preview.gif":
            content, kind = Hollow(subject.scene.gif(PREVIEW_SIZE)), "image/gif"
        elif what == "pose_frame.png":
            content, kind = Hollow(subject.scene.pose(_POSE_SIZE)), "image/png"
        else:
            content, kind = self._archive(row, subject), "application/zip"
        name = b"%s %d %s %d" % (key, row, what.encode(), edition)
        return Stored(content, kind, f'"{sha256(name).hexdigest()[:32]}"')

    def _archive(self, row: int, subject: Subject) -> Hollow:
        infos, contents = members_of(subject)
        declared = subject.declared or 0
        whole = zip_of_length(infos, contents, filler=_FILLERS[subject.data_type], length=declared)
        broke_off = Draws(self._catalogue.key, b"broke off", row).below(100) < 3
        return whole.shortened(whole.length * 2 // 3) if broke_off else whole

    def _subject(self, row: int, edition: int) -> Subject:
        catalogue = self._catalogue
        data_type = catalogue.population.data_type[row]
        draws = Draws(catalogue.key, b"archive", row)
        body = catalogue.body(row)
        metadata = body.get("metadata")
        return Subject(
            name=str(body.get("name")),
            data_type=TYPES[data_type],
            created=str(body.get("date_created")),
            declared=catalogue.declared_size(row),
            metadata=metadata if isinstance(metadata, dict) else {},
            seed=draws.below(2**32) + edition,
            scene=Scene(draws.below(2**32) + edition, data_type == POV, vanishes=draws.chance(30)),
            hostile=hostile_number(row, catalogue.population.size) is not None,
        )
