"""The command line: any command by its name, however roughly typed, or a row by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.fuzzy import Matcher

from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.keys.names import shown
from gerra_tui.ui.widgets.field import Field
from gerra_tui.ui.widgets.item_list import ItemList
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.ui.keys.commands import Command
    from gerra_tui.ui.keys.registry import Registry

NAMES = 22  # cells


class CommandLine(Dialog[str | None]):
    """Gives a command's name, a row's number in plain digits, or what was typed if it is neither;
    null for Esc, or if nothing was typed or chosen. Offered is what `context` has."""

    AUTO_FOCUS = "Field"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", key_display="Tab"),
        Binding("down", "move(1)", "choose", key_display="Up Down"),
        Binding("up", "move(-1)", show=False),
        Binding("escape", "leave", "leave", key_display="Esc"),
    ]
    # Always as many lines: what matches changes with each key, and the box must not jump.
    DEFAULT_CSS = """
    CommandLine ItemList { height: 10; }
    CommandLine.-short ItemList { height: 7; }
    """

    def __init__(self, registry: Registry, context: str) -> None:
        super().__init__()
        self._commands = registry.in_context(context)
        self._keys = {
            command.name: " ".join(map(shown, registry.keys_of(command.name, context)))
            for command in self._commands
        }
        self._found = list(self._commands)
        self._chosen = False

    def lines(self) -> Iterable[Widget]:
        yield Line("Command, or a row's number", classes="title")
        yield Field()
        listing = ItemList([self._item(command) for command in self._found])
        listing.can_focus = False
        yield listing

    def box_classes(self) -> str:
        return "box wide"

    @property
    def _typed(self) -> str:
        return self.query_one(Field).value.strip()

    def _item(self, command: Command) -> str:
        return f"{command.name:<{NAMES}} {self._keys[command.name]:<8} {command.title}"

    @on(Field.Changed)
    def _search(self) -> None:
        self._chosen = bool(self._typed)
        self._found = ranked(self._commands, self._typed)
        self.query_one(ItemList).show([self._item(command) for command in self._found], 0)

    def hinted(self) -> Iterable[Binding]:
        return Binding("enter", "", "run", key_display="Enter"), *super().hinted()

    @on(Field.Submitted)
    def _take(self, event: Field.Submitted) -> None:
        typed = event.value.strip()
        number = typed.replace(",", "").replace("_", "")
        if number.isdecimal():
            self.dismiss(number)
        elif typed.startswith("help "):
            self.dismiss(typed)  # and a page's name
        elif self._chosen and self._found:
            self.dismiss(self._found[self.query_one(ItemList).cursor or 0].name)
        else:
            self.dismiss(typed or None)

    def action_complete(self) -> None:
        if self._found:
            field = self.query_one(Field)
            field.value = self._found[self.query_one(ItemList).cursor or 0].name
            field.cursor_position = len(field.value)

    def action_move(self, by: int) -> None:
        self._chosen = True
        self.query_one(ItemList).action_move(by)

    def action_leave(self) -> None:
        self.dismiss(None)


def ranked(commands: Iterable[Command], typed: str) -> list[Command]:
    """The commands that `typed` can mean, the likeliest first: the name itself, what it begins,
    then whatever has its letters in this order."""
    wanted = typed.casefold().replace(" ", "_").replace("-", "_")
    if not wanted:
        return list(commands)
    matcher = Matcher(wanted)
    found = []
    for place, command in enumerate(commands):
        name = command.name
        title = command.title.casefold().replace(" ", "_")
        score = max(matcher.match(name), matcher.match(title))
        if score > 0:
            found.append((name != wanted, not name.startswith(wanted), -score, place, command))
    return [command for *_, command in sorted(found, key=lambda entry: entry[:4])]
