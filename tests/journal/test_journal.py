"""What every journal promises: the fake in memory and the real one on disk alike."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import pytest

from gerra_tui.domain.decision import (
    END_STATES,
    OPEN_STATES,
    TRANSITIONS,
    Decision,
    DecisionState,
    Origin,
    Trouble,
    Verdict,
    WrongTransition,
)
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.ports import AlreadyOpen, Journal
from tests.fakes import ORGANIZATION, ORIGIN, Disk, FakeJournal, id_of
from tests.journal.samples import decision
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

HELD = DecisionState.HELD
KEPT = DecisionState.KEPT
WAITING = DecisionState.WAITING
SENDING = DecisionState.SENDING
UNKNOWN = DecisionState.UNKNOWN
DONE = DecisionState.DONE
FAILED = DecisionState.FAILED
REFUSED = DecisionState.REFUSED
TAKEN_BACK = DecisionState.TAKEN_BACK


class Opening(Protocol):
    def __call__(self, origin: Origin = ORIGIN) -> AbstractAsyncContextManager[Journal]: ...


@pytest.fixture(params=["fake", "sqlite"])
def console(request: pytest.FixtureRequest, tmp_path: Path) -> Opening:
    """Opens a further console's journal on the same state directory."""
    disk = Disk()

    @asynccontextmanager
    async def opened(origin: Origin = ORIGIN) -> AsyncIterator[Journal]:
        journal: Journal
        if request.param == "fake":
            journal = FakeJournal(disk, origin)
        else:
            journal = SqliteJournal(tmp_path / "state" / "journal.db", origin)
        await journal.open()
        try:
            yield journal
        finally:
            await journal.close()

    return opened


def only(state: DecisionState) -> frozenset[DecisionState]:
    return frozenset({state})


async def written(journal: Journal, number: int, state: DecisionState) -> Decision:
    """A decision brought to a state by legal steps."""
    one = decision(number, state=HELD)
    await journal.add([one])
    for step in path_to(state):
        to = one.settled(step, at=NOON) if step.is_end else one.becoming(step)
        if step is SENDING:
            to = one.being_posted(at=NOON)
        assert await journal.move(one, to, from_states=only(one.state))
        one = to
    return one


def path_to(state: DecisionState) -> list[DecisionState]:
    paths: dict[DecisionState, list[DecisionState]] = {HELD: []}
    for known in list(DecisionState) * len(DecisionState):
        for following in TRANSITIONS[known] if known in paths else ():
            if following is not TAKEN_BACK or SENDING not in paths[known]:
                paths.setdefault(following, [*paths[known], following])
    return paths[state]


async def test_everything_about_a_decision_is_there_after_a_restart(console: Opening) -> None:
    one = decision(
        1,
        verdict=Verdict.REJECT,
        reason="The mug vanishes\nat 0:12 \U0001f375 \0 'quoted'",
        state=WAITING,
        batch_id="b",
        query='status:pending "red mug"',
        via="cli",
        attempts=2,
        posted=True,
        posted_at=NOON,
        window_ms=12.5,
        last_error=Trouble(kind="unavailable", http_status=502, detail="502 from the CDN"),
    )
    async with console() as journal:
        await journal.add([one])
    async with console() as journal:
        (read,) = await journal.open_decisions()
        assert replace(read, owner=None) == one
        assert read.owner is not None
        assert (read.owner.alive, read.owner.mine) == (False, False)


async def test_a_dataset_has_at_most_one_open_decision(console: Opening) -> None:
    async with console() as journal, console() as other:
        await journal.add([decision(1)])
        for each in (journal, other):
            with pytest.raises(AlreadyOpen) as refused:
                await each.add([decision(2), decision(1, verdict=Verdict.REJECT, reason="x")])
            assert [one.dataset_id for one in refused.value.decisions] == [id_of(1)]
        assert [one.dataset_id for one in await journal.open_decisions()] == [id_of(1)]


async def test_an_id_in_capitals_is_the_same_dataset(console: Opening) -> None:
    async with console() as journal:
        await journal.add([decision(10)])
        with pytest.raises(AlreadyOpen):
            await journal.add([decision(10, dataset_id=id_of(10).upper())])
        assert len(await journal.of_dataset(id_of(10).upper())) == 1


SPELLINGS = [
    "HTTPS://api.gerra.example",
    "https://API.gerra.example:0443/",
    "https://api.gerra.example.",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_another_spelling_of_the_address_is_the_same_service(
    console: Opening, spelling: str
) -> None:
    """As journals of an earlier version have it."""
    spelt = replace(ORIGIN, base_url=spelling)
    before = decision(1, state=UNKNOWN, posted=True, posted_at=NOON, origin=spelt)
    async with console(spelt) as journal:
        await journal.add([before])
        with pytest.raises(AlreadyOpen):
            await journal.add([decision(1)])
    async with console() as journal:
        (read,) = await journal.open_decisions()
        assert replace(read, owner=None) == before
        assert [one.id for one in await journal.of_dataset(id_of(1))] == [before.id]
        with pytest.raises(AlreadyOpen):
            await journal.add([decision(1, verdict=Verdict.REJECT, reason="x")])
        (mine,) = await journal.adopt([before.id])
        failed = mine.settled(FAILED, at=NOON)
        assert await journal.move(mine, failed, from_states=only(UNKNOWN))
        again = decision(1)
        await journal.add([again])
        assert [one.id for one in await journal.open_decisions()] == [again.id]


@pytest.mark.parametrize("end", sorted(END_STATES))
async def test_a_dataset_can_be_decided_again_after_an_end(
    console: Opening, end: DecisionState
) -> None:
    async with console() as journal:
        first = await written(journal, 1, end)
        again = decision(1)
        await journal.add([again])
        assert [one.id for one in await journal.of_dataset(id_of(1))] == [first.id, again.id]
        assert [one.id for one in await journal.open_decisions()] == [again.id]


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
async def test_a_step_is_taken_once_and_only_from_where_it_starts(
    console: Opening, state: DecisionState
) -> None:
    async with console() as journal:
        one = await written(journal, 1, state)
        for to in TRANSITIONS[state] - {state, TAKEN_BACK}:
            moved = one.settled(to, at=NOON) if to.is_end else replace(one, state=to)
            elsewhere = {before for before in OPEN_STATES - {state} if to in TRANSITIONS[before]}
            assert not await journal.move(one, moved, from_states=frozenset(elsewhere))
        (same,) = await journal.of_dataset(id_of(1))
        assert same.state is state


async def test_a_step_that_does_not_exist_is_a_mistake(console: Opening) -> None:
    async with console() as journal:
        one = await written(journal, 1, SENDING)
        with pytest.raises(WrongTransition):
            await journal.move(one, replace(one, state=HELD), from_states=only(SENDING))


async def test_what_was_posted_meanwhile_is_not_taken_back(console: Opening) -> None:
    async with console() as journal:
        waiting = await written(journal, 1, WAITING)
        sending = waiting.being_posted(at=NOON)
        assert await journal.move(waiting, sending, from_states=only(WAITING))
        again = sending.becoming(WAITING)
        assert await journal.move(sending, again, from_states=only(SENDING))
        taken = waiting.settled(TAKEN_BACK, at=NOON)
        assert not await journal.move(waiting, taken, from_states=frozenset({HELD, WAITING}))


async def test_a_step_takes_its_particulars_along(console: Opening) -> None:
    async with console() as journal:
        waiting = await written(journal, 1, WAITING)
        sending = replace(waiting.being_posted(at=NOON), window_ms=3.5)
        await journal.move(waiting, sending, from_states=only(WAITING))
        done = sending.settled(DONE, at=NOON, detail="Dataset accepted", http_status=200)
        await journal.move(sending, done, from_states=only(SENDING))
        (read,) = await journal.of_dataset(id_of(1))
        assert replace(read, owner=None) == replace(done, owner=None)


async def test_many_are_moved_at_once_and_those_that_were_are_told(console: Opening) -> None:
    async with console() as journal:
        held = [decision(n, state=HELD) for n in range(5)]
        await journal.add(held)
        taken = held[2].settled(TAKEN_BACK, at=NOON)
        await journal.move(held[2], taken, from_states=only(HELD))
        moves = [(one, one.becoming(WAITING)) for one in held]
        moved = await journal.move_all(moves, from_states=only(HELD))
        assert [one.dataset_id for one in moved] == [id_of(n) for n in (0, 1, 3, 4)]
        assert {one.state for one in moved} == {WAITING}


async def test_a_running_consoles_decisions_are_not_touched(console: Opening) -> None:
    async with console() as journal, console() as other:
        one = await written(journal, 1, HELD)
        (seen,) = await other.open_decisions()
        assert seen.owner is not None
        assert (seen.owner.alive, seen.owner.mine) == (True, False)
        for to in (KEPT, TAKEN_BACK):
            moved = seen.settled(to, at=NOON) if to.is_end else seen.becoming(to)
            assert not await other.move(seen, moved, from_states=only(HELD))
        assert await other.adopt([one.id]) == []


async def test_a_dead_consoles_are_sent_only_by_the_one_that_took_them_over(
    console: Opening,
) -> None:
    async with console() as dead:
        await written(dead, 1, HELD)
    async with console() as one, console() as other:
        (seen,) = await one.open_decisions()
        kept = seen.becoming(KEPT)
        assert not await one.move(seen, seen.becoming(WAITING), from_states=only(HELD))
        assert await one.move(seen, kept, from_states=only(HELD))
        assert not await one.move(kept, kept.becoming(WAITING), from_states=only(KEPT))
        (adopted,) = await one.adopt([seen.id])
        assert adopted.owner is not None
        assert adopted.owner.mine
        assert await other.adopt([seen.id]) == []
        assert await one.move(adopted, adopted.becoming(WAITING), from_states=only(KEPT))
        assert not await other.move(kept, kept.settled(TAKEN_BACK, at=NOON), from_states=only(KEPT))


async def test_an_end_cannot_be_taken_over(console: Opening) -> None:
    async with console() as dead:
        done = await written(dead, 1, DONE)
    async with console() as journal:
        assert await journal.adopt([done.id, "no such decision"]) == []


async def test_what_is_listed_is_open_or_ended_badly(console: Opening) -> None:
    async with console() as journal:
        for number, state in enumerate(DecisionState):
            await written(journal, number, state)
        listed = await journal.open_decisions()
        assert {one.state for one in listed} == OPEN_STATES | {FAILED, REFUSED}
        assert [one.dataset_id for one in listed] == sorted(one.dataset_id for one in listed)
        await journal.dismiss([one.id for one in listed if one.state in (FAILED, REFUSED)])
        assert {one.state for one in await journal.open_decisions()} == OPEN_STATES
        assert len(await journal.of_dataset(id_of(list(DecisionState).index(FAILED)))) == 1


async def test_ends_lack_their_line_until_they_are_marked(console: Opening) -> None:
    async with console() as journal, console() as other:
        done = await written(journal, 1, DONE)
        await written(journal, 2, HELD)
        assert [one.id for one in await journal.unaudited()] == [done.id]
        assert await other.unaudited() == []  # the running console will see to it
        await journal.mark_audited([done.id])
        assert await journal.unaudited() == []


async def test_a_dead_consoles_ends_are_audited_by_the_next(console: Opening) -> None:
    async with console() as dead:
        done = await written(dead, 1, DONE)
    async with console() as journal:
        assert [one.id for one in await journal.unaudited()] == [done.id]


async def test_services_and_organizations_are_apart(console: Opening) -> None:
    other_service = Origin(base_url="https://other.example", organization_id=None, profile="p")
    ours = replace(ORIGIN, organization_id=ORGANIZATION)
    theirs = replace(ORIGIN, organization_id="5d7a3c8e-0000-4000-8000-00000000000e")
    async with console() as journal:
        await journal.add([decision(1)])
    async with console(other_service) as journal:
        assert await journal.open_decisions() == []
        assert await journal.of_dataset(id_of(1)) == []
        await journal.add([decision(1, origin=other_service)])
    async with console(ours) as journal:
        assert len(await journal.open_decisions()) == 1
    async with console(theirs) as journal:
        assert await journal.open_decisions() == []
