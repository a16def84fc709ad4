"""A test never sees half a frame, and is not kept waiting for the end of what has none."""

from __future__ import annotations

import re
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal.session import Session
from tests.terminal.whole_frames import WholeFrames

END = b"\x1b[6n"
ENTER, LEAVE = b"\x1b[?1049h\x1b[?2004h", b"\x1b[m\x1b[?1049l"
FRAMES = [
    b"\x1b[1;1Hfirst" + END,
    b"\x1b[?2026h\x1b[2;1Hsecond\x1b[m\x1b[?2026l" + END,
    b"\x1b[3;1Hthird" + END,
]
# The first frame is written in two, and so is the second; the rest of the second comes late.
PROGRAM = """
import sys, time
def write(text):
    sys.stdout.write(text)
    sys.stdout.flush()
write("\\x1b[?1049h\\x1b[1;1Hready\\x1b[6n")
write("\\x1b[1;1Hone")
time.sleep(1)
write("\\x1b[2;1Htwo" + sys.argv[1])
time.sleep(600)
"""


@given(st.lists(st.integers(0, 110), max_size=12))
def test_in_whatever_pieces_it_comes_only_whole_frames_are_shown(cuts: list[int]) -> None:
    data = ENTER + b"".join(FRAMES) + LEAVE + b"bye"
    wholes = {words(b"".join(FRAMES[:count])) for count in range(len(FRAMES) + 1)}
    frames, shown = WholeFrames(), b""
    edges = [0, *sorted(cuts), len(data)]
    for start, end in pairwise(edges):
        shown += frames.take(data[start:end])
        assert words(shown.partition(LEAVE)[0]) in wholes
    assert shown == data
    assert not frames.is_open


def words(data: bytes) -> bytes:
    return re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]", b" ", data).strip()


def test_what_is_not_seen_is_not_waited_for() -> None:
    frames = WholeFrames()
    assert frames.take(ENTER + FRAMES[0]) == ENTER + FRAMES[0]
    for unseen in (b"\x1b[?1004h", b"\x1b]52;c;QQ==\x07", b"\x1b]0;title\x1b\\", b"\x1b[?2026$p"):
        assert frames.take(unseen) == unseen
        assert not frames.is_open


def test_a_program_that_never_ended_a_frame_is_shown_as_it_writes() -> None:
    frames = WholeFrames()
    assert frames.take(b"$ ls\r\n") == b"$ ls\r\n"
    assert frames.take(b"\x1b[?1049hvi") == b"\x1b[?1049h"
    assert frames.patience < 1
    assert frames.give_up() == b"vi"
    assert frames.take(b"m") == b"m"


@pytest.mark.pty
def test_a_frame_written_in_two_is_seen_at_once() -> None:
    with Session([sys.executable, "-c", PROGRAM, END.decode()]) as session:
        session.wait_for("one")
        assert "two" in session.text


@pytest.mark.pty
def test_a_frame_without_end_is_seen_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.terminal.whole_frames._FOR_THE_REST", 1.5)
    with Session([sys.executable, "-c", PROGRAM, ""]) as session:
        session.wait_for("two")
