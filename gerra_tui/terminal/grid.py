"""Two grids of cells: what the program wants on the screen, and what the terminal shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gerra_tui.terminal.frame import Frame
    from gerra_tui.terminal.style import Row


class Grid:
    """The screen as wanted and as shown, `columns` by `lines`.

    `dirty` are the rows drawn on since they were last sent; `frail` those that hold, or held when
    last sent, text whose width terminals may not agree on; `vague` those of which not every cell
    is wanted yet. `cursor` is where the program wants it, as (column, row).
    """

    def __init__(self, columns: int, lines: int) -> None:
        self.columns = columns
        self.lines = lines
        self.cursor = (0, 0)
        self.wanted: list[Row] = _blank_sheet(columns, lines)
        self.shown: list[Row] = _blank_sheet(columns, lines)
        self.dirty: set[int] = set()
        self.frail: set[int] = set()
        self.vague: set[int] = set(range(lines))

    def draw(self, frame: Frame) -> None:
        """Let the frame be wanted. What lies outside of the grid is cut off."""
        columns, lines, wanted = self.columns, self.lines, self.wanted
        for y, x, piece in frame.pieces:
            if y >= lines or x >= columns:
                continue
            cells: Row = piece.cells
            end = x + len(cells)
            row = wanted[y]
            if end > columns:
                cells, end = _cut(cells, columns - x), columns
            if row[x:end] == cells:
                continue
            _blank_half(row, x, x - 1)
            _blank_half(row, end, end)
            row[x:end] = cells
            self.dirty.add(y)
            if piece.frail:
                self.frail.add(y)
            if y in self.vague and None not in row:
                self.vague.discard(y)
        self.cursor = frame.cursor

    def invalidate(self) -> None:
        """Nothing is known of what the terminal shows: all that is wanted is to be sent."""
        self.shown = _blank_sheet(self.columns, self.lines)
        self.dirty = set(range(self.lines))

    def forget(self) -> None:
        """Nor of what is wanted: others have drawn, and what they drew stays until drawn over."""
        self.invalidate()
        self.wanted = _blank_sheet(self.columns, self.lines)
        self.vague = set(range(self.lines))
        self.frail = set()

    def resize(self, columns: int, lines: int) -> None:
        """Take on the terminal's new size. What is wanted stays, as far as it fits."""
        old, self.columns, self.lines = self.wanted, columns, lines
        self.wanted = [[*_cut(row, columns), *[None] * (columns - len(row))] for row in old[:lines]]
        self.wanted += _blank_sheet(columns, lines - len(old))
        self.vague = {y for y, row in enumerate(self.wanted) if None in row}
        self.frail = {y for y in self.frail if y < lines}
        self.invalidate()


def _blank_sheet(columns: int, lines: int) -> list[Row]:
    return [[None] * columns for _ in range(lines)]


def _cut(cells: Row, width: int) -> Row:
    """The cells that fit; of a wide character that does not, a blank."""
    kept = cells[:width]
    if len(cells) > width and kept and (beyond := cells[width]) is not None and not beyond[0]:
        kept[-1] = beyond[1].space
    return kept


def _blank_half(row: Row, x: int, half: int) -> None:
    """Where a wide character lies across the edge left of x, blank the half at `half`."""
    if 0 < x < len(row) and (cell := row[x]) is not None and not cell[0]:
        row[half] = cell[1].space
