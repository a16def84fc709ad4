"""One line for each end, however many write at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from gerra_tui.domain.decision import Decision, DecisionState, Verdict
from gerra_tui.service.decisions.recording import Auditor
from gerra_tui.service.decisions.target import new_decision
from tests.fakes import ORIGIN, Disk, FakeAuditLog, FakeJournal, FakeService
from tests.virtual_time import NOON, in_virtual_time


async def ended(journal: FakeJournal) -> Decision:
    """A decision that the journal has at its end, and that has no line yet."""
    await journal.open()
    target = FakeService().target(1)
    one = new_decision(Verdict.ACCEPT, target, origin=ORIGIN, now=NOON)
    await journal.add([one])
    dropped = one.settled(DecisionState.DROPPED, at=NOON)
    await journal.move(one, dropped, from_states=frozenset({DecisionState.WAITING}))
    return dropped


@in_virtual_time
async def test_a_line_on_its_way_is_not_written_by_the_catching_up() -> None:
    disk = Disk()
    journal = FakeJournal(disk)
    one = await ended(journal)
    auditor = Auditor(journal, FakeAuditLog(disk))
    disk.audit_delays.extend([2.0, 1.0])
    await asyncio.gather(auditor.note([one]), auditor.catch_up())
    assert disk.lines == [one.id]


@in_virtual_time
async def test_two_consoles_do_not_both_write_what_a_dead_one_left() -> None:
    disk = Disk()
    dead = FakeJournal(disk)
    one = await ended(dead)
    await dead.close()
    journals = [FakeJournal(disk), FakeJournal(disk)]
    for journal in journals:
        await journal.open()
    auditors = [Auditor(journal, FakeAuditLog(disk)) for journal in journals]
    (orphan,) = await journals[0].unaudited()
    disk.audit_delays.extend([2.0, 1.0])
    await asyncio.gather(auditors[0].note([orphan]), auditors[1].catch_up())
    assert disk.lines == [one.id]


@in_virtual_time
async def test_an_error_is_told_and_made_up_for() -> None:
    disk = Disk()
    journal = FakeJournal(disk)
    one = await ended(journal)
    auditor = Auditor(journal, FakeAuditLog(disk))
    disk.audit_full = True
    await auditor.note([one])
    assert "The audit log is behind" in (auditor.trouble or "")
    await auditor.catch_up()
    assert disk.lines == []
    disk.audit_full = False
    await auditor.note([])
    assert disk.lines == [one.id]
    assert auditor.trouble is None


@pytest.mark.parametrize("count", [0, 3])
@in_virtual_time
async def test_all_that_end_at_once_get_their_lines(count: int) -> None:
    disk = Disk()
    journal = FakeJournal(disk)
    one = await ended(journal)
    several = [replace(one, id=f"{one.id}-{number}") for number in range(count)]
    await Auditor(journal, FakeAuditLog(disk)).note(several)
    assert disk.lines == [each.id for each in several]
