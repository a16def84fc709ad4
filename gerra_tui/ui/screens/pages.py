"""The pages of the documentation, on the screen: `:help TOPIC`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui import docs
from gerra_tui.ui.keys.side_commands import HELP
from gerra_tui.ui.present.cells import wrapped
from gerra_tui.ui.screens.framed import FramedScreen, Page
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from gerra_tui.ui.keys.registry import Registry


class PageScreen(FramedScreen):
    """One page, as it is written. Raises `KeyError` for a topic that there is none of."""

    CONTEXT = HELP
    AUTO_FOCUS = "Page"

    def __init__(self, registry: Registry, topic: str) -> None:
        super().__init__(registry=registry)
        self._topic = topic
        self._page = docs.page(topic)

    def body(self) -> Iterable[Widget]:
        with Page():
            yield Line(id="text")

    def on_mount(self) -> None:
        self.set_title(f"Help: {self._topic}")

    def on_resize(self) -> None:
        lines = (part for line in self._page.split("\n") for part in wrapped(line, self.size.width))
        self.query_one("#text", Line).say("\n".join(lines))

    def action_search(self) -> None:
        """A page is short enough to read."""

    def action_run(self) -> None:
        """A page is to be read."""

    def action_help(self) -> None:
        """This is it."""
