"""Which parts of a row are to be written: the cells that differ, cut into runs of one style."""

from __future__ import annotations

from itertools import compress
from operator import is_not
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.terminal.style import Cell, Row, Style

# Equal cells between two differing ones are sent again up to here: CUF costs three or four bytes.
_BRIDGED: Final = 3


def spans(wanted: Row, shown: Row) -> list[tuple[int, int]]:
    """Stretches that hold all differing cells, and few others."""
    changed = list(compress(range(len(wanted)), map(is_not, wanted, shown)))
    if not changed:
        return []
    found = []
    start = last = changed[0]
    for x in changed[1:]:
        gap = x - last - 1
        if gap and (gap > _BRIDGED or not _bridges(wanted, last, x)):
            found.append(_whole_characters(wanted, start, last + 1))
            start = x
        last = x
    found.append(_whole_characters(wanted, start, last + 1))
    return found


def _bridges(row: Row, left: int, right: int) -> bool:
    """Can the cells between two be written along without another style?"""
    cell = row[left]
    if cell is None:
        return False
    style = cell[1]
    return all(
        between is not None and (between[1] is style or between is style.space)
        for between in row[left + 1 : right]
    )


def _whole_characters(row: Row, start: int, end: int) -> tuple[int, int]:
    """The span with the other halves of wide characters at its ends."""
    if (cell := row[start]) is not None and not cell[0]:
        start -= 1
    if end < len(row) and (cell := row[end]) is not None and not cell[0]:
        end += 1
    return start, end


def runs(row: Row, start: int, end: int) -> Iterator[tuple[int, int, Style]]:
    """The span cut where the style changes. Blanks go with what is beside them."""
    cells = row[start:end]
    left = start
    style: Style | None = None
    space: Cell | None = None
    only_blanks = True
    for x, cell in enumerate(cells, start):
        if cell is None:
            # What is not known is not to be written over.
            if style is not None:
                yield left, x, style
            style, space, left = None, None, x + 1
        elif cell is space:
            continue
        elif cell[1] is style:
            only_blanks = False
        elif style is None:
            style = cell[1]
            space = style.space
            only_blanks = cell is space
        elif only_blanks and cell[1].space is space:
            style = cell[1]
            only_blanks = False
        else:
            yield left, x, style
            left, style = x, cell[1]
            space = style.space
            only_blanks = cell is space
    if style is not None:
        yield left, end, style
