"""Which columns the list has, and in which order; and by which one it is sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding

from gerra_tui.domain.text import clean
from gerra_tui.domain.view import Sort
from gerra_tui.ui.dialogs.dialog import Dialog, Line
from gerra_tui.ui.dialogs.item_list import ItemList
from gerra_tui.ui.dialogs.line import LineDialog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

COLUMNS: Final = (
    "state",
    "name",
    "type",
    "size",
    "updated",
    "created",
    "id",
    "status",
    "desc",
    "org",
    "link",
)
META: Final = "meta."


class ColumnsDialog(Dialog[tuple[str, ...] | None]):
    """Gives the columns in their order, or null for Esc. Any `meta.PATH` can be one."""

    AUTO_FOCUS = "ItemList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "on/off", key_display="Space"),
        Binding("J", "shift(1)", "move", key_display="J K"),
        Binding("K", "shift(-1)", "move", show=False),
        Binding("plus", "add", "path", key_display="+"),
        Binding("enter", "take", "take", key_display="Enter"),
        Binding("escape", "leave", "no", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    ColumnsDialog ItemList { max-height: 12; }
    ColumnsDialog.-short ItemList { max-height: 8; }
    """

    def __init__(self, columns: Sequence[str], known_meta_paths: Iterable[str] = ()) -> None:
        super().__init__()
        self._chosen = list(columns)
        paths = (f"{META}{path.removeprefix(META)}" for path in known_meta_paths)
        self._known = list(dict.fromkeys((*COLUMNS, *paths, *columns)))

    def lines(self) -> Iterable[Widget]:
        yield Line("Columns", classes="title")
        yield ItemList(self._items())

    def box_classes(self) -> str:
        return "box wide"

    @property
    def _names(self) -> list[str]:
        """The chosen ones in their order, then the others."""
        return [*self._chosen, *(name for name in self._known if name not in self._chosen)]

    def _items(self) -> list[str]:
        return [
            f"[{'x' if name in self._chosen else ' '}] {clean(name, 80)}" for name in self._names
        ]

    @property
    def _listing(self) -> ItemList:
        return self.query_one(ItemList)

    def _show(self, name: str) -> None:
        self._listing.show(self._items(), self._names.index(name))

    def action_switch(self) -> None:
        at = self._listing.cursor or 0
        name = self._names[at]
        if name in self._chosen:
            self._chosen.remove(name)
        else:
            self._chosen.append(name)
        self._listing.show(self._items(), at)

    def action_shift(self, by: int) -> None:
        at = self._listing.cursor or 0
        to = at + by
        if at < len(self._chosen) and 0 <= to < len(self._chosen):
            name = self._chosen.pop(at)
            self._chosen.insert(to, name)
            self._show(name)

    def action_add(self) -> None:
        self.app.push_screen(LineDialog("Path in the metadata, as in sensor.type"), self._add)

    def _add(self, path: str | None) -> None:
        path = (path or "").strip().removeprefix(META)
        if not path:
            return
        name = f"{META}{path}"
        self._known = list(dict.fromkeys((*self._known, name)))
        if name not in self._chosen:
            self._chosen.append(name)
        self._show(name)

    @on(ItemList.Chosen)
    def action_take(self) -> None:
        if self._chosen:
            self.dismiss(tuple(self._chosen))

    def action_leave(self) -> None:
        self.dismiss(None)


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
        self._columns = [name for name in columns if name != "state"]
        self._current = current
        if current and current.column not in self._columns:
            self._columns.append(current.column)

    def lines(self) -> Iterable[Widget]:
        yield Line("Sort by", classes="title")
        yield ItemList(["the service's own order", *map(self._item, self._columns)])

    def box_classes(self) -> str:
        return "box wide"

    def on_mount(self) -> None:
        super().on_mount()
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
