"""Fields to type in: one line high, without border, blinking or change of colour on focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

if TYPE_CHECKING:
    from textual import events

DIGITS = frozenset("0123456789")
MOST_DIGITS = 9


def is_over(widget: Widget) -> bool:
    """Claims that the dialog of this field is answered: what is typed into it has no meaning."""
    return not (widget.is_attached and widget.screen.is_active)


async def act_in_turn(widget: Widget, event: events.Key) -> bool:
    """Do what a key is bound to in this field or its screen now; false if it is bound to nothing.

    Textual lets a bound key travel up to the app first, where text that was typed after it has
    overtaken it. A slow link delivers keys in one go, and Backspace would delete a later letter.
    """
    if is_over(widget):
        event.stop()
        event.prevent_default()
        return True
    for node in (widget, widget.screen):
        for binding in node._bindings.key_to_bindings.get(event.key, ()):
            if await widget.app.run_action(binding.action, node):
                event.stop()
                event.prevent_default()
                return True
    return False


class Field(Input):
    """One line of text. `select_on_focus` is off: a first key must not wipe what stands there."""

    DEFAULT_CSS = """
    Field, Field:focus {
        background: $boost;
        background-tint: $foreground 0%;
    }
    Field > .input--cursor, Field:ansi > .input--cursor {
        background: $boost;
        color: $foreground;
        text-style: reverse;
    }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            password=password,
            select_on_focus=False,
            compact=True,
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        if is_over(self) or not event.is_printable:
            await act_in_turn(self, event)


class SecretField(Field):
    """A field that never shows or copies what was typed into it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(password=True, id=id)

    @property
    def _value(self) -> Text:
        """Textual's own mask is a bullet, which an ASCII terminal does not have. Should the name
        of this property ever change, that mask is back."""
        return Text("*" * len(self.value), no_wrap=True, overflow="ignore", end="")

    def action_copy(self) -> None:
        """A secret does not go to the clipboard."""

    def action_cut(self) -> None:
        """A secret does not go to the clipboard."""


class NumberField(Widget, can_focus=True):
    """Takes digits, Backspace and Enter; every other key is left to the dialog."""

    DEFAULT_CSS = """
    NumberField { width: 12; height: 1; background: $boost; }
    """

    value: reactive[str] = reactive("")

    class Submitted(Message):
        """Enter was pressed on `value`."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def render(self) -> Text:
        return Text.assemble(self.value, (" ", "reverse" if self.has_focus else ""))

    async def on_key(self, event: events.Key) -> None:
        if event.character in DIGITS and len(self.value) < MOST_DIGITS:
            self.value += event.character or ""
        elif event.key == "backspace":
            self.value = self.value[:-1]
        elif event.key == "enter":
            self.post_message(self.Submitted(self.value))
        else:
            await act_in_turn(self, event)
            return
        event.stop()
