"""Few bytes, and only such as the terminal surely knows."""

from __future__ import annotations

import pytest
from textual.strip import Strip

from gerra_tui.terminal.encode import Encoder
from gerra_tui.terminal.frame import FrameReader
from gerra_tui.terminal.grid import Grid
from gerra_tui.terminal.movement import Dialect
from tests.terminal.frames import frame, styled

FULL, OLD = Dialect(full=True, newline="\n"), Dialect(full=False, newline="\n", ech=False)
COLUMNS, LINES = 60, 12


class Screen:
    def __init__(self, dialect: Dialect = FULL) -> None:
        self.reader = FrameReader()
        self.grid = Grid(COLUMNS, LINES)
        self.encoder = Encoder(dialect)

    def draw(self, *rows: str, style: str = "", cursor: tuple[int, int] = (0, 0)) -> str:
        """Draw rows of text from the top, the rest of each blank; gives what is sent."""
        strips = [styled(row.ljust(COLUMNS), style) for row in rows]
        self.grid.draw(self.reader.read(frame(strips, cursor)))
        return self.encoder.difference(self.grid, self.reader.styles)


def rows(first: int) -> list[str]:
    return [f"{number:>4} {'xyz'[number % 3] * 30}" for number in range(first, first + LINES)]


def test_a_cursors_move_is_two_characters_and_the_way_between() -> None:
    screen = Screen()
    screen.draw("> one", "  two", "  three")
    assert screen.draw("  one", "> two", "  three") == "\x1b[H \n>"


def test_equal_cells_between_are_passed_over_or_written_whichever_is_shorter() -> None:
    screen = Screen()
    screen.draw("abcdefghij")
    assert screen.draw("Xbcdefghij").endswith("X")
    assert screen.draw("YbcZefghij") == "\rYbcZ"
    assert screen.draw("1bcZefg2ij") == "\r1\x1b[8G2"


def test_a_list_scrolls_by_a_sequence_and_a_row() -> None:
    screen = Screen()
    screen.draw(*rows(0))
    sent = screen.draw(*rows(1))
    assert sent.startswith("\x1b[S")
    assert len(sent) < 60
    assert screen.draw(*rows(0)).startswith("\x1b[T")


def test_rows_above_and_below_a_list_stay_within_margins() -> None:
    screen = Screen()
    screen.draw("title", *rows(0)[:10], "status")
    assert screen.draw("title", *rows(2)[:10], "status").startswith("\x1b[2;11r\x1b[2S\x1b[r")
    assert screen.draw("title", *rows(1)[:10], "status").startswith("\x1b[2;11r\x1b[T\x1b[r")


def test_an_old_terminal_moves_lines_by_deleting_and_inserting() -> None:
    screen = Screen(OLD)
    screen.draw("title", *rows(0)[:10], "status")
    down = screen.draw("title", *rows(2)[:10], "status")
    assert down.startswith("\x1b[2;11r\x1b[2H\x1b[2M\x1b[r")
    up = screen.draw("title", *rows(1)[:10], "status")
    assert up.startswith("\x1b[2;11r\x1b[2H\x1b[L\x1b[r")


def test_nothing_is_moved_where_that_saves_nothing() -> None:
    screen = Screen()
    screen.draw(*["same"] * LINES)
    assert "S" not in screen.draw(*["same"] * (LINES - 1), "other")


@pytest.mark.parametrize("style", ["underline", "reverse", "strike", "blink", "overline"])
def test_blanks_that_show_something_are_written(style: str) -> None:
    screen = Screen()
    screen.draw("x" * COLUMNS)
    sent = screen.draw("", style=style)
    assert " " * COLUMNS in sent
    assert "\x1b[K" not in sent


def test_coloured_blanks_are_erased_only_where_erasing_keeps_the_colour() -> None:
    for dialect, erased in ((FULL, True), (OLD, False)):
        screen = Screen(dialect)
        screen.draw("x" * COLUMNS)
        assert ("\x1b[K" in screen.draw("", style="on red")) is erased
        assert ("\x1b[48X" in screen.draw("a" + " " * 48 + "b", style="on red")) is False
        screen.draw("x" * COLUMNS)
        assert ("\x1b[48X" in screen.draw("a" + " " * 48 + "b")) is erased


def test_a_blank_end_is_erased() -> None:
    screen = Screen()
    screen.draw("x" * COLUMNS)
    assert screen.draw("short") == "\rshort\x1b[K"


def test_styles_are_set_once_each_where_many_rows_alternate() -> None:
    screen = Screen()
    red, green = "#ff0000 on #101010", "#00ff00 on #202020"
    strips = [Strip.join([styled("red", red), styled("green", green)]) for _ in range(9)]
    screen.grid.draw(screen.reader.read(frame(strips)))
    sent = screen.encoder.difference(screen.grid, screen.reader.styles)
    assert sent.count("38;2;255;0;0") == 1
    assert sent.count("38;2;0;255;0") == 1


def test_the_cursor_is_left_where_an_input_has_it() -> None:
    screen = Screen()
    assert screen.draw("name", cursor=(9, 0)).endswith("name\x1b[K\x1b[5C")
    assert screen.draw("name", cursor=(9, 0)) == ""
    assert screen.draw("name", cursor=(8, 0)) == "\b"
    assert screen.draw("name") == "", "at the origin nobody looks for it"
