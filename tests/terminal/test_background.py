"""What the terminal says of its background: told, odd, broken off, late, or never."""

from __future__ import annotations

import pytest

from gerra_tui.terminal.background import is_light
from gerra_tui.terminal.replies import COLOUR, InputFilter

WHITE = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
BLACK = b"\x1b]11;rgb:0000/0000/0000\x07"


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        (WHITE, True),
        (BLACK, False),
        (b"\x1b]11;rgb:fd/f6/e3\x07", True),
        (b"\x1b]11;rgb:f/f/f\x07", True),
        (b"\x1b]11;rgba:0000/2b2b/3636/ffff\x07", False),
        (b"\x1b]11;?\x07", None),
        (b"\x1b]11;#ffffff\x07", None),
        (b"\x1b]11;rgb:fffff/0/0\x07", None),
        (b"\x1b]11;rgb:/0/0\x07", None),
        (b"\x1b]10;rgb:ffff/ffff/ffff\x07", None),
    ],
)
def test_the_brightness_is_read_from_an_answer_and_from_nothing_else(
    answer: bytes, light: bool | None
) -> None:
    assert is_light(answer) is light


def asking() -> InputFilter:
    gate = InputFilter()
    gate.awaits_colour = True
    return gate


def typed(gate: InputFilter, *chunks: bytes, pause: float = 0.01) -> bytes:
    """What came through of these, each so many seconds after the one before."""
    now, pieces = 0.0, []
    for chunk in chunks:
        if gate.deadline is not None and gate.deadline <= now:
            pieces += gate.expire(gate.deadline)
        pieces += gate.feed(chunk, now, 0).pieces
        now += pause
    return b"".join(pieces)


@pytest.mark.parametrize("pause", [0.01, 0.3, 1.5, 5.0])
@pytest.mark.parametrize("answer", [WHITE, BLACK])
def test_an_answer_cut_anywhere_presses_no_key(answer: bytes, pause: float) -> None:
    for cut in range(2, len(answer)):
        gate = asking()
        assert typed(gate, answer[:cut], answer[cut:], b"j", pause=pause) == b"j", cut
        assert gate.light is (answer == WHITE)


def test_an_answer_whose_first_byte_comes_alone_is_one_all_the_same() -> None:
    for pause in (0.01, 0.3, 0.9):
        gate = asking()
        assert typed(gate, WHITE[:1], WHITE[1:], b"j", pause=pause) in (b"j", b"\x1bj")
        assert gate.light is True


def test_what_is_typed_behind_a_broken_answer_is_not_lost() -> None:
    gate = asking()
    assert typed(gate, b"\x1b]11;rgb:ff", b"j", b"k") == b"jk"
    assert gate.light is None


def test_an_answer_that_never_ends_is_given_up() -> None:
    gate = asking()
    assert typed(gate, b"\x1b]11;rgb:ff", *[b"ffff"] * 20, b"j").endswith(b"j")
    assert typed(asking(), b"\x1b]11;rgb:ff", b"j", pause=COLOUR + 1) == b"j"


def test_an_odd_answer_is_no_key_and_no_colour() -> None:
    gate = asking()
    assert typed(gate, b"\x1b]11;#fff\x07", b"j") == b"j"
    assert gate.light is None
    assert not gate.awaits_colour


def test_an_answer_that_nobody_asked_for_is_dropped() -> None:
    gate = InputFilter()
    assert typed(gate, WHITE, b"j") == b"j"
    assert gate.light is None
