"""A decision made against one organization is never sent with the key of another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.service.decisions.dispatch import Dispatch
from gerra_tui.service.failures import Forbidden
from tests.fakes import ORGANIZATION, ORIGIN, Disk, FakeAuditLog, FakeJournal, FakeService, id_of
from tests.service.decisions.console import QUICK, Console, opened
from tests.virtual_time import LoopClock, in_virtual_time

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing

OTHER = "0b8e1b9e-0000-4000-8000-0000000000ff"


def two_organizations() -> FakeService:
    """Datasets 0 to 9 are of one, 10 to 19 of the other; the key is of the first."""
    service = FakeService(20)
    for number in range(10, 20):
        service.touch(number, organization_id=OTHER)
    service.organization = ORGANIZATION
    return service


async def left_behind(service: FakeService, disk: Disk) -> None:
    """Number 1 is held and number 2 posted, effect unknown, when their console dies."""
    async with opened(service, disk, hold="manual") as console:
        await console.accept(1)
        service.posting.append("500-after")
        (posted,) = await console.accept(2)
        service.reading.extend(["ok", *["refused"] * 1000])
        await console.decisions.send_now([posted.id])
        await console.until(2, DecisionState.UNKNOWN)
        await console.die()
    service.reading.clear()


@in_virtual_time
async def test_another_key_neither_sends_nor_settles_what_is_not_its_own() -> None:
    service, disk = two_organizations(), Disk()
    await left_behind(service, disk)
    posts = len(service.posts)
    service.organization = OTHER
    async with opened(service, disk, hold=0) as console:
        await console.decisions.send_now()
        await console.accept(11)
        await console.until(11, DecisionState.DONE)
        await asyncio.sleep(600)
        assert [one.dataset_id for one in service.posts[posts:]] == [id_of(11)]
        assert console.state(1) is DecisionState.WAITING
        assert console.state(2) is DecisionState.UNKNOWN
        for number in (1, 2):
            one = console.decisions.of(id_of(number))
            assert one is not None
            assert console.decisions.needs_other_key(one.id)
            assert one.last_error is not None
            assert ORGANIZATION in one.last_error.detail
        assert not console.decisions.status.paused


@in_virtual_time
async def test_it_goes_on_once_a_key_of_its_own_organization_is_used() -> None:
    service, disk = two_organizations(), Disk()
    await left_behind(service, disk)
    service.organization = OTHER
    async with opened(service, disk, hold=0) as console:
        await console.decisions.send_now()
        await asyncio.sleep(60)
        service.organization = ORGANIZATION
        console.decisions.resume()
        await console.until(1, DecisionState.DONE)
        await console.until(2, DecisionState.DONE)
    assert [one.dataset_id for one in service.effective()] == [id_of(2), id_of(1)]


@in_virtual_time
async def test_the_next_start_with_the_right_key_finds_it_kept() -> None:
    service, disk = two_organizations(), Disk()
    await left_behind(service, disk)
    service.organization = OTHER
    async with opened(service, disk, hold=0) as console:
        await console.decisions.send_now()
        await asyncio.sleep(60)
        await console.decisions.keep_all()
    service.organization = ORGANIZATION
    console = Console(service, disk)
    assert {one.dataset_id for one in await console.start()} == {id_of(1), id_of(2)}
    await console.until(2, DecisionState.DONE)
    assert console.state(1) is DecisionState.KEPT
    await console.end()


@in_virtual_time
async def test_a_command_leaves_it_waiting_and_says_why() -> None:
    service, disk = two_organizations(), Disk()
    await left_behind(service, disk)
    posts = len(service.posts)
    service.organization = OTHER
    journal = FakeJournal(disk)
    dispatch = Dispatch(
        journal=journal,
        audit=FakeAuditLog(disk),
        api=service,
        clock=LoopClock(),
        origin=ORIGIN,
        patience=QUICK,
    )
    await dispatch.start()
    results = [await dispatch.send(one) for one in await journal.open_decisions()]
    assert {one.dataset_id: one.result for one in results} == {
        id_of(1): "waiting",
        id_of(2): "unknown",
    }
    assert all("this key is of" in (one.detail or "") for one in results)
    await dispatch.close()
    assert len(service.posts) == posts


@in_virtual_time
async def test_a_dataset_that_changed_hands_is_refused() -> None:
    service = two_organizations()
    async with opened(service, hold=10) as console:
        await console.accept(1)
        service.touch(1, organization_id=OTHER)
        service.organization = OTHER
        await console.until(1, DecisionState.REFUSED)
        one = console.decisions.of(id_of(1))
        assert one is not None
        assert "another organization" in (one.settled_detail or "")
    assert service.posts == []


@in_virtual_time
async def test_a_key_that_lists_nothing_leaves_the_services_words() -> None:
    service = FakeService(2)
    async with opened(service, hold=10) as console:
        await console.reject(1, reason="dark")
        service.organization = OTHER
        failed = await console.until(1, DecisionState.FAILED)
        assert failed.settled_http_status == 403
    assert [one.verdict for one in service.posts] == []
    assert Verdict.REJECT is failed.verdict


class ListsNothing(FakeService):
    """The key may not list datasets either."""

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        raise Forbidden("No", http_status=403)


@in_virtual_time
async def test_a_key_that_may_not_list_leaves_the_services_words_too() -> None:
    service = ListsNothing(2)
    async with opened(service, hold=10) as console:
        await console.accept(1)
        service.organization = OTHER
        failed = await console.until(1, DecisionState.FAILED)
        assert failed.settled_detail == "Dataset belongs to another organization"
