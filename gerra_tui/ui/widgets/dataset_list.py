"""The list: its own line-painting widget over a virtual height (docs/architecture.md says why)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from gerra_tui.domain.columns import STATE
from gerra_tui.ui.present.cells import fit, fit_middle
from gerra_tui.ui.present.columns import LEAD, NAME, Around, layout
from gerra_tui.ui.present.values import STATE_LETTERS
from gerra_tui.ui.theme import BOLD, CURSOR, DIM, PLAIN, SETTLED, STATES, TITLE, TYPES
from gerra_tui.ui.widgets.finished import FinishedLines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from textual import events

    from gerra_tui.domain.dataset import Row
    from gerra_tui.ui.present.columns import Column

STRIPS_KEPT: Final = 512  # some screens full
LEAST_NAME: Final = 8  # cells that a state's word leaves to the name
PLACEHOLDER: Final = "..."
DIVIDER: Final = "found late"
WHEEL_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """The list as it was painted: the dataset that `>` stands before, and which were undecided."""

    under_cursor: str | None
    rows: dict[str, bool]


class Lines(Protocol):
    """What the list paints, by line number. Never waits."""

    @property
    def length(self) -> int: ...

    @property
    def read_at(self) -> datetime:
        """The moment that ages count from: that of the page, not of the clock."""
        ...

    def row(self, line: int) -> Row | None: ...

    def is_divider(self, line: int) -> bool: ...

    def line_of(self, dataset_id: str) -> int | None: ...

    def word(self, row: Row) -> str:
        """The word of what became of it, empty where there is nothing to tell."""
        ...

    def by(self, row: Row) -> str:
        """Who decided it, as far as is known."""
        ...

    def check(self, row: Row) -> str:
        """What a look at its file found, in three cells."""
        ...

    def is_undecided(self, row: Row) -> bool: ...

    def sign(self, dataset_id: str) -> str:
        """`*` for a marked row, `!` for a flagged one, `~` for one set aside, else a blank."""
        ...


class DatasetList(FinishedLines):
    """A window on `Lines` with a cursor that stays on its dataset, by id."""

    DEFAULT_CSS = "DatasetList { width: 1fr; height: 1fr; }"

    class Moved(Message):
        """The cursor is on another line, or another row came under it."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    class WindowChanged(Message):
        """Other lines are on the screen, last exclusive."""

        def __init__(self, first: int, last: int) -> None:
            super().__init__()
            self.first = first
            self.last = last

    def __init__(self, lines: Lines, columns: tuple[str, ...], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines = lines
        self._columns = columns
        self._strips: OrderedDict[tuple[object, ...], tuple[Row, Strip]] = OrderedDict()
        self._emphasized: str | None = None  # the dataset whose name is bold
        self._painted: dict[int, str] = {}
        self._painted_undecided: set[str] = set()
        self._pointed_at: str | None = None  # the dataset whose row was painted with `>`
        self._range_from: str | None = None  # the dataset where the range was begun
        self.cursor = 0
        self.cursor_id: str | None = None
        self.top = 0
        self._returning: tuple[str, int] | None = None  # id, and the line where it was

    # What the screen asks

    @property
    def page(self) -> int:
        """Rows on the screen."""
        return max(1, self.size.height - 1)

    @property
    def window(self) -> range:
        return range(self.top, min(self.top + self.page, self._lines.length))

    def row_under_cursor(self) -> Row | None:
        """The row that the reviewer sees there: null for a placeholder or one not painted yet."""
        row = self._lines.row(self.cursor)
        if row is None or self._painted.get(self.cursor) != row.id:
            return None
        return row

    @property
    def picture(self) -> Picture | None:
        """What of the rows was painted; null where all is to be painted anew."""
        if not self._painted and self.window:
            return None
        rows = {one: one in self._painted_undecided for one in self._painted.values()}
        return Picture(self._pointed_at, rows)

    def around(self) -> dict[int, str]:
        """The datasets on the screen, by how many lines below the cursor they are."""
        return {line - self.cursor: dataset_id for line, dataset_id in self._painted.items()}

    def still_around(self, around: dict[int, str]) -> bool:
        """Claims that each of these is where it was, seen from the cursor."""
        rows = ((self._lines.row(self.cursor + by), one) for by, one in around.items())
        return all(row is not None and row.id == dataset_id for row, dataset_id in rows)

    @property
    def range_lines(self) -> range | None:
        """The lines of the range that was begun, both ends included; null also while nobody knows
        where its first dataset is."""
        begun = self._lines.line_of(self._range_from) if self._range_from else None
        if begun is None:
            return None
        first, last = sorted((begun, self.cursor))
        return range(first, last + 1)

    @property
    def in_range(self) -> bool:
        """Claims that a range was begun."""
        return self._range_from is not None

    # What the screen tells

    def begin_range(self) -> None:
        """From the dataset under the cursor, wherever its line goes."""
        self._range_from = self.cursor_id
        self.refresh()

    def end_range(self) -> None:
        self._range_from = None
        self.refresh()

    def emphasize(self) -> None:
        """The cursor has come to rest: its dataset's name is bold from now on."""
        if self._emphasized == self.cursor_id:
            return
        before, self._emphasized = self._emphasized, self.cursor_id
        for dataset_id in (before, self.cursor_id):
            line = self._lines.line_of(dataset_id) if dataset_id else None
            if line is not None and line in self.window:
                self.refresh(Region(0, line - self.top + 1, self.size.width, 1))

    def restyle(self) -> None:
        """What stands beside the rows has changed: paint all of them again."""
        self.refresh()

    def show_columns(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self.refresh()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that are shown, each as wide as it is."""
        return layout(self._columns, self.size.width)

    def move_to(self, line: int) -> None:
        """Put the cursor there, as near as there are lines, and the line on the screen."""
        self._returning = None
        self._go(line)

    def _go(self, line: int) -> None:
        line = max(0, min(line, self._lines.length - 1))
        before = self.cursor
        self.cursor = line
        self._take_identity()
        if self._show_line(line) or self._range_from is not None:
            self.refresh()
        elif line != before:
            self.refresh_lines(range(before, before + 1))
            self.refresh_lines(range(line, line + 1))
        self.post_message(self.Moved(line))

    def return_to(self, dataset_id: str, line: int) -> None:
        """Put the cursor on that dataset: now, or once its row has arrived, near `line`.

        Until then the cursor waits on that line. A move by the reviewer ends the waiting.
        """
        self._returning = (dataset_id, line)
        self._arrive()

    def move_by(self, lines: int) -> None:
        """One line, or pages: a page takes the window along, so that the eye finds the row."""
        if abs(lines) > 1:
            last_top = max(0, self._lines.length - self.page)
            wanted = max(0, min(self.top + lines, last_top))
            if wanted != self.top:
                self.top = wanted
                self._window_changed()
                self.refresh()
        self.move_to(self.cursor + lines)

    def refresh_lines(self, lines: range) -> None:
        """Paint these again, where they are on the screen."""
        first, last = max(lines.start, self.top), min(lines.stop, self.top + self.page)
        if first < last:
            region = Region(0, first - self.top + 1, self.size.width, last - first)
            self.refresh(region)
        if self.cursor in lines:
            self._take_identity()
            self.post_message(self.Moved(self.cursor))
        self._arrive()

    def restructured(self) -> None:
        """Lines came or went: find the cursor's dataset again and leave it where it is."""
        line = self._lines.line_of(self.cursor_id) if self.cursor_id else None
        if line is not None:
            self.top = max(0, self.top + line - self.cursor)
            self.cursor = line
        self.cursor = max(0, min(self.cursor, self._lines.length - 1))
        self.top = max(0, min(self.top, self.cursor, self._lines.length - self.page))
        if self._returning is None and self.cursor_id and self._lines.row(self.cursor) is None:
            self._returning = (self.cursor_id, self.cursor)  # its page is on the way
        self._take_identity()
        self._show_line(self.cursor)
        self._painted.clear()
        self._window_changed()
        self.refresh()
        self.post_message(self.Moved(self.cursor))
        self._arrive()

    def leave_room(self, below: int) -> None:
        """Show so many lines below the cursor's too."""
        top = min(self.cursor + below, self._lines.length - 1) - self.page + 1
        if self.size.height and self.top < top <= self.cursor:
            self.top = top
            self._window_changed()
            self.refresh()

    def show_top(self) -> None:
        """Show what came in above, where the cursor stays on the screen with it."""
        if self.top > 0 and self.cursor < self.page:
            self.top = 0
            self._window_changed()
            self.refresh()

    def start_over(self) -> None:
        """Another query: from the top."""
        self.cursor = self.top = 0
        self.cursor_id = self._returning = self._range_from = None
        self.restructured()

    # Painting

    def render_line(self, y: int) -> Strip:
        (strip,) = self.paint([y])
        return strip

    def paint(self, lines: Iterable[int]) -> Iterable[Strip]:
        width, length = self.size.width, self._lines.length
        columns = layout(self._columns, width)
        ranged = self.range_lines or range(0)
        return [self._strip(y, columns, width, length, ranged) for y in lines]

    def _strip(
        self, y: int, columns: tuple[Column, ...], width: int, length: int, ranged: range
    ) -> Strip:
        if y == 0:
            return self._header(columns, width)
        line = self.top + y - 1
        if line >= length:
            self._painted.pop(line, None)
            return Strip.blank(width)
        if self._lines.is_divider(line):
            return Strip([Segment(fit(f"{' ' * LEAD}-- {DIVIDER} --", width), DIM)], width)
        row = self._lines.row(line)
        here = line == self.cursor
        if here:
            self._pointed_at = row.id if row is not None else None
        if row is None:
            self._painted.pop(line, None)
            return self._placeholder(width, here=here)
        self._painted[line] = row.id
        if self._lines.is_undecided(row):
            self._painted_undecided.add(row.id)
        else:
            self._painted_undecided.discard(row.id)
        marked = "*" if line in ranged else self._lines.sign(row.id)
        return self._row(row, marked, columns, width, here=here)

    def _row(
        self, row: Row, marked: str, columns: tuple[Column, ...], width: int, *, here: bool
    ) -> Strip:
        lines = self._lines
        around = Around(lines.read_at, lines.word(row), lines.by(row), lines.check(row))
        bold = row.id == self._emphasized
        key = (row.id, around, here, bold, marked, columns, width)
        kept = self._strips.get(key)
        if kept is not None and kept[0] is row:
            self._strips.move_to_end(key)
            return kept[1]
        gutter = _gutter(marked, around.state, here=here)
        rest = _segments(row, around, columns, bold=bold, width=width)
        strip = Strip([*gutter, *rest], width)
        self._strips[key] = (row, strip)
        if len(self._strips) > STRIPS_KEPT:
            self._strips.popitem(last=False)
        return strip

    def _header(self, columns: tuple[Column, ...], width: int) -> Strip:
        titles = "".join(
            fit(c.kind.title, c.width, right=c.kind.right) + " " * c.gap for c in columns
        )
        return Strip([Segment(fit(" " * LEAD + titles.rstrip(), width), TITLE)], width)

    def _placeholder(self, width: int, *, here: bool) -> Strip:
        rest = Segment(fit(PLACEHOLDER, width - LEAD), DIM)
        return Strip([*_gutter(" ", "", here=here), rest], width)

    # Within

    def _arrive(self) -> None:
        """The dataset that the reviewer comes back to may be among the rows now."""
        if self._returning is None:
            return
        dataset_id, line = self._returning
        found = self._lines.line_of(dataset_id)
        wanted = line if found is None else found
        if wanted != self.cursor and wanted < self._lines.length:
            self._go(wanted)

    def _take_identity(self) -> None:
        row = self._lines.row(self.cursor)
        self.cursor_id = row.id if row is not None else None

    def _show_line(self, line: int) -> bool:
        """Bring the line on the screen; claims that the window moved. Before there is a size, none
        is: the lines before it are to be seen too."""
        if not self.size.height:
            return False
        if line < self.top:
            self.top = line
        elif line >= self.top + self.page:
            self.top = line - self.page + 1
        else:
            return False
        self._window_changed()
        return True

    def _window_changed(self) -> None:
        window = self.window
        self._painted = {at: key for at, key in self._painted.items() if at in window}
        self._painted_undecided.intersection_update(self._painted.values())
        self.post_message(self.WindowChanged(window.start, window.stop))

    def on_resize(self) -> None:
        if self._show_line(self.cursor):
            self.refresh()
        else:
            self._window_changed()

    def on_click(self, event: events.Click) -> None:
        if event.y > 0 and self.top + event.y - 1 < self._lines.length:
            self.move_to(self.top + event.y - 1)

    def on_mouse_scroll_down(self) -> None:
        self.move_by(WHEEL_LINES)

    def on_mouse_scroll_up(self) -> None:
        self.move_by(-WHEEL_LINES)


def _gutter(marked: str, state: str, *, here: bool) -> list[Segment]:
    """The cursor, the mark and the state's letter, and a blank behind them."""
    letter = STATE_LETTERS.get(state, " ")
    if here:
        return [Segment(f">{marked}{letter}", CURSOR), Segment(" ")]
    style = STATES.get(state, PLAIN)
    if letter == " " or style == PLAIN:
        return [Segment(f" {marked}{letter} ")]
    return [Segment(f" {marked}"), Segment(letter, style), Segment(" ")]


def _segments(
    row: Row,
    around: Around,
    columns: tuple[Column, ...],
    *,
    bold: bool,
    width: int,
) -> list[Segment]:
    """All behind the gutter: one style for a run of columns, the type and the state apart."""
    state = around.state
    plain = DIM if state in SETTLED else PLAIN
    has_column = any(column.name == STATE for column in columns)
    segments: list[Segment] = []
    used = LEAD
    for number, column in enumerate(columns):
        room = column.width
        style = BOLD if bold and column.name == NAME else plain
        text = column.text(row, around)
        if column.name == "type":
            style = plain if state in SETTLED else TYPES.get(text, plain)
        elif column.name == STATE:
            style = STATES.get(state, plain)
        if column.name == NAME:
            word = "" if has_column else state
            room -= cell_len(word) + bool(word)
            if room < LEAST_NAME:
                word, room = "", column.width
            segments.append(Segment(fit_middle(text, room), style))
            if word:
                segments += [Segment(" ", plain), Segment(word, STATES.get(state, plain))]
        else:
            segments.append(Segment(fit(text, room, right=column.kind.right), style))
        gap = column.gap if number < len(columns) - 1 else 0
        if gap:
            segments.append(Segment(" " * gap, plain))
        used += column.width + gap
    segments.append(Segment(" " * max(0, width - used), plain))
    return list(Segment.simplify(segments))
