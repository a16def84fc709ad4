"""The members of an archive, and how one of them is read without the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.evidence.window import Window

STORED: Final = 0  # zip's numbers (APPNOTE 4.4.5)
DEFLATED: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One entry. `size` and `compressed` are bytes, `offset` that of its header in the archive."""

    name: str
    size: int
    compressed: int
    method: int = STORED
    offset: int = 0
    crc: int | None = None
    encrypted: bool = False
    is_dir: bool = False


class Unreadable(Exception):
    """Why a member cannot be read here, as a sentence without an end."""


class Archive(Protocol):
    """An archive behind a window."""

    @property
    def members(self) -> Sequence[Member]: ...

    @property
    def whole(self) -> bool:
        """Whether `members` are all there are (a tar is known as far as it was read)."""
        ...

    async def member(self, name: str) -> bytes | Window:
        """A stored member as a window, a compressed one as its bytes, inflated.

        Costs a request at most. Raises Unreadable, OverBudget, StorageFailure; KeyError where
        there is none of that name.
        """
        ...

    async def read(self, names: Sequence[str]) -> dict[str, bytes]:
        """The whole contents of small members, neighbours in one request.

        Those that cannot be read are left out. Raises OverBudget before the first request if not
        all of them fit, StorageFailure.
        """
        ...
