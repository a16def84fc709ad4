"""What a reviewer can rely on when one verdict is given for all marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.reasons import Template
from gerra_tui.service.decisions.decisions import Target
from gerra_tui.ui.dialogs.many import ManyDecision, ManyDialog
from tests.ui.stage import Stage, boxed, lines_of, press_at_once, text_of

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
REASONS = [Template(id=f"{n}", text=f"Fault {n}: {{what}}") for n in range(1, 10)]
TYPES = ("episode", "episode", "telemetry")


def targets(number: int, first: int = 0) -> list[Target]:
    return [
        Target(
            dataset=Dataset(
                id=f"{n:08x}-3f52-4e0e-9c38-0d6f5a1b2c3d",
                status="pending",
                data_type=TYPES[n % 3],
                name=f"Kitchen wipe, take {n}",
            )
        )
        for n in range(first, first + number)
    ]


def accept(shown: int, hidden: int = 0) -> ManyDialog:
    return ManyDialog(Verdict.ACCEPT, targets(shown), targets(hidden, 100), hold=10.0)


def reject(shown: int, hidden: int = 0, draft: str = "") -> ManyDialog:
    return ManyDialog(
        Verdict.REJECT,
        targets(shown),
        targets(hidden, 100),
        hold=0,
        reasons=REASONS,
        draft=draft,
    )


async def answers(opened: ManyDialog, *keys: str) -> list[Any]:
    stage = Stage(opened)
    async with stage.run_test(size=(80, 24)) as pilot:
        press_at_once(stage, *keys)
        await pilot.pause()
        await pilot.pause()
        return stage.answers


async def test_a_terminal_that_shrinks_hides_neither_the_number_nor_the_keys() -> None:
    stage = Stage(reject(12))
    async with stage.run_test(size=(120, 40)) as pilot:
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        assert boxed(stage)[1] == "Reject 12 datasets?"
        assert boxed(stage)[-3:-1] == ["Type 12, then Enter:", "Enter reject   Esc no"]
        assert "0 free text" in text_of(stage)


@SIZES
async def test_the_dialog_tells_the_number_the_hidden_and_the_types(size: tuple[int, int]) -> None:
    stage = Stage(accept(37, 5))
    async with stage.run_test(size=size):
        shown = text_of(stage)
        assert "Accept 37 datasets?" in shown
        assert "5 hidden by the filter, left out (h includes them)" in shown
        assert "25 episode, 12 telemetry" in shown
        assert "Type 37, then Enter" in shown


@SIZES
async def test_the_first_names_are_told_at_any_size_where_many_are_accepted(
    size: tuple[int, int],
) -> None:
    stage = Stage(accept(8, 5))
    async with stage.run_test(size=size) as pilot:
        shown = boxed(stage)
        assert "00000000 Kitchen wipe, take 0" in shown
        assert "00000001 Kitchen wipe, take 1" in shown
        assert f"and {8 - sum('take' in line for line in shown)} more" in shown
        assert shown[-2] == "y accept   n no"
        await pilot.resize_terminal(60, 15)
        assert "and 6 more" in boxed(stage)
        assert boxed(stage)[-2] == "y accept   n no"


async def test_a_fourth_type_is_named_and_only_more_are_summed_up() -> None:
    for types, told in (
        ("aabbcd", "2 a, 2 b, 1 c, 1 d"),
        ("aabbcde", "2 a, 2 b, 1 c, 2 of 2 other types"),
    ):
        rows = [
            replace(target, dataset=replace(target.dataset, data_type=kind))
            for target, kind in zip(targets(len(types)), types, strict=True)
        ]
        stage = Stage(ManyDialog(Verdict.ACCEPT, rows, hold=10.0))
        async with stage.run_test(size=(80, 24)):
            assert told in boxed(stage)


@SIZES
async def test_rejecting_many_asks_for_the_reason_and_the_number(size: tuple[int, int]) -> None:
    stage = Stage(reject(37, 5))
    async with stage.run_test(size=size):
        shown = text_of(stage)
        assert "Reject 37 datasets?" in shown
        assert "5 hidden by the filter" in shown
        assert "Reason:   sent at once: there is no undo" in shown
        assert "Type 37, then Enter" in shown
        assert boxed(stage)[-2] == "Enter reject   Esc no"


async def test_up_to_ten_are_accepted_by_y() -> None:
    assert await answers(accept(10), "y") == [ManyDecision(tuple(targets(10)))]


async def test_a_held_or_repeated_key_never_accepts_many() -> None:
    assert await answers(accept(10), "enter", "space", "a", "a", "a", "enter") == []
    assert await answers(accept(11), "y", "enter", "space", "a", "y", "enter") == []


async def test_over_ten_are_accepted_by_typing_their_number() -> None:
    assert await answers(accept(37), *"37", "enter") == [ManyDecision(tuple(targets(37)))]


@pytest.mark.parametrize("typed", ["36", "370", "3", "037"])
async def test_another_number_accepts_nothing(typed: str) -> None:
    assert await answers(accept(37), *typed, "enter") == []


@pytest.mark.parametrize("key", ["n", "escape"])
@pytest.mark.parametrize("number", [3, 37])
async def test_n_and_escape_accept_nothing(key: str, number: int) -> None:
    assert await answers(accept(number), key) == [None]


async def test_hidden_marks_are_left_out_unless_h_includes_them() -> None:
    both = (*targets(3), *targets(2, 100))
    assert await answers(accept(3, 2), "y") == [ManyDecision(tuple(targets(3)))]
    assert await answers(accept(3, 2), "h", "y") == [ManyDecision(both)]
    assert await answers(accept(3, 2), "h", "h", "y") == [ManyDecision(tuple(targets(3)))]


async def test_the_number_to_type_counts_the_hidden_once_they_are_included() -> None:
    stage = Stage(accept(9, 5))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("h")
        assert "Accept 14 datasets?" in text_of(stage)
        assert "5 hidden by the filter, included" in text_of(stage)
        await pilot.press("y", *"9", "enter", "backspace", *"14", "enter")
        await pilot.pause()
    assert stage.answers == [ManyDecision((*targets(9), *targets(5, 100)))]


async def test_marks_that_are_all_hidden_decide_nothing_without_h() -> None:
    assert await answers(accept(0, 2), "y") == []
    assert await answers(accept(0, 2), "h", "y") == [ManyDecision(tuple(targets(2, 100)))]


async def test_up_to_ten_are_rejected_by_a_reason_and_enter() -> None:
    assert await answers(reject(3), "2", *"dark", "enter") == [
        ManyDecision(tuple(targets(3)), "Fault 2: dark")
    ]
    assert await answers(reject(3), "enter", "0", "enter") == []


async def test_over_ten_are_rejected_by_a_reason_and_their_number() -> None:
    keys = ["2", "enter", "enter", *"37", "enter"]
    assert await answers(reject(37), *keys) == [ManyDecision(tuple(targets(37)), "Fault 2")]


async def test_the_number_without_a_reason_rejects_nothing() -> None:
    stage = Stage(reject(37))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", *"37", "enter")
        assert "pick one by its digit, or type one" in text_of(stage)
        await pilot.press("1", "enter", "enter")
        await pilot.pause()
    assert stage.answers == [ManyDecision(tuple(targets(37)), "Fault 1")]


async def test_h_includes_the_hidden_before_a_reason_is_begun_and_is_a_letter_after() -> None:
    both = (*targets(3), *targets(2, 100))
    assert await answers(reject(3, 2), "h", *"1", "enter") == [ManyDecision(both, "Fault 1")]
    assert await answers(reject(3, 2), "0", *"hands", "enter") == [
        ManyDecision(tuple(targets(3)), "hands")
    ]
    assert await answers(reject(3), *"hands", "enter") == [ManyDecision(tuple(targets(3)), "hands")]


async def test_details_are_asked_for_where_the_reviewer_wants_it_so() -> None:
    opened = ManyDialog(
        Verdict.REJECT, targets(2), hold=10.0, reasons=REASONS, require_details=True
    )
    assert await answers(opened, "2", "enter", *"dark", "enter") == [
        ManyDecision(tuple(targets(2)), "Fault 2: dark")
    ]


async def test_what_was_typed_can_be_offered_again_after_a_no() -> None:
    opened = reject(3, draft="half")
    assert await answers(opened, "space", "a", "escape") == [None]
    assert opened.draft == "half a"


async def test_the_burst_guard_closes_the_dialog_as_no() -> None:
    opened = reject(3)
    stage = Stage(opened)
    async with stage.run_test() as pilot:
        await pilot.press(*"abc")
        opened.dismiss_as_no()
        await pilot.pause()
    assert stage.answers == [None]
    assert opened.draft == "abc"


async def test_repeated_keys_answer_once() -> None:
    assert len(await answers(accept(3), *["y"] * 5, "n")) == 1
    assert len(await answers(accept(37), *"37", *["enter"] * 5, "y")) == 1
    assert len(await answers(reject(3), "1", *["enter"] * 5, "h")) == 1


async def test_one_mark_alone_is_told_in_the_singular() -> None:
    stage = Stage(accept(1))
    async with stage.run_test(size=(80, 24)):
        assert "Accept 1 dataset?" in text_of(stage)
        assert f"id {targets(1)[0].dataset.id}" in boxed(stage)
        assert boxed(stage)[-2] == "y accept   n no"


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
@pytest.mark.parametrize("verdict", list(Verdict))
async def test_hostile_names_and_types_keep_the_dialog_small(
    size: tuple[int, int], verdict: Verdict
) -> None:
    hostile = "\x1b[31m\u202e[b]\n" + "長い名前" * 300
    bad = [
        Target(dataset=Dataset(id=hostile, status="x", data_type=f"{n}{hostile}", name=hostile))
        for n in range(40)
    ]
    stage = Stage(ManyDialog(verdict, bad, bad[:9], hold=10.0, reasons=REASONS))
    async with stage.run_test(size=size):
        assert not {"\x1b", "\u202e"} & set(text_of(stage))
        assert "Type 40, then Enter" in text_of(stage)
        region = stage.screen.query_one(".box").region
        assert all(
            line[region.x :].startswith("│")
            for line in lines_of(stage)[region.y + 1 : region.bottom - 1]
        )
        assert boxed(stage)[-2].endswith("no")


@pytest.mark.parametrize("verdict", list(Verdict))
@SIZES
async def test_marks_that_are_already_decided_are_counted_and_left_out(
    size: tuple[int, int], verdict: Verdict
) -> None:
    opened = ManyDialog(
        verdict, targets(30), targets(4, 100), decided=3, hold=10, reasons=REASONS[:3]
    )
    stage = Stage(opened)
    async with stage.run_test(size=size):
        told = boxed(stage)
        assert told[1] == f"{verdict.capitalize()} 30 datasets?"
        assert "3 already decided, left out" in told
        assert told[-3].startswith("Type 30, then Enter:")
        assert "Esc no" in told[-2]
