"""One line of text to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding

from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.field import Field
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget


class LineDialog(Dialog[str | None]):
    """Gives what was typed, empty text included, or null for Esc."""

    AUTO_FOCUS = "Field"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave it", key_display="Esc"),
    ]

    def __init__(self, title: str, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._value = value

    def lines(self) -> Iterable[Widget]:
        yield Line(self._title, classes="title")
        yield Field(self._value)

    def box_classes(self) -> str:
        return "box wide"

    def hinted(self) -> Iterable[Binding]:
        return Binding("enter", "", "take it", key_display="Enter"), *super().hinted()

    @on(Field.Submitted)
    def _take(self, event: Field.Submitted) -> None:
        self.dismiss(event.value)

    def action_leave(self) -> None:
        self.dismiss(None)
