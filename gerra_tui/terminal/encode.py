"""What to write so that the terminal shows what is wanted: only cells that differ."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from gerra_tui.terminal.movement import Dialect, move
from gerra_tui.terminal.shift import find_shift
from gerra_tui.terminal.spans import runs, spans
from gerra_tui.terminal.style import is_frail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.terminal.grid import Grid
    from gerra_tui.terminal.shift import Shift
    from gerra_tui.terminal.style import Row, Style, Styles

# Erasing and moving on costs up to ten bytes (ECH, CUF).
_LONG: Final = " " * 12
_LONG_BLANK: Final = re.compile(f"{_LONG} *")
_END_BLANK: Final = 5


class Op(NamedTuple):
    """Something to write at (x, y): `payload` in `style`, moving the cursor by `width` columns.

    `width` is None where the cursor cannot be told afterwards. `blank` marks what looks the same
    in every style that has the same blank.
    """

    y: int
    x: int
    width: int | None
    payload: str
    style: Style
    blank: bool


class Pen(NamedTuple):
    """Where the terminal's cursor is and how it would write; None where it is not known."""

    x: int | None = None
    y: int | None = None
    style: Style | None = None


class Encoder:
    """Keeps the terminal's cursor and style, and writes the difference between two grids."""

    def __init__(self, dialect: Dialect | None = None) -> None:
        self.dialect = dialect or Dialect()
        self._pen = Pen()
        self._reset = "\x1b[m"

    @property
    def reset(self) -> str:
        """What brings the terminal back to plain text, whatever was written."""
        return self._reset

    def forget(self) -> None:
        """Something else was written to the terminal."""
        self._pen = Pen()

    def difference(self, grid: Grid, styles: Styles) -> str:
        """What makes the terminal show the grid. Empty if it does. Afterwards shown is wanted."""
        rows = [y for y in sorted(grid.dirty) if grid.wanted[y] != grid.shown[y]]
        text = ""
        if rows and (shift := find_shift(grid, rows)) is not None:
            text = self._shift(grid, shift, styles)
            rows = [y for y in range(grid.lines) if grid.wanted[y] != grid.shown[y]]
        ops: list[Op] = []
        in_order: list[Op] = []
        for y in rows:
            if y in grid.frail:
                in_order += _whole_row(y, grid.wanted[y])
                if not any(cell is not None and is_frail(cell) for cell in grid.wanted[y]):
                    grid.frail.discard(y)
            else:
                self._row(y, grid.wanted[y], grid.shown[y], ops)
            grid.shown[y][:] = grid.wanted[y]
        grid.dirty.clear()
        text += self._cheapest(ops, grid.columns, styles)
        text += self._emit(in_order, grid.columns, styles)
        return text + self._park(grid)

    def _cheapest(self, ops: list[Op], columns: int, styles: Styles) -> str:
        """The ops row by row, or style by style where moving about costs less than changing."""
        before = self._pen
        text = self._emit(ops, columns, styles)
        if len(ops) > 8 and _style_changes(ops) > 2 * len({op.style for op in ops}):
            after, self._pen = self._pen, before
            other = self._emit(_by_style(ops), columns, styles)
            if len(other) < len(text):
                return other
            self._pen = after
        return text

    def _park(self, grid: Grid) -> str:
        """An input method draws where the cursor is. Without one it is left at the origin."""
        x, y = grid.cursor
        if (x, y) == (0, 0) or not (x < grid.columns and y < grid.lines):
            return ""
        text = move(self._pen.x, self._pen.y, x, y, self.dialect.newline, self.dialect.down)
        self._pen = self._pen._replace(x=x, y=y)
        return text

    def _shift(self, grid: Grid, shift: Shift, styles: Styles) -> str:
        """Move the rows, on the terminal and in what is known of it; new ones come in blank."""
        top, bottom, up = shift
        pen = self._pen.style
        default = styles.default
        text = ""
        if pen is None or pen.space is not default.space:
            text = self._reset if pen is None else pen.to(default, styles)
            self._pen = self._pen._replace(style=default)
        count = str(abs(up)) if abs(up) > 1 else ""
        whole = top == 0 and bottom == grid.lines - 1
        if not whole:
            text += f"\x1b[{top + 1};{bottom + 1}r"
        if self.dialect.full:
            text += f"\x1b[{count}{'S' if up > 0 else 'T'}"
        else:
            text += f"\x1b[{top + 1}H\x1b[{count}{'M' if up > 0 else 'L'}"
        if not whole:
            text += "\x1b[r"
        if not whole or not self.dialect.full:
            self._pen = self._pen._replace(x=None, y=None)
        fresh: list[Row] = [[default.space] * grid.columns for _ in range(abs(up))]
        moved = grid.shown[top : bottom + 1]
        grid.shown[top : bottom + 1] = moved[up:] + fresh if up > 0 else fresh + moved[:up]
        return text

    def _row(self, y: int, wanted: Row, shown: Row, ops: list[Op]) -> None:
        """Append what to write in a row, from left to right."""
        for start, end in spans(wanted, shown):
            for left, right, style in runs(wanted, start, end):
                self._run(y, left, wanted, right, style, ops)

    def _run(self, y: int, x: int, row: Row, end: int, style: Style, ops: list[Op]) -> None:
        """One style's text, its long blanks erased where the terminal can."""
        text = "".join([cell[0] for cell in row[x:end] if cell is not None])
        if not text.endswith(" ") and _LONG not in text:
            ops.append(Op(y, x, end - x, text, style, blank=False))
            return
        blank = style.space[1]
        if not self._erases(blank) or len(text) != end - x:
            ops.append(Op(y, x, end - x, text, style, blank=False))
            return
        written = text.rstrip(" ")
        if len(text) - len(written) >= _END_BLANK and all(
            cell is style.space for cell in row[end:]
        ):
            self._pieces(y, x, written, style, ops)
            ops.append(Op(y, x + len(written), 0, "\x1b[K", blank, blank=True))
        else:
            self._pieces(y, x, text, style, ops)

    def _pieces(self, y: int, x: int, text: str, style: Style, ops: list[Op]) -> None:
        """Text with its long blanks erased."""
        at = 0
        if self.dialect.ech and _LONG in text:
            for found in _LONG_BLANK.finditer(text):
                start, end = found.span()
                if start > at:
                    ops.append(Op(y, x + at, start - at, text[at:start], style, blank=False))
                erase = f"\x1b[{end - start}X"
                ops.append(Op(y, x + start, 0, erase, style.space[1], blank=True))
                at = end
        if rest := text[at:]:
            ops.append(Op(y, x + at, len(rest), rest, style, blank=rest.isspace()))

    def _erases(self, style: Style) -> bool:
        return style.erasable and (self.dialect.full or not style.bg)

    def _emit(self, ops: list[Op], columns: int, styles: Styles) -> str:
        """The ops in the order given, with the moves and styles between them."""
        x, y, style = self._pen
        newline, down = self.dialect.newline, self.dialect.down
        out: list[str] = []
        append = out.append
        for op in ops:
            if op.x != x or op.y != y:
                append(move(x, y, op.x, op.y, newline, down))
            wanted = op.style
            if style is not wanted:
                if style is None:
                    append(self._reset)
                    style = styles.default
                if not (op.blank and style.space is wanted.space):
                    append(style.to(wanted, styles))
                    style = wanted
                    if style.link:
                        self._reset = "\x1b[m\x1b]8;;\x1b\\"
            append(op.payload)
            y = op.y
            # After the last column the cursor is on it or past it, as the terminal likes.
            x = None if op.width is None or op.x + op.width >= columns else op.x + op.width
        self._pen = Pen(x, y, style)
        return "".join(out)


def _whole_row(y: int, row: Row) -> Iterator[Op]:
    """All of a row, each doubtful character on blanks and with nothing told from its width."""
    x = 0
    while x < len(row):
        cell = row[x]
        if cell is None:
            x += 1
        elif is_frail(cell):
            end = x + 1
            while end < len(row) and (half := row[end]) is not None and not half[0]:
                end += 1
            payload = f"{' ' * (end - x)}\x1b[{x + 1}G{cell[0]}"
            yield Op(y, x, None, payload, cell[1], blank=False)
            x = end
        else:
            end = x + 1
            while end < len(row) and (one := row[end]) is not None and not is_frail(one):
                end += 1
            for left, right, style in runs(row, x, end):
                text = "".join([one[0] for one in row[left:right] if one is not None])
                yield Op(y, left, right - left, text, style, blank=text.isspace())
            x = end


def _style_changes(ops: list[Op]) -> int:
    return sum(a.style is not b.style for a, b in pairwise(ops))


def _by_style(ops: list[Op]) -> list[Op]:
    """All of one style, then all of the next, each from the top down."""
    first: dict[Style, int] = {}
    for op in ops:
        first.setdefault(op.style, len(first))
    return sorted(ops, key=lambda op: first[op.style])
