"""Which columns the list has, in which order, and how wide."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding

from gerra_tui.domain.columns import COLUMNS
from gerra_tui.domain.fields import META_PREFIX
from gerra_tui.domain.text import clean
from gerra_tui.domain.view import MOST_WIDTH, Column
from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.dialogs.prompt import LineDialog
from gerra_tui.ui.present.columns import kind_of
from gerra_tui.ui.widgets.item_list import ItemList
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

META: Final = META_PREFIX
STEP: Final = 2  # cells


class ColumnsDialog(Dialog[tuple[str, ...] | None]):
    """Gives the columns in their order, written `NAME` or `NAME:WIDTH`, or null for Esc.

    Any `meta.PATH` can be one. `widths`: how wide those are that are shown now, in cells; `same`:
    those that are not shown because all rows have the same there.
    """

    AUTO_FOCUS = "ItemList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "on/off", key_display="Space"),
        Binding("J", "shift(1)", "move", key_display="J K"),
        Binding("K", "shift(-1)", "move", show=False),
        Binding("less_than_sign", "widen(-1)", "narrower", show=False),
        Binding("greater_than_sign", "widen(1)", "wider", show=False),
        Binding("equals_sign", "own_width", "its own width", show=False),
        Binding("plus", "add", "path", key_display="+"),
        Binding("enter", "take", "take", key_display="Enter"),
        Binding("escape", "leave", "no", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    ColumnsDialog ItemList { max-height: 14; }
    ColumnsDialog.-short ItemList { max-height: 8; }
    """

    def __init__(
        self,
        columns: Sequence[str],
        known_meta_paths: Iterable[str] = (),
        widths: Mapping[str, int] | None = None,
        same: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._widths = dict(map(Column.of, columns))
        self._shown = widths or {}
        self._absent = {
            name: "same in every row" if name in same else "no room"
            for name in self._widths
            if widths and name not in widths
        }
        self._chosen = list(self._widths)
        paths = (f"{META}{path.removeprefix(META)}" for path in known_meta_paths)
        self._known = list(dict.fromkeys((*COLUMNS, *paths, *self._chosen)))

    def lines(self) -> Iterable[Widget]:
        yield Line("Columns", classes="title")
        yield ItemList(self._items())
        yield Line("< narrower   > wider   = its own width")

    def box_classes(self) -> str:
        return "box wide"

    @property
    def _names(self) -> list[str]:
        """The chosen ones in their order, then the others."""
        return [*self._chosen, *(name for name in self._known if name not in self._chosen)]

    def _items(self) -> list[str]:
        return list(map(self._item, self._names))

    def _item(self, name: str) -> str:
        width = self._widths.get(name)
        mark = "x" if name in self._chosen else " "
        absent = self._absent.get(name) if name in self._chosen else None
        told = "".join(f"  {part}" for part in (width, absent) if part)
        return f"[{mark}] {clean(name, 40)}{told}"

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
            self._listing.show(self._items(), at)
        else:
            self._chosen.append(name)
            self._show(name)  # where it can be moved on

    def action_widen(self, by: int) -> None:
        """From the width that it has now; a column that is not shown is not widened."""
        name = self._names[self._listing.cursor or 0]
        if name in self._chosen:
            now = self._widths.get(name) or self._shown.get(name) or kind_of(name).width
            self._widths[name] = max(kind_of(name).least, min(now + by * STEP, MOST_WIDTH))
            self._show(name)

    def action_own_width(self) -> None:
        name = self._names[self._listing.cursor or 0]
        self._widths[name] = None
        self._show(name)

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
        name, width = Column.of(f"{META}{path}")
        self._widths[name] = width or self._widths.get(name)
        self._known = list(dict.fromkeys((*self._known, name)))
        if name not in self._chosen:
            self._chosen.append(name)
        self._show(name)

    @on(ItemList.Chosen)
    def action_take(self) -> None:
        if self._chosen:
            self.dismiss(tuple(str(Column(name, self._widths.get(name))) for name in self._chosen))

    def action_leave(self) -> None:
        self.dismiss(None)
