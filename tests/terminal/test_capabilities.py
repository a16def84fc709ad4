"""What is drawn suits the terminal, before anything is drawn."""

from __future__ import annotations

import pytest

from gerra_tui.terminal.capabilities import Capabilities


@pytest.mark.parametrize(
    ("environ", "colors"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 2**24),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, 2**24),
        ({"TERM": "xterm-direct"}, 2**24),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "screen-256color", "COLORTERM": ""}, 256),
        ({"TERM": "xterm-kitty"}, 256),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "linux"}, 16),
        ({"TERM": "screen"}, 16),
        ({"TERM": "xterm-mono"}, 0),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 0),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, 256),
    ],
)
def test_as_many_colours_as_the_terminal_has(environ: dict[str, str], colors: int) -> None:
    assert Capabilities.of(environ).colors == colors


@pytest.mark.parametrize(
    ("environ", "unicode"),
    [
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "de_DE.utf8@euro"}, True),
        ({"LC_CTYPE": "UTF-8"}, True),
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "C"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, False),  # what Python puts there for the C locale
        ({}, False),
    ],
)
def test_ascii_is_chosen_where_the_locale_is_not_utf_8(
    environ: dict[str, str], unicode: bool
) -> None:
    assert Capabilities.of({"TERM": "xterm", **environ}).unicode is unicode


def test_faint_is_hard_to_read_on_the_linux_console() -> None:
    assert not Capabilities.of({"TERM": "linux"}).faint
    assert Capabilities.of({"TERM": "xterm"}).faint


def test_tmux_is_known_by_its_variable() -> None:
    assert Capabilities.of({"TERM": "screen", "TMUX": "server,1,0"}).tmux
    assert not Capabilities.of({"TERM": "tmux-256color"}).tmux


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_a_terminal_without_a_screen_is_told_so(term: str) -> None:
    told = Capabilities.of({"TERM": term}).unusable
    assert told is not None
    assert (f"TERM={term}" if term else "TERM is not set") in told
    assert "TERM=xterm gerra-tui" in told


@pytest.mark.parametrize("term", ["xterm", "screen.xterm-256color", "linux", "tmux-256color"])
def test_any_other_has_one(term: str) -> None:
    assert Capabilities.of({"TERM": term}).unusable is None


@pytest.mark.parametrize(
    ("told", "light"),
    [("0;15", True), ("0;default;15", True), ("0;7", True), ("15;0", False), ("", False)],
)
def test_a_light_background_is_known_where_the_terminal_tells(told: str, light: bool) -> None:
    assert Capabilities.of({"TERM": "rxvt", "COLORFGBG": told}).light is light
    assert not Capabilities.of({"TERM": "xterm"}).light
