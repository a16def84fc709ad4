"""Text to lines by cells, as terminals count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST: Final = 8  # cells; a narrower line says nothing


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` cells, broken at blanks where there are any."""
    width = max(LEAST, width)
    for line in text.split("\n"):
        rest = line
        while cell_len(rest) > width:
            head = chop_cells(rest, width)[0]
            if rest[len(head)] != " ":
                blank = head.rfind(" ")
                if blank > width // 3:
                    head = head[: blank + 1]
            yield head.rstrip()
            rest = rest[len(head) :].lstrip(" ")
        yield rest
