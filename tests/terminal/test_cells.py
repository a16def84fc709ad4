"""Whatever a program draws, the terminal shows the same as if it had been sent all of it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerra_tui.terminal.encode import Encoder
from gerra_tui.terminal.frame import FrameReader
from gerra_tui.terminal.grid import Grid
from gerra_tui.terminal.movement import Dialect
from gerra_tui.terminal.style import LARGEST_TABLE
from tests.terminal.emulator import Emulator
from tests.terminal.frames import RandomScreen

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS, LINES = 57, 13
CHANGES: dict[str, Callable[[RandomScreen], str]] = {
    "unchanged": RandomScreen.unchanged,
    "anew": RandomScreen.anew,
    "some rows": RandomScreen.some_rows,
    "a part": RandomScreen.a_part,
    "scrolled": RandomScreen.scrolled,
}
INTERRUPTIONS = ("shown is lost", "cursor is lost", "styles are dropped", "resized")


class Pair:
    """Two terminals: one is sent all that Textual writes, the other the differences."""

    def __init__(self, dialect: Dialect) -> None:
        self.plain = Emulator(COLUMNS, LINES)
        self.ours = Emulator(COLUMNS, LINES)
        for emulator in (self.plain, self.ours):
            emulator.feed(b"\x1b[?7l")
        self.reader = FrameReader()
        self.grid = Grid(COLUMNS, LINES)
        self.encoder = Encoder(dialect)
        self.sent = 0

    def draw(self, text: str) -> None:
        self.plain.feed(text.replace("\n", "\r\n").encode())
        self.grid.draw(self.reader.read(text))

    def settle(self) -> None:
        text = self.encoder.difference(self.grid, self.reader.styles)
        self.sent += len(text.encode())
        # The tty makes CR LF of LF, where the dialect counts on it.
        self.ours.feed(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())

    def interrupt(self, how: str, screen: RandomScreen, random: Random) -> None:
        if how == "shown is lost":
            self.grid.invalidate()
        elif how == "cursor is lost":
            self.encoder.forget()
        elif how == "styles are dropped":
            self.reader.styles.size = LARGEST_TABLE + 1
        else:
            columns, lines = random.randint(20, 70), random.randint(6, 20)
            for emulator in (self.plain, self.ours):
                emulator.resize(columns, lines)
            self.grid.resize(columns, lines)
            self.encoder.forget()
            self.draw(screen.resized(columns, lines))

    def assert_equal(self) -> None:
        assert self.ours.unknown == []
        for y, (ours, plain) in enumerate(zip(self.ours.cells, self.plain.cells, strict=True)):
            assert ours == plain, f"row {y}"
        if self.grid.cursor != (0, 0):
            assert self.ours.cursor == self.plain.cursor


DIALECTS = [
    Dialect(full=True),
    Dialect(full=False),
    Dialect(full=False, ech=False),
    Dialect(full=True, newline="\n"),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32),
    st.lists(
        st.tuples(st.sampled_from((*CHANGES, *INTERRUPTIONS)), st.booleans()),
        min_size=1,
        max_size=20,
    ),
)
def test_the_screen_is_the_same_as_after_all_that_textual_wrote(
    dialect: Dialect, seed: int, steps: list[tuple[str, bool]]
) -> None:
    random = Random(seed)
    screen = RandomScreen(random, COLUMNS, LINES)
    pair = Pair(dialect)
    pair.draw(screen.unchanged())
    for change, sent_at_once in steps:
        if change in CHANGES:
            pair.draw(CHANGES[change](screen))
        else:
            pair.interrupt(change, screen, random)
        if sent_at_once:
            pair.settle()
            pair.assert_equal()
    pair.settle()
    pair.assert_equal()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(tuple(CHANGES)), min_size=1, max_size=12))
def test_characters_of_doubtful_width_leave_nothing_behind(seed: int, steps: list[str]) -> None:
    """Terminals disagree on how wide a cluster is, so the screen is compared with one drawn anew
    in the same terminal, not with Textual's, whose rows slip out of their columns there."""
    screen = RandomScreen(Random(seed), COLUMNS, LINES, clusters=True)
    pair = Pair(Dialect())
    pair.draw(screen.unchanged())
    for change in steps:
        pair.draw(CHANGES[change](screen))
        pair.settle()
        anew = Emulator(COLUMNS, LINES)
        anew.feed(b"\x1b[?7l")
        pair.grid.invalidate()
        before = pair.ours.cells
        redrawn = Encoder().difference(pair.grid, pair.reader.styles)
        anew.feed(redrawn.encode())
        assert before == anew.cells
