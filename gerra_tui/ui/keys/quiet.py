"""What opens by itself, or later than the key that asked for it, takes no key meant for another."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_SECOND: Final = 1.0
AT_ONCE: Final = 0.5  # seconds: what opens within them is the answer to its key


class Quiet:
    """Keys and pastes as they are taken, wherever they go. Times are seconds."""

    def __init__(self) -> None:
        self.taken = 0
        self._last = time.monotonic()
        self._came = asyncio.Event()

    def note(self) -> None:
        """A key or a paste is being taken."""
        self.taken += 1
        self._last = time.monotonic()
        self._came.set()

    @property
    def seconds(self) -> float:
        """Since the last one, or since the start."""
        return time.monotonic() - self._last

    async def second(self, is_free: Callable[[], bool]) -> None:
        """Wait for one in which nothing was typed and `is_free` holds at its end.

        What is not free becomes so by a key, after which there is another quiet second.
        """
        while True:
            if (left := QUIET_SECOND - self.seconds) > 0:
                await asyncio.sleep(left)
            elif is_free():
                return
            else:
                self._came.clear()
                await self._came.wait()
