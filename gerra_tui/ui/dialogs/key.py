"""Asking for the API key, where none was found or the service refused it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal

from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.field import SecretField
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

MALFORMED = "A key is printable ASCII without spaces: this is something else."


class KeyDialog(Dialog[str | None]):
    """Gives the key, or null for Esc.

    `source` says where a key comes from or was looked for, `problem` what was wrong with it.
    """

    AUTO_FOCUS = "#key"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "go on without", key_display="Esc"),
    ]

    def __init__(self, source: str, problem: str | None = None) -> None:
        super().__init__()
        self._source = source
        self._problem = problem

    def lines(self) -> Iterable[Widget]:
        yield Line("The service needs an API key", classes="title")
        if self._problem:
            yield Line(self._problem, classes="warning")
        yield Line(self._source)
        with Horizontal(classes="entry"):
            yield Line("Key: ")
            yield SecretField(id="key")
        yield Line("Used until this console ends, and stored nowhere.")
        yield Line("", id="complaint", classes="warning")

    def box_classes(self) -> str:
        return "box wide"

    def hinted(self) -> Iterable[Binding]:
        return Binding("enter", "", "use it", key_display="Enter"), *super().hinted()

    @on(SecretField.Submitted)
    def _use(self, event: SecretField.Submitted) -> None:
        key = event.value.strip()
        if not key:
            return
        # A header's value: RFC 9110 allows more, but no key has been seen that needs it.
        if not all("!" <= character <= "~" for character in key):
            self.query_one("#complaint", Line).say(MALFORMED)
            return
        self.dismiss(key)

    def action_leave(self) -> None:
        self.dismiss(None)
