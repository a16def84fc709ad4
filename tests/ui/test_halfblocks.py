"""Two pixels a cell, in few colours, with as few changes between cells as can be."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from gerra_tui.service.contents import Shot
from gerra_tui.ui.present.halfblocks import cropped_to, depth_of, rows

if TYPE_CHECKING:
    from rich.color import Color

    from gerra_tui.service.preferences import Images
    from gerra_tui.ui.present.halfblocks import Depth, Piece

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (255, 0, 0)
Pixel = tuple[int, int, int]


def shot(*lines: tuple[Pixel, ...]) -> Shot:
    raw = bytes(part for line in lines for pixel in line for part in pixel)
    return Shot(len(lines[0]), len(lines), raw)


def seen(line: tuple[Piece, ...]) -> list[tuple[Pixel, Pixel]]:
    """What the eye sees of each cell, whichever block it is drawn with."""
    found = []
    for text, style in line:
        fore, back = _pixel(style.color), _pixel(style.bgcolor)
        looks = {"▀": (fore, back), "▄": (back, fore), "█": (fore, fore), " ": (back, back)}
        found += [looks[block] for block in text]
    return found


def _pixel(colour: Color | None) -> Pixel:
    assert colour is not None
    return tuple(colour.get_truecolor())  # type: ignore[return-value]


@pytest.mark.parametrize("depth", ["palette", "rgb4", "rgb"])
def test_every_cell_shows_its_two_pixels(depth: Depth) -> None:
    pairs = list(product((BLACK, WHITE, RED), repeat=2)) * 2
    upper, lower = zip(*pairs, strict=True)
    (line,) = rows(shot(upper, lower), depth)

    assert seen(line) == pairs


def test_a_picture_of_an_odd_height_ends_with_its_last_line() -> None:
    top, bottom = rows(shot((RED,), (WHITE,), (BLACK,)), "rgb")
    assert seen(top) == [(RED, WHITE)]
    assert seen(bottom) == [(BLACK, BLACK)]


def test_an_edge_that_turns_over_changes_no_colour() -> None:
    (line,) = rows(shot((RED, BLACK, RED, RED), (BLACK, RED, BLACK, RED)), "palette")
    ((text, _),) = line
    assert text == "▀▄▀█"


def test_the_palettes_nearest_colour_is_taken() -> None:
    for pixel, number in (((0, 0, 0), 16), ((250, 250, 250), 231), ((128, 128, 128), 244),
                          ((90, 100, 210), 62)):  # fmt: skip
        (line,) = rows(shot((pixel,), (pixel,)), "palette")
        ((_, style),) = line
        assert style.bgcolor is not None
        assert style.bgcolor.number == number


def test_without_colours_light_is_a_letter() -> None:
    (line,) = rows(shot((BLACK, WHITE), (BLACK, WHITE)), "mono")
    assert [text for text, _ in line] == [" #"]


@pytest.mark.parametrize(
    ("wish", "colours", "width", "depth"),
    [
        ("rgb4", 2**24, 120, "rgb4"),
        ("palette", 2**24, 120, "palette"),
        ("rgb4", 256, 120, "palette"),
        ("rgb", 16, 120, "mono"),
        ("rgb", 0, 120, "mono"),
        ("off", 2**24, 120, "off"),
        ("rgb", 2**24, 59, "off"),
    ],
)
def test_a_terminal_gets_no_more_colours_than_it_has(
    wish: Images, colours: int, width: int, depth: Depth
) -> None:
    assert depth_of(wish, colours, width) == depth


def test_the_middle_of_a_picture_is_what_zooming_shows() -> None:
    lines = [tuple((x, y, 0) for x in range(6)) for y in range(4)]
    middle = cropped_to(shot(*lines), 2, 2)
    assert (middle.width, middle.height) == (2, 2)
    assert list(middle.rgb[:3]) == [2, 1, 0]
    assert cropped_to(middle, 9, 9) is middle
