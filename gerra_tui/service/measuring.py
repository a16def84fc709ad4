"""How long a listing is, where the service does not tell or tells wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.service.ports import ReadingApi

MOST_LOOKS: Final = 64  # enough for two thousand million rows


async def measure(api: ReadingApi, narrowing: Narrowing, guess: int) -> int | None:
    """Look at single rows: at twice the offset until none is there, then half way between.

    Null if there seems to be a row at every offset: then they are ignored. Raises `Failure`.
    """
    low = 0  # there is a row at each offset below
    high: int | None = None  # and none here
    offset, last = max(1, guess), ""
    for _ in range(MOST_LOOKS):
        page = await api.page(narrowing, limit=1, offset=offset)
        if not page.rows:
            high = offset
        else:
            low = offset + 1
            if high is None and last == page.rows[0].id:
                return None
            last = page.rows[0].id or ""
        if high is not None and low >= high:
            return low
        offset = (low + high) // 2 if high is not None else 2 * offset
    return None
