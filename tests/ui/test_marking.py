"""Marks, set-asides and flags, as the flow has them: on a desk, without a screen."""

from __future__ import annotations

from gerra_tui.service.failures import ServiceUnavailable
from gerra_tui.ui.dialogs.accept import Acceptance
from tests.fakes import FakeService, id_of
from tests.ui.at_a_desk import at_a_desk, said


async def test_a_second_press_takes_the_mark_away() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do("mark", "up", "mark")
        assert reviewer.marked == set()


async def test_esc_leaves_a_range_without_a_mark() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do("mark_range", "down", "back", "down", "mark_range", "mark_range")
        assert reviewer.marked == {2}


async def test_all_that_match_are_marked_once_their_number_was_agreed_to() -> None:
    async with at_a_desk(FakeService(700)) as reviewer:
        reviewer.desk.answers += [False, True]
        await reviewer.do("mark_all")
        assert "Mark all that match?" in said(reviewer.desk.asked[0])
        assert "700 datasets" in said(reviewer.desk.asked[0])
        assert reviewer.marked == set()
        await reviewer.do("mark_all")
        await reviewer.until(lambda: len(reviewer.marked) == 700)


async def test_a_failure_on_the_way_marks_nothing() -> None:
    service = FakeService(300)
    async with at_a_desk(service) as reviewer:
        reviewer.desk.answers.append(True)
        service.trouble = ServiceUnavailable("timed out")
        await reviewer.do("mark_all")
        await reviewer.until(lambda: reviewer.was_told("Nothing was marked: timed out"))
        assert reviewer.marked == set()


async def test_what_goes_on_is_cancelled_and_then_nothing_runs() -> None:
    service = FakeService(3000)
    async with at_a_desk(service) as reviewer:
        reviewer.desk.answers.append(True)
        service.shut = True
        await reviewer.do("mark_all", "cancel")
        assert reviewer.was_told("Cancelled")
        service.open()
        await reviewer.do("cancel")
        assert reviewer.desk.noticed == "Nothing runs. q quits."
        assert reviewer.marked == set()
        assert not reviewer.desk.left


async def test_esc_takes_few_marks_away_and_asks_for_many() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do(*["mark"] * 5, "back")
        assert reviewer.marked == set()
        reviewer.desk.answers += [False, True]
        await reviewer.do(*["mark"] * 6, "back")
        assert "Unmark 6 datasets?" in said(reviewer.desk.asked[0])
        assert len(reviewer.marked) == 6
        await reviewer.do("back")
        assert reviewer.marked == set()


async def test_u_brings_marks_back() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do("mark", "mark", "back", "take_back")
        assert reviewer.marked == {0, 1}
        await reviewer.do("take_back")
        assert reviewer.marked == {0}
        await reviewer.do("take_back", "take_back")
        assert reviewer.desk.noticed == "Nothing to take back"


async def test_a_held_decision_is_taken_back_before_a_mark_is_undone() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers.append(Acceptance())
        await reviewer.do("accept")
        assert reviewer.decision(0) is not None
        await reviewer.do("mark", "take_back")
        assert reviewer.was_told("Taken back")
        assert reviewer.marked == {1}


async def test_what_was_set_aside_is_taken_back_in_by_the_same_key() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers.append("ask Mira")
        await reviewer.do("set_aside")
        assert reviewer.cursor == 1
        assert reviewer.desk.rows.sign(id_of(0)) == "~"
        await reviewer.do("up", "set_aside")
        assert reviewer.desk.noticed == "Back in the queue"
        assert reviewer.desk.rows.sign(id_of(0)) == " "
        await reviewer.do("take_back")
        assert reviewer.desk.noticed == "Set aside again"
        assert reviewer.desk.rows.aside == {id_of(0): "ask Mira"}


async def test_a_note_that_was_not_given_sets_nothing_aside() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers.append(None)
        await reviewer.do("set_aside")
        assert "a note?" in said(reviewer.desk.asked[0])
        assert not reviewer.desk.rows.aside


async def test_f_flags_and_unflags_and_u_undoes() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do("flag")
        assert reviewer.desk.noticed == "Flagged"
        assert reviewer.desk.rows.sign(id_of(0)) == "!"
        await reviewer.do("flag")
        assert reviewer.desk.noticed == "Flag taken away"
        await reviewer.do("take_back")
        assert reviewer.desk.rows.sign(id_of(0)) == "!"
