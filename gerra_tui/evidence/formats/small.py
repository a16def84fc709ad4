"""A file that is short enough to be read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.window import OverBudget, first_look

if TYPE_CHECKING:
    from gerra_tui.evidence.window import Window

FIRST_ONLY: Final = "first 64 kB only"  # the scope of what was not read whole

SMALL: Final = 131_072  # bytes read whole at the first look; on a key, what the budget holds


async def read_whole(window: Window) -> bytes | None:
    """All bytes if they are here or few enough to fetch, else None. Raises StorageFailure."""
    held = window.held(0, window.size)
    if held is not None:
        return held
    room = window.room()[1]
    if window.size > (SMALL if room <= first_look().bytes else room):
        return None
    try:
        return await window.read(0, window.size)
    except OverBudget:
        return None
