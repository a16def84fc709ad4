"""The detail is there when the cursor arrives, and costs little when it passes by."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gerra_tui.service.details import Detail, Details
from gerra_tui.service.failures import NotFound, ServiceUnavailable, Unexpected
from tests.service.listing.shifting_list import ShiftingList, StillClock

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations


class Service(ShiftingList):
    """Counts what is read, and can be away."""

    def __init__(self, count: int = 100) -> None:
        super().__init__(count)
        self.read: list[str] = []
        self.away = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def dataset(self, dataset_id: str) -> Dataset:
        self.read.append(dataset_id)
        await self.gate.wait()
        if self.away:
            raise ServiceUnavailable("The service is away.")
        return await super().dataset(dataset_id)


async def at_rest(details: Details) -> None:
    for _ in range(500):
        await asyncio.sleep(0)
        if details.at_rest:
            return
    raise AssertionError("details never rest")


async def test_the_one_shown_is_read_before_its_neighbours() -> None:
    service = Service()
    details = Details(service, StillClock())
    told: list[Detail] = []
    details.subscribe(told.append)
    first, second, third = service.pending[:3]
    details.want(first, [second, third])
    await at_rest(details)
    assert service.read == [first, second, third]
    known = details.get(first)
    assert known is not None
    assert known.complete
    assert isinstance(known.iterations_failure, NotFound)  # a backend without history
    assert {one.dataset_id for one in told} == {first, second, third}
    details.want(first, [second, third])
    await at_rest(details)
    assert len(service.read) == 3, "what is known is not read again"


async def test_what_the_cursor_has_left_is_cancelled() -> None:
    service = Service()
    service.gate.clear()
    details = Details(service, StillClock())
    ids = service.pending
    details.want(ids[0], ids[1:3])
    await asyncio.sleep(0)
    details.want(ids[50])
    service.gate.set()
    await at_rest(details)
    assert details.get(ids[0]) is None
    assert details.get(ids[50]) is not None
    details.want(None)
    await at_rest(details)


async def test_a_failed_reading_is_told_and_tried_again_on_return() -> None:
    service = Service()
    service.away = True
    details = Details(service, StillClock())
    one = service.pending[0]
    details.want(one)
    await at_rest(details)
    known = details.get(one)
    assert known is not None
    assert isinstance(known.dataset_failure, ServiceUnavailable)
    assert not known.complete
    service.away = False
    details.want(one)
    await at_rest(details)
    known = details.get(one)
    assert known is not None
    assert known.dataset is not None
    assert known.dataset_failure is None


async def test_only_so_many_are_kept() -> None:
    service = Service(200)
    details = Details(service, StillClock())
    for one in service.pending:
        details.want(one)
        await at_rest(details)
    kept = [one for one in service.pending if details.get(one) is not None]
    assert kept == service.pending[-64:]


async def test_a_fresh_reading_is_for_a_fresh_url() -> None:
    service = Service()
    details = Details(service, StillClock())
    one = service.pending[0]
    assert (await details.fresh_dataset(one)).id == one
    known = details.get(one)
    assert known is not None
    assert known.read_at == StillClock().now()
    details.forget(one)
    assert details.get(one) is None


async def test_what_was_read_before_the_list_saw_a_change_is_old() -> None:
    service = Service()
    details = Details(service, StillClock())
    one = service.pending[0]
    before = await details.fresh_dataset(one)
    details.forget_older(before)
    assert details.get(one) is not None
    service.touch(one)
    details.forget_older(await service.dataset(one))
    assert details.get(one) is None


async def test_closing_ends_what_is_in_flight() -> None:
    service = Service()
    service.gate.clear()
    details = Details(service, StillClock())
    details.want(service.pending[0], service.pending[1:5])
    await asyncio.sleep(0)
    await details.close()
    assert all(details.get(one) is None for one in service.pending)


async def test_a_mistake_of_ours_is_said_in_the_pane_and_logged_with_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Service):
        async def iterations(self, dataset_id: str) -> Iterations:
            raise ValueError(dataset_id)

    service = Broken()
    details = Details(service, StillClock())
    details.want(service.pending[0])
    await at_rest(details)
    known = details.get(service.pending[0])
    assert known is not None
    assert known.dataset is not None
    assert isinstance(known.iterations_failure, Unexpected)
    assert "ValueError" in known.iterations_failure.detail
    assert "Traceback" in caplog.text


async def test_a_listener_that_fails_stops_no_other_detail(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = Service()
    details = Details(service, StillClock())

    def fail(detail: Detail) -> None:
        if detail.dataset_id == service.pending[0]:
            raise ValueError("a bug of the pane's")

    details.subscribe(fail)
    details.want(service.pending[0], service.pending[1:3])
    await at_rest(details)
    assert details.get(service.pending[2]) is not None
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("known", [Detail(dataset_id="a")])
def test_what_was_not_answered_is_not_complete(known: Detail) -> None:
    assert not known.complete
