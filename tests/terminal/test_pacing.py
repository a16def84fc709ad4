"""The screen is never more than a round trip behind, and never waits for a terminal in vain."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.terminal.pacing import BYTES, FRAMES, TIMEOUT, Pacer


def holds(pacer: Pacer) -> bool:
    return not pacer.may_send


def an_answering(pacer: Pacer | None = None) -> Pacer:
    pacer = pacer or Pacer()
    pacer.sent(10, 0.0)
    pacer.answered(1, 0.1)
    return pacer


def test_nothing_is_held_before_the_first_answer() -> None:
    pacer = Pacer()
    for _ in range(50):
        pacer.sent(5_000, 0.0)
        assert not holds(pacer)
    assert not pacer.answers


def test_two_large_frames_without_an_answer_hold_the_third() -> None:
    pacer = an_answering()
    assert pacer.answers
    pacer.sent(BYTES, 1.0)
    assert not holds(pacer), "one frame alone would leave the link idle for a round trip"
    pacer.sent(BYTES, 1.0)
    assert holds(pacer)
    pacer.answered(1, 1.2)
    assert not holds(pacer)


def test_small_frames_are_not_held() -> None:
    pacer = an_answering()
    for _ in range(10):
        pacer.sent(20, 1.0)
    assert not holds(pacer)
    pacer.sent(BYTES, 1.0)
    assert holds(pacer)


def test_a_terminal_that_never_answers_is_asked_no_more_and_never_held() -> None:
    pacer = Pacer()
    pacer.sent(9_000, 5.0)
    assert pacer.deadline == 5.0 + TIMEOUT
    pacer.expire(5.0 + TIMEOUT)
    assert not pacer.asks
    assert not holds(pacer)
    assert pacer.deadline is None


def test_a_stalled_link_is_given_up_on_once_and_paced_again_with_the_next_answer() -> None:
    pacer = an_answering()
    for _ in range(FRAMES):
        pacer.sent(BYTES, 1.0)
    pacer.expire(1.0 + TIMEOUT)
    assert not holds(pacer)
    assert (pacer.asks, pacer.answers) == (True, False)
    for _ in range(FRAMES):
        pacer.sent(BYTES, 4.0)
        assert not holds(pacer)
    pacer.answered(1, 4.1)
    assert (pacer.asks, pacer.answers) == (True, True)
    pacer.sent(BYTES, 4.2)
    assert holds(pacer)


def test_a_deadline_that_has_not_come_changes_nothing() -> None:
    pacer = an_answering()
    pacer.sent(BYTES, 1.0)
    pacer.sent(BYTES, 1.0)
    pacer.expire(1.0 + TIMEOUT / 2)
    assert holds(pacer)


def test_answers_put_the_deadline_off() -> None:
    pacer = an_answering()
    pacer.sent(BYTES, 1.0)
    pacer.sent(BYTES, 1.0)
    pacer.answered(1, 2.5)
    assert pacer.deadline == 2.5 + TIMEOUT


@given(st.lists(st.one_of(st.integers(1, 5_000), st.just(-1), st.just(0))))
def test_whatever_happens_a_held_frame_is_sent_in_the_end(steps: list[int]) -> None:
    """A number is a frame of that size, -1 an answer, 0 a second of waiting."""
    pacer, now = Pacer(), 0.0
    for step in steps:
        if step > 0 and pacer.may_send and pacer.asks:
            pacer.sent(step, now)
        elif step < 0:
            pacer.answered(1, now)
        else:
            now += 1
            pacer.expire(now)
        assert not holds(pacer) or pacer.deadline is not None
    if pacer.deadline is not None:
        pacer.expire(pacer.deadline)
    assert not holds(pacer)
    assert pacer.deadline is None
