"""The next start comes back to where the last one was, also after a dropped connection."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.pty.reviewing import control, under_cursor
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

QUERY = "status:pending type:synthetic_pov size>1MB"
AWAY = [{"fault": "503", "match": {"path": "/datasets*"}, "times": None}]
DRAFT = "Gripper leaves the frame"


def come_back(demo: DemoHost) -> None:
    """The service answers again."""
    headers = {"Gerra-Api-Key": demo.api_key}
    httpx.delete(f"{demo.base_url}/_demo/faults", headers=headers).raise_for_status()


def leave_in_the_middle(environ: dict[str, str], *, walked: int) -> str:
    """A session with all that can be kept, cut off; gives the id under the cursor."""
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.wait_for(" as of ")
        terminal.press("3")
        terminal.wait_for(r"/ status:pending type:synthetic_pov ")
        terminal.press("/")
        terminal.settle()
        terminal.press(" size>1MB", "Enter")
        terminal.wait_for("here: size")
        terminal.press("o")
        terminal.wait_for("Sort by")
        terminal.press("j", "j", "j", "Enter")
        terminal.wait_until_gone("Sort by")
        terminal.press("g")
        terminal.wait_for(" 1/")
        terminal.wait_for(r" UPD.*\n>   [^ .]")
        terminal.settle()
        terminal.press("r")
        terminal.wait_for("Reason:")
        terminal.press(DRAFT)
        terminal.wait_for(DRAFT)
        terminal.press("Esc")
        terminal.wait_until_gone("Reason:")
        terminal.press("Space")
        terminal.wait_for("1 marked")
        terminal.press("Space")
        terminal.wait_for("2 marked")
        for _ in range(walked):
            terminal.press("j")
        terminal.wait_for(f" {walked + 3}/")
        here = under_cursor(terminal)
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.wait_for_end() == 129
    return here


def test_all_comes_back_after_a_dropped_connection(demo: DemoHost, environ: dict[str, str]) -> None:
    here = leave_in_the_middle(environ, walked=9)
    control(demo, "faults", AWAY)
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(r"cached \d\d:\d\d")
        assert under_cursor(terminal) == here
        terminal.wait_for(re.escape(f"/ {QUERY} "))
        terminal.wait_until(lambda: current_tab(terminal) == "3 POV", "another view")
        sizes = [
            float(size) for size in re.findall(r"(?m)^.[ *] [^│]* ([\d.]+) MB ", terminal.text)
        ]
        assert len(sizes) > 20
        assert sizes == sorted(sizes)
        assert len(re.findall(r"(?m)^ \*  ", terminal.text)) == 2
        row = terminal.wait_for(r"(?m)^>   ([^ .].{27})")[0]
        came_meanwhile = control(demo, "arrive", {"count": 3, "data_type": "synthetic_pov"})
        come_back(demo)
        terminal.wait_for(" as of ")
        assert here not in came_meanwhile["ids"]
        assert under_cursor(terminal) == here
        assert row in terminal.text

        terminal.press("a")
        terminal.wait_for("Keep 2 marks of the last session")
        terminal.press("y")
        terminal.wait_for("2 marks kept")
        terminal.press("Esc")
        terminal.wait_until_gone("2 marked")
        terminal.press("/")
        terminal.settle()
        terminal.press("C-u", "Up")
        terminal.wait_for(re.escape(f"/ {QUERY}"))
        terminal.press("Esc")
        terminal.settle()
        terminal.press("g")
        terminal.wait_for(" 1/")
        terminal.wait_for(r" UPD.*\n>   [^ .]")
        terminal.settle()
        for _ in range(5):  # what came meanwhile may be smaller
            under_cursor(terminal)
            terminal.press("r")
            terminal.wait_for("Reason:")
            terminal.settle()
            if DRAFT in terminal.text:
                break
            terminal.press("Esc")
            terminal.wait_until_gone("Reason:")
            terminal.press("j")
        assert DRAFT in terminal.text


def test_the_cursor_comes_back_to_a_row_that_was_not_kept(
    demo: DemoHost, environ: dict[str, str]
) -> None:
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(" as of ")
        terminal.press(":", "500", "Enter")
        terminal.wait_for(" 500/")
        terminal.wait_for(ROW)
        here = under_cursor(terminal)
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.wait_for_end() == 129
    control(demo, "arrive", {"count": 5})
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(" as of ")
        terminal.wait_for(f" 50\\d/[0-9,]+  {here}")
        terminal.wait_for(ROW)
        assert under_cursor(terminal) == here


def test_fresh_ignores_the_last_session_and_does_not_forget_its_draft(
    environ: dict[str, str],
) -> None:
    leave_in_the_middle(environ, walked=1)
    with TerminalSession(gerra_tui("--fresh"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.wait_for(" as of ")
        assert b"cached" not in terminal.raw
        assert current_tab(terminal) == "1 Pending"
        terminal.wait_for(r"/ status:pending  ")
        terminal.wait_for(" 1/")
        assert "marked" not in terminal.text
        assert "sorted within" not in terminal.text
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    with TerminalSession(gerra_tui(QUERY), environ=environ) as terminal:
        terminal.wait_for(" as of ")
        terminal.press("o")
        terminal.wait_for("Sort by")
        terminal.press("j", "j", "j", "Enter")
        terminal.wait_until_gone("Sort by")
        terminal.press("g")
        terminal.wait_for(" 1/")
        terminal.wait_for(r" UPD.*\n>   [^ .]")
        terminal.settle()
        terminal.press("r")
        terminal.wait_for(DRAFT)


def current_tab(terminal: TerminalSession) -> str:
    """The view that is highlighted, without its count."""
    cells = [terminal.screen.buffer[1][x] for x in range(terminal.screen.columns)]
    shown = "".join(cell.data for cell in cells if cell.reverse)
    return re.sub(r" [0-9,]+$", "", shown.strip())
