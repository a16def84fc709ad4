"""A picture of what a terminal shows: its cells, as SVG."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.terminal.emulator import Cell, Emulator

# DejaVu Sans Mono's advance is 0.602 of its size: whole words keep to the cells by themselves.
SIZE: Final = 20.0
WIDTH, HEIGHT = 0.602 * SIZE, 1.2 * SIZE
MARGIN: Final = 8.0
FONTS: Final = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
PAPER, INK, FAINT = "#000000", "#aaaaaa", "#717171"  # faint is two thirds, as in xterm
# The sixteen of the Linux console (drivers/tty/vt/vt.c, `default_red` and so on) and of VGA.
COLOURS: Final = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip


def svg(emulator: Emulator) -> str:
    """The screen on black. Raises `AssertionError` for colours beyond the sixteen."""
    width = emulator.columns * WIDTH + 2 * MARGIN
    height = emulator.lines * HEIGHT + 2 * MARGIN
    shapes = [shape for y, row in enumerate(emulator.cells) for shape in row_shapes(row, y)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">',
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            f'<g font-family="{FONTS}" font-size="{SIZE:g}" xml:space="preserve">',
            *shapes,
            "</g>",
            "</svg>",
            "",
        ]
    )


def row_shapes(row: list[Cell], y: int) -> Iterator[str]:
    """Backgrounds and words, each at its cell."""
    top = MARGIN + y * HEIGHT
    x = 0
    for look, group in groupby(row, key=lambda cell: (cell._replace(data=""), cell.data == " ")):
        cells = list(group)
        left, length = MARGIN + x * WIDTH, len(cells) * WIDTH
        x += len(cells)
        ink, paper = _colours(look[0])
        if paper != PAPER:
            yield (
                f'<rect x="{left:.2f}" y="{top:.2f}" width="{length:.2f}" height="{HEIGHT:.2f}" '
                f'fill="{paper}" shape-rendering="crispEdges"/>'
            )
        if not look[1]:
            text = escape("".join(cell.data for cell in cells))
            yield (
                f'<text x="{left:.2f}" y="{top + 0.78 * HEIGHT:.2f}" textLength="{length:.2f}" '
                f'fill="{ink}"{_font(look[0])}>{text}</text>'
            )


def _colours(cell: Cell) -> tuple[str, str]:
    """Ink and paper; bold text in a dark colour is brighter, as on the Linux console."""
    ink = _colour(cell.fg, INK, brighter=cell.bold)
    paper = _colour(cell.bg, PAPER)
    if cell.dim:
        ink = FAINT
    return (paper, ink) if cell.reverse else (ink, paper)


def _colour(name: str, default: str, *, brighter: bool = False) -> str:
    """By the emulator's name of it: the parameter of SGR for a foreground."""
    if name == "default":
        return COLOURS[15] if brighter else default
    code = int(name)
    assert 30 <= code < 38 or 90 <= code < 98, f"colour {name} is none of the sixteen"
    return COLOURS[code - 90 + 8 if code >= 90 else code - 30 + 8 * brighter]


def _font(cell: Cell) -> str:
    weight = ' font-weight="bold"' if cell.bold else ""
    line = "underline" if cell.underscore else "line-through" if cell.strikethrough else ""
    return weight + (f' text-decoration="{line}"' if line else "")
