"""A page of fewer rows than were asked for: the end, or a service that gives fewer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import UUID

import httpx
import pytest

from gerra_tui.domain.query.narrowing import Narrowing
from tests.api.bodies import dataset

if TYPE_CHECKING:
    import respx

    from gerra_tui.api.client import GerraClient

EVERYTHING = Narrowing()
Totals = Literal["exact", "absent", "page", "too many"]


class Clipping:
    """A service of `count` rows that gives at most so many at once."""

    def __init__(self, router: respx.MockRouter, count: int, most: int, totals: Totals) -> None:
        self.rows = [dataset(id=str(UUID(int=n))) for n in range(count)]
        self.most = most
        self.totals = totals
        self.asked: list[tuple[int, int]] = []
        router.get("/datasets").mock(side_effect=self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        limit, offset = (int(request.url.params[name]) for name in ("limit", "offset"))
        self.asked.append((offset, limit))
        rows = self.rows[offset : offset + min(limit, self.most)]
        totals = {"exact": len(self.rows), "page": len(rows), "too many": 5000}
        total = {"total": totals[self.totals]} if self.totals != "absent" else {}
        return httpx.Response(200, json={"datasets": rows, **total})


@pytest.mark.parametrize("totals", ["exact", "absent", "page", "too many"])
async def test_a_service_that_gives_fewer_rows_at_once_is_read_to_its_end(
    service: respx.MockRouter, client: GerraClient, totals: Totals
) -> None:
    Clipping(service, 180, 50, totals)
    offset, ends = 0, []
    for _ in range(4):
        page = await client.page(EVERYTHING, limit=100, offset=offset)
        offset += len(page.rows)
        ends.append(page.is_short)
    assert (offset, ends) == (180, [False, False, False, True])


@pytest.mark.parametrize("totals", ["exact", "absent", "page"])
async def test_it_is_found_out_once_where_a_service_clips(
    service: respx.MockRouter, client: GerraClient, totals: Totals
) -> None:
    clipping = Clipping(service, 500, 50, totals)
    for offset in (0, 30, 80, 400):
        await client.page(EVERYTHING, limit=100, offset=offset)
    assert clipping.asked == [(0, 100), (50, 1), (30, 100), (80, 100), (400, 100)]


@pytest.mark.parametrize("totals", ["exact", "absent", "page", "too many"])
async def test_a_list_of_few_rows_costs_one_small_look_behind_it_once(
    service: respx.MockRouter, client: GerraClient, totals: Totals
) -> None:
    clipping = Clipping(service, 30, 1000, totals)
    for limit in (100, 1000, 50):
        assert (await client.page(EVERYTHING, limit=limit, offset=0)).is_short
    looks = 3 if totals == "too many" else 1
    assert clipping.asked.count((30, 1)) == looks


async def test_the_end_of_a_long_list_costs_no_look(
    service: respx.MockRouter, client: GerraClient
) -> None:
    clipping = Clipping(service, 150, 1000, "page")
    pages = [await client.page(EVERYTHING, limit=100, offset=offset) for offset in (0, 100)]
    assert [page.is_short for page in pages] == [False, True]
    assert len(clipping.asked) == 2
