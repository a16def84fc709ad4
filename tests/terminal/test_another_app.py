"""Another Textual program takes the terminal layer as its docstring says."""

from __future__ import annotations

import sys

import pytest

from tests.terminal.session import Session

pytestmark = pytest.mark.pty

COUNTER = """
from textual.app import App
from textual.widgets import Static

from gerra_tui.terminal.driver import CellDriver


class Counter(App):
    count = 0

    def compose(self):
        yield Static("Größe: 漢字 ✓", id="title")
        yield Static("pressed 0 times", id="told")

    def on_key(self):
        self.count += 1
        self.query_one("#told").update(f"pressed {self.count} times")
        if self.count == 3:
            self.exit()


Counter(driver_class=CellDriver).run()
"""


def test_a_small_program_of_someone_else_shows_its_text() -> None:
    with Session([sys.executable, "-c", COUNTER]) as session:
        session.wait_for("pressed 0 times")
        lines = session.text.splitlines()
        assert lines[0].rstrip() == "Größe: 漢字 ✓"
        assert lines[1].rstrip() == "pressed 0 times"
        for count in (1, 2):
            session.press("Enter")
            session.wait_for(f"pressed {count} times")
        session.settle()
        assert session.text.splitlines()[:2] == [*lines[:1], lines[1].replace("0", "2")]
        session.press("Enter")
        assert session.wait_for_end() == 0
        assert session.attributes_now == session.attributes
        assert 1049 not in session.emulator.modes
