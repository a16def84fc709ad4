"""The small questions: quitting, the key, what to copy, one line, yes or no."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gerra_tui.domain.dataset import Dataset
from gerra_tui.service.failures import Failure, Unauthorized
from gerra_tui.ui.dialogs.confirm import ConfirmDialog, SecondKey
from gerra_tui.ui.dialogs.copy import CopyMenu
from gerra_tui.ui.dialogs.key import KeyDialog
from gerra_tui.ui.dialogs.leaving import QuitChoice, QuitDialog
from gerra_tui.ui.dialogs.narrow import NarrowMenu
from gerra_tui.ui.dialogs.prompt import LineDialog
from tests.ui.stage import Stage, boxed, colours, lines_of, press_at_once, text_of

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
DATASET = Dataset(
    id="77aa01c9-3f52-4e0e-9c38-0d6f5a1b2c3d",
    status="pending",
    data_type="episode",
    name="SO-101 stack cups",
    link="s3://bucket/a.zip",
)


async def answer(dialog: Any, *keys: str) -> list[Any]:
    stage = Stage(dialog)
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return stage.answers


@SIZES
async def test_quitting_names_the_number_and_the_four_ways_out(size: tuple[int, int]) -> None:
    stage = Stage(QuitDialog(2))
    async with stage.run_test(size=size):
        assert "2 decisions are not sent" in text_of(stage)
        assert boxed(stage)[-2] == "s send now   k keep   d drop   Esc stay"


async def test_one_decision_is_told_in_the_singular() -> None:
    stage = Stage(QuitDialog(1))
    async with stage.run_test():
        assert "1 decision is not sent" in text_of(stage)


async def test_the_question_at_the_end_tells_of_what_leaves_while_it_is_open() -> None:
    dialog = QuitDialog(2)
    stage = Stage(dialog)
    async with stage.run_test() as pilot:
        dialog.tell(1)
        await pilot.pause()
        assert "1 decision is not sent" in text_of(stage)
        dialog.tell(0)
        await pilot.pause()
        assert "All have left by now" in text_of(stage)


@pytest.mark.parametrize(
    ("key", "choice"),
    [
        ("s", QuitChoice.SEND),
        ("k", QuitChoice.KEEP),
        ("d", QuitChoice.DROP),
        ("escape", QuitChoice.STAY),
    ],
)
async def test_each_way_out_has_its_key(key: str, choice: QuitChoice) -> None:
    assert await answer(QuitDialog(2), key) == [choice]


async def test_other_keys_do_not_quit() -> None:
    assert await answer(QuitDialog(2), "enter", "space", "q", "y", "Q") == []


async def test_the_list_behind_a_dialog_is_not_dimmed() -> None:
    stage = Stage(QuitDialog(2))
    async with stage.run_test(size=(120, 40)) as pilot:
        behind = colours(stage)[:5]
        await pilot.press("escape")
        await pilot.pause()
        assert colours(stage)[:5] == behind


async def test_a_question_is_answered_by_y_and_n_alone() -> None:
    assert await answer(ConfirmDialog("Load 7,312 rows?"), "enter", "space", "y") == [True]
    assert await answer(ConfirmDialog("Load 7,312 rows?"), "n") == [False]
    assert await answer(ConfirmDialog("Load 7,312 rows?"), "escape") == [False]


async def test_a_question_says_what_yes_and_no_do() -> None:
    stage = Stage(ConfirmDialog("Drop it?", detail="It may have arrived.", yes="drop", no="keep"))
    async with stage.run_test():
        assert boxed(stage)[1:-1] == ["Drop it?", "It may have arrived.", "y drop   n keep"]


async def test_a_line_is_edited_from_what_stands_there() -> None:
    assert await answer(LineDialog("Name of the view", "Mugs"), *"! 1", "enter") == ["Mugs! 1"]


async def test_keys_that_arrive_in_one_go_have_their_effect_in_order() -> None:
    stage = Stage(LineDialog("Name", "Mugs"))
    async with stage.run_test() as pilot:
        press_at_once(stage, *"ab", "backspace", "c", "left", "d", "enter", *"xyz")
        await pilot.pause()
        await pilot.pause()
    assert stage.answers == ["Mugsadc"]


async def test_a_repeated_answer_closes_nothing_but_its_own_dialog() -> None:
    stage = Stage(ConfirmDialog("Below?"))
    async with stage.run_test() as pilot:
        stage.push_screen(LineDialog("Above", "x"))
        await pilot.pause()
        press_at_once(stage, *["enter"] * 4, *["escape"] * 4, "y", "n")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(stage.screen, ConfirmDialog)
        assert stage.answers == []


async def test_a_line_left_by_escape_changes_nothing() -> None:
    assert await answer(LineDialog("Name", "Mugs"), "x", "escape") == [None]


class Keys:
    """Takes keys into use, but those that are refused."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.used: list[str] = []

    async def use(self, key: str) -> Failure | None:
        if key in self.refused:
            return Unauthorized("Invalid API key", http_status=401)
        self.used.append(key)
        return None


async def test_a_key_is_masked_and_used() -> None:
    keys = Keys()
    problem = Unauthorized("Invalid API key", http_status=401)
    stage = Stage(KeyDialog("looked for in GERRA_API_KEY", keys.use, problem))
    async with stage.run_test(size=(60, 15)) as pilot:
        await pilot.press(*"gk_secret")
        shown = text_of(stage)
        assert "secret" not in shown
        assert "*********" in shown
        assert "Key refused (401): Invalid API key." in shown
        assert "looked for in GERRA_API_KEY" in shown
        await pilot.press("enter")
        await pilot.pause()
    assert stage.answers == [True]
    assert keys.used == ["gk_secret"]


async def test_a_refused_key_is_said_to_be_and_another_can_be_typed() -> None:
    keys = Keys("bad")
    stage = Stage(KeyDialog("nowhere", keys.use))
    async with stage.run_test() as pilot:
        await pilot.press(*"bad", "enter")
        await pilot.pause()
        assert "Key refused (401): Invalid API key." in text_of(stage)
        assert stage.answers == []
        await pilot.press(*"good", "enter")
        await pilot.pause()
    assert stage.answers == [True]
    assert keys.used == ["good"]


async def test_a_key_is_not_copied_to_the_clipboard() -> None:
    keys = Keys()
    stage = Stage(KeyDialog("nowhere", keys.use))
    async with stage.run_test() as pilot:
        await pilot.press(*"gk_secret", "ctrl+shift+a", "ctrl+c", "ctrl+x")
        assert stage.clipboard == ""
        await pilot.press("enter")
        await pilot.pause()
    assert keys.used == ["gk_secret"]


async def test_something_that_cannot_be_a_key_is_said_so_without_showing_it() -> None:
    keys = Keys()
    stage = Stage(KeyDialog("nowhere", keys.use))
    async with stage.run_test() as pilot:
        await pilot.press("enter", *"two", "space", *"words", "enter")
        await pilot.pause()
        assert "something else" in text_of(stage)
        assert stage.answers == []
        await pilot.press("escape")
        await pilot.pause()
    assert stage.answers == [False]
    assert keys.used == []


async def test_a_second_key_is_no_letter_of_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    typed_ahead = "gerra_tui.ui.dialogs.confirm.TYPED_AHEAD"
    for word in ("any", "company", "ny", "nicely", "no"):
        assert True not in await answer(SecondKey("Send it?"), *word)
    stage = Stage(SecondKey("Send it?", yes="send"))
    monkeypatch.setattr(typed_ahead, 60.0)  # however slow this machine is
    async with stage.run_test() as pilot:
        press_at_once(stage, "y")
        await pilot.pause()
        assert "too fast" in text_of(stage)
        monkeypatch.setattr(typed_ahead, 0.0)
        await pilot.press("y")
        await pilot.pause()
    assert stage.answers == [True]


@pytest.mark.parametrize("letter", list("inpjmcu"))
async def test_each_letter_of_the_copy_menu_is_given_back(letter: str) -> None:
    assert await answer(CopyMenu(DATASET, 3), letter) == [letter]


async def test_the_copy_menu_offers_nothing_that_is_not_there() -> None:
    bare = Dataset(id=DATASET.id, status="pending", data_type="episode", name="x")
    assert await answer(CopyMenu(bare, 0), "m", "p", "escape") == [None]
    assert await answer(CopyMenu(bare, 0), "q") == [None]


async def test_the_copy_menu_warns_that_the_url_is_a_secret_and_till_when() -> None:
    now = datetime(2026, 11, 23, 13, 2, tzinfo=UTC)
    till = datetime(2026, 11, 23, 14, 2, tzinfo=UTC).astimezone()
    stage = Stage(CopyMenu(DATASET, 1, now=now))
    async with stage.run_test(size=(60, 15)):
        shown = " ".join(boxed(stage))
        assert "secret" in shown
        assert f"till {till:%H:%M}" in shown
        assert "m  1 marked id" in shown


async def test_a_value_too_long_for_the_menu_is_cut_in_its_line() -> None:
    long = "name: " + "POV: green bottle on the steel workbench, seed 9658 " * 2
    stage = Stage(NarrowMenu("Only", {"t": "type: episode", "n": long}))
    async with stage.run_test(size=(60, 15)):
        shown = boxed(stage)
        assert shown[3].startswith("n  name: POV: green bottle")
        assert shown[3].endswith("…")
        assert shown[4] == "Esc leave it"


async def test_a_dialog_is_drawn_in_ascii_where_the_app_says_so() -> None:
    stage = Stage(QuitDialog(2))
    stage.add_class("-ascii")
    async with stage.run_test(size=(80, 24)):
        assert "\n".join(lines_of(stage)).isascii()
