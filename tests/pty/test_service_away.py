"""Keys never wait for the service: not while every request hangs, not at the start either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pty.reviewing import control
from tests.pty.session import gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

HANG = [{"fault": "hang-before", "match": {"origin": "api"}, "times": 10_000}]
AT_ONCE = 25.0  # seconds, generous: a call that hangs is given up after 30


def test_every_key_draws_while_every_request_hangs(demo: DemoHost, environ: dict[str, str]) -> None:
    with Session(gerra_tui("--hold", "manual"), environ=environ) as session:
        session.wait_for(" as of ")
        session.settle()
        control(demo, "faults", HANG)
        session.press("Down")
        session.wait_for(" 2/", seconds=AT_ONCE)
        session.press("PageDown")
        session.wait_for(" 37/", seconds=AT_ONCE)
        session.press("Enter")
        session.wait_for("RECORD", seconds=AT_ONCE)  # the last part: all of the height is its own
        session.press("Esc", "Home")
        session.wait_for(" 1/", seconds=AT_ONCE)
        session.settle()  # what is not painted yet is not decided
        session.press("a")
        session.wait_for("Accept this dataset?", seconds=AT_ONCE)
        session.press("y")
        session.wait_for("ACC held", seconds=AT_ONCE)
        session.press("G")
        session.wait_for("...", seconds=AT_ONCE)  # rows on their way
        session.press("Up", "PageUp", "Home")
        session.wait_for(" 1/", seconds=AT_ONCE)
        for keys, shows in (
            ("$", "n send"),
            ("?", "Help: list"),
            ("S", "Reading the counts"),
            ("/", "Tab"),
        ):
            session.press(keys)
            session.wait_for(shows, seconds=AT_ONCE)
            session.press("Esc")
            session.wait_until(lambda: "1 Pending" in session.text, seconds=AT_ONCE)
        session.press("2")
        session.wait_for("Loading ...", seconds=AT_ONCE)
        session.press("q")
        session.wait_for("k keep", seconds=AT_ONCE)
        session.press("k")
        assert session.wait_for_end(seconds=AT_ONCE) == 0


def test_the_kept_rows_can_be_walked_while_the_first_answer_is_awaited(
    demo: DemoHost, environ: dict[str, str]
) -> None:
    with Session(gerra_tui(), environ=environ) as session:
        session.wait_for(" as of ")
        session.press("q")
        assert session.wait_for_end() == 0
    control(demo, "faults", HANG)
    with Session(gerra_tui(), environ=environ) as session:
        session.wait_for("cached ")
        session.wait_until(lambda: b"\x1b[6n" in session.raw, "keys are never taken")
        session.press("Down", "PageDown")
        session.wait_for(" 37/", seconds=AT_ONCE)
        session.press("?")
        session.wait_for("Help: ", seconds=AT_ONCE)
        session.press("Esc")
        session.wait_for("1 Pending", seconds=AT_ONCE)
        session.press("q")
        assert session.wait_for_end(seconds=AT_ONCE) == 0
