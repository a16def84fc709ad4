"""What a file behind a window has in it (`service.contents.Contents`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.albums import album_among, album_in, album_of, told, videos_among
from gerra_tui.evidence.formats.tar import open_tar
from gerra_tui.evidence.kinds import kind_of
from gerra_tui.evidence.window import more
from gerra_tui.evidence.zip_archive import ZipArchive, open_zip
from gerra_tui.service.contents import PEEK, Entry, Peek

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.evidence import Cost
    from gerra_tui.evidence.members import Archive
    from gerra_tui.evidence.window import Window
    from gerra_tui.service.contents import Album

THE_FILE: Final = "(the file)"
PACKED: Final = ("tar", "gzip", "zstd")


class FileContents:
    """`archive` is null where the file is none."""

    def __init__(self, window: Window, archive: Archive | None) -> None:
        self._window = window
        self._archive = archive
        self.whole = archive.whole if archive is not None else True
        self.entries: Sequence[Entry] = (
            [Entry(THE_FILE, window.size, window.size)]
            if archive is None
            else [
                Entry(one.name, one.size, one.compressed)
                for one in archive.members
                if not one.is_dir
            ]
        )

    @property
    def cost(self) -> Cost:
        return self._window.cost

    @property
    def videos(self) -> Sequence[str]:
        return videos_among(self._archive) if self._archive is not None else ()

    async def peek(self, name: str) -> Peek:
        with told():
            self._window.grant(more())
            if self._archive is None:
                data = await self._window.read(0, PEEK)
                return Peek(data, whole=len(data) == self._window.size)
            size = next(one.size for one in self.entries if one.name == name)
            if isinstance(self._archive, ZipArchive):
                data = await self._archive.beginning(name, PEEK)
            else:
                member = await self._archive.member(name)
                data = member[:PEEK] if isinstance(member, bytes) else await member.read(0, PEEK)
        return Peek(data, whole=len(data) == size)

    async def album(self, name: str | None = None) -> Album:
        with told():
            self._window.grant(more())
        if self._archive is None:
            return await album_of(self._window, "")
        if name is None:
            return await album_among(self._archive, self._window)
        return await album_in(self._archive, name)


async def contents_of(window: Window) -> FileContents:
    """The members as far as they are told without reading all. Raises NotShown."""
    with told():
        window.grant(more())
        kind = await kind_of(window)
        archive: Archive | None = None
        if kind == "zip":
            archive = await open_zip(window)
        elif kind in PACKED:
            archive = await open_tar(window)
        return FileContents(window, archive)
