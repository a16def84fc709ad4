"""`G` where the service does not tell how many datasets there are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gerra_tui.service.failures import ServiceUnavailable
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing


class Silent(Service):
    """Tells no total."""

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        page = await super().page(narrowing, limit=limit, offset=offset)
        return replace(page, total=None)


async def test_g_goes_to_the_last_row_of_all() -> None:
    async with Console(Silent(700)).opened() as console:
        assert "1/?" in console.status
        await console.press("G")
        await console.until_shown(f"700/700  {id_of(699)}")


async def test_a_key_meanwhile_keeps_the_cursor_where_the_reviewer_goes() -> None:
    service = Silent(700)
    async with Console(service).opened() as console:
        service.latency = 0.05
        await console.press("G", "g")
        await console.until_shown("1/700")
        assert id_of(0) in console.status


async def test_an_end_that_cannot_be_found_is_said() -> None:
    service = Silent(700)
    async with Console(service).opened() as console:
        service.trouble = ServiceUnavailable("Bad Gateway", http_status=502)
        await console.press("G")
        await console.until_shown("The end was not found: Bad Gateway")


async def test_a_refresh_that_takes_long_can_be_cancelled() -> None:
    service = Service(700)
    async with Console(service).opened() as console:
        service.shut = True
        await console.press("R", "ctrl+c")
        await console.until_shown("Cancelled.")
        service.open()
        assert console.listing.cursor_id == id_of(0)
        assert "1/700" in console.status
