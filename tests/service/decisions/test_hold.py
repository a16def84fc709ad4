"""The hold by itself: whose time runs, stands still, or has come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.service.decisions.hold import LEFT_AFTER_A_STOP, Hold


def test_each_is_due_when_its_own_time_has_come() -> None:
    hold = Hold()
    hold.begin(["a", "b"], now=0, seconds=10)
    hold.begin(["c"], now=4, seconds=10)
    hold.begin(["m"], now=4, seconds=None)
    assert (hold.left("a", 3), hold.left("m", 3), hold.left("x", 3)) == (7, None, None)
    assert hold.next_end(3) == 7
    assert hold.take_due(9.9) == []
    hold.end(["b"])
    assert hold.take_due(10) == ["a"]
    assert hold.take_due(14) == ["c"]
    assert hold.take_due(1e9) == []
    assert hold.next_end(14) is None


def test_time_stands_still_while_stopped_also_for_what_is_decided_then() -> None:
    hold = Hold()
    hold.begin(["a"], now=0, seconds=10)
    hold.stop(9)
    hold.stop(50)
    hold.begin(["b"], now=60, seconds=10)
    assert (hold.left("a", 99), hold.next_end(99), hold.take_due(99)) == (1, None, [])
    assert list(hold.go_on(100)) == ["a", "b"]
    assert (hold.left("a", 100), hold.left("b", 100)) == (LEFT_AFTER_A_STOP, 10)
    assert hold.go_on(101) == ()
    assert hold.take_due(105) == ["a"]


@given(st.lists(st.tuples(st.sampled_from(["stop", "go on"]), st.floats(0.01, 50)), max_size=12))
def test_no_one_is_due_sooner_than_their_hold_nor_within_five_seconds_of_a_stop(
    steps: list[tuple[str, float]],
) -> None:
    hold = Hold()
    hold.begin(["a"], now=0, seconds=10)
    now = seen = 0.0
    stopped, back = False, None
    for what, seconds in steps:
        now += seconds
        seen += 0 if stopped else seconds
        if hold.take_due(now):
            assert not stopped
            assert seen >= 10 - 1e-6
            assert back is None or now - back >= LEFT_AFTER_A_STOP - 1e-6
            return
        if what == "stop":
            hold.stop(now)
        else:
            hold.go_on(now)
            back = now if stopped else back
        stopped = what == "stop"
