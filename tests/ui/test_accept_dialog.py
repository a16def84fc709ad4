"""What a reviewer can rely on when asked `Accept this dataset?`"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from gerra_tui.domain.dataset import Dataset
from gerra_tui.service.decisions.decisions import Target
from gerra_tui.ui.dialogs.accept import Acceptance, AcceptDialog
from gerra_tui.ui.dialogs.subject import Subject
from tests.ui.stage import Stage, boxed, lines_of, press_at_once, text_of

ID = "77aa01c9-3f52-4e0e-9c38-0d6f5a1b2c3d"
HOSTILE = "\x1b]0;owned\x07\x1b[31m [bold]x[/bold] \u202eevil\u202c \n\n" + "長い名前" * 400
SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])


def subject(**changes: Any) -> Subject:
    body = {"id": ID, "status": "pending", "data_type": "episode", "name": "SO-101 stack cups"}
    dataset = Dataset(**{**body, "data_byte_size": 2_100_000_000, **changes})
    return Subject(Target(dataset=dataset, version=2), True, 3)


def dialog(about: Subject | None = None, hold: float | Literal["manual"] = 10.0) -> AcceptDialog:
    return AcceptDialog(about or subject(), hold=hold)


async def answers(*keys: str) -> list[Any]:
    stage = Stage(dialog())
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return stage.answers


@SIZES
async def test_the_dialog_names_exactly_what_is_accepted(size: tuple[int, int]) -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=size):
        lines = boxed(stage)
        assert lines[0].startswith("\u2500 Accept this dataset? \u2500")
        assert lines[1:4] == [
            f"id {ID}",
            "SO-101 stack cups",
            "type episode  version 3 of 3  size 2.1 GB",
        ]
        assert lines[-2] == "y accept   n no"
        assert "NOT THE LATEST" not in text_of(stage)


async def test_y_accepts() -> None:
    assert await answers("y") == [Acceptance()]


async def test_repeated_keys_answer_once() -> None:
    for keys, answer in ((["y"] * 5, Acceptance()), (["n", "y", "y"], None)):
        stage = Stage(dialog())
        async with stage.run_test() as pilot:
            press_at_once(stage, *keys)
            await pilot.pause()
            await pilot.pause()
        assert stage.answers == [answer]


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_n_and_escape_do_not_accept(key: str) -> None:
    assert await answers(key) == [None]


async def test_a_held_or_repeated_key_never_confirms() -> None:
    assert await answers("enter", "space", *["a"] * 20, "Y", "r", "q", "tab", "enter") == []


async def test_the_burst_guard_closes_the_dialog_as_no() -> None:
    opened = dialog()
    stage = Stage(opened)
    async with stage.run_test() as pilot:
        opened.dismiss_as_no()
        await pilot.pause()
    assert stage.answers == [None]


async def test_an_older_version_is_said_to_be_not_the_latest() -> None:
    target = Target(dataset=subject().target.dataset, version=0)
    stage = Stage(dialog(Subject(target, False, 3)))
    async with stage.run_test(size=(60, 15)):
        assert "NOT THE LATEST: this is version 1 of 3" in boxed(stage)
        assert "y accept   n no" in boxed(stage)


@pytest.mark.parametrize(
    ("hold", "told"),
    [
        (0, "sent at once: there is no undo"),
        (10.0, "held 10 s, then sent"),
        (2.5, "held 2.5 s, then sent"),
        ("manual", "held until you send it"),
    ],
)
async def test_the_dialog_says_how_long_an_undo_is_possible(
    hold: float | Literal["manual"], told: str
) -> None:
    stage = Stage(dialog(hold=hold))
    async with stage.run_test():
        assert f"\u2500 {told} \u2500" in boxed(stage)[0]


@SIZES
async def test_a_giant_hostile_name_keeps_the_dialog_small_and_aligned(
    size: tuple[int, int],
) -> None:
    stage = Stage(dialog(subject(name=HOSTILE, data_type=HOSTILE, id=HOSTILE)))
    async with stage.run_test(size=size):
        region = stage.screen.query_one(".box").region
        assert region.height <= 12
        assert region.width <= 60
        assert boxed(stage)[-2] == "y accept   n no"
        shown = text_of(stage)
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)
        assert "[bold]" in shown
        # The right border stands in one column, on every line of the box.
        right = [line[region.x :] for line in lines_of(stage)[region.y + 1 : region.bottom - 1]]
        assert all(line.startswith("│") for line in right)


async def test_what_is_not_known_is_not_made_up() -> None:
    bare = Dataset(id=ID, status="pending", data_type="episode", name="")
    stage = Stage(dialog(Subject(Target(dataset=bare), None, None)))
    async with stage.run_test():
        assert boxed(stage)[2:4] == ["(no name)", "type episode  version ?  size -"]


@SIZES
async def test_odd_checks_are_named_before_it_is_accepted(size: tuple[int, int]) -> None:
    for odd, told in (
        (("prompt",), "! 1 check is odd: prompt"),
        (("fps", "frames", "fps"), "! 3 checks are odd: fps, frames"),
    ):
        stage = Stage(dialog(replace(subject(), odd=odd)))
        async with stage.run_test(size=size):
            lines = boxed(stage)
            assert told in lines
            assert lines[-2] == "y accept   n no"


async def test_many_odd_checks_take_one_line() -> None:
    odd = tuple(f"check-{number}" for number in range(40))
    stage = Stage(dialog(replace(subject(), odd=odd)))
    async with stage.run_test(size=(80, 24)):
        lines = boxed(stage)
        assert lines[4].startswith("! 40 checks are odd: check-0, check-1,")
        assert lines[5] == "y accept   n no"
