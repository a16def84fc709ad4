"""By which column the list is sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding

from gerra_tui.domain.columns import UNSORTED
from gerra_tui.domain.text import clean
from gerra_tui.domain.view import Column, Sort
from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.item_list import ItemList
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget


class SortDialog(Dialog[Sort | None]):
    """Gives the order to have from now on: null is the service's own, Esc the current one.

    The column of the current order again is the same order reversed.
    """

    AUTO_FOCUS = "ItemList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "sort; again: reverse", key_display="Enter"),
        Binding("escape", "leave", "leave it", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    SortDialog ItemList { max-height: 14; }
    SortDialog.-short ItemList { max-height: 9; }
    """

    def __init__(self, columns: Sequence[str], current: Sort | None) -> None:
        super().__init__()
        self._columns = [name for name, _ in map(Column.of, columns) if name not in UNSORTED]
        self._current = current
        if current and current.column not in self._columns:
            self._columns.append(current.column)

    def lines(self) -> Iterable[Widget]:
        yield Line("Sort by", classes="title")
        yield ItemList(["the service's own order", *map(self._item, self._columns)])

    def box_classes(self) -> str:
        return "box wide"

    def on_mount(self) -> None:
        if self._current:
            self.query_one(ItemList).move_to(self._columns.index(self._current.column) + 1)

    def _item(self, name: str) -> str:
        if self._current is None or self._current.column != name:
            return clean(name, 80)
        return f"{clean(name, 80)} ({'descending' if self._current.descending else 'ascending'})"

    @on(ItemList.Chosen)
    def action_take(self) -> None:
        at = self.query_one(ItemList).cursor or 0
        if not at:
            self.dismiss(None)
            return
        column = self._columns[at - 1]
        again = self._current is not None and self._current.column == column
        self.dismiss(Sort(column=column, descending=again and not self._descending))

    @property
    def _descending(self) -> bool:
        return self._current is not None and self._current.descending

    def action_leave(self) -> None:
        self.dismiss(self._current)
