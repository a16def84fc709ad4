"""`G` where the service does not tell how many datasets there are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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
