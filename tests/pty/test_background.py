"""The theme follows what the terminal says of its background; nothing waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.pty

QUESTION = b"\x1b]11;?\x07"


def colour_of_demo(terminal: TerminalSession) -> str:
    line = next(y for y, row in enumerate(terminal.screen.display) if " DEMO " in row)
    column = terminal.screen.display[line].index("DEMO")
    return str(terminal.screen.buffer[line][column].fg)


@pytest.mark.parametrize(
    ("answer", "colour"),
    [
        (["\x1b]11;rgb:ffff/ffff/ffff\x1b\\"], "red"),
        (["\x1b]11;rgb:ff", "ff/ffff/ffff\x07"], "red"),
        (["\x1b]11;rgb:1e1e/1e1e/1e1e\x07"], "brown"),  # yellow, as pyte calls it
        (["\x1b]11;nothing of the kind\x07"], "brown"),
        ([], "brown"),
    ],
    ids=["white", "in pieces", "dark", "odd", "none"],
)
def test_on_white_nothing_is_yellow(answer: Sequence[str], colour: str) -> None:
    with TerminalSession(gerra_tui("--demo"), environ={"TERM": "xterm-256color"}) as terminal:
        terminal.wait_for(ROW)
        assert terminal.raw.count(QUESTION) == 1
        for piece in answer:
            terminal.press(piece, pause=1.3)
        terminal.press("j")
        terminal.wait_for(" 2/")
        terminal.wait_until(lambda: colour_of_demo(terminal) == colour, "another colour")
        assert "this dataset?" not in terminal.text
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("environ", [{"TERM": "screen"}, {"TERM": "linux"}, {"NO_COLOR": "1"}])
def test_who_would_not_answer_is_not_asked(environ: dict[str, str]) -> None:
    with TerminalSession(gerra_tui("--demo"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        assert QUESTION not in terminal.raw
        terminal.press("q")
        assert terminal.wait_for_end() == 0
