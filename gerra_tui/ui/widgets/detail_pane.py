"""The detail pane: a head that stays, lines with a scroll position, and a cursor while it has the
keys."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.detail import GUTTER, MARGINS, Laid, Shown, lay
from gerra_tui.ui.present.ground import RULE
from gerra_tui.ui.present.lines import DetailLine
from gerra_tui.ui.theme import CURSOR, DIM, PLAIN

if TYPE_CHECKING:
    from textual import events

NOTHING: Final = Laid((), ((),))
ROOMY: Final = 14  # lines; where there are fewer below the list they are filled closely
LEAST_BODY: Final = 4  # lines; where there are fewer the head scrolls away with the rest


class DetailPane(Widget):
    """Shows one `Shown`. Lines that stay equal are not painted again."""

    DEFAULT_CSS = "DetailPane { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._shown: Shown | None = None
        self._laid = NOTHING
        self._head: tuple[DetailLine, ...] = ()
        self._columns: tuple[tuple[DetailLine, ...], ...] = ((),)
        self._top = 0
        self._cursor = 0  # a line of the columns, one after the other
        self._active = False
        self.below = False  # the list, rather than beside it

    @property
    def shown(self) -> Shown | None:
        return self._shown

    @property
    def line(self) -> DetailLine | None:
        """The line under the pane's cursor."""
        lines = self._lines
        return lines[self._cursor] if self._cursor < len(lines) else None

    @property
    def page(self) -> int:
        """Lines below the head."""
        return max(1, self.size.height - len(self._head))

    @property
    def text(self) -> str:
        """All that is said, for tests."""
        return "\n".join(line.text for line in (*self._laid.head, *self._lines_of(self._laid)))

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
            if active and not self._top <= self._row < self._top + self.page:
                self._cursor = min(self._top, max(0, len(self._columns[0]) - 1))
            self._refresh_row(self._row)

    def move_by(self, lines: int) -> None:
        self.move_to(self._cursor + lines)

    def move_to(self, line: int) -> None:
        before = self._row
        self._cursor = max(0, min(line, len(self._lines) - 1))
        if self._row < self._top:
            self._scroll(self._row)
        elif self._row >= self._top + self.page:
            self._scroll(self._row - self.page + 1)
        else:
            self._refresh_row(before)
            self._refresh_row(self._row)

    def scroll_by(self, lines: int) -> None:
        """From the list: the window moves, no cursor is shown."""
        self._scroll(self._top + lines)

    def jump_to(self, anchor: str) -> None:
        """Put that heading at the top."""
        for number, line in enumerate(self._lines):
            if line.anchor == anchor:
                self._cursor = number
                self._scroll(self._row)
                return

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y < len(self._head):
            edge = RULE if self._head[y].text.startswith(RULE) else " "
            last = RULE if edge == RULE else " "
            head = _segments(self._head[y], width - 2)
            return Strip([Segment(edge, DIM), *head, Segment(last, DIM)], width)
        row = self._top + y - len(self._head)
        segments: list[Segment] = []
        cells = _widths(width, len(self._columns))
        start = 0
        for lines, room in zip(self._columns, cells, strict=True):
            here = self._active and start + row == self._cursor and row < len(lines)
            segments.append(Segment(">" if here else " ", CURSOR if here else PLAIN))
            line = lines[row] if row < len(lines) else DetailLine("")
            segments += _segments(line, room - 1)
            start += len(lines)
        strip = Strip(segments, width)
        more = self._rows - self._top - self.page
        if y == self.size.height - 1 and more > 0:
            return _with(strip, f"  J {more} more", width)
        return strip

    def on_resize(self) -> None:
        self._lay_out()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_by(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_by(-3)

    @property
    def _lines(self) -> tuple[DetailLine, ...]:
        return tuple(line for column in self._columns for line in column)

    @staticmethod
    def _lines_of(laid: Laid) -> tuple[DetailLine, ...]:
        return tuple(line for column in laid.columns for line in column)

    @property
    def _rows(self) -> int:
        return max(map(len, self._columns))

    @property
    def _row(self) -> int:
        """The row in which the cursor's line stands."""
        at = self._cursor
        for column in self._columns:
            if at < len(column):
                return at
            at -= len(column)
        return 0

    def _lay_out(self) -> None:
        before = self._laid
        width = max(8, self.size.width - MARGINS)
        below, compact = self.below, self.below and self.size.height < ROOMY
        shown = self._shown
        self._laid = lay(shown, width, below=below, compact=compact) if shown else NOTHING
        head, columns = self._laid.head, self._laid.columns
        if self.size.height < len(head) + LEAST_BODY:
            columns = ((*head, *columns[0]), *columns[1:])
            head = ()
        self._head, self._columns = head, columns
        self._cursor = max(0, min(self._cursor, len(self._lines) - 1))
        if self._top and self._top > self._rows - self.page:
            self._scroll(self._top)
        if before != self._laid:
            self.refresh()

    def _scroll(self, top: int) -> None:
        self._top = max(0, min(top, max(0, self._rows - self.page)))
        self.refresh()

    def _refresh_row(self, row: int) -> None:
        y = row - self._top + len(self._head)
        self.refresh(Region(0, y, self.size.width, 1))


def _widths(width: int, count: int) -> list[int]:
    """The cells of each column, the blank before it included."""
    if count == 1:
        return [width]
    left = (width - 2 - GUTTER) // 2 + 1 + GUTTER - 1
    return [left, width - left]


def _segments(line: DetailLine, width: int) -> list[Segment]:
    """Exactly `width` cells, each run in its own style."""
    if line.painted:
        pieces = [Segment(text, style) for text, style in line.painted]
        return list(Strip(pieces).adjust_cell_length(width))
    if not line.runs:
        return [Segment(fit(line.text, width), line.style)]
    text = fit(line.text, width)
    edges = sorted({0, len(text), *(min(len(text), at) for run in line.runs for at in run[:2])})
    segments = []
    for start, end in pairwise(edges):
        style = line.style
        for first, last, own in line.runs:
            if first <= start and end <= last:
                style = own
        segments.append(Segment(text[start:end], style))
    return segments


def _with(strip: Strip, told: str, width: int) -> Strip:
    """The strip with a few words over its end."""
    return Strip.join([strip.crop(0, width - len(told)), Strip([Segment(told, DIM)], len(told))])
