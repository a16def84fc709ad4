"""The data behind the rows, looked at in a real terminal, over a real storage."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.pty.reviewing import LOOKED
from tests.pty.session import ROW, TerminalSession, gerra_tui

pytestmark = pytest.mark.pty

SECRET = b"X-Amz-Signature"
EVIDENCE = r"EVIDENCE \w+ [\d.]+ .?B(ytes)? +[123] requests?, \d+ kB"


def test_a_resting_cursor_shows_what_lies_behind_the_link_and_then_nothing_is_sent(
    environ: dict[str, str],
) -> None:
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.wait_for(LOOKED)
        terminal.wait_for(EVIDENCE)
        terminal.wait_for("size  ")
        terminal.settle(1.0)  # the one ahead is looked at, too
        before = len(terminal.raw)
        time.sleep(1.0)
        terminal.settle(0.1)
        assert len(terminal.raw) == before

        terminal.press("j")
        terminal.wait_for(" 2/")
        terminal.wait_for(LOOKED)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert SECRET not in terminal.raw

    kept = list(Path(environ["XDG_CACHE_HOME"], "gerra-tui", "evidence").iterdir())
    assert len(kept) >= 2
    for file in kept:
        assert SECRET not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


def test_members_and_pictures_of_a_file_are_shown_and_a_verdict_given_beside_them(
    environ: dict[str, str],
) -> None:
    arguments = gerra_tui("--images", "palette", "type:synthetic_third_person")
    with TerminalSession(arguments, environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.wait_for(LOOKED)
        terminal.press("b")
        terminal.wait_for(r"FILES  \d+ members?  \d+ requests?, \d+ kB")
        terminal.press("t")
        terminal.wait_for(r"PICTURES  \d+ of \d+  \d+ requests?, \d+ kB")
        assert b"48;5;" in terminal.raw
        assert b"48;2;" not in terminal.raw
        terminal.press("]")
        terminal.wait_for(r"PICTURES  1 of \d+  ")
        terminal.settle(0.5)
        before = len(terminal.raw)
        time.sleep(1.0)
        terminal.settle(0.1)
        assert len(terminal.raw) == before
        terminal.press("a")
        terminal.wait_for(r"Accept this dataset\?")
        terminal.press("n")
        terminal.press("Esc")
        terminal.wait_for(r" SIZE +UPD")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert SECRET not in terminal.raw
