"""A file inside an archive, before it is known how long it will be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.sparse import Sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Member:
    """A file by its name. `share` is its part of the length that the archive has left over.

    One with a share is made by `fill`, of exactly the bytes that it is given; the others have their
    `content` already.
    """

    name: str
    content: Sparse | None = None
    share: int = 0
    fill: Callable[[int], Sparse] | None = None
    packed: bool = False  # deflated, where the archive can
    encrypted: bool = False

    def made(self, length: int) -> Sparse:
        if self.fill is not None:
            return self.fill(length)
        return self.content or Sparse()


def lengths(members: Sequence[Member], room: int) -> list[int]:
    """How long each member becomes where they have so many bytes together."""
    left = room - sum(one.content.length for one in members if one.content is not None)
    shares = sum(one.share for one in members)
    last = max((number for number, one in enumerate(members) if one.share), default=None)
    found = []
    for number, one in enumerate(members):
        if one.content is not None:
            found.append(one.content.length)
        elif number == last:
            found.append(max(0, left))
        else:
            part = max(0, left * one.share // shares) if shares else 0
            left, shares = left - part, shares - one.share
            found.append(part)
    return found
