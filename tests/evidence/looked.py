"""A look at bytes, at its price, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.evidence.first_look import Looking
from tests.evidence.memory import MemorySource

if TYPE_CHECKING:
    from gerra_tui.domain.evidence import Check, Look, Mark


async def looked(data: bytes) -> Look:
    """The first look, which keeps to its price."""
    source = MemorySource(data)
    look = await Looking(source).first()
    assert look.error is None
    assert len(source.ranges) == look.cost.requests <= 3
    assert look.cost.bytes <= 256_000
    return look


async def looked_further(data: bytes) -> Look:
    """What `+` tells after the first look."""
    looking = Looking(MemorySource(data))
    await looking.first()
    return await looking.more()


def checks(look: Look, mark: Mark) -> dict[str, str]:
    """The words of all checks of a mark, by their ids."""
    return {check.id: check.text for check in look.checks if check.mark is mark}


def check(look: Look, name: str) -> Check:
    """The one check of an id."""
    (found,) = [one for one in look.checks if one.id == name]
    return found
