"""Dark, light, mono: the same cells, in colours that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from gerra_tui.ui.filters import AsciiBorders, on_light
from gerra_tui.ui.theme import STATES, UNDER_WAY, WARNING
from tests.ui.reviewing import Console, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

THEMES = ("dark", "light", "mono")


def styles(console: Console) -> Iterator[Style]:
    screen = console.app.screen
    for strip in screen._compositor.render_strips(screen.size):
        yield from (segment.style for segment in strip if segment.style and segment.text.strip())


async def screen_of(theme: Any) -> tuple[list[str], set[str], set[str]]:
    """The lines, the names of the colours, and the texts that stand out by other means."""
    service = Service()
    service.give_history(50, 51, 0)
    async with Console(service, theme=theme, hold="manual").opened() as console:
        await console.until_shown("REDONE", "mug vanishes")
        await console.press("a", "y", "k")
        await console.until_shown("ACC held", "REDONE")
        colours = {style.color.name for style in styles(console) if style.color}
        marks = {str(style.without_color) for style in styles(console)}
        return console.lines, colours, marks


async def test_every_theme_shows_the_same_cells_and_on_white_nothing_is_yellow() -> None:
    dark, light, mono = [await screen_of(theme) for theme in THEMES]
    assert dark[0] == light[0] == mono[0]
    assert "yellow" in dark[1]
    assert "yellow" not in light[1]
    assert "red" in light[1]
    assert not mono[1] - {"default"}
    assert any("bold" in mark for mark in mono[2])
    assert any("reverse" in mark for mark in mono[2])


@pytest.mark.parametrize("style", [WARNING, UNDER_WAY, Style(color="bright_yellow")])
def test_on_white_yellow_becomes_bold_red(style: Style) -> None:
    assert on_light(style).color == Style(color="red").color
    assert on_light(style).bold


def test_what_is_not_yellow_stays_as_it_is() -> None:
    for style in STATES.values():
        if style.color is None or style.color.name != "yellow":
            assert on_light(style) == style


def test_ascii_borders_leave_the_letters_of_a_name() -> None:
    lines = [Segment("│ 長い名前 é ф… ▁▅█ ✓ ↓", Style(bold=True)), Segment("plain")]
    drawn = AsciiBorders().apply(lines, Color(0, 0, 0))
    assert [one.text for one in drawn] == ["| 長い名前 é ф~ .## + v", "plain"]
    assert drawn[0].style == Style(bold=True)


async def test_ascii_borders_can_be_asked_for_where_the_locale_is_utf_8(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    async with Console(ascii_borders=True).opened() as console:
        filters = [type(one).__name__ for one in console.app.get_line_filters()]
        assert "AsciiBorders" in filters
        assert "AsciiFilter" not in filters
        await console.press("a")
        await console.until_shown("- Accept this dataset? -")
