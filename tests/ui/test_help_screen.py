"""Help that comes from the registry and can be searched."""

from __future__ import annotations

import pytest

from gerra_tui import docs
from gerra_tui.ui.keys.commands import DETAIL, LIST
from gerra_tui.ui.keys.registry import Registry
from gerra_tui.ui.present.values import STATE_LETTERS, UNREADABLE
from gerra_tui.ui.screens.help import HelpScreen
from gerra_tui.ui.screens.help_entries import help_lines
from gerra_tui.ui.screens.pages import PageScreen
from tests.fakes import id_of
from tests.ui.reviewing import Console
from tests.ui.stage import Stage, lines_of, text_of


def described(registry: Registry, context: str, words: str, width: int) -> list[str]:
    return [line.text for line in help_lines(registry, context, words, width)]


def test_every_command_stands_in_the_help_with_its_keys_and_what_it_does() -> None:
    registry = Registry.of()
    for context in (LIST, DETAIL):
        told = " ".join(" ".join(described(registry, context, "", 120)).split())
        for command in registry.commands:
            assert f"{command.name} {command.help}" in told


def test_what_the_pane_does_not_have_comes_last() -> None:
    lines = list(described(Registry.of(), DETAIL, "", 120))
    assert not any(" mark_range " in line for line in lines[: lines.index("ELSEWHERE")])
    assert any(" mark_range " in line for line in lines[lines.index("ELSEWHERE") :])


def test_rebound_keys_are_shown_as_they_are_now() -> None:
    registry = Registry.of({LIST: {"flag": ("F", "ctrl+f")}})
    (line,) = [line for line in described(registry, LIST, "flag dataset", 120) if " flag " in line]
    assert line.startswith("F ^f")


def test_a_read_only_console_does_not_offer_what_decides() -> None:
    told = "\n".join(described(Registry.of(read_only=True), LIST, "", 120))
    assert " accept  " not in told
    assert " reject  " not in told


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert all(len(line) <= width for line in described(Registry.of(), LIST, "", width))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
async def test_help_is_searched_and_left_step_by_step(size: tuple[int, int]) -> None:
    stage = Stage(HelpScreen(Registry.of(), LIST))
    async with stage.run_test(size=size) as pilot:
        assert lines_of(stage)[0] == "Help: list"
        assert "accept" in text_of(stage)
        await pilot.press("/", *"Half")
        assert "half_page_down" in text_of(stage)
        assert "accept" not in text_of(stage)
        await pilot.press("x")
        assert "Nothing here has all of these words." in text_of(stage)
        await pilot.press("escape")
        assert "accept" in text_of(stage)
        await pilot.press("escape")
        await pilot.pause()
        assert "Kitchen wipe, take 0" in text_of(stage)


async def test_enter_keeps_what_was_found_and_gives_the_keys_back() -> None:
    stage = Stage(HelpScreen(Registry.of(), LIST))
    async with stage.run_test(size=(60, 15)) as pilot:
        await pilot.press("/", *"view", "enter", "G")
        assert "delete_view" in text_of(stage)
        await pilot.press("q", "q")
        await pilot.pause()
        assert "Kitchen wipe, take 0" in text_of(stage)


async def test_the_keys_of_the_list_scroll() -> None:
    stage = Stage(HelpScreen(Registry.of(), LIST))
    async with stage.run_test(size=(60, 15)) as pilot:
        top = lines_of(stage)[1:-1]
        for there, back in (("j", "k"), ("ctrl+d", "ctrl+u"), ("pagedown", "pageup"), ("G", "g")):
            await pilot.press(there)
            assert lines_of(stage)[1:-1] != top
            await pilot.press(back)
            assert lines_of(stage)[1:-1] == top
        await pilot.press("?")
        assert lines_of(stage)[1:-1] == top


async def test_a_page_is_shown_by_its_name_and_left_again() -> None:
    async with Console().opened() as console:
        await console.press(":", *"help queries", "enter")
        await console.until_shown("Help: queries", "Terms are ANDed")
        await console.press("q")
        await console.until(lambda: console.app.screen is console.app.review)


async def test_a_page_that_there_is_none_of_is_told_with_those_that_there_are() -> None:
    async with Console().opened() as console:
        await console.press(":", *"help nothing", "enter")
        await console.until_shown("There is no page 'nothing'", "queries")


@pytest.mark.parametrize("topic", docs.topics())
@pytest.mark.parametrize("size", [(120, 40), (60, 15)])
async def test_every_page_can_be_read_at_any_size(topic: str, size: tuple[int, int]) -> None:
    stage = Stage(PageScreen(Registry.of(), topic))
    async with stage.run_test(size=size) as pilot:
        assert lines_of(stage)[0].strip() == f"Help: {topic}"
        await pilot.press("G")
        last = docs.page(topic).split()[-1]
        assert last in " ".join(text_of(stage).split())


def test_states_signs_and_queries_stand_in_the_help() -> None:
    told = described(Registry.of(), DETAIL, "", 120)
    titles = [line for line in told if line.isupper() and line.isalpha() and len(line) > 4]
    assert titles == [
        "ELSEWHERE", "OUTBOX", "AUDIT", "STATISTICS", "STATES", "SIGNS", "QUERIES", "PAGES",
    ]  # fmt: skip
    assert any(line.startswith("ACC held, REJ held") for line in told)
    assert any(line.startswith("*  ") and line.endswith(" marked") for line in told)
    assert any(line.startswith("updated<7d created>=") for line in told)


def test_every_state_s_word_is_explained() -> None:
    words = " ".join(name for name, *_ in docs.table("decisions"))
    assert all(word in words for word in STATE_LETTERS if "kept" not in word and word != UNREADABLE)


def test_every_sign_of_the_gutter_is_explained() -> None:
    signs = " ".join(name for name, *_ in docs.table("keys"))
    assert set(STATE_LETTERS.values()) | set(">*!~") <= set(signs)


async def test_enter_runs_the_command_under_the_cursor() -> None:
    async with Console().opened() as console:
        await console.press("j", "?")
        await console.until_shown("Help: list")
        await console.press("/", *"flag", "enter", "enter")
        await console.until(lambda: console.app.screen is console.app.review)
        assert console.app.review.desk.rows.flags == {id_of(1)}


async def test_enter_on_a_verdict_asks_as_its_key_does() -> None:
    async with Console().opened() as console:
        await console.press("?", "enter")
        await console.until_shown("Accept this dataset?", f"id {id_of(0)}")


async def test_enter_on_a_page_opens_it_and_q_goes_back() -> None:
    async with Console().opened() as console:
        await console.press("?", "/", *":help queries", "enter", "enter")
        await console.until_shown("Help: queries", "Terms are ANDed")
        await console.press("q")
        await console.until_shown("Help: list")


async def test_enter_in_the_help_of_another_screen_runs_there() -> None:
    async with Console().opened() as console:
        await console.press("S")
        await console.until_shown("Statistics")
        await console.press("?", "/", *"other_page", "enter", "enter")
        await console.until_shown("Statistics: you")
