"""Changing the look takes the shortest sequence that surely gives it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.terminal.style import NotUnderstood, Styles
from tests.terminal.emulator import Cell, Emulator

codes = st.lists(
    st.sampled_from(
        [str(code) for code in (*range(10), 21, 22, 23, 24, 25, 27, 28, 29, 31, 39, 44, 49, 51, 53)]
        + ["54", "55", "94", "103", "38;5;9", "48;5;200", "38;2;1;2;3", "48;2;9;8;7", ""]
    ),
    min_size=1,
    max_size=8,
).map(";".join)


def written(*sequences: str) -> Cell:
    emulator = Emulator(2, 1)
    emulator.feed("".join([*sequences, "x"]).encode())
    return emulator.cells[0][0]


@given(codes, codes)
def test_any_look_is_reached_from_any_other(first: str, then: str) -> None:
    styles = Styles()
    a = styles.default.after(first, styles)
    b = styles.default.after(then, styles)
    assert written(f"\x1b[{first}m", a.to(b, styles)) == written(f"\x1b[{then}m")
    assert len(a.to(b, styles)) <= len(f"\x1b[0;{';'.join(b._parameters())}m")


@given(codes, codes)
def test_the_same_look_is_the_same_object(first: str, then: str) -> None:
    styles = Styles()
    one = styles.default.after(first, styles).after(then, styles)
    assert one is styles.default.after(f"{first};{then}", styles)
    assert one.to(styles.style(one.fg, one.bg, one.flags, one.link), styles) == ""


@pytest.mark.parametrize(
    ("a", "b", "way"),
    [
        ("31", "32", "\x1b[32m"),
        ("1;31", "31", "\x1b[22m"),
        ("1;2;31", "2;31", "\x1b[22;2m"),
        ("38;2;1;2;3;48;2;9;8;7", "48;2;9;8;7", "\x1b[39m"),
        ("38;2;1;2;3;48;2;9;8;7", "", "\x1b[m"),
        ("4", "21", "\x1b[0;21m"),
        ("21", "", "\x1b[m"),
    ],
)
def test_no_way_is_shorter(a: str, b: str, way: str) -> None:
    styles = Styles()
    assert styles.default.after(a, styles).to(styles.default.after(b, styles), styles) == way


@pytest.mark.parametrize(
    "parameters", ["38", "38;5", "38;2;1;2", "38;7;1", "99", "4:3", "?25", "x"]
)
def test_what_is_not_known_is_not_guessed_at(parameters: str) -> None:
    styles = Styles()
    with pytest.raises(NotUnderstood):
        styles.default.after(parameters, styles)


def test_blanks_that_look_alike_are_one_cell() -> None:
    styles = Styles()
    plain, bold = styles.default, styles.default.after("1;31", styles)
    assert bold.cells[" "] is plain.cells[" "]
    assert bold.cells["x"] is not plain.cells["x"]
    for seen in ("4", "7", "9", "53", "5"):
        assert styles.default.after(seen, styles).cells[" "] is not plain.cells[" "]
    assert styles.style("", "", 0, "https://example.org").cells[" "] is not plain.cells[" "]


def test_a_control_character_is_no_cell() -> None:
    styles = Styles()
    for control in ("\t", "\x07", "\x7f", "\x85"):
        with pytest.raises(NotUnderstood):
            styles.default.cells[control]
