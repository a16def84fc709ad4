"""What is in a dataset's file: its members, the beginning of one, and pictures of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.evidence import Cost

PEEK: Final = 65_536  # bytes of a member that are looked into
SHEET: Final = 6  # pictures of a contact sheet


class NotShown(Exception):
    """Why there is nothing to show, as a sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of an archive, or the file itself. Sizes are bytes."""

    name: str
    size: int
    compressed: int


@dataclass(frozen=True, slots=True)
class Peek:
    """The first bytes of a member as they are unpacked; `whole`: there are no others."""

    data: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Shot:
    """A decoded picture: raw RGB, three bytes a pixel, row by row."""

    width: int
    height: int
    rgb: bytes


class Album(Protocol):
    """Pictures in their order: the keyframes of a video, the frames of a GIF, or files."""

    @property
    def title(self) -> str:
        """What is shown: foreign text."""
        ...

    @property
    def count(self) -> int: ...

    @property
    def cost(self) -> Cost:
        """Of the file that they are in, so far."""
        ...

    def label(self, index: int) -> str:
        """`0:04.4`, or a file's name: foreign text."""
        ...

    def price(self, chosen: Sequence[int]) -> tuple[int, int]:
        """Requests and bytes that those pictures need, were none of them fetched yet."""
        ...

    async def shots(self, chosen: Sequence[int], width: int, height: int) -> list[Shot | None]:
        """Those pictures within so many pixels, none where one cannot be decoded.

        What was fetched once costs nothing again. Raises NotShown.
        """
        ...


class Contents(Protocol):
    """What a file has in it. `whole` is false where more members may come behind these."""

    @property
    def entries(self) -> Sequence[Entry]: ...

    @property
    def whole(self) -> bool: ...

    @property
    def cost(self) -> Cost: ...

    async def peek(self, name: str) -> Peek:
        """The first 64 kB of a member. Raises NotShown."""
        ...

    @property
    def videos(self) -> Sequence[str]:
        """The members that are videos: the cameras of an episode beside each other."""
        ...

    async def album(self, name: str | None = None) -> Album:
        """The pictures of a member, or of what of the file shows most. Raises NotShown."""
        ...


def spread(count: int, number: int = SHEET) -> list[int]:
    """As many of `count` as asked for, from the first to the last, evenly."""
    if count <= number:
        return list(range(count))
    return [round(at * (count - 1) / (number - 1)) for at in range(number)]
