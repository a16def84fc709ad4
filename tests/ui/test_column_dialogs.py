"""Choosing and ordering columns, and sorting by one."""

from __future__ import annotations

from typing import Any

import pytest

from gerra_tui.domain.view import DEFAULT_COLUMNS, Sort
from gerra_tui.ui.dialogs.columns import ColumnsDialog
from gerra_tui.ui.dialogs.sort import SortDialog
from tests.ui.stage import Stage, boxed, text_of


async def answers(opened: Any, *keys: str) -> list[Any]:
    stage = Stage(opened)
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return stage.answers


async def test_enter_takes_the_columns_as_they_are_and_escape_none() -> None:
    assert await answers(ColumnsDialog(DEFAULT_COLUMNS), "enter") == [DEFAULT_COLUMNS]
    assert await answers(ColumnsDialog(DEFAULT_COLUMNS), "escape") == [None]


async def test_space_takes_a_column_away_and_puts_one_in() -> None:
    keys = ["j", "j", "space", "G", "space", "enter"]
    chosen = await answers(ColumnsDialog(("state", "name", "type"), ["sensor"]), *keys)
    assert chosen == [("state", "name", "meta.sensor")]


async def test_columns_change_places() -> None:
    keys = ["J", "J", "K", "enter"]
    assert await answers(ColumnsDialog(("state", "name", "id")), *keys) == [("name", "state", "id")]
    assert await answers(ColumnsDialog(("state", "name")), "K", "enter") == [("state", "name")]


async def test_a_column_that_was_put_in_is_moved_on_by_the_next_keys() -> None:
    keys = ["G", "space", "K", "K", "enter"]
    chosen = await answers(ColumnsDialog(("state", "name", "type"), ["sensor"]), *keys)
    assert chosen == [("state", "meta.sensor", "name", "type")]


async def test_a_column_is_made_wider_and_narrower_from_the_width_it_has() -> None:
    columns = ("state", "name:40", "meta.sensor")
    keys = ["j", "<", "<", "<", "j", ">", "J", "enter"]
    assert await answers(ColumnsDialog(columns), *keys) == [("state", "name:34", "meta.sensor:18")]
    shown = ColumnsDialog(("name",), widths={"name": 63})
    assert await answers(shown, ">", "enter") == [("name:65",)]


async def test_a_column_gets_its_own_width_back() -> None:
    columns = ("state", "name:40")
    assert await answers(ColumnsDialog(columns), "j", "=", "enter") == [("state", "name")]


async def test_no_column_becomes_narrower_than_its_words_or_wider_than_a_screen() -> None:
    keys = ["<", "j", *["<"] * 20, "enter"]
    columns = ("state", "name:9")
    assert await answers(ColumnsDialog(columns), *keys) == [("state:10", "name:3")]
    assert await answers(ColumnsDialog(("name:199",)), ">", ">", "enter") == [("name:200",)]


async def test_a_column_that_is_not_shown_is_not_widened() -> None:
    assert await answers(ColumnsDialog(("name",)), "j", ">", "enter") == [("name",)]


async def test_the_widths_chosen_stand_beside_the_names() -> None:
    stage = Stage(ColumnsDialog(("state", "name:40")))
    async with stage.run_test(size=(60, 15)):
        assert "[x] name  40" in boxed(stage)
        assert "< narrower   > wider   = its own width" in boxed(stage)


async def test_any_path_of_the_metadata_can_be_a_column() -> None:
    keys = ["+", *"meta.lab.room", "enter", "enter"]
    assert await answers(ColumnsDialog(("name",)), *keys) == [("name", "meta.lab.room")]
    assert await answers(ColumnsDialog(("name",)), "+", "escape", "enter") == [("name",)]
    keys = ["+", *"lab.room:24", "enter", ">", "enter"]
    assert await answers(ColumnsDialog(("name",)), *keys) == [("name", "meta.lab.room:26")]


async def test_a_list_without_any_column_is_not_taken() -> None:
    assert await answers(ColumnsDialog(("name",)), "space", "enter") == []


async def test_a_column_that_is_ticked_and_not_shown_says_why() -> None:
    dialog = ColumnsDialog(("name", "org", "size"), widths={"name": 30}, same={"org"})
    stage = Stage(dialog)
    async with stage.run_test(size=(80, 24)):
        listed = boxed(stage)
    assert "[x] org  same in every row" in listed
    assert "[x] size  no room" in listed
    assert "> [x] name" in listed


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_a_hostile_path_and_many_of_them_keep_the_dialog_small(size: tuple[int, int]) -> None:
    paths = ["\x1b[31m\u202e[b]" + "x" * 300, *map(str, range(200))]
    stage = Stage(ColumnsDialog(DEFAULT_COLUMNS, paths))
    async with stage.run_test(size=size) as pilot:
        await pilot.press("G")
        assert "> [ ] meta.199" in boxed(stage)
        assert "Enter take   Esc no" in text_of(stage)
        assert not {"\x1b", "\u202e"} & set(text_of(stage))


async def test_a_column_is_sorted_by_and_the_same_again_reverses() -> None:
    columns = ("state", "name", "size")
    assert await answers(SortDialog(columns, None), "j", "j", "enter") == [Sort(column="size")]
    size = Sort(column="size")
    assert await answers(SortDialog(columns, size), "enter") == [
        Sort(column="size", descending=True)
    ]
    assert await answers(SortDialog(columns, Sort(column="size", descending=True)), "enter") == [
        size
    ]
    assert await answers(SortDialog(columns, size), "k", "enter") == [Sort(column="name")]


async def test_columns_with_a_width_are_sorted_by_their_name() -> None:
    dialog = SortDialog(("state", "name:40"), None)
    assert await answers(dialog, "j", "enter") == [Sort(column="name")]


async def test_the_services_own_order_can_be_had_back_and_escape_changes_nothing() -> None:
    size = Sort(column="size")
    assert await answers(SortDialog(("name",), size), "g", "enter") == [None]
    assert await answers(SortDialog(("name",), size), "j", "escape") == [size]


async def test_the_current_order_is_named() -> None:
    stage = Stage(SortDialog(("name", "size"), Sort(column="size", descending=True)))
    async with stage.run_test(size=(60, 15)):
        assert "> size (descending)" in boxed(stage)
