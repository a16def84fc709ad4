"""Shows every key and paste that arrives, in the order of arrival."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.widgets import Static

from gerra_tui.terminal.driver import CellDriver

if TYPE_CHECKING:
    from textual import events


class KeysApp(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__(driver_class=CellDriver, ansi_color=True)
        self.arrived: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("nothing yet")

    def on_key(self, event: events.Key) -> None:
        if event.key == "q":
            self.exit()
        self._show(event.key)

    def on_paste(self, event: events.Paste) -> None:
        self._show(f"paste of {event.text!r}")

    def _show(self, what: str) -> None:
        self.arrived.append(what)
        self.query_one(Static).update("\n".join([*self.arrived[-20:], "."]))


if __name__ == "__main__":
    sys.exit(KeysApp().run(mouse=False))
