"""All views by name: those beyond the ninth have no key of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding

from gerra_tui.domain.text import clean
from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.widgets.item_list import ItemList
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.domain.view import View

NAME = 16  # cells


class ViewsDialog(Dialog[int | None]):
    """Gives the number of the view to switch to, from 1; null for Esc. `current` 0 is none."""

    AUTO_FOCUS = "ItemList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "switch to it", key_display="Enter"),
        Binding("escape", "leave", "leave it", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    ViewsDialog ItemList { max-height: 14; }
    ViewsDialog.-short ItemList { max-height: 9; }
    """

    def __init__(self, views: Sequence[View], current: int) -> None:
        super().__init__()
        self._views = views
        self._current = current

    def lines(self) -> Iterable[Widget]:
        yield Line("Views", classes="title")
        yield ItemList([self._item(number, view) for number, view in enumerate(self._views, 1)])

    def box_classes(self) -> str:
        return "box wide"

    def on_mount(self) -> None:
        self.query_one(ItemList).move_to(max(0, self._current - 1))

    def _item(self, number: int, view: View) -> str:
        name = fit(clean(view.name, NAME), NAME)
        return f"{number:>2}  {name}  {clean(view.query, 80) or '(everything)'}"

    @on(ItemList.Chosen)
    def action_take(self) -> None:
        self.dismiss((self.query_one(ItemList).cursor or 0) + 1)

    def action_leave(self) -> None:
        self.dismiss(None)
