"""Pages that are too big for the service, a gateway or us."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest

from gerra_tui.api import lane
from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import Failure, ServiceUnavailable
from tests.api.bodies import HTML, dataset

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from gerra_tui.api.client import GerraClient
    from gerra_tui.domain.page import Page

EVERYTHING = Narrowing()


def id_of(number: int) -> str:
    return str(UUID(int=number))


@dataclass
class Fragile:
    """A service of `count` rows that answers pages beyond `most` with `refusal`, and those that
    have one of the `broken` rows with a 500. `between` runs before each answer."""

    router: respx.MockRouter
    count: int
    most: int = 1000
    refusal: Callable[[], httpx.Response] = field(default=lambda: httpx.Response(502, html=HTML))
    broken: frozenset[int] = frozenset()
    between: Callable[[Fragile], None] = lambda _: None
    asked: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers = list(range(self.count))
        self.router.get("/datasets").mock(side_effect=self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.between(self)
        limit, offset = (int(request.url.params[name]) for name in ("limit", "offset"))
        self.asked.append((offset, limit))
        numbers = self.numbers[offset : offset + limit]
        if len(numbers) > self.most:
            return self.refusal()
        if self.broken.intersection(numbers):
            return httpx.Response(500, json={"detail": "Internal Server Error"})
        rows = [dataset(id=id_of(number)) for number in numbers]
        return httpx.Response(200, json={"datasets": rows, "total": len(self.numbers)})


def numbers(page: Page) -> list[int | None]:
    """Of the rows; null for an unreadable one."""
    return [UUID(row.id).int if isinstance(row, Dataset) else None for row in page.rows]


REFUSALS = {
    "413": lambda: httpx.Response(413, html=HTML),
    "502": lambda: httpx.Response(502, html=HTML),
    "503": lambda: httpx.Response(503, html=HTML),
    "504": lambda: httpx.Response(504, text=""),
    "500": lambda: httpx.Response(500, json={"detail": "out of memory"}),
    "413 in the service's words": lambda: httpx.Response(413, json={"detail": "too large"}),
    "beyond our own limit": lambda: httpx.Response(200, content=b" " * 5000),
    "too slow": lambda: _raise(httpx.ReadTimeout("slow")),
}


def _raise(problem: Exception) -> httpx.Response:
    raise problem


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_page_that_is_too_big_is_read_in_parts(
    service: respx.MockRouter,
    client: GerraClient,
    monkeypatch: pytest.MonkeyPatch,
    refusal: str,
) -> None:
    if refusal == "beyond our own limit":
        monkeypatch.setattr(lane, "LONGEST_BODY", 4000)
    most = 8 if refusal == "beyond our own limit" else 30
    fragile = Fragile(service, 130, most=most, refusal=REFUSALS[refusal])
    page = await client.page(EVERYTHING, limit=100, offset=10)
    assert numbers(page) == list(range(10, 110))
    assert (page.limit, page.total, page.is_short) == (100, 130, False)
    assert len(fragile.asked) <= 30


async def test_the_page_after_one_that_was_too_big_is_asked_for_in_parts_at_once(
    service: respx.MockRouter, client: GerraClient
) -> None:
    fragile = Fragile(service, 400, most=60)
    await client.page(EVERYTHING, limit=100, offset=0)
    fragile.asked.clear()
    page = await client.page(EVERYTHING, limit=100, offset=100)
    assert numbers(page) == list(range(100, 200))
    assert len(fragile.asked) <= 3, "none too big among them"


@pytest.mark.parametrize("broken", [{0}, {37}, {99}, {36, 37}, {5, 50, 99}, {0, 1}])
async def test_a_row_that_the_service_cannot_give_takes_no_other_with_it(
    service: respx.MockRouter, client: GerraClient, broken: set[int]
) -> None:
    fragile = Fragile(service, 300, broken=frozenset(broken))
    page = await client.page(EVERYTHING, limit=100, offset=0)
    assert numbers(page) == [None if number in broken else number for number in range(100)]
    assert (page.limit, page.is_short) == (100, False)
    unreadable = [row for row in page.rows if isinstance(row, UnreadableRow)]
    assert len({row.id for row in unreadable}) == len(broken), "each is one row"
    assert all("Internal Server Error" in row.problem for row in unreadable)
    assert len(fragile.asked) <= 64


async def test_a_row_that_cannot_be_given_is_known_again_from_another_page(
    service: respx.MockRouter, client: GerraClient
) -> None:
    Fragile(service, 300, broken=frozenset({37}))
    pages = [await client.page(EVERYTHING, limit=20, offset=offset) for offset in (20, 30, 37)]
    found = {row.id for page in pages for row in page.rows if isinstance(row, UnreadableRow)}
    assert len(found) == 1


async def test_a_row_that_leaves_between_two_parts_leaves_no_gap(
    service: respx.MockRouter, client: GerraClient
) -> None:
    def leave(fragile: Fragile) -> None:
        if len(fragile.asked) % 3 == 2:
            del fragile.numbers[2]

    fragile = Fragile(service, 300, most=20, between=leave)
    page = await client.page(EVERYTHING, limit=100, offset=50)
    first = page.rows[0]
    assert isinstance(first, Dataset)
    begin = UUID(first.id).int
    assert numbers(page) == list(range(begin, begin + len(page.rows)))
    assert len(fragile.asked) <= 30


async def test_where_parts_do_not_meet_the_page_is_what_surely_belongs_together(
    service: respx.MockRouter, client: GerraClient
) -> None:
    def leave(fragile: Fragile) -> None:
        if len(fragile.asked) == 8:
            del fragile.numbers[:40]

    Fragile(service, 300, most=30, between=leave)
    page = await client.page(EVERYTHING, limit=100, offset=50)
    assert 0 < len(page.rows) < 100
    assert page.limit == len(page.rows), "more follow"


async def test_a_service_that_is_away_is_not_asked_for_every_row(
    service: respx.MockRouter, client: GerraClient
) -> None:
    route = service.get("/datasets").respond(502, html=HTML)
    with pytest.raises(ServiceUnavailable):
        await client.page(EVERYTHING, limit=1000, offset=100)
    assert route.call_count <= 6
    route.respond(json={"datasets": [dataset()] * 1, "total": 1})
    route.calls.reset()
    await client.page(EVERYTHING, limit=1000, offset=0)
    assert route.calls[0].request.url.params["limit"] == "1000", "nothing is concluded from it"


async def test_a_service_that_wants_to_be_left_alone_is(
    service: respx.MockRouter, client: GerraClient
) -> None:
    route = service.get("/datasets").respond(503, headers={"retry-after": "60"}, html=HTML)
    with pytest.raises(ServiceUnavailable):
        await client.page(EVERYTHING, limit=1000, offset=0)
    assert route.call_count == 1


@pytest.mark.parametrize("status", [404, 416, 422, 400, 500, 502])
async def test_a_refused_look_behind_the_end_costs_no_row(
    service: respx.MockRouter, client: GerraClient, status: int
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        limit, offset = (int(request.url.params[name]) for name in ("limit", "offset"))
        if offset >= 30:
            return httpx.Response(status, json={"detail": "no such page"})
        rows = [dataset(id=id_of(number)) for number in range(offset, min(30, offset + limit))]
        return httpx.Response(200, json={"datasets": rows, "total": 30})

    service.get("/datasets").mock(side_effect=answer)
    page = await client.page(EVERYTHING, limit=100, offset=0)
    assert numbers(page) == list(range(30))
    assert page.is_short == (status < 500), "a look that failed says nothing about the end"


async def test_a_page_that_the_key_may_not_see_is_refused_at_once(
    service: respx.MockRouter, client: GerraClient
) -> None:
    route = service.get("/datasets").respond(403, json={"detail": "not yours"})
    with pytest.raises(Failure):
        await client.page(EVERYTHING, limit=100, offset=0)
    assert route.call_count == 1
