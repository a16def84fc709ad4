"""What was pasted is text to its real end, whatever ends it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.terminal.pasting import BEHIND, QUIET, PasteGuard
from gerra_tui.terminal.replies import PASTE, PASTE_END, REPORT, InputFilter

if TYPE_CHECKING:
    from collections.abc import Sequence


def read(*reads: tuple[float, bytes], awaited: int = 0) -> list[bytes]:
    """What is let through of reads, each with its time in seconds."""
    gate, guard = InputFilter(), PasteGuard()
    kept = []
    for now, data in reads:
        passed = gate.feed(data, now, awaited)
        awaited -= passed.reports
        kept += guard.passed(passed.pieces, now)
    return kept


def test_a_paste_passes_and_so_does_a_key_that_a_finger_pressed_behind_it() -> None:
    pasted = PASTE + b"a reason" + PASTE_END
    kept = [PASTE, b"a reason", PASTE_END, b"\r"]
    assert read((0, pasted), (BEHIND, b"\r")) == kept


def test_what_stands_behind_an_end_within_a_paste_is_dropped() -> None:
    pasted = PASTE + b"name" + PASTE_END + b"ay" + PASTE_END
    assert read((0, pasted), (QUIET, b"j")) == [PASTE, b"name", PASTE_END, b"j"]


def test_where_the_end_within_comes_last_in_a_read_the_next_read_is_dropped_too() -> None:
    reads = ((0, PASTE + b"name" + PASTE_END), (0.001, b"ay"), (0.05, b"ay"), (0.12, PASTE_END))
    assert read(*reads) == [PASTE, b"name", PASTE_END]


def test_a_paste_that_begins_in_what_is_dropped_is_dropped_whole() -> None:
    reads = ((0, PASTE + b"x" + PASTE_END + b"a" + PASTE), (1, b"ay"), (2, PASTE_END), (3, b"j"))
    assert read(*reads) == [PASTE, b"x", PASTE_END, b"j"]


def test_reports_pass_whatever_is_dropped() -> None:
    pasted = PASTE + b"x" + PASTE_END + b"ay\x1b[1;1R"
    assert read((0, pasted), awaited=1) == [PASTE, b"x", PASTE_END, REPORT]


@given(st.lists(st.sampled_from([PASTE, PASTE_END, b"a", b"y", b"\r", b"\x1b"]), max_size=12))
def test_nothing_of_a_paste_is_ever_a_key(within: Sequence[bytes]) -> None:
    kept = read((0, PASTE + b"".join(within) + PASTE_END))
    assert kept[0] == PASTE
    assert kept[-1] == PASTE_END
    assert kept.count(PASTE) == kept.count(PASTE_END) == 1
