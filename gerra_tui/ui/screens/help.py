"""The keys of a pane, from the registry, searchable."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from textual import on

from gerra_tui.ui.commands import CONTEXTS
from gerra_tui.ui.dialogs.dialog import Line
from gerra_tui.ui.dialogs.field import Field
from gerra_tui.ui.registry import shown
from gerra_tui.ui.screens.side import Page, SideScreen
from gerra_tui.ui.side_commands import HELP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.widget import Widget

    from gerra_tui.ui.commands import Command
    from gerra_tui.ui.registry import Registry

KEYS = 13  # cells
NAMES = 20


class HelpScreen(SideScreen):
    """What each key of `context` does; then what other panes have. `/` searches."""

    CONTEXT = HELP
    AUTO_FOCUS = "Page"

    def __init__(self, registry: Registry, context: str) -> None:
        super().__init__(registry=registry)
        self._pane = context

    def body(self) -> Iterable[Widget]:
        yield Field(placeholder="words to look for")
        with Page():
            yield Line(id="text")

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
        self.query_one(Page).focus()

    @on(Field.Submitted)
    def _searched(self) -> None:
        self.query_one(Page).focus()

    @on(Field.Changed)
    def _show(self) -> None:
        words = self.query_one(Field).value
        lines = list(describe(self.registry, self._pane, words, self.size.width))
        self.query_one("#text", Line).say("\n".join(lines or ["No key has all of these words."]))


def describe(registry: Registry, context: str, words: str, width: int) -> Iterator[str]:
    """The commands that have each of `words` in key, name or text; the context's own first."""
    here = registry.in_context(context)
    panes = registry.commands if context in CONTEXTS else ()
    others = [command for command in panes if command not in here]
    for title, commands in (("", here), ("ELSEWHERE", others)):
        where = {command: command.contexts[0] if title else context for command in commands}
        found = [
            line
            for command in commands
            for line in _lines(registry, command, where[command], words, width)
        ]
        if title and found:
            yield from ("", title)
        yield from found


def _lines(
    registry: Registry, command: Command, context: str, words: str, width: int
) -> Iterator[str]:
    keys = " ".join(shown(key) for key in registry.keys_of(command.name, context))
    text = f"{keys} {command.name} {command.title} {command.help}"
    if not all(word in text or word in text.casefold() for word in words.split()):
        return
    head = f"{keys:<{KEYS}} {command.name:<{NAMES}} "
    first, *more = wrap(command.help, max(20, width - len(head))) or [""]
    yield head + first
    yield from (" " * len(head) + line for line in more)
