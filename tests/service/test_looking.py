"""When the console looks at the data: at rest, ahead, on a key, and over a whole query."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.checks.rules import read_rule
from gerra_tui.domain.evidence import Check, Cost, Look, Mark, Summary
from gerra_tui.service.looking import AT_ONCE, FirstLook, Sweep
from gerra_tui.service.looks import KeptLook, Looks
from tests.headless.stage import NOW, StillClock, dataset, uuid_of
from tests.service.files import TAKES, Files, Shelf
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gerra_tui.domain.dataset import Dataset


class Stage:
    """A first look over ten datasets, and what the list was told of."""

    def __init__(self, **options: object) -> None:
        self.files = Files()
        self.shelf = Shelf()
        self.looks = Looks(self.shelf, StillClock())
        self.changed: Counter[str] = Counter()
        self.rows = [dataset(number) for number in range(10)]
        self.first = FirstLook(
            self.files,
            self.looks,
            changed=lambda dataset_id: self.changed.update([dataset_id]),
            **options,  # type: ignore[arg-type]
        )


@in_virtual_time
async def test_a_cursor_that_rests_has_its_dataset_looked_at() -> None:
    stage = Stage()
    stage.first.at(stage.rows[1])
    await asyncio.sleep(0.29)
    assert stage.files.begun == []

    await asyncio.sleep(0.02)
    assert stage.files.begun == [uuid_of(1)]
    assert stage.first.arriving(stage.rows[1]) == (
        Look(dataset_id=uuid_of(1), kind="zip", cost=Cost(requests=1, bytes=65_536)),
        Cost(requests=1, bytes=65_536),
    )
    assert stage.looks.of(stage.rows[1]) is None

    await asyncio.sleep(1)
    kept = stage.looks.of(stage.rows[1])
    assert kept is not None
    assert (kept.look.cost.requests, kept.as_of) == (3, NOW)
    assert stage.first.arriving(stage.rows[1]) is None
    assert stage.changed[uuid_of(1)] >= 2


@in_virtual_time
async def test_a_cursor_that_passes_costs_nothing() -> None:
    stage = Stage()
    for _ in range(5):
        for row in stage.rows:
            stage.first.at(row)
            await asyncio.sleep(0.03)
    stage.first.leave()
    await asyncio.sleep(5)

    assert stage.files.begun == []


@in_virtual_time
async def test_a_look_is_given_up_when_the_cursor_leaves() -> None:
    stage = Stage()
    stage.first.at(stage.rows[1])
    await asyncio.sleep(0.5)
    stage.first.at(stage.rows[5])
    await asyncio.sleep(2)

    assert stage.files.begun == [uuid_of(1), uuid_of(5)]
    assert stage.files.ended == [uuid_of(5)]


@in_virtual_time
async def test_the_next_dataset_is_looked_at_ahead_and_is_there_when_the_cursor_comes() -> None:
    stage = Stage()
    stage.first.at(stage.rows[1], ahead=stage.rows[2])
    await asyncio.sleep(0.3 + TAKES + 0.1)
    assert stage.files.begun == [uuid_of(1), uuid_of(2)]

    stage.first.at(stage.rows[2], ahead=stage.rows[3])
    await asyncio.sleep(TAKES)

    assert stage.files.ended == [uuid_of(1), uuid_of(2)]
    assert stage.looks.of(stage.rows[2]) is not None
    await asyncio.sleep(2)
    assert stage.files.begun == [uuid_of(1), uuid_of(2), uuid_of(3)]


@in_virtual_time
async def test_what_was_looked_at_is_not_looked_at_again() -> None:
    stage = Stage()
    for _ in range(3):
        stage.first.at(stage.rows[1])
        await asyncio.sleep(2)
    assert stage.files.begun == [uuid_of(1)]

    another = Stage()
    another.shelf.kept = stage.shelf.kept
    another.first.at(another.rows[1])
    await asyncio.sleep(2)
    assert another.files.begun == []
    assert another.looks.of(another.rows[1]) is not None


@in_virtual_time
async def test_what_is_kept_can_be_told_without_a_request() -> None:
    stage = Stage()
    stage.shelf.kept[uuid_of(1)] = KeptLook(stage.files.look, NOW)
    stage.first.recall(stage.rows[1])
    await asyncio.sleep(0.5)
    stage.first.recall(stage.rows[2])
    await asyncio.sleep(2)

    assert stage.files.begun == []
    assert stage.looks.of(stage.rows[1]) is not None
    assert stage.looks.of(stage.rows[2]) is None


@in_virtual_time
async def test_a_dataset_that_changed_is_looked_at_again() -> None:
    stage = Stage()
    stage.first.at(stage.rows[1])
    await asyncio.sleep(2)
    stage.shelf.kept.clear()
    stage.first.at(dataset(1, date_updated="2026-11-24T00:00:00Z"))
    await asyncio.sleep(2)

    assert stage.files.begun == [uuid_of(1)] * 2


@in_virtual_time
async def test_a_failure_is_told_and_tried_again_at_the_next_visit() -> None:
    stage = Stage()
    stage.files.look = Look(dataset_id=None, kind="unknown", error="storage silent for 10 s")
    stage.first.at(stage.rows[1])
    await asyncio.sleep(2)
    kept = stage.looks.of(stage.rows[1])
    assert kept is not None
    assert kept.look.error == "storage silent for 10 s"

    stage.first.at(stage.rows[1])
    await asyncio.sleep(2)
    assert stage.files.begun == [uuid_of(1)] * 2


@in_virtual_time
async def test_nothing_is_looked_at_unasked_when_that_is_off() -> None:
    stage = Stage(auto="off")
    stage.first.at(stage.rows[1], opened=True)
    await asyncio.sleep(2)
    assert stage.files.begun == []

    stage.first.ask(stage.rows[1])
    await asyncio.sleep(2)
    assert stage.files.ended == [uuid_of(1)]


@in_virtual_time
async def test_only_opened_details_are_looked_at_if_so_wished() -> None:
    stage = Stage(auto="open")
    stage.first.at(stage.rows[1])
    await asyncio.sleep(2)
    stage.first.at(stage.rows[2], opened=True)
    await asyncio.sleep(2)

    assert stage.files.begun == [uuid_of(2)]


@in_virtual_time
async def test_more_goes_on_from_what_was_read() -> None:
    stage = Stage()
    stage.first.at(stage.rows[1])
    await asyncio.sleep(2)
    stage.first.go_on(stage.rows[1])
    await asyncio.sleep(2)

    kept = stage.looks.of(stage.rows[1])
    assert stage.files.further == [uuid_of(1)]
    assert kept is not None
    assert kept.look.kind == "more"


@in_virtual_time
async def test_the_end_leaves_nothing_under_way() -> None:
    stage = Stage()
    stage.first.at(stage.rows[1])
    await asyncio.sleep(0.5)
    await stage.first.aclose()

    assert len(asyncio.all_tasks()) == 1
    assert stage.files.at_once == 0


async def given(rows: list[Dataset]) -> AsyncIterator[Dataset]:
    for row in rows:
        yield row


@in_virtual_time
async def test_a_sweep_looks_at_a_few_at_a_time_and_counts() -> None:
    stage = Stage()
    odd = Check(id="size", mark=Mark.ODD, text="0 bytes")
    stage.files.look = Look(dataset_id=None, kind="zip", checks=(odd,))
    sweep = Sweep(stage.files, stage.looks, changed=lambda one: stage.changed.update([one]))
    await sweep.run(given(stage.rows))

    assert stage.files.most_at_once == AT_ONCE
    assert (sweep.done, sweep.known, sweep.odd, sweep.failed) == (10, 0, 10, 0)
    assert (sweep.requests, sweep.bytes) == (30, 1_000_000)
    assert stage.changed == Counter(row.id for row in stage.rows)
    summary = stage.looks.summary(stage.rows[3])
    assert summary is not None
    assert (summary.kind, summary.label) == ("zip", "!1")


@in_virtual_time
async def test_a_sweep_that_was_stopped_goes_on_where_it_ended() -> None:
    stage = Stage()
    sweep = Sweep(stage.files, stage.looks, changed=lambda _: None)
    run = asyncio.create_task(sweep.run(given(stage.rows)))
    await asyncio.sleep(TAKES * 1.5)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert (sweep.done, stage.files.at_once) == (AT_ONCE, 0)

    again = Sweep(stage.files, stage.looks, changed=lambda _: None)
    await again.run(given(stage.rows))
    assert (again.done, again.known, again.requests) == (10, AT_ONCE, 6)


@in_virtual_time
async def test_memory_holds_few_whole_looks_and_a_summary_of_each() -> None:
    stage = Stage()
    rows = [dataset(number) for number in range(700)]
    await Sweep(stage.files, stage.looks, changed=lambda _: None).run(given(rows))

    assert sum(stage.looks.of(row) is not None for row in rows) == 300
    assert all(stage.looks.summary(row) is not None for row in rows)
    recalled = await stage.looks.recall(rows[0])
    assert recalled is not None


@pytest.mark.parametrize(
    ("marks", "error", "label"),
    [
        ([Mark.OK, Mark.UNCHECKED], None, "ok"),
        ([Mark.OK, Mark.ODD, Mark.ODD], None, "!2"),
        ([Mark.UNCHECKED], None, "?"),
        ([], None, "?"),
        ([Mark.OK], "storage broke off", "?"),
        ([Mark.ODD], "storage broke off", "!1"),
    ],
)
def test_a_list_says_ok_only_of_what_was_checked(
    marks: list[Mark], error: str | None, label: str
) -> None:
    checks = tuple(Check(id=f"c{n}", mark=mark, text="") for n, mark in enumerate(marks))
    look = Look(dataset_id="a", kind="zip", checks=checks, error=error)

    assert Summary.of(look).label == label


async def test_what_an_earlier_session_found_is_there_once_it_is_recalled() -> None:
    stage = Stage()
    odd = Check(id="size", mark=Mark.ODD, text="0 bytes")
    await stage.looks.keep(stage.rows[1], Look(dataset_id=uuid_of(1), kind="zip", checks=(odd,)))
    later = Looks(stage.shelf, StillClock())
    assert later.summary(stage.rows[1]) is None

    assert await later.recall_all()
    found = later.summary(stage.rows[1])
    assert found is not None
    assert found.label == "!1"
    assert not await later.recall_all()


async def test_what_was_found_of_a_dataset_as_it_was_does_not_speak_of_it_now() -> None:
    stage = Stage()
    await stage.looks.keep(stage.rows[1], Look(dataset_id=uuid_of(1), kind="zip"))
    assert stage.looks.summary(dataset(1, data_byte_size=5)) is None


async def test_the_reviewers_own_rules_count_beside_what_was_found() -> None:
    rules = [read_rule("missing meta.calibration"), read_rule("missing meta.take")]
    looks = Looks(Shelf(), StillClock(), rules)
    assert looks.summary(dataset(1)) is None

    fine = Check(id="size", mark=Mark.OK, text="5 = declared")
    await looks.keep(dataset(1), Look(dataset_id=uuid_of(1), kind="zip", checks=(fine,)))
    found = looks.summary(dataset(1))
    assert found is not None
    assert (found.label, found.mark("rule")) == ("!1", Mark.ODD)
