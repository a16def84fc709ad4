"""What the next start will show, drawn at the end of this one, out of sight."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from gerra_tui.settings.kept_frame import KeptFrame
from gerra_tui.terminal.driver import CellDriver
from gerra_tui.ui.review.displayed import SETTLE_SECONDS
from gerra_tui.ui.review.screen import ReviewScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.driver import Driver

    from gerra_tui.ui.keys.registry import Registry
    from gerra_tui.ui.workplace import Workplace

PATIENCE: Final = 1.0  # seconds: nobody waits longer for an end

log = logging.getLogger(__name__)


class Rehearsal:
    """A start over `place`, whose service never answers, on a screen that is not sent.

    It is the start's own code that draws, so the frame is the one that the next start would draw.
    """

    def __init__(
        self,
        app: App[None],
        registry: Registry,
        place: Callable[[], Workplace],
        keep: Callable[[KeptFrame, tuple[int, int]], None],
    ) -> None:
        self._app = app
        self._registry = registry
        self._place = place
        self._keep = keep

    async def run(self, driver: Driver) -> None:
        """Draw and keep it, or give up: the end waits for this. Never raises."""
        if not isinstance(driver, CellDriver):
            return
        driver.rehearse()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._draw(driver)
        except Exception:  # the next start is then one without a frame
            log.exception("no frame was kept for the next start")

    async def _draw(self, driver: CellDriver) -> None:
        place = self._place()
        screen = ReviewScreen(place, self._registry, lambda _: None)
        drawn = asyncio.Event()
        try:
            await self._app.push_screen(screen)
            screen.call_after_refresh(drawn.set)
            await drawn.wait()
            await screen.examining.recalled.wait()
            await asyncio.sleep(2 * SETTLE_SECONDS)
            size, sent, frame = driver.picture()
            self._keep(KeptFrame(sent, frame), size)
        finally:
            await screen.examining.aclose()
            await place.queue.close()
            await place.details.close()
