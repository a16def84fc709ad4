"""A whole listing read once, while others decide at its head."""

from __future__ import annotations

import pytest

from gerra_tui.service.listing.probes import sweep
from tests.service.listing.shifting_list import ShiftingList
from tests.service.listing.test_queue import query


@pytest.mark.parametrize("decided", [10, 49, 50, 200, 900])
async def test_a_sweep_misses_none_however_many_leave_above_it(decided: int) -> None:
    service = ShiftingList(3500)
    seen: set[str | None] = set()
    async for rows, looked_at, total in sweep(service, query().plan("off").narrowing):
        seen |= {row.id for row in rows}
        assert looked_at <= (total or 0)
        if len(seen) <= 1000:
            for one in service.pending[:decided]:
                service.decide(one)
    assert set(service.pending) <= seen
    assert len(service.requests) <= 8
