"""Text fitted to cells, as terminals count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS: Final = "…"
LEAST: Final = 8  # cells; a narrower line says nothing


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` cells, broken at blanks where there are any."""
    width = max(LEAST, width)
    for line in text.split("\n"):
        yield from _broken(line, width)


def _broken(line: str, width: int) -> Iterator[str]:
    """Never looks much further than one line reaches: a long text costs what its length is."""
    at = 0
    while True:
        length = width
        while cell_len(reach := line[at : at + length]) <= width:
            if at + length >= len(line):
                yield reach
                return
            length *= 2  # marks have no cells of their own
        head = reach[:width] if reach.isascii() else chop_cells(reach, width)[0]
        if reach[len(head) : len(head) + 1] != " ":
            blank = head.rfind(" ")
            if blank > width // 3:
                head = head[: blank + 1]
        yield head.rstrip()
        at += len(head)
        while line.startswith(" ", at):
            at += 1


TAIL: Final = 10  # cells of a name's end that stay: takes and batches differ there


def fit_middle(text: str, width: int) -> str:
    """Exactly `width` cells: what is too long is cut in its middle."""
    if cell_len(text) <= width or width < 2 * TAIL:
        return fit(text, width)
    kept = 0
    tail = ""
    for character in reversed(text):
        kept += cell_len(character)
        if kept > TAIL:
            break
        tail = character + tail
    head = set_cell_size(text, width - 1 - cell_len(tail)).rstrip()
    return fit(f"{head}{ELLIPSIS}{tail}", width)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Exactly `width` cells: cut with an ellipsis, or filled with blanks."""
    if text.isascii():
        if len(text) > width:
            return text[: max(0, width - 1)] + ELLIPSIS if width else ""
        return text.rjust(width) if right else text.ljust(width)
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, max(0, width - 1)).rstrip() + ELLIPSIS, width)
    return " " * (width - length) + text if right else text + " " * (width - length)
