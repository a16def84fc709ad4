"""The terminal's own cursor stands where the reviewer reads: screen readers follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.pty


def line_at_cursor(terminal: TerminalSession) -> str:
    return str(terminal.screen.display[terminal.screen.cursor.y])


def stands(terminal: TerminalSession, so: Callable[[str], bool]) -> None:
    terminal.wait_until(lambda: so(line_at_cursor(terminal)), "the cursor stands elsewhere")


def test_the_terminal_s_cursor_is_where_the_reviewer_is(home: dict[str, str]) -> None:
    with TerminalSession(gerra_tui(), environ=home) as terminal:
        terminal.wait_for(ROW)
        for key in ("j", "j", "PageDown", "k"):
            terminal.press(key)
            terminal.settle()
            stands(terminal, lambda line: line.startswith(">"))
            assert terminal.screen.cursor.x == 0
        assert terminal.screen.cursor.hidden
        terminal.press("a")
        terminal.wait_for("Accept this dataset")
        stands(terminal, lambda line: "Accept this dataset?" in line)
        terminal.press("n")
        terminal.wait_until_gone("Accept this dataset")
        stands(terminal, lambda line: line.startswith(">"))
        terminal.press("/")
        terminal.press("mug")
        terminal.wait_for("status:pending mug")
        stands(terminal, lambda line: "status:pending mug" in line)
        terminal.press("Esc")
        stands(terminal, lambda line: line.startswith(">"))
        terminal.press("?")
        terminal.wait_for("Help: list")
        terminal.press("j", "j")
        stands(terminal, lambda line: line.startswith(">"))
        terminal.press("q")
        stands(terminal, lambda line: line.startswith(">"))
        terminal.press("q")
        assert terminal.wait_for_end() == 0
