"""The pager and the editor get the terminal, and the screen is there again after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pty.pair import look
from tests.pty.session import gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pty

PROGRAM = """#!/bin/sh
echo "the other program was here"
read answer < /dev/tty
"""


@pytest.mark.parametrize(("variable", "key"), [("PAGER", "e"), ("EDITOR", "E")])
def test_another_program_has_the_terminal_to_itself_and_gives_it_back(
    home: dict[str, str], tmp_path: Path, variable: str, key: str
) -> None:
    program = tmp_path / "program"
    program.write_text(PROGRAM, encoding="ascii")
    program.chmod(0o700)
    environ = {**home, "PAGER": "false", "EDITOR": "false", variable: str(program)}
    with Session(gerra_tui("--hold", "manual"), environ=environ) as session:
        session.wait_for(" as of ")
        session.settle(0.5)
        before = look(session)
        session.press(key)
        session.wait_for("the other program was here")
        assert 1049 not in session.emulator.modes
        session.press("Enter")
        if variable == "PAGER":  # it ended within a second of its start
            session.wait_for("any key goes back")
            session.press("Enter")
        session.wait_until(lambda: look(session) == before, "not what was there before", 30)
        session.press("Down")
        session.wait_for(" 2/")
