"""The console on Textual's own driver, which a variable brings back."""

from __future__ import annotations

import pytest

from tests.pty.session import gerra_tui
from tests.terminal.session import Session

pytestmark = pytest.mark.pty

ALT_ENTER = b"\x1b[13;3u"  # as the kitty protocol has it; ESC CR is Enter to Textual's parser


def test_alt_enter_is_a_newline_where_the_terminal_tells_it_from_enter(
    home: dict[str, str],
) -> None:
    with Session(gerra_tui("--hold", "manual"), environ={**home, "GERRA_RAW": "1"}) as session:
        session.wait_for(" as of ")
        session.settle()
        session.press("r")
        session.wait_for("Reason:")
        session.press("0", "first")
        session.wait_for("first")
        session.send(ALT_ENTER)
        session.press("second")
        session.wait_for("second")
        assert "firstsecond" not in session.text
        assert "outbox empty" in session.text
        assert "Reason:" in session.text
