"""Lines to move through, painted one by one: for dialogs and for the screens beside the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType


class ItemList(ScrollView, can_focus=True):
    """A column of lines with a cursor. The cursor's line starts with `>` and is in reverse video,
    so that it shows without colour. Only lines that changed are painted again.

    `items` is read by index when a line is painted: any length costs the same.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "down", show=False),
        Binding("k,up", "move(-1)", "up", show=False),
        Binding("g,home", "top", "top", show=False),
        Binding("G,end", "bottom", "bottom", show=False),
        Binding("ctrl+d", "page(0.5)", "half a page down", show=False),
        Binding("ctrl+u", "page(-0.5)", "half a page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("enter", "choose", "choose", show=False),
    ]

    DEFAULT_CSS = """
    ItemList {
        height: auto;
        width: 1fr;
        scrollbar-size: 0 0;
        background: transparent;
    }
    """

    class Highlighted(Message):
        """The cursor landed on the line `index`."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Chosen(Message):
        """Enter was pressed on the line `index`."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(
        self,
        items: Sequence[str] = (),
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._items = items
        self._cursor = 0
        self.virtual_size = Size(1, len(items))

    @property
    def items(self) -> Sequence[str]:
        return self._items

    @property
    def cursor(self) -> int | None:
        """The index of the cursor's line, null in an empty list."""
        return self._cursor if self._items else None

    def show(self, items: Sequence[str], cursor: int | None = None) -> None:
        """Other lines; the cursor goes to `cursor`, or stays as near to where it was as it can."""
        before, self._items = self._items, items
        wanted = self._cursor if cursor is None else cursor
        self._cursor = max(0, min(wanted, len(items) - 1))
        if len(before) != len(items):
            self.virtual_size = Size(1, len(items))
            self.refresh(layout=True)
        else:
            self.refresh()
        self._reveal()

    def move_to(self, index: int) -> None:
        """Set the cursor, at the nearest line that there is."""
        index = max(0, min(index, len(self._items) - 1))
        if index == self._cursor or not self._items:
            return
        before, self._cursor = self._cursor, index
        self._paint(before)
        self._paint(index)
        self._reveal()
        self.post_message(self.Highlighted(index))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        index = y + self.scroll_offset.y
        if index >= len(self._items):
            return Strip.blank(width, self.rich_style)
        here = index == self._cursor
        text = set_cell_size(f"{'>' if here else ' '} {self._items[index]}", width)
        style = self.rich_style
        if here:
            style += Style(reverse=True)
        return Strip([Segment(text, style)], width)

    def action_move(self, by: int) -> None:
        self.move_to(self._cursor + by)

    def action_top(self) -> None:
        self.move_to(0)

    def action_bottom(self) -> None:
        self.move_to(len(self._items) - 1)

    def action_page(self, pages: float) -> None:
        self.move_to(self._cursor + int(max(1, self.size.height) * pages))

    def action_choose(self) -> None:
        if self._items:
            self.post_message(self.Chosen(self._cursor))

    def on_resize(self, _event: events.Resize) -> None:
        self._reveal()

    def on_focus(self) -> None:
        self._point()

    def _point(self) -> None:
        """The terminal's own cursor stands on the line that is read."""
        if self.has_focus:
            at = Offset(0, self._cursor - self.scroll_offset.y)
            self.app.cursor_position = self.region.offset + at

    def _paint(self, index: int) -> None:
        y = index - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _reveal(self) -> None:
        height = self.size.height
        top = self.scroll_offset.y
        if height and not top <= self._cursor < top + height:
            wanted = self._cursor if self._cursor < top else self._cursor - height + 1
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)
        self._point()
