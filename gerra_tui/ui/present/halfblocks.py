"""Pictures as half blocks: two pixels a cell, in colours that a slow link can carry.

A cell is written so that as little as possible changes from the one before: the upper and the lower
half block say the same with their colours swapped, a full block and a blank need but one of them.
"""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from rich.color import Color
from rich.style import Style

from gerra_tui.service.contents import Shot
from gerra_tui.ui.theme import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gerra_tui.service.preferences import Images

    Depth = Literal["off", "mono", "palette", "rgb4", "rgb"]
    Piece = tuple[str, Style]
    Code = int  # a colour after it was made coarser

UPPER: Final = "\u2580"
LOWER: Final = "\u2584"
FULL: Final = "\u2588"
NARROWEST: Final = 60  # columns of a terminal in which a picture says something
NOISE: Final = 12  # of 255, in each colour
SHADES: Final = " .:-=+*#"  # without colours, from dark to light
_LEVELS: Final = (0, 95, 135, 175, 215, 255)  # of xterm's cube of colours, 16 to 231
_BETWEEN: Final = (48, 115, 155, 195, 235)  # where the next of them is nearer


def rows(shot: Shot, depth: Depth) -> Iterator[tuple[Piece, ...]]:
    """The picture's lines, each as many cells wide as it has pixels; without colours in "mono"."""
    for top in range(0, shot.height, 2):
        match depth:
            case "palette":
                yield tuple(_joined(_cells(shot, top, _of_palette, _indexed)))
            case "rgb4":
                yield tuple(_joined(_cells(shot, top, _of_four_bits, _true)))
            case "rgb":
                yield tuple(_joined(_cells(shot, top, _of_eight_bits, _true)))
            case _:
                yield (("".join(_shades(shot, top)), PLAIN),)


def depth_of(wish: Images, colours: int, width: int) -> Depth:
    """By what the reviewer wishes, and what a terminal of so many colours and columns can show."""
    if wish == "off" or width < NARROWEST:
        return "off"
    if colours < 256:
        return "mono"
    return "palette" if colours < 2**24 else wish


def cropped_to(shot: Shot, width: int, height: int) -> Shot:
    """Its middle, where it is larger."""
    wide, high = min(width, shot.width), min(height, shot.height)
    if (wide, high) == (shot.width, shot.height):
        return shot
    left, top = (shot.width - wide) // 2, (shot.height - high) // 2
    starts = (3 * ((top + y) * shot.width + left) for y in range(high))
    return Shot(wide, high, b"".join(shot.rgb[at : at + 3 * wide] for at in starts))


def steady(shot: Shot, before: Shot | None) -> Shot:
    """The picture, with pixels of the one before where what they differ by is a camera's noise:
    a step of a fixed camera is then what moved."""
    if before is None or (before.width, before.height) != (shot.width, shot.height):
        return shot
    new, old = bytearray(shot.rgb), before.rgb
    for at in range(0, len(new), 3):
        if (
            abs(new[at] - old[at]) <= NOISE
            and abs(new[at + 1] - old[at + 1]) <= NOISE
            and abs(new[at + 2] - old[at + 2]) <= NOISE
        ):
            new[at : at + 3] = old[at : at + 3]
    return Shot(shot.width, shot.height, bytes(new))


def _cells(
    shot: Shot, top: int, code: Callable[[bytes], Code], colour: Callable[[Code], Color]
) -> Iterator[Piece]:
    below = min(top + 1, shot.height - 1)
    fore: Code | None = None
    back: Code | None = None
    for x in range(shot.width):
        upper, lower = code(_pixel(shot, x, top)), code(_pixel(shot, x, below))
        if upper == lower:
            if fore == upper and back is not None:
                text = FULL
            else:
                text, fore, back = " ", fore if fore is not None else upper, upper
        else:
            kept = (fore == upper) + (back == lower)
            text, fore, back = (
                (UPPER, upper, lower)
                if kept >= (fore == lower) + (back == upper)
                else (LOWER, lower, upper)
            )
        yield text, _style(colour(fore), colour(back))


def _joined(cells: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one style in one piece."""
    text, style = next(cells)
    for more, other in cells:
        if other is style:
            text += more
        else:
            yield text, style
            text, style = more, other
    yield text, style


def _shades(shot: Shot, top: int) -> Iterator[str]:
    for x in range(shot.width):
        light = sum(_pixel(shot, x, top)) + sum(_pixel(shot, x, min(top + 1, shot.height - 1)))
        yield SHADES[light * len(SHADES) // (6 * 255 + 1)]


def _pixel(shot: Shot, x: int, y: int) -> bytes:
    at = 3 * (y * shot.width + x)
    return shot.rgb[at : at + 3]


@lru_cache(maxsize=65_536)
def _of_palette(pixel: bytes) -> Code:
    """The nearest of xterm's 216 colours and 24 greys."""
    parts = [bisect(_BETWEEN, value) for value in pixel]
    grey = max(0, min(23, round((sum(pixel) / 3 - 8) / 10)))
    cube = sum((_LEVELS[n] - value) ** 2 for n, value in zip(parts, pixel, strict=True))
    flat = sum((8 + 10 * grey - value) ** 2 for value in pixel)
    return 232 + grey if flat < cube else 16 + 36 * parts[0] + 6 * parts[1] + parts[2]


def _of_four_bits(pixel: bytes) -> Code:
    red, green, blue = (part >> 4 for part in pixel)
    return red * 17 << 16 | green * 17 << 8 | blue * 17


def _of_eight_bits(pixel: bytes) -> Code:
    return int.from_bytes(pixel)


@lru_cache(maxsize=4_096)
def _true(code: Code) -> Color:
    return Color.from_rgb(code >> 16, code >> 8 & 255, code & 255)


@lru_cache(maxsize=4_096)
def _style(fore: Color, back: Color) -> Style:
    return Style(color=fore, bgcolor=back)


_indexed = lru_cache(256)(Color.from_ansi)
