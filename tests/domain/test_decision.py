"""A decision's life: which step follows which, and what none may undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gerra_tui.domain.decision import (
    DROPPABLE,
    END_STATES,
    GIVEN_BACK,
    HELD_BACK,
    LISTED,
    NOT_SENT,
    ON_ITS_WAY,
    OPEN_STATES,
    OWNERS_ALONE,
    SENDABLE,
    SETTLED,
    TRANSITIONS,
    TRIED,
    TROUBLED,
    UNDECIDED,
    UNSENT,
    UNSETTLED,
    Decision,
    DecisionState,
    Origin,
    Trouble,
    Verdict,
    WrongTransition,
)
from gerra_tui.domain.revision import Revision

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HELD = Decision(
    id="d",
    dataset_id="x",
    name="Stack cups",
    data_type="episode",
    version=None,
    verdict=Verdict.ACCEPT,
    reason=None,
    state=DecisionState.HELD,
    decided_at=NOON,
    send_at=None,
    origin=Origin(base_url="https://api.gerra.example", organization_id=None, profile="default"),
    revision=Revision(dataset_id="x", status="pending", date_updated=None, metadata_sha256=None),
)


def test_states_are_open_or_ends() -> None:
    assert OPEN_STATES | END_STATES == set(DecisionState) == set(TRANSITIONS)
    assert not OPEN_STATES & END_STATES
    assert {state for state in DecisionState if state.is_end} == END_STATES


def test_an_end_is_an_end() -> None:
    assert all(not TRANSITIONS[state] for state in END_STATES)
    assert all(TRANSITIONS[state] & END_STATES for state in OPEN_STATES)


def test_each_set_of_states_says_what_may_follow() -> None:
    def leading_to(state: DecisionState) -> set[DecisionState]:
        return {one for one in DecisionState if state in TRANSITIONS[one]}

    assert leading_to(DecisionState.TAKEN_BACK) == NOT_SENT
    assert leading_to(DecisionState.DROPPED) == DROPPABLE
    assert {one for one in TRIED if one in TRANSITIONS[one]} == TRIED
    assert HELD_BACK < NOT_SENT < DROPPABLE < OPEN_STATES
    assert OPEN_STATES == DROPPABLE | UNSETTLED
    assert TROUBLED < GIVEN_BACK < UNDECIDED < END_STATES
    assert DecisionState.SENDING in OWNERS_ALONE
    assert leading_to(DecisionState.SENDING) < OWNERS_ALONE
    assert TRANSITIONS[DecisionState.SENDING] & END_STATES == SETTLED
    assert UNSENT < ON_ITS_WAY < OPEN_STATES < LISTED
    assert SENDABLE < OPEN_STATES


def test_nothing_is_posted_but_from_waiting() -> None:
    assert {one for one in DecisionState if DecisionState.SENDING in TRANSITIONS[one]} == {
        DecisionState.WAITING
    }


def test_what_is_on_its_way_can_be_neither_taken_back_nor_dropped() -> None:
    assert not TRANSITIONS[DecisionState.SENDING] & {
        DecisionState.TAKEN_BACK,
        DecisionState.DROPPED,
        DecisionState.HELD,
        DecisionState.KEPT,
    }
    assert DecisionState.TAKEN_BACK not in TRANSITIONS[DecisionState.UNKNOWN]


@pytest.mark.parametrize("state", list(DecisionState))
@pytest.mark.parametrize("posted", [False, True])
def test_only_what_was_never_posted_can_be_taken_back(state: DecisionState, posted: bool) -> None:
    decision = replace(HELD, state=state, posted=posted)
    takes = {DecisionState.HELD, DecisionState.KEPT, DecisionState.WAITING}
    assert decision.can_be_taken_back == (not posted and state in takes)
    if decision.can_be_taken_back:
        assert decision.settled(DecisionState.TAKEN_BACK, at=NOON).state.is_end
    else:
        with pytest.raises(WrongTransition):
            decision.settled(DecisionState.TAKEN_BACK, at=NOON)


@pytest.mark.parametrize("state", list(DecisionState))
@pytest.mark.parametrize("to", list(DecisionState))
def test_a_decision_takes_only_the_steps_of_the_table(
    state: DecisionState, to: DecisionState
) -> None:
    decision = replace(HELD, state=state)
    if to not in TRANSITIONS[state]:
        with pytest.raises(WrongTransition):
            decision.settled(to, at=NOON) if to.is_end else decision.becoming(to)
    elif to.is_end:
        assert decision.settled(to, at=NOON, detail="why").settled_detail == "why"
        with pytest.raises(WrongTransition):
            decision.settled(to, at=NOON).becoming(state)
    else:
        trouble = Trouble(kind="unavailable")
        assert decision.becoming(to, trouble=trouble).last_error is trouble


def test_an_open_state_is_no_end() -> None:
    with pytest.raises(WrongTransition):
        HELD.settled(DecisionState.WAITING, at=NOON)


def test_being_posted_is_remembered() -> None:
    sending = replace(HELD, state=DecisionState.WAITING).being_posted(at=NOON)
    assert (sending.attempts, sending.posted, sending.posted_at) == (1, True, NOON)
    with pytest.raises(WrongTransition):
        HELD.being_posted(at=NOON)


def test_a_verdict_shows_as_a_status() -> None:
    assert [one.status for one in Verdict] == ["accepted", "rejected"]
