"""The smallest Textual program that shows something: what any start in Textual costs."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Smallest(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("ready")


if __name__ == "__main__":
    Smallest().run(mouse=False)
