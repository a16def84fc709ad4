"""The help of a pane, to search and to run from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from gerra_tui.ui.keys.side_commands import HELP
from gerra_tui.ui.screens.framed import FramedScreen
from gerra_tui.ui.screens.help_entries import help_lines
from gerra_tui.ui.screens.pages import PageScreen
from gerra_tui.ui.widgets.field import Field
from gerra_tui.ui.widgets.item_list import ItemList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from gerra_tui.ui.keys.registry import Registry
    from gerra_tui.ui.screens.help_entries import HelpLine


class HelpScreen(FramedScreen):
    """What each key of `context` does, then what else there is to know. `/` searches; Enter closes
    it with `chosen`, the name of a command that is to be run, or opens a page over it."""

    CONTEXT = HELP
    AUTO_FOCUS = "ItemList"
    DEFAULT_CSS = "HelpScreen ItemList { height: 1fr; }"

    def __init__(self, registry: Registry, context: str) -> None:
        super().__init__(registry=registry)
        self._pane = context
        self._lines: list[HelpLine] = []
        self.chosen: str | None = None

    def body(self) -> Iterable[Widget]:
        yield Field(placeholder="words to look for")
        yield ItemList()

    def on_mount(self) -> None:
        self.set_title(f"Help: {self._pane}")
        self.query_one(Field).display = False

    def on_resize(self) -> None:
        self._show()

    def action_search(self) -> None:
        field = self.query_one(Field)
        field.display = True
        field.focus()

    def action_help(self) -> None:
        """This is it."""

    def action_leave(self) -> None:
        field = self.query_one(Field)
        if not field.display:
            self.dismiss(None)
            return
        field.value = ""
        field.display = False
        self.query_one(ItemList).focus()

    @on(Field.Submitted)
    def _searched(self) -> None:
        self.query_one(ItemList).focus()

    @on(Field.Changed)
    def _show(self) -> None:
        words = self.query_one(Field).value
        self._lines = list(help_lines(self.registry, self._pane, words, self.size.width - 2))
        told = [line.text for line in self._lines] or ["Nothing here has all of these words."]
        entries = (at for at, line in enumerate(self._lines) if line.command or line.topic)
        self.query_one(ItemList).show(told, next(entries, 0))

    @on(ItemList.Chosen)
    def action_run(self) -> None:
        at = self.query_one(ItemList).cursor
        line = self._lines[at] if at is not None and at < len(self._lines) else None
        if line is None:
            return
        if line.command is not None:
            self.chosen = line.command
            self.dismiss(None)
        elif line.topic is not None:
            self.app.push_screen(PageScreen(self.registry, line.topic))
