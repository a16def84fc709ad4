"""Which frames the terminal has shown is known from its reports, or taken for granted later."""

from __future__ import annotations

from gerra_tui.terminal.replies import REPORT, InputFilter
from gerra_tui.terminal.shown import UNTOLD, Shown

POSITION = b"\x1b[12;34R"
NEVER = float("inf")


def test_a_frame_is_shown_once_what_was_asked_behind_it_is_answered() -> None:
    shown = Shown()
    for question in (1, 2):
        shown.draw()
        shown.sent(question, now=0.0)
    assert shown.by(0.0, NEVER) == 0
    shown.answered(1)
    assert shown.by(0.0, NEVER) == 1
    shown.answered(2)
    assert shown.by(0.0, NEVER) == 2


def test_a_frame_without_a_new_cell_is_shown_with_the_one_before() -> None:
    shown = Shown()
    shown.draw()
    shown.sent(1, now=0.0)
    shown.draw()
    shown.sent(1, now=0.1)
    shown.answered(1)
    assert shown.by(0.1, NEVER) == 2


def test_frames_that_are_held_are_not_shown() -> None:
    shown = Shown()
    shown.draw()
    shown.sent(1, now=0.0)
    shown.draw()
    shown.answered(1)
    assert shown.by(10.0, UNTOLD) == 1


def test_where_nothing_reports_a_frame_is_taken_for_shown_a_second_later() -> None:
    shown = Shown()
    shown.draw()
    shown.sent(0, now=5.0)
    assert shown.by(5.9, UNTOLD) == 0
    assert shown.by(6.0, UNTOLD) == 1


def test_what_was_typed_before_a_report_stands_before_it() -> None:
    gate = InputFilter()
    data = b"ay" + POSITION + b"\x1b[Aj" + POSITION + POSITION + b"k"
    passed = gate.feed(data, 0.0, awaited=3)
    assert passed.pieces == [b"ay", REPORT, b"\x1b[A", b"j", REPORT, REPORT, b"k"]
    assert passed.reports == 3


def test_a_report_within_a_key_comes_behind_it() -> None:
    passed = InputFilter().feed(b"\x1b[" + POSITION + b"Aj", 0.0, awaited=1)
    assert passed.pieces == [b"\x1b[A", REPORT, b"j"]


def test_a_report_behind_an_escape_that_waits_is_told_at_once() -> None:
    gate = InputFilter()
    assert gate.feed(b"a\x1b" + POSITION, 0.0, awaited=1).pieces == [b"a", REPORT]
    assert gate.feed(b"[B", 0.01, awaited=0).pieces == [b"\x1b[B"]
