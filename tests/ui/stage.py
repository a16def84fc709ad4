"""A small app to show a dialog or a screen on, over rows like those of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.widgets import Static

from gerra_tui.ui.theme import TERMINAL

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen

Answer = TypeVar("Answer")
NAMED = {"enter": "\r", "space": " ", "tab": "\t", "escape": "\x1b", "backspace": "\x7f"}


class Stage(App[None]):
    """`answers` collects what the dialogs shown on it gave back, in order."""

    CSS = ".row { height: 1; } Screen { scrollbar-size: 0 0; }"

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__(ansi_color=True)
        self.register_theme(TERMINAL)
        self.theme = TERMINAL.name
        self._first = screen
        self.answers: list[Any] = []

    def compose(self) -> ComposeResult:
        for number in range(60):
            yield Static(
                f"  pending    Kitchen wipe, take {number}   episode   3.4 GB", markup=False
            )

    def on_mount(self) -> None:
        self.push_screen(self._first, self.answers.append)


def press_at_once(app: App[Any], *keys: str) -> None:
    """Press keys as a slow link delivers them: all before the first one has had any effect."""
    for key in keys:
        character = NAMED.get(key, key if len(key) == 1 else None)
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, character))


def lines_of(app: App[Any]) -> list[str]:
    """The text on the screen, a line each, trailing blanks cut."""
    screen = app.screen
    return [
        "".join(segment.text for segment in strip).rstrip()
        for strip in screen._compositor.render_strips(screen.size)
    ]


def text_of(app: App[Any]) -> str:
    return "\n".join(lines_of(app))


def boxed(app: App[Any]) -> list[str]:
    """The lines of the dialog's box, the two borders included."""
    region = app.screen.query_one(".box").region
    inside = slice(region.x + 1, region.right - 1)
    return [line[inside].strip() for line in lines_of(app)[region.y : region.bottom]]


def colours(app: App[Any]) -> list[list[tuple[str, object, object]]]:
    """Each character on the screen with its two colours; a blank has but its background."""
    screen = app.screen
    return [
        [
            (
                character,
                segment.style.color if segment.style and character != " " else None,
                segment.style.bgcolor if segment.style else None,
            )
            for segment in strip
            for character in segment.text
        ]
        for strip in screen._compositor.render_strips(screen.size)
    ]
