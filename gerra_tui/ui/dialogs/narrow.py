"""Which value of the row under the cursor the query is narrowed by."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from gerra_tui.ui.dialogs.description import fit
from gerra_tui.ui.dialogs.dialog import CELLS, Dialog
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import BindingType
    from textual.widget import Widget


class NarrowMenu(Dialog[str | None]):
    """Gives the key of what was chosen, null for Esc. `offers`: by the key, a letter of `tson` or
    a digit, the term that it stands for (clean)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"choose('{key}')", show=False) for key in "tson123456789"),
        Binding("escape", "leave", "leave it", key_display="Esc"),
        Binding("q", "leave", show=False),
    ]

    def __init__(self, title: str, offers: Mapping[str, str]) -> None:
        super().__init__()
        self._title = title
        self._offers = offers

    def lines(self) -> Iterable[Widget]:
        yield Line(self._title, classes="title")
        for key, offer in self._offers.items():
            yield Line(f"{key}  {fit(offer, CELLS - 3)}")

    def action_choose(self, key: str) -> None:
        if key in self._offers:
            self.dismiss(key)

    def action_leave(self) -> None:
        self.dismiss(None)
