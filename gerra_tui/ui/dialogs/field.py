"""Fields to type in: one line high, without border, blinking or change of colour on focus."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Input


class Field(Input):
    """One line of text. `select_on_focus` is off: a first key must not wipe what stands there."""

    DEFAULT_CSS = """
    Field, Field:focus {
        background: $boost;
        background-tint: $foreground 0%;
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
