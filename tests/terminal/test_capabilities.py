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
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 0),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, 256),
    ],
)
def test_as_many_colours_as_the_terminal_has(environ: dict[str, str], colors: int) -> None:
    assert Capabilities.of(environ, "utf-8").colors == colors


@pytest.mark.parametrize(
    ("encoding", "unicode"),
    [("utf-8", True), ("UTF8", True), ("ANSI_X3.4-1968", False), ("latin-1", False), ("?", False)],
)
def test_ascii_where_nothing_else_arrives(encoding: str, unicode: bool) -> None:
    assert Capabilities.of({"TERM": "xterm"}, encoding).unicode is unicode


def test_no_mouse_over_ssh() -> None:
    assert Capabilities.of({"TERM": "xterm"}, "utf-8").mouse
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        assert not Capabilities.of({"TERM": "xterm", name: "x"}, "utf-8").mouse


def test_tmux_is_known_by_its_variable() -> None:
    assert Capabilities.of({"TERM": "screen", "TMUX": "server,1,0"}, "utf-8").tmux
    assert not Capabilities.of({"TERM": "tmux-256color"}, "utf-8").tmux


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_a_terminal_without_a_screen_is_told_so(term: str) -> None:
    able = Capabilities.of({"TERM": term}, "utf-8")
    assert not able.usable
    assert able.unusable is not None
    assert "TERM" in able.unusable


def test_a_pipe_is_no_terminal() -> None:
    able = Capabilities.of({"TERM": "xterm"}, "utf-8", tty=False)
    assert not able.usable
    assert "not a terminal" in (able.unusable or "")
    assert Capabilities.of({"TERM": "xterm"}, "utf-8").usable
