"""Pictures of the data in the pane: a contact sheet, or one of them, with what they are of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.halfblocks import rows
from gerra_tui.ui.present.lines import DetailLine, hanging, heading, paragraph
from gerra_tui.ui.theme import DIM, PLAIN, PROBLEM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style

    from gerra_tui.service.contents import Shot
    from gerra_tui.ui.present.halfblocks import Depth

    Piece = tuple[str, Style]

ACROSS: Final = 3  # pictures of a sheet beside each other
DOWN: Final = 2
GAP: Final = 1  # cells between them


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """What is shown of an album. `shots` with their labels are null where one cannot be decoded;
    `told` says where in the album one is, or what is awaited."""

    title: str = ""
    told: str = ""
    remark: str = ""
    problem: str = ""
    shots: tuple[tuple[str, Shot | None], ...] = ()
    sheet: bool = True
    depth: Depth = "palette"
    columns: int = 0  # cells of each picture


def picture_lines(pictured: Pictured | None, width: int) -> Iterator[DetailLine]:
    """`PICTURES  frames/  8 pictures`, then the pictures, or a line of text for each."""
    if pictured is None:
        return
    yield heading("PICTURES", clean(pictured.told), width=width, anchor="pictures")
    if pictured.title or pictured.remark:
        words = "   ".join(filter(None, (clean(pictured.title), pictured.remark)))
        yield from paragraph(words, width, DIM)
    if pictured.problem:
        yield from hanging("? ", clean(pictured.problem), width, PROBLEM)
    if pictured.depth == "off":
        for label, _ in pictured.shots:
            yield DetailLine(clean(label))
    elif pictured.sheet:
        for start in range(0, len(pictured.shots), ACROSS):
            yield from _beside(pictured.shots[start : start + ACROSS], pictured)
    else:
        for label, shot in pictured.shots:
            yield from _beside([(label, shot)], pictured)
    yield DetailLine("")


def _beside(shots: Sequence[tuple[str, Shot | None]], pictured: Pictured) -> Iterator[DetailLine]:
    """Some pictures in a row, and their labels below them."""
    width = pictured.columns
    drawn = [list(rows(shot, pictured.depth)) if shot is not None else [] for _, shot in shots]
    for lines in zip_longest(*drawn, fillvalue=()):
        pieces: list[Piece] = []
        for line in lines:
            pieces += [*line, (" " * (width + GAP - sum(len(text) for text, _ in line)), PLAIN)]
        yield DetailLine("", painted=tuple(pieces))
    labels = (
        fit(clean(label) if shot is not None else f"{clean(label)} not decoded", width)
        for label, shot in shots
    )
    yield DetailLine((" " * GAP).join(labels).rstrip(), DIM)


def thumb(columns: int, lines: int) -> tuple[int, int]:
    """Cells of each picture of a sheet that is given so many."""
    return (columns - GAP * (ACROSS - 1)) // ACROSS, max(2, (lines - DOWN) // DOWN)
