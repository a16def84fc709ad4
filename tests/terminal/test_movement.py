"""The cursor goes where it must by the shortest way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.terminal.movement import Dialect, move
from tests.terminal.emulator import Emulator

COLUMNS, LINES = 30, 12
xs, ys = st.integers(0, COLUMNS - 1), st.integers(0, LINES - 1)


@given(
    st.one_of(st.none(), xs),
    ys,
    xs,
    ys,
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["\v", "\x1b[B"]),
)
def test_it_ends_where_it_must(
    x: int | None, y: int, to_x: int, to_y: int, at_the_edge: bool, newline: str, down: str
) -> None:
    """Where the column is not known the cursor may be past the last one."""
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(b"\x1b[?7l" + f"\x1b[{y + 1};{(x or 0) + 1}H".encode())
    if x is None and at_the_edge:
        emulator.feed(f"\x1b[{COLUMNS}Gx".encode())
    way = move(x, y, to_x, to_y, newline, down)
    emulator.feed(way.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    assert emulator.cursor == (to_x, to_y)
    assert len(way) <= len(f"\x1b[{to_y + 1};{to_x + 1}H")


@pytest.mark.parametrize(
    ("start", "end", "way"),
    [
        ((5, 5), (5, 5), ""),
        ((50, 5), (52, 5), "\x1b[2C"),
        ((5, 5), (3, 5), "\b\b"),
        ((5, 5), (0, 5), "\r"),
        ((9, 5), (0, 6), "\n"),
        ((5, 5), (5, 6), "\v"),
        ((5, 5), (5, 10), "\x1b[5B"),
        ((98, 5), (75, 6), "\v\x1b[76G"),
        ((100, 5), (3, 5), "\x1b[4G"),
        ((0, 20), (0, 0), "\x1b[H"),
        ((None, None), (3, 4), "\x1b[5;4H"),
    ],
)
def test_no_way_is_shorter(
    start: tuple[int | None, int | None], end: tuple[int, int], way: str
) -> None:
    assert move(*start, *end, "\n", "\v") == way


@pytest.mark.parametrize(
    ("environ", "full", "ech"),
    [
        ({"TERM": "xterm-256color"}, True, True),
        ({"TERM": "tmux-256color"}, True, True),
        ({"TERM": "screen", "TMUX": "server,1,0"}, True, True),
        ({"TERM": "screen"}, False, False),
        ({"TERM": "screen", "TMUX": "server,1,0", "STY": "1.pts"}, False, False),
        ({"TERM": "linux"}, False, True),
        ({}, False, False),
    ],
)
def test_a_terminal_is_sent_only_what_it_knows(
    environ: dict[str, str], full: bool, ech: bool
) -> None:
    dialect = Dialect.of(environ)
    assert (dialect.full, dialect.ech) == (full, ech)


@pytest.mark.parametrize(
    "newer",
    [
        "\x1b[?2026$p",
        "\x1b[?2048$p",
        "\x1b[?2026h",
        "\x1b[>25u",
        "\x1b[<u",
        "\x1b]22;pointer\x07",
        "\x1b]8;;https://example.com\x1b\\",
        "\x1b]8;;\x1b\\",
    ],
)
def test_what_only_newer_terminals_know_is_kept_from_older_ones(newer: str) -> None:
    around = f"\x1b[?25l\x1b[2;1H\x1b[1mSO-101{newer} mug\x1b[m\x1b[6n"
    assert Dialect(full=True).known(around) == around
    assert Dialect(full=False).known(around) == around.replace(newer, "")
