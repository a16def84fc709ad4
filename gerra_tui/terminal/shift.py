"""Finding rows that moved up or down as a block, as when a list scrolls."""

from __future__ import annotations

from collections import Counter
from operator import is_not
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.terminal.grid import Grid
    from gerra_tui.terminal.style import Row

# Rows asked where they have come from.
_WITNESSES: Final = 5
# What the sequences of a shift cost, and so the least number of cells that it must save.
_COST: Final = 16


class Shift(NamedTuple):
    """Rows `top` to `bottom` move up by `up` rows, or down where it is negative."""

    top: int
    bottom: int
    up: int


def find_shift(grid: Grid, rows: Sequence[int]) -> Shift | None:
    """The shift of what is shown that saves the most cells among the changed `rows`, if any."""
    if len(rows) < 4 or (up := _vote(grid, rows)) is None:
        return None
    gains = []
    last = grid.lines - abs(up)
    for y in range(last):
        target = y if up > 0 else y - up
        gains.append(_gain(grid, target, target + up))
    best, start, end = _best_stretch(gains)
    if end <= start:
        return None
    # Targets are start..end-1 counted from the end that moves; the rows behind them come in blank.
    top, bottom = start, end - 1 + abs(up)
    fresh = range(end, bottom + 1) if up > 0 else range(top, top - up)
    if not (grid.frail | grid.vague).isdisjoint(range(top, bottom + 1)):
        return None
    loss = sum(_ink(grid.wanted[y]) - _differing(grid.wanted[y], grid.shown[y]) for y in fresh)
    return Shift(top, bottom, up) if best - loss > _COST else None


def _vote(grid: Grid, rows: Sequence[int]) -> int | None:
    """How far most of a few changed rows have moved up."""
    # A pane beside the list, or a scroll bar, stays where it is.
    width = grid.columns // 2
    shown = [row[:width] for row in grid.shown]
    votes: Counter[int] = Counter()
    step = max(1, len(rows) // _WITNESSES)
    for y in rows[step // 2 :: step]:
        wanted = grid.wanted[y][:width]
        if not wanted or wanted.count(wanted[0]) == width:
            continue  # a blank row is everywhere, and so is one of a terminal that has no width
        votes.update(was - y for was, row in enumerate(shown) if row == wanted)
    del votes[0]
    if not votes:
        return None
    up, number = votes.most_common(1)[0]
    return up if number > 1 else None


def _gain(grid: Grid, y: int, source: int) -> int:
    """The cells saved in row y by having the shown row `source` there."""
    if y in grid.vague:
        return -grid.columns
    wanted = grid.wanted[y]
    return _differing(wanted, grid.shown[y]) - _differing(wanted, grid.shown[source])


def _differing(a: Row, b: Row) -> int:
    return sum(map(is_not, a, b))


def _ink(row: Row) -> int:
    """Cells that are not blanks of the default style, nearly."""
    return sum(cell is None or cell[0] != " " or cell[1].bg != "" for cell in row)


def _best_stretch(gains: Sequence[int]) -> tuple[int, int, int]:
    """The largest sum of neighbours, as (sum, start, end): Kadane's algorithm."""
    best, best_start, best_end = 0, 0, 0
    total, start = 0, 0
    for index, gain in enumerate(gains):
        if total <= 0:
            total, start = 0, index
        total += gain
        if total > best:
            best, best_start, best_end = total, start, index + 1
    return best, best_start, best_end
