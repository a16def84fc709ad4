"""The Gerra Datasets API: six calls."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import stamina

from gerra_tui.api import decoding as schemas
from gerra_tui.api.lane import Lane, Timeouts
from gerra_tui.api.portions import Portions
from gerra_tui.api.route import Route
from gerra_tui.api.short_pages import ShortPages
from gerra_tui.domain.dataset_id import NO_ID, is_dataset_id, is_same_dataset
from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.page import Page
from gerra_tui.service.failures import Failure, InvalidRequest, ServiceUnavailable
from gerra_tui.service.ports import Confirmation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx

    from gerra_tui.api.answer import Answer
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.statistics import Statistics

T = TypeVar("T")

# A program that configured no log must not have stamina's warnings on its screen.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How reading is tried again: times in all, seconds in all, seconds for one pause."""

    attempts: int = 3
    total: float = 20.0
    first_pause: float = 0.2
    longest_pause: float = 2.0
    longest_wish: float = 10.0  # a `Retry-After` beyond this is the caller's to wait for


class GerraClient:
    """The whole service (`service.ports.ReviewApi`). Raises `service.failures.Failure` only.

    `key` gives the API key at each call, null or empty if there is none. Reading and deciding
    have connections of their own, at most 4 each. Raises `ValueError` for a base URL that is not
    to be used, and `ServiceUnavailable` for a proxy that cannot be.
    """

    def __init__(
        self,
        base_url: str,
        key: Callable[[], str | None],
        *,
        timeouts: Timeouts | None = None,
        retries: RetryPolicy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        timeouts = timeouts or Timeouts()
        self._retries = retries or RetryPolicy()
        route = Route.to(base_url)
        self._reading = Lane(route, key, timeouts, transport)
        self._deciding = Lane(route, key, timeouts, transport)
        self._portions = Portions()
        self._short_pages = ShortPages()

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        fetch = partial(self._page, narrowing)
        page = await self._portions.page(fetch, limit, offset)
        rows, known = len(page.rows), self._short_pages
        if page.limit < limit:
            return page
        if rows >= limit:
            known.whole(rows)
            return page
        if known.is_last(rows, offset=offset, total=page.total):
            return page
        if not known.is_clipped(rows):
            try:
                more = bool((await fetch(1, offset + rows, patient=True)).rows)
            except Failure as failure:
                if not failure.of_a_place_behind_the_end:
                    return replace(page, limit=rows)  # there may be more
                more = False
            known.looked_behind(rows, more=more)
        return replace(page, limit=rows) if known.is_clipped(rows) else page

    async def _page(self, narrowing: Narrowing, limit: int, offset: int, *, patient: bool) -> Page:
        asked = [*narrowed(narrowing), ("limit", str(limit)), ("offset", str(offset))]
        read = self._read if patient else self._reading.get
        answer = await read("datasets", asked)
        rows, total = _understood(answer, lambda: schemas.read_page(answer.body))
        return Page(
            rows=rows,
            total=total,
            offset=offset,
            limit=limit,
            size_bytes=answer.size_bytes,
            received_at=datetime.now(UTC),
        )

    async def dataset(self, dataset_id: str) -> Dataset:
        return _the_dataset(dataset_id, await self._read("datasets/dataset", _id(dataset_id)))

    async def dataset_once(self, dataset_id: str) -> Dataset:
        answer = await self._deciding.get("datasets/dataset", _id(dataset_id))
        return _the_dataset(dataset_id, answer)

    async def iterations(self, dataset_id: str) -> Iterations:
        answer = await self._read(f"datasets/{_named(dataset_id)}/iterations")
        return _understood(answer, lambda: schemas.read_iterations(answer.json()))

    async def statistics(self) -> Statistics:
        answer = await self._read("datasets/stats")
        return _understood(answer, lambda: schemas.read_statistics(answer.json()))

    async def accept(
        self, dataset_id: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        answer = await self._deciding.post(
            f"datasets/{_named(dataset_id)}/accept", is_fresh=is_fresh
        )
        return _confirmation(dataset_id, Verdict.ACCEPT, answer)

    async def reject(
        self, dataset_id: str, reason: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        answer = await self._deciding.post(
            f"datasets/{_named(dataset_id)}/reject", {"reason": reason}, is_fresh=is_fresh
        )
        return _confirmation(dataset_id, Verdict.REJECT, answer)

    async def aclose(self) -> None:
        await self._reading.close()
        await self._deciding.close()

    async def _read(self, path: str, params: Sequence[tuple[str, str]] = ()) -> Answer:
        """A reading call: tried again on a lost connection, 429 and 5xx."""
        async for attempt in stamina.retry_context(
            on=self._pause_after,
            attempts=self._retries.attempts,
            timeout=self._retries.total,
            wait_initial=self._retries.first_pause,
            wait_max=self._retries.longest_pause,
            wait_jitter=self._retries.first_pause,
        ):
            with attempt:
                return await self._reading.get(path, params)
        raise AssertionError("the last attempt returns or raises")

    def _pause_after(self, problem: Exception) -> bool | float:
        """Seconds to wait before the next try, true for a pause by the usual rule, false for none.

        What the service wishes is a lower bound: callers that were turned away together must not
        come back together.
        """
        if not isinstance(problem, ServiceUnavailable):
            return False
        if problem.retry_after is None:
            return True
        if problem.retry_after > self._retries.longest_wish:
            return False
        jitter = random.uniform(0, self._retries.first_pause)  # noqa: S311 (no secret)
        return problem.retry_after + jitter


def narrowed(narrowing: Narrowing) -> list[tuple[str, str]]:
    """The parameters of `GET /datasets` for a narrowing."""
    fields = (
        ("status", narrowing.status),
        ("data_type", narrowing.data_type),
        ("search", narrowing.search),
    )
    return [
        *((name, value) for name, value in fields if value is not None),
        *(("metadata", f"{key}:{value}") for key, value in narrowing.metadata),
    ]


def _id(dataset_id: str) -> list[tuple[str, str]]:
    return [("id", _named(dataset_id))]


def _named(dataset_id: str) -> str:
    """An id that can stand in a path as it is. Raises `InvalidRequest`: it names no dataset."""
    if is_dataset_id(dataset_id):
        return dataset_id
    raise InvalidRequest(NO_ID)


def _understood(answer: Answer, read: Callable[[], T]) -> T:
    try:
        return read()
    except schemas.NotJson as problem:
        raise answer.unparsable(problem) from None
    except schemas.Unfit as problem:
        raise answer.unfit(str(problem)) from None


def _the_dataset(dataset_id: str, answer: Answer) -> Dataset:
    """Under the id that it was asked for by, unless the answer has it as UUIDs are written
    (RFC 9562, 4: in lower case)."""
    dataset = _understood(answer, lambda: schemas.read_dataset(answer.json()))
    if not is_same_dataset(dataset.id, dataset_id):
        raise answer.unfit("it is about another dataset")
    return dataset if dataset.id.islower() else replace(dataset, id=dataset_id)


def _confirmation(dataset_id: str, verdict: Verdict, answer: Answer) -> Confirmation:
    message = _understood(
        answer,
        lambda: schemas.read_confirmation(
            answer.json(), dataset_id=dataset_id, status=verdict.status
        ),
    )
    return Confirmation(
        dataset_id=dataset_id, status=verdict.status, message=message, http_status=answer.status
    )
