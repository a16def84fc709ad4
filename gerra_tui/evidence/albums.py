"""Pictures out of a file, decoded in a child, by exact ranges (`service.contents.Album`)."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.child.host import ChildFailure, run
from gerra_tui.evidence.formats.keyframes import decode, read_reel
from gerra_tui.evidence.kinds import kind_of
from gerra_tui.evidence.members import STORED, Unreadable
from gerra_tui.evidence.window import OverBudget, StorageFailure, Window, more, over
from gerra_tui.evidence.zip_archive import NotAZip
from gerra_tui.service.contents import NotShown, Shot

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Sequence

    from gerra_tui.domain.evidence import Cost
    from gerra_tui.evidence.formats.keyframes import Reel
    from gerra_tui.evidence.members import Archive, Member
    from gerra_tui.service.contents import Album

VIDEOS: Final = (".mp4", ".mov", ".m4v")
STILLS: Final = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
MOVING: Final = ".gif"
AT_ONCE: Final = 2  # children


@contextmanager
def told() -> Iterator[None]:
    """Every reason why nothing can be shown, as a NotShown."""
    try:
        yield
    except OverBudget as over_budget:
        why = f"{over_budget.bytes:,} B more than are read of one dataset"
    except (StorageFailure, Unreadable, ChildFailure, NotAZip) as failure:
        why = str(failure)
    else:
        return
    raise NotShown(why)


class VideoAlbum:
    """The keyframes of a video, by its index."""

    def __init__(self, window: Window, reel: Reel, name: str) -> None:
        self._window = window
        self._reel = reel
        self.title = f"{name}  {reel.codec} {reel.width}x{reel.height}".strip()
        self.count = len(reel.keyframes)

    @property
    def cost(self) -> Cost:
        return self._window.cost

    def label(self, index: int) -> str:
        seconds = self._reel.keyframes[index].seconds
        return f"{int(seconds // 60)}:{seconds % 60:04.1f}"

    def price(self, chosen: Sequence[int]) -> tuple[int, int]:
        return len(chosen), sum(self._reel.keyframes[index].size for index in chosen)

    async def shots(self, chosen: Sequence[int], width: int, height: int) -> list[Shot | None]:
        frames = [self._reel.keyframes[index] for index in chosen]
        with told():
            self._window.grant(more())
            pictures = await decode(self._window, self._reel, frames, width, height)
        found = {one.keyframe: Shot(one.width, one.height, one.rgb) for one in pictures}
        return [found.get(frame) for frame in frames]


class MovingAlbum:
    """The frames of one picture, of a GIF mostly."""

    def __init__(self, window: Window, name: str, count: int) -> None:
        self._window = window
        self._name = name
        self.title = f"{name}  {count:,} frames" if count > 1 else name
        self.count = count

    @property
    def cost(self) -> Cost:
        return self._window.cost

    def label(self, index: int) -> str:
        return f"frame {index + 1}/{self.count}" if self.count > 1 else self._name

    def price(self, chosen: Sequence[int]) -> tuple[int, int]:
        return min(1, len(chosen)), self._window.size

    async def shots(self, chosen: Sequence[int], width: int, height: int) -> list[Shot | None]:
        with told():
            self._window.grant(more())
            await self._window.read(0, self._window.size)
        turns = asyncio.Semaphore(AT_ONCE)

        async def shot(index: int) -> Shot:
            async with turns:
                needs = {"width": width, "height": height, "frame": index}
                return await _decoded(self._window, needs)

        return await _all_or_why([shot(index) for index in chosen])


class StillAlbum:
    """Picture files among the members of an archive."""

    def __init__(self, archive: Archive, window: Window, names: Sequence[str]) -> None:
        self._archive = archive
        self._window = window
        self._names = names
        folder = PurePosixPath(names[0]).parent
        self.title = f"{folder}/  {len(names):,} pictures" if len(names) > 1 else names[0]
        self.count = len(names)

    @property
    def cost(self) -> Cost:
        return self._window.cost

    def label(self, index: int) -> str:
        return PurePosixPath(self._names[index]).name

    def price(self, chosen: Sequence[int]) -> tuple[int, int]:
        wanted = {self._names[index] for index in chosen}
        sizes = [one.compressed for one in self._archive.members if one.name in wanted]
        return len(sizes), sum(sizes)

    async def shots(self, chosen: Sequence[int], width: int, height: int) -> list[Shot | None]:
        turns = asyncio.Semaphore(AT_ONCE)
        names = [self._names[index] for index in chosen]
        with told():
            self._window.grant(more())
            data = await self._archive.read(names)

        async def shot(name: str) -> Shot:
            async with turns:
                if name not in data:
                    raise Unreadable(f"{name} cannot be read")
                return await _decoded(await over(data[name]), {"width": width, "height": height})

        return await _all_or_why([shot(name) for name in names])


async def _decoded(window: Window, needs: dict[str, int]) -> Shot:
    answer = await run("picture", window, needs)
    return Shot(answer.facts["width"], answer.facts["height"], answer.raw)


async def _all_or_why(shots: Sequence[Coroutine[None, None, Shot]]) -> list[Shot | None]:
    """Those that could be decoded. Raises NotShown with the first reason where none could."""
    answers = await asyncio.gather(*shots, return_exceptions=True)
    failures = [one for one in answers if isinstance(one, BaseException)]
    with told():
        if failures and len(failures) == len(answers):
            raise failures[0]
    return [None if isinstance(one, BaseException) else one for one in answers]


async def album_of(window: Window, name: str) -> Album:
    """The pictures of one file. Raises NotShown."""
    with told():
        kind = await kind_of(window)
        if kind == "mp4":
            return VideoAlbum(window, await read_reel(window), name)
        if kind == "image":
            await window.read(0, window.size)
            answer = await run("picture", window, {"width": 16, "height": 16, "frame": 0})
            return MovingAlbum(window, name, answer.facts["frames"])
    raise NotShown(f"{kind}: there are no pictures in it")


async def album_among(archive: Archive, window: Window) -> Album:
    """What of an archive's members shows most: a video, the fullest folder of pictures, a GIF.

    Raises NotShown.
    """
    files = sorted(
        (one for one in archive.members if not one.is_dir and one.size), key=lambda one: one.name
    )
    if videos := videos_among(archive):
        return await album_in(archive, videos[0])
    folders: dict[str, list[str]] = {}
    for one in files:
        if _ends(one, STILLS):
            folders.setdefault(str(PurePosixPath(one.name).parent), []).append(one.name)
    moving = next((one.name for one in files if _ends(one, (MOVING,))), None)
    fullest = max(folders.values(), key=len, default=[])
    if len(fullest) > 1 or (fullest and moving is None):
        return StillAlbum(archive, window, fullest)
    if moving is not None:
        return await album_in(archive, moving)
    raise NotShown("no video and no picture among its members")


def videos_among(archive: Archive) -> list[str]:
    """Those that can be read in place, by their own name first and then by their folder: the
    cameras of one episode follow each other."""
    names = [one.name for one in archive.members if _ends(one, VIDEOS) and one.method == STORED]
    return sorted(names, key=lambda name: (PurePosixPath(name).name, name))


async def album_in(archive: Archive, name: str) -> Album:
    """The pictures of one member. Raises NotShown."""
    with told():
        member = await archive.member(name)
        inside = await over(member) if isinstance(member, bytes) else member
        await inside.read(max(0, inside.size - 1), inside.size)
    return await album_of(inside, name)


def _ends(member: Member, suffixes: tuple[str, ...]) -> bool:
    return member.name.lower().endswith(suffixes)
