"""The command line finds commands however roughly they are typed."""

from __future__ import annotations

from typing import Any

import pytest

from gerra_tui.ui.dialogs.command_line import CommandLine, ranked
from gerra_tui.ui.keys.commands import COMMANDS, DETAIL, LIST
from gerra_tui.ui.keys.registry import Registry
from tests.ui.stage import Stage, boxed, text_of


async def answers(*keys: str, registry: Registry | None = None, context: str = LIST) -> list[Any]:
    stage = Stage(CommandLine(registry or Registry.of(), context))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return stage.answers


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_comes_first_by_its_own_name(name: str) -> None:
    assert ranked(COMMANDS, name)[0].name == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("stat", "statistics"),
        ("half page d", "half_page_down"),
        ("HALF-PAGE-U", "half_page_up"),
        ("svv", "save_view"),
        ("tkbck", "take_back"),
        ("redraw", "redraw"),
        ("quit", "quit"),
    ],
)
async def test_a_rough_name_is_enough(typed: str, name: str) -> None:
    keys = ["space" if key == " " else key for key in typed]
    assert await answers(*keys, "enter") == [name]


@pytest.mark.parametrize("typed", ["500000", "500,000", "500_000"])
async def test_a_number_goes_to_a_row(typed: str) -> None:
    assert await answers(*typed, "enter") == ["500000"]


async def test_escape_and_an_empty_line_do_nothing() -> None:
    assert await answers("escape") == [None]
    assert await answers("enter") == [None]
    assert await answers(*"sta", "escape") == [None]


async def test_what_is_no_command_is_given_back_so_that_it_can_be_said() -> None:
    assert await answers(*"zzzz", "enter") == ["zzzz"]


async def test_the_arrows_choose_and_tab_completes() -> None:
    assert await answers("down", "enter") == [COMMANDS[1].name]
    assert await answers(*"view_", "down", "enter") == ["view_2"]
    assert await answers(*"stat", "tab", "enter") == ["statistics"]
    stage = Stage(CommandLine(Registry.of(), LIST))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"stat", "tab")
        assert boxed(stage)[2] == "statistics"


async def test_a_read_only_console_offers_nothing_that_decides() -> None:
    registry = Registry.of(read_only=True)
    for verdict in ("accept", "reject"):
        (given,) = await answers(*verdict, "enter", registry=registry)
        assert registry.named(given) is None


async def test_only_what_the_pane_has_is_offered() -> None:
    assert await answers(*"mark_range", "enter", context=DETAIL) == ["mark_range"]
    stage = Stage(CommandLine(Registry.of(), DETAIL))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"mark")
        assert "mark_range" not in text_of(stage)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
async def test_the_box_keeps_its_size_while_typing(size: tuple[int, int]) -> None:
    stage = Stage(CommandLine(Registry.of(), LIST))
    async with stage.run_test(size=size) as pilot:
        region = stage.screen.query_one(".box").region
        assert boxed(stage)[-2] == "Enter run   Tab complete   Up Down choose   Esc leave"
        for key in "stati":
            await pilot.press(key)
            assert stage.screen.query_one(".box").region == region
        assert "statistics" in text_of(stage)
