"""When to look quietly for new rows: seldom, more seldom while nobody acts, never for nobody."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.service.listing.queue import ReviewQueue
    from gerra_tui.service.ports import Clock

EVERY: Final = 30.0  # seconds
# Without a key for so many seconds: every so many.
IDLE: Final = ((300.0, 120.0), (1800.0, 600.0))
LONGEST: Final = 600.0  # between looks that fail, each of which doubles the pause


class QuietPolling:
    """Asks the queue to `check_for_new`. `hidden` claims that nobody can see the list now."""

    def __init__(self, queue: ReviewQueue, clock: Clock, hidden: Callable[[], bool]) -> None:
        self._queue = queue
        self._clock = clock
        self._hidden = hidden
        self._looked_at = self._touched_at = clock.monotonic()
        self._failures = 0
        self._woken = asyncio.Event()

    @property
    def pause(self) -> float:
        """Seconds from one look to the next, as it is now."""
        idle = self._clock.monotonic() - self._touched_at
        seconds = max([EVERY, *(slower for after, slower in IDLE if idle >= after)])
        return max(seconds, min(LONGEST, EVERY * (1 << self._failures)))

    def touched(self) -> None:
        """The reviewer is there: after a longer pause the next look is due at once."""
        self._touched_at = self._clock.monotonic()
        if self._touched_at - self._looked_at >= self.pause:
            self._woken.set()

    async def run(self) -> None:
        """For as long as the console is open; cancel the task to stop."""
        while True:
            left = self._looked_at + self.pause - self._clock.monotonic()
            if left <= 0 and not self._is_pointless():
                await self._look()
                continue
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left if left > 0 else EVERY):
                    await self._woken.wait()

    def _is_pointless(self) -> bool:
        """Also while the list itself waits for the service: that goes on by itself."""
        status = self._queue.status
        return self._hidden() or not status.live or status.failure is not None

    async def _look(self) -> None:
        self._looked_at = self._clock.monotonic()
        await self._queue.check_for_new()
        failed = self._queue.status.failure is not None
        self._failures = self._failures + 1 if failed else 0
