"""The console on Textual's own driver, which a variable brings back."""

from __future__ import annotations

import time

import pytest

from gerra_tui.terminal.shown import UNTOLD
from tests.pty.session import gerra_tui
from tests.terminal.session import Session

pytestmark = pytest.mark.pty

ALT_ENTERS = [b"\x1b[13;3u", b"\x1b\r"]  # as the kitty protocol has it, and as all others do


@pytest.mark.parametrize("alt_enter", ALT_ENTERS)
def test_alt_enter_is_a_newline_however_the_terminal_says_it(
    home: dict[str, str], alt_enter: bytes
) -> None:
    with Session(gerra_tui("--hold", "manual"), environ={**home, "GERRA_RAW": "1"}) as session:
        session.wait_for(" as of ")
        session.settle()
        time.sleep(UNTOLD)  # this driver never hears what the terminal has shown
        session.press("r")
        session.wait_for("Reason:")
        session.press("0", "first")
        session.wait_for("first")
        session.send(alt_enter)
        session.press("second")
        session.wait_for("second")
        assert "firstsecond" not in session.text
        assert "outbox empty" in session.text
        assert "Reason:" in session.text
