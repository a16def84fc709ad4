"""The emulator that other tests judge by is itself a terminal."""

from __future__ import annotations

from tests.terminal.emulator import Emulator


def shown(data: bytes, columns: int = 8, lines: int = 5) -> list[str]:
    emulator = Emulator(columns, lines)
    emulator.feed(data)
    return [row.rstrip() for row in emulator.display]


FIVE = b"\x1b[Ha\r\nb\r\nc\r\nd\r\ne"


def test_it_scrolls_within_margins() -> None:
    assert shown(FIVE + b"\x1b[2;4r\x1b[S\x1b[r") == ["a", "c", "d", "", "e"]
    assert shown(FIVE + b"\x1b[2;4r\x1b[2T\x1b[r") == ["a", "", "", "b", "e"]
    assert shown(FIVE + b"\x1b[S") == ["b", "c", "d", "e", ""]


def test_it_takes_sequences_in_pieces() -> None:
    emulator = Emulator(8, 2)
    for byte in "\x1b[2;3Hé漢\x1b]0;title\x07\x1bP+q\x1b\\x".encode():
        emulator.feed(bytes([byte]))
    assert emulator.display[1] == "  é漢x  "
    assert emulator.title == "title"
    assert emulator.cursor == (6, 1)


def test_it_answers_like_an_xterm() -> None:
    heard: list[bytes] = []
    emulator = Emulator(8, 2, heard.append)
    emulator.feed(
        b"\x1b[2;3H\x1b[6n\x1b[c\x1b[?2026$p\x1b[?2048$p\x1b[?2004h\x1b[?2004$p\x1b[>25u\x1b[?u"
    )
    assert heard == [
        b"\x1b[2;3R",
        b"\x1b[?62;22c",
        b"\x1b[?2026;2$y",
        b"\x1b[?2048;0$y",
        b"\x1b[?2004;1$y",
        b"\x1b[?25u",
    ]
    assert emulator.replies == b"".join(heard)
    assert emulator.unknown == []


def test_the_alternate_screen_leaves_the_other_as_it_was() -> None:
    emulator = Emulator(8, 2)
    emulator.feed(b"shell\x1b[?1049h\x1b[Hprogram")
    assert emulator.text == "program\n"
    emulator.feed(b"\x1b[?1049l")
    assert emulator.text == "shell\n"


def test_half_a_wide_character_is_no_character() -> None:
    assert shown("漢字\x1b[2Gx".encode()) == [" x字", "", "", "", ""]
    assert shown("漢字\x1b[3Gx".encode()) == ["漢x", "", "", "", ""]
    assert shown("漢字\x1b[2G\x1b[X".encode()) == ["  字", "", "", "", ""]


def test_erasing_takes_on_the_background_and_nothing_else() -> None:
    emulator = Emulator(4, 1)
    emulator.feed(b"\x1b[1;4;31;44m\x1b[K")
    cell = emulator.cells[0][0]
    assert (cell.bg, cell.fg, cell.underscore) == ("34", "default", False)


def test_what_cannot_be_seen_on_a_blank_does_not_count() -> None:
    a, b = Emulator(4, 1), Emulator(4, 1)
    a.feed(b"\x1b[1;31m    ")
    assert a.cells == b.cells
    a.feed(b"\r\x1b[4m ")
    assert a.cells != b.cells


def test_a_resize_cuts_and_pads() -> None:
    emulator = Emulator(8, 3)
    emulator.feed("a漢bc\r\nd\r\ne".encode())
    emulator.resize(2, 2)
    assert emulator.display[1] == "d "
    emulator.resize(4, 3)
    assert emulator.display[2] == "    "
