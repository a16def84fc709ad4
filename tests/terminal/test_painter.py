"""What is no frame passes, and whatever passes leaves the screen right."""

from __future__ import annotations

import logging
from random import Random

import pytest
from rich.style import Style
from textual.strip import Strip

from gerra_tui.terminal import painter as painter_module
from gerra_tui.terminal.movement import Dialect
from gerra_tui.terminal.painter import SYNC_END, SYNC_START, Painter
from gerra_tui.terminal.style import LARGEST_TABLE, NotUnderstood
from tests.terminal.emulator import Emulator
from tests.terminal.frames import RandomScreen, frame, position, styled

COLUMNS, LINES = 60, 12


class Terminals:
    """One with all that was written, one with what the painter sends of it."""

    def __init__(self, dialect: Dialect | None = None, encoding: str = "utf-8") -> None:
        self.plain, self.ours = Emulator(COLUMNS, LINES), Emulator(COLUMNS, LINES)
        self.failures = 0
        self.painter = Painter(COLUMNS, LINES, dialect or Dialect(), encoding, self._failed)
        self.sent = ""
        self.write("\x1b[?1049h\x1b[?7l")

    def _failed(self) -> None:
        self.failures += 1

    def write(self, *texts: str) -> str:
        """Write as an app does, then flush; gives what was sent."""
        self.sent = ""
        for text in texts:
            self.plain.feed(text.replace("\n", "\r\n").encode())
            self._send(self.painter.take(text))
        self._send(self.painter.difference())
        return self.sent

    def _send(self, text: str) -> None:
        self.sent += text
        self.ours.feed(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())

    def assert_equal(self) -> None:
        assert self.ours.cells == self.plain.cells


@pytest.mark.parametrize(
    "harmless",
    [
        "\x07",
        "\x1b[?1000h",
        "\x1b[?25l",
        "\x1b[?2004l\x1b[?7h",
        "\x1b[>25u",
        "\x1b[<u",
        "\x1b[?2026$p",
        "\x1b]52;c;U08tMTAx\x07",
        "\x1b]22;pointer\x07",
        "\x1b]0;title\x1b\\",
        "\x1b[6n",
        "\x1b[c",
    ],
)
def test_modes_queries_and_the_like_pass_at_once_and_nothing_is_redrawn(harmless: str) -> None:
    terminals = Terminals()
    terminals.write(frame([styled("a row"), styled("another")]))
    assert terminals.write(harmless) == harmless
    assert len(terminals.write(frame([styled("a row"), styled("anothes")]))) < 10


def test_an_older_terminal_gets_a_links_text_alone() -> None:
    terminals = Terminals(Dialect(full=False))
    link = "\x1b[1;1H\x1b]8;;https://example.com\x1b\\SO-101\x1b]8;;\x1b\\\n\x1b[1;1H"
    assert "example" not in terminals.write(link)
    assert terminals.ours.text.startswith("SO-101")
    assert terminals.write("\x1b[?2026$p", SYNC_START, SYNC_END) == ""


@pytest.mark.parametrize("clearing", ["\x1b[2J", "\x1b[?1049l\x1b[?1049h", "\x1bc\x1b[?7l"])
def test_after_the_screen_was_cleared_all_is_drawn_again(clearing: str) -> None:
    terminals = Terminals()
    rows = frame([styled("a row", "red"), styled("another")])
    terminals.write(rows)
    terminals.write(clearing, rows)
    terminals.assert_equal()


@pytest.mark.parametrize(
    "unknown",
    [
        position(2, 2) + "tab\there" + position(0, 0),
        position(2, 2) + "bell\x07" + position(0, 0),
        position(2, 2) + "\x1b[4:3mcurly\x1b[0m" + position(0, 0),
        position(2, 2) + "no reset \x1b[31mred" + position(0, 0),
        position(2, 2) + "\x1b[2Kline" + position(0, 0),
        "text without a position",
        "\x1bPq~-~\x1b\\",
        "\x1b[5;5Htext without an end",
        "\x1b[3;1H\x1b[L",
    ],
)
def test_what_is_not_understood_passes_and_the_next_frames_are_right(unknown: str) -> None:
    terminals = Terminals()
    random = Random(unknown)
    drawn = RandomScreen(random, COLUMNS, LINES)
    terminals.write(drawn.unchanged())
    for text in (drawn.anew(), drawn.some_rows()):
        terminals.write(text)
    assert unknown in terminals.write(unknown)
    # An open style is closed; what another terminal would go on with is not looked at here.
    terminals.plain.feed(b"\x1b[m")
    for _ in range(3):
        terminals.write(drawn.some_rows())
    terminals.write(drawn.unchanged())
    terminals.assert_equal()


def test_what_was_drawn_before_unknown_output_is_sent_before_it() -> None:
    terminals = Terminals()
    sent = terminals.write(frame([styled("first")]), "\x1bPsixel\x1b\\")
    assert sent.index("first") < sent.index("sixel")


def test_large_frames_are_drawn_at_once_where_the_terminal_can() -> None:
    terminals = Terminals()
    large = RandomScreen(Random(1), COLUMNS, LINES)
    assert SYNC_START not in terminals.write(large.anew())
    sent = terminals.write(SYNC_START, large.anew(), SYNC_END)
    assert sent.startswith(SYNC_START)
    assert sent.endswith(SYNC_END)
    assert sent.count(SYNC_START) == 1
    assert SYNC_START not in terminals.write(SYNC_START, frame([styled("small")]), SYNC_END)
    terminals.assert_equal()


def test_a_disturbed_screen_is_drawn_anew_without_the_app() -> None:
    terminals = Terminals()
    terminals.write(RandomScreen(Random(2), COLUMNS, LINES).anew())
    terminals.ours.feed(b"\x1b[H\x1b[41mBroadcast message from root\x1b[2;5H")
    terminals.painter.disturbed()
    terminals.write()
    terminals.assert_equal()


def test_a_locale_without_a_character_gets_question_marks_in_its_place() -> None:
    terminals = Terminals(encoding="ascii")
    terminals.write(frame([styled("a─b漢c é│")]))
    assert terminals.ours.display[0].rstrip() == "a?b??c ??"
    terminals = Terminals()
    terminals.painter.take(frame([styled("half \ud83d of a pair")]))
    assert "half ? of a pair" in terminals.painter.difference()


def test_marks_without_a_character_go_on_the_one_before_or_nowhere() -> None:
    terminals = Terminals()
    two = Strip.join([styled("c"), styled("\u0301d", "red")])
    terminals.write(frame([styled("\u0301a"), two]))
    assert terminals.ours.display[0].startswith("a ")
    assert terminals.ours.display[1].startswith("c\u0301d ")


def test_pictures_of_a_thousand_colours_do_not_fill_the_memory() -> None:
    terminals = Terminals()
    random = Random(4)
    for _ in range(12):
        rows = []
        for y in range(LINES):
            pixels = [
                f"\x1b[38;2;{random.randrange(256)};{random.randrange(256)};9"
                f";48;2;{random.randrange(256)};7;{random.randrange(256)}m▀\x1b[0m"
                for _ in range(COLUMNS)
            ]
            rows.append(position(0, y) + "".join(pixels))
        terminals.write("\n".join(rows) + position(0, 0))
        terminals.assert_equal()
        # One frame may overshoot; then the table is dropped.
        assert terminals.painter._reader.styles.size <= LARGEST_TABLE + 12 * COLUMNS * LINES


def test_text_outside_of_the_screen_is_cut_off() -> None:
    terminals = Terminals()
    terminals.write(
        frame([styled("x" * (COLUMNS - 1) + "漢")]) + frame([styled("below")], top=LINES)
    )
    assert terminals.ours.display[0] == "x" * (COLUMNS - 1) + " "
    assert "below" not in terminals.ours.text


def test_a_smaller_screen_cuts_a_wide_character_at_its_edge() -> None:
    terminals = Terminals()
    terminals.write(frame([styled("abc漢def")]))
    terminals.painter.resize(4, 3, Dialect())
    terminals.ours.resize(4, 3)
    terminals.write()
    assert terminals.ours.display[0] == "abc "


def breaks(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("broken", ["FrameReader.read", "Grid.draw", "Encoder.difference"])
def test_a_mistake_in_here_does_not_take_the_screen_with_it(
    broken: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    terminals = Terminals()
    screen = RandomScreen(Random(3), COLUMNS, LINES)
    terminals.write(screen.anew())
    monkeypatch.setattr(f"{painter_module.__name__}.{broken}", breaks)
    with caplog.at_level(logging.ERROR):
        for text in (
            screen.some_rows(),
            screen.some_rows(),
            SYNC_START,
            "\x07",
            screen.unchanged(),
        ):
            terminals.write(text)
    terminals.assert_equal()
    assert terminals.failures == 1
    assert len(caplog.records) == 1


@pytest.mark.parametrize("again", ["resize", "disturbed"])
def test_after_a_mistake_a_resize_or_redraw_goes_back_to_differences(again: str) -> None:
    terminals = Terminals()
    screen = RandomScreen(Random(3), COLUMNS, LINES)
    terminals.write(screen.anew())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{painter_module.__name__}.Encoder.difference", breaks)
        terminals.write(screen.some_rows())
    assert terminals.painter.gave_up
    if again == "resize":
        terminals.painter.resize(COLUMNS, LINES, Dialect())
    else:
        terminals.painter.disturbed()
    assert terminals.failures == 2  # the whole screen is painted once more
    whole = screen.unchanged()
    terminals.write(whole)
    assert terminals.write(whole) == ""
    terminals.assert_equal()


@pytest.mark.parametrize("seed", range(10))
def test_a_terminal_that_is_one_column_wide_for_a_moment_keeps_the_differences(seed: int) -> None:
    screen = RandomScreen(Random(seed), COLUMNS, LINES, clusters=True)
    terminals = Terminals()
    terminals.write(screen.anew())
    for width, height in ((1, LINES), (1, 1), (2, LINES), (1, LINES), (COLUMNS, LINES)):
        terminals.painter.resize(width, height, Dialect())
        for text in (screen.anew(), screen.some_rows()):
            terminals.painter.take(text)
            terminals.painter.difference()
    assert not terminals.painter.gave_up
    assert terminals.failures == 0


def test_nothing_is_sent_for_what_is_there_already() -> None:
    """Links have another id each time, of which a reader sees nothing."""
    terminals = Terminals()
    first, second = (frame([styled("a", Style(link="https://x.org"))]) for _ in range(2))
    assert first != second
    terminals.write(first)
    assert terminals.write(second) == ""


@pytest.mark.parametrize("seed", range(30))
def test_a_picture_brings_a_cleared_terminal_to_the_same_screen(seed: int) -> None:
    terminals = Terminals()
    screen = RandomScreen(Random(seed), COLUMNS, LINES, clusters=seed % 3 == 0)
    terminals.write(screen.unchanged())
    sent, _ = terminals.painter.picture()
    cleared = Emulator(COLUMNS, LINES)
    cleared.feed(b"\x1b[?1049h\x1b[?7l" + sent.encode())
    assert cleared.cells == terminals.ours.cells


@pytest.mark.parametrize("seed", range(30))
def test_of_a_frame_that_is_shown_already_only_what_differs_is_sent(seed: int) -> None:
    terminals = Terminals()
    screen = RandomScreen(Random(seed), COLUMNS, LINES)
    terminals.write(screen.unchanged())
    sent, drawn = terminals.painter.picture()
    next_start = Terminals()
    next_start.plain.feed(sent.encode())
    next_start.ours.feed(sent.encode())
    next_start.painter.adopt(drawn)
    assert "\x1b[1;1H" not in next_start.write(screen.unchanged())[6:]
    next_start.write(screen.some_rows())
    next_start.assert_equal()


def test_what_is_no_frame_is_not_adopted() -> None:
    with pytest.raises(NotUnderstood):
        Terminals().painter.adopt("\x1b[2Jnothing")
