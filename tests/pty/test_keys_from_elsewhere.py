"""Keys that a terminal, a keyboard or the environment sends, and nobody meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pty.reviewing import posts
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pty


def test_alt_with_a_letter_decides_nothing_and_does_not_end_the_console(
    environ: dict[str, str], record: Path
) -> None:
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        for sequence in ("\x1ba", "\x1br", "\x1bQ", "\x1bs"):
            terminal.press(sequence, pause=0.1)
        terminal.settle()
        assert "this dataset?" not in terminal.text
        assert "Set aside" not in terminal.text
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert posts(record) == []


def test_the_environment_presses_no_keys(environ: dict[str, str], record: Path) -> None:
    steering = {
        "TEXTUAL_PRESS": "wait:1000,a,wait:300,y",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_DRIVER": "no.such:Driver",
        "TEXTUAL_SCREENSHOT": "1",
    }
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ | steering) as terminal:
        terminal.wait_for(ROW)
        terminal.read_for(2.5)
        terminal.settle()
        assert "this dataset?" not in terminal.text
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert posts(record) == []


def test_a_query_typed_before_the_first_screen_is_seen(environ: dict[str, str]) -> None:
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.press("/mug")
        terminal.wait_for("/ status:pending mug")
        terminal.press("Enter")
        terminal.wait_for("here: mug")


def test_a_terminal_one_column_wide_for_a_moment_goes_on_as_before(
    environ: dict[str, str],
) -> None:
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.resize(1, 24)
        terminal.read_for(0.5)
        terminal.resize(120, 40)
        terminal.wait_for(ROW)
        terminal.settle(0.5)
        before = terminal.written
        terminal.press("j")
        terminal.settle()
        assert terminal.written - before < 5_000
