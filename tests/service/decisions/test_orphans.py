"""What an ended console left, while the reviewer already says what to do with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import DecisionState
from gerra_tui.service.ports import JournalUnwritable
from tests.fakes import Disk, FakeJournal, FakeService, id_of
from tests.service.decisions.console import Console, opened
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Decision


class SlowJournal(FakeJournal):
    """Tells late what it did: of `adopt` or of `move`, seconds each."""

    adopted_after = 0.0
    moved_after = 0.0

    async def adopt(self, decision_ids: Sequence[str]) -> list[Decision]:
        adopted = await super().adopt(decision_ids)
        await asyncio.sleep(self.adopted_after)
        return adopted

    async def move(
        self, decision: Decision, to: Decision, *, from_states: frozenset[DecisionState]
    ) -> bool:
        moved = await super().move(decision, to, from_states=from_states)
        await asyncio.sleep(self.moved_after)
        return moved


@pytest.mark.parametrize(("adopted_after", "moved_after"), [(0, 0), (0, 5), (5, 0)])
@pytest.mark.parametrize("asked_after", [0, 0.01, 0.05, 0.06])
@in_virtual_time
async def test_what_is_sent_while_it_is_still_being_read_is_sent(
    adopted_after: float, moved_after: float, asked_after: float
) -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk, hold=0) as ended:
        service.posting.append("cut")
        await ended.accept(1)
        await ended.until(1, DecisionState.UNKNOWN)
        await ended.die()
    journal = SlowJournal(disk)
    journal.adopted_after, journal.moved_after = adopted_after, moved_after
    console = Console(service, disk, hold=0, journal=journal)
    await console.start()
    await asyncio.sleep(asked_after)
    await console.decisions.send_now()
    await console.until(1, DecisionState.DONE)
    await console.end()
    assert len(service.effective()) == 1


@in_virtual_time
async def test_looking_again_opens_a_journal_that_could_not_be_opened_at_the_start() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk, hold="manual") as ended:
        await ended.accept(1)
        await ended.die()
    console = Console(service, disk)
    disk.full = True
    with pytest.raises(JournalUnwritable):
        await console.start()
    with pytest.raises(JournalUnwritable):
        await console.decisions.refresh()
    disk.full = False
    await console.decisions.refresh()
    assert console.state(1) is DecisionState.KEPT
    await console.end()


@in_virtual_time
async def test_what_another_console_took_over_is_listed_no_longer() -> None:
    service, disk = FakeService(), Disk()
    async with opened(service, disk, hold="manual") as ended:
        await ended.accept(1, 2)
        await ended.die()
    async with opened(service, disk) as console, opened(service, disk) as other:
        (first, _) = console.decisions.listing()
        await other.decisions.send_now([first.id])
        await console.decisions.refresh()
        assert [one.dataset_id for one in console.decisions.listing()] == [id_of(2)]
        await other.until(1, DecisionState.DONE)
    assert len(service.posts) == 1


async def test_a_listener_that_left_is_told_nothing_more() -> None:
    async with opened(FakeService(), hold="manual") as console:
        told: list[Decision] = []
        leave = console.decisions.subscribe(told.append)
        await console.accept(1)
        leave()
        leave()
        await console.accept(2)
    assert [one.dataset_id for one in told] == [id_of(1)]
