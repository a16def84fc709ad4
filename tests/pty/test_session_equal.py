"""A whole session of the console: after each step the screen is what Textual's driver shows."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty.pair import Pair, look, still_service
from tests.terminal.test_driver import state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

LIST = "1 Pending"


@pytest.fixture(scope="module")
def still() -> Iterator[DemoHost]:
    with still_service() as host:
        yield host


def test_walking_and_looking(still: DemoHost, tmp_path: Path) -> None:
    with Pair(still, tmp_path) as pair:
        pair.begin()
        pair.step(" 3/", *["Down"] * 3, "Up")
        pair.step(" 36/", *["Down"] * 33)
        pair.step(" 38/", *["Down"] * 2)
        pair.step(" 73/", "PageDown")
        pair.step(" 38/", "PageUp")
        pair.step(" 1/", "Home")
        pair.step("METADATA", "Enter")
        pair.step("METADATA", "Down", "PageDown")
        pair.step(LIST, "Esc")
        pair.step(LIST, "p")
        pair.step("METADATA", "p")
        pair.step(LIST, "P")
        pair.step(LIST, "P", "J", "J")
        pair.step(" marked", " ", " ")
        pair.step("7 Rejected", "7")
        pair.step(LIST, "1")


def test_deciding_asking_and_other_screens(still: DemoHost, tmp_path: Path) -> None:
    with Pair(still, tmp_path) as pair:
        pair.begin()
        pair.step("Accept this dataset?", "a")
        pair.step(LIST, "n")
        pair.step("Reject this dataset?", "r")
        pair.step("Esc keep draft", "1")
        pair.step("cracked lid", " cracked lid")
        pair.step("Draft kept", "Esc")
        pair.step("Accept this dataset?", "a")
        pair.step("outbox: 1 held", "y")
        pair.step("n send", "$")
        pair.step("Help", "?")
        pair.step("n send", "Esc")
        pair.step(LIST, "Esc")
        pair.step("Statistics", "S")
        pair.step(LIST, "Esc")
        pair.step("Help: list", "?")
        pair.step("Help: list", "PageDown")
        pair.step(LIST, "Esc")
        pair.step("Did you mean", "/", " type:epi")
        pair.step(" 1/", "Tab", "Enter")
        pair.step("accept", ":", "ac")
        pair.step(LIST, "Esc")
        pair.step("Copy", "y")
        pair.step(LIST, "Esc")
        pair.step("k keep", "q")
        pair.step(LIST, "Esc")


def test_sizes_and_suspension(still: DemoHost, tmp_path: Path) -> None:
    with Pair(still, tmp_path) as pair:
        pair.begin()
        pair.step(" 38/", "PageDown", "Down", "Down")
        pair.resize(" 38/", 80, 24)
        pair.resize("Terminal too small", 50, 12)
        pair.resize(" 38/", 200, 50)
        pair.step("Accept this dataset?", "a")
        pair.resize("Accept this dataset?", 120, 40)
        pair.step(LIST, "n")
        before = look(pair.plain)
        ours = pair.ours
        ours.signal(signal.SIGTSTP)
        ours.wait_until(lambda: state(ours) == "T", "it does not stop")
        ours.settle()
        assert 1049 not in ours.emulator.modes
        ours.signal(signal.SIGCONT)
        ours.wait_until(lambda: look(ours) == before, "not what was there before")
        pair.step(" 37/", "Up")
