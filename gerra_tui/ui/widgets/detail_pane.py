"""The detail pane: lines with a scroll position, and a cursor while it has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.detail import DetailLine, Shown, detail_lines
from gerra_tui.ui.theme import CURSOR, PLAIN

if TYPE_CHECKING:
    from textual import events


class DetailPane(Widget):
    """Shows one `Shown`. Lines that stay equal are not painted again."""

    DEFAULT_CSS = "DetailPane { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._shown: Shown | None = None
        self._lines: list[DetailLine] = []
        self._top = 0
        self._cursor = 0
        self._active = False

    @property
    def shown(self) -> Shown | None:
        return self._shown

    @property
    def line(self) -> DetailLine | None:
        """The line under the pane's cursor."""
        return self._lines[self._cursor] if self._cursor < len(self._lines) else None

    @property
    def page(self) -> int:
        return max(1, self.size.height)

    @property
    def text(self) -> str:
        """All that is said, for tests."""
        return "\n".join(line.text for line in self._lines)

    def show(self, shown: Shown | None) -> None:
        """Another dataset begins at its top; the same one stays where it is."""
        before = self._shown
        self._shown = shown
        if shown is None or before is None or before.row.id != shown.row.id:
            self._top = self._cursor = 0
        self._lay_out()

    def activate(self, active: bool) -> None:
        """Show the cursor while the pane has the keys."""
        if active != self._active:
            self._active = active
            if active and not self._top <= self._cursor < self._top + self.page:
                self._cursor = self._top
            self._refresh_line(self._cursor)

    def move_by(self, lines: int) -> None:
        self.move_to(self._cursor + lines)

    def move_to(self, line: int) -> None:
        before = self._cursor
        self._cursor = max(0, min(line, len(self._lines) - 1))
        if self._cursor < self._top:
            self._scroll(self._cursor)
        elif self._cursor >= self._top + self.page:
            self._scroll(self._cursor - self.page + 1)
        else:
            self._refresh_line(before)
            self._refresh_line(self._cursor)

    def scroll_by(self, lines: int) -> None:
        """From the list: the window moves, no cursor is shown."""
        self._scroll(self._top + lines)

    def jump_to(self, anchor: str) -> None:
        """Put that heading at the top."""
        for number, line in enumerate(self._lines):
            if line.anchor == anchor:
                self._cursor = number
                self._scroll(number)
                return

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        number = self._top + y
        if number >= len(self._lines):
            return Strip.blank(width)
        line = self._lines[number]
        here = self._active and number == self._cursor
        return Strip(
            [
                Segment(">" if here else " ", CURSOR if here else PLAIN),
                Segment(fit(line.text, width - 1), line.style),
            ],
            width,
        )

    def on_resize(self) -> None:
        self._lay_out()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_by(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_by(-3)

    def _lay_out(self) -> None:
        before = self._lines
        width = max(8, self.size.width - 2)
        self._lines = detail_lines(self._shown, width) if self._shown else []
        self._cursor = max(0, min(self._cursor, len(self._lines) - 1))
        if self._top and self._top >= len(self._lines):
            self._scroll(len(self._lines) - 1)
        if before != self._lines:
            self.refresh()

    def _scroll(self, top: int) -> None:
        self._top = max(0, min(top, max(0, len(self._lines) - self.page)))
        self.refresh()

    def _refresh_line(self, number: int) -> None:
        self.refresh(Region(0, number - self._top, self.size.width, 1))
