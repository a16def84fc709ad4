"""Where the cursor goes, as the flow has it: on a desk, without a screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gerra_tui.service.failures import ServiceUnavailable
from tests.fakes import FakeService
from tests.ui.at_a_desk import at_a_desk

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing


class Silent(FakeService):
    """Tells no total."""

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        page = await super().page(narrowing, limit=limit, offset=offset)
        return replace(page, total=None)


async def test_g_goes_to_the_last_row_of_all_where_nobody_tells_how_many_there_are() -> None:
    async with at_a_desk(Silent(700)) as reviewer:
        assert reviewer.workplace.queue.status.total is None
        await reviewer.do("bottom")
        await reviewer.until(lambda: reviewer.cursor == 699)
        assert reviewer.workplace.queue.length == 700


async def test_a_key_meanwhile_keeps_the_cursor_where_the_reviewer_goes() -> None:
    service = Silent(700)
    async with at_a_desk(service) as reviewer:
        service.latency = 0.2
        await reviewer.do("bottom", "top")
        await reviewer.until(lambda: reviewer.workplace.queue.length == 700)
        assert reviewer.cursor == 0


async def test_an_end_that_cannot_be_found_is_said() -> None:
    service = Silent(700)
    async with at_a_desk(service) as reviewer:
        service.trouble = ServiceUnavailable("Bad Gateway", http_status=502)
        await reviewer.do("bottom")
        await reviewer.until(lambda: reviewer.was_told("The end was not found: Bad Gateway"))


async def test_a_refresh_that_takes_long_can_be_cancelled() -> None:
    service = FakeService(700)
    async with at_a_desk(service) as reviewer:
        service.shut = True
        await reviewer.do("refresh", "cancel")
        assert reviewer.desk.noticed == "Cancelled."
        service.open()
        assert reviewer.cursor == 0
        assert reviewer.workplace.queue.length == 700
