"""Accepting, rejecting and taking back, from the key to the journal."""

from __future__ import annotations

import asyncio

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.ui.dialogs.accept import AcceptDialog
from gerra_tui.ui.dialogs.many import ManyDialog
from gerra_tui.ui.dialogs.reject import RejectDialog
from tests.fakes import Disk, id_of
from tests.ui.reviewing import Console, Service
from tests.ui.stage import press_at_once
from tests.ui.workplaces import decisions_of


async def test_a_then_y_accepts_the_dataset_under_the_cursor() -> None:
    async with Console().opened() as console:
        await console.press("j", "a")
        await console.until_shown("Accept this dataset?", f"id {id_of(1)}", "y accept   n no")
        await console.press("y")
        await console.until(lambda: console.decision(1))
        decision = console.decision(1)
        assert decision is not None
        assert decision.verdict is Verdict.ACCEPT
        assert decision.state is DecisionState.HELD
        await console.until_shown("ACC held", "outbox: 1 held")


async def test_the_cursor_goes_to_the_next_undecided_row() -> None:
    async with Console().opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.listing.cursor_id == id_of(1))
        assert "batch 1 " in console.cursor_row


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_no_decides_nothing(key: str) -> None:
    async with Console().opened() as console:
        await console.press("a", key)
        await console.until(lambda: console.app.screen is console.app.review)
        assert console.decision(0) is None
        assert "outbox empty" in console.header


async def test_keys_that_arrive_in_one_go_reach_the_dialog() -> None:
    async with Console().opened() as console:
        press_at_once(console.app, "a", "y")
        await console.until(lambda: console.decision(0))
        assert console.app.screen is console.app.review


async def test_a_key_that_comes_while_its_dialog_opens_is_not_lost() -> None:
    async with Console().opened() as console:
        await console.press("r", "escape")  # what the dialog needs is imported by now
        for turns in range(8):
            press_at_once(console.app, "r")
            for _ in range(turns):
                await asyncio.sleep(0)
            press_at_once(console.app, "1")
            await console.until_shown("Reason: File damaged or incomplete")
            await console.press("escape")


async def test_keys_typed_ahead_of_a_dialog_that_closes_reach_the_list() -> None:
    async with Console().opened() as console:
        press_at_once(console.app, "a", "y", "j", "j", "space")
        await console.until_shown("1 marked")
        assert [number for number in range(6) if console.decision(number)] == [0]
        assert "*" in console.row_of(3)[:2]


async def test_keys_typed_ahead_of_a_rejection_are_no_part_of_its_reason() -> None:
    async with Console().opened() as console:
        press_at_once(console.app, "r", *"dark at 0:04", "enter", "j", "space")
        await console.until_shown("1 marked")
        decision = console.decision(0)
        assert decision is not None
        assert decision.reason == "dark at 0:04"
        assert "*" in console.row_of(2)[:2]


async def test_a_rejection_carries_its_reason() -> None:
    async with Console().opened() as console:
        press_at_once(console.app, "r", *"dark at 0:04", "enter")
        await console.until(lambda: console.decision(0))
        decision = console.decision(0)
        assert decision is not None
        assert decision.verdict is Verdict.REJECT
        assert decision.reason == "dark at 0:04"
        await console.until_shown("REJ held")


async def test_esc_keeps_the_draft_for_that_dataset() -> None:
    async with Console().opened() as console:
        await console.press("r")
        await console.type("murky")
        await console.press("escape")
        await console.until_shown("Draft kept")
        await console.press("j", "r")
        await console.until_shown(f"id {id_of(1)}")
        assert "murky" not in console.text
        await console.press("escape", "k", "r")
        await console.until_shown(f"id {id_of(0)}", "murky")


async def test_the_dialog_stays_with_its_dataset_while_the_list_moves_on() -> None:
    service = Service()
    async with Console(service).opened() as console:
        await console.press("j", "a")
        service.bodies = dict(reversed(service.bodies.items()))
        await console.app.review.workplace.queue.refresh()
        await console.until_shown(f"id {id_of(1)}")
        await console.press("y")
        await console.until(lambda: console.decision(1))


async def test_the_revision_is_that_of_the_newest_body_shown() -> None:
    service = Service()
    async with Console(service).opened() as console:
        await console.until(lambda: "take       0" in console.detail)
        service.touch(9, date_updated="2026-11-22T09:00:00Z", metadata={"take": 100})
        await console.press(*["j"] * 9)
        await console.until(lambda: "take       100" in console.detail)
        await console.press("a", "y")
        await console.until(lambda: console.decision(9))
        decision = console.decision(9)
        assert decision is not None
        assert decision.revision.date_updated == "2026-11-22T09:00:00Z"


async def test_a_placeholder_is_not_decided() -> None:
    service = Service(400)
    async with Console(service).opened() as console:
        service.shut = True
        await console.press("G", "a")
        assert "not loaded yet" in console.status
        assert console.app.screen is console.app.review


async def test_rows_of_the_last_session_are_not_decided_before_they_are_live() -> None:
    first = Console()
    async with first.opened():
        pass
    service = Service()
    service.shut = True
    async with Console(service, sessions=first.sessions).opened() as console:
        assert "batch 0 " in console.cursor_row
        assert "cached" in console.header
        await console.press("a")
        assert "not loaded yet" in console.status
        service.open()
        await console.until_shown("as of")
        await console.press("a")
        await console.until_shown("Accept this dataset?")


async def test_a_row_says_saving_until_the_journal_has_it() -> None:
    async with Console().opened() as console:
        journal = console.disk
        console.app.review.desk.rows.saving.add(id_of(0))
        console.app.review.displayed.refresh_row(id_of(0))
        await console.until(lambda: "saving" in console.row_of(0))
        assert journal.states() == {}
        await console.press("k", "a")
        assert "saving" in console.status


async def test_a_full_disk_decides_nothing_and_keeps_the_text() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        disk.full = True
        press_at_once(console.app, "r", *"dark at 0:04", "enter")
        await console.until_shown("Not decided", "disk is full")
        assert console.decision(0) is None
        assert not {"held", "saving"} & set(console.row_of(0)[:72].split())
        disk.full = False
        await console.press("k", "r")
        await console.until_shown("dark at 0:04")


async def test_a_reason_for_what_another_console_decided_meanwhile_is_kept() -> None:
    disk, service = Disk(), Service(40)
    other = decisions_of(service, disk)
    await other.start()
    async with Console(service, disk=disk).opened() as console:
        await other.decide(Verdict.ACCEPT, service.targets([0]))
        press_at_once(console.app, "r", *"dark at 0:04", "enter")
        await console.until_shown("Not decided", "is not settled ($)")
        assert console.decision(0) is None
        await other.drop([one.id for one in other.listing()])
        await console.press("g", "r")
        await console.until_shown("Reject this dataset?", "dark at 0:04")
    await other.close()


async def test_what_another_console_has_open_is_left_out_of_a_batch_and_told() -> None:
    disk, service = Disk(), Service(40)
    other = decisions_of(service, disk)
    await other.start()
    async with Console(service, disk=disk).opened() as console:
        await other.decide(Verdict.REJECT, service.targets([1]), reason="dark")
        await console.press("space", "space", "space", "k", "a", "y")
        await console.until_shown(f"2 decided, 1 left out, not settled ($): {id_of(1)[:8]}")
        assert console.decision(0) is not None
        assert console.decision(1) is None
        assert console.decision(2) is not None
    await other.close()


async def test_u_takes_back_what_is_still_being_saved_and_not_what_was_decided_before() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        await console.press("a", "y")
        await console.until_shown("ACC held")
        disk.latency = 0.3
        press_at_once(console.app, "a", "y", "u")
        await console.until_shown(f"Taken back: {id_of(1)[:8]} Stack cups, batch 1")
        assert console.listing.cursor_id == id_of(1)
        assert "ACC held" in console.row_of(0)


async def test_express_accepts_without_a_dialog_and_holds_five_seconds() -> None:
    async with Console(express="accept", hold=0).opened() as console:
        await console.press("a")
        await console.until(lambda: console.decision(0))
        decision = console.decision(0)
        assert decision is not None
        left = console.decisions.hold_left(decision.id)
        assert left is not None
        assert 4 < left <= 5
        await console.press("r")
        await console.until_shown("Reject this dataset?")


async def test_an_older_version_is_decided_by_its_own_id() -> None:
    service = Service()
    service.give_history(50, 51, 0)
    async with Console(service).opened() as console:
        await console.until_shown("> [v3]")
        await console.press("less_than_sign")
        await console.until(lambda: "[v2 superseded]" in console.detail)
        assert id_of(51) in console.status
        await console.press("a")
        await console.until_shown(f"id {id_of(51)}", "NOT THE LATEST")
        await console.press("y")
        await console.until(lambda: console.decision(51))
        assert console.decision(0) is None


async def test_express_asks_about_an_older_version_all_the_same() -> None:
    service = Service()
    service.give_history(50, 51, 0)
    async with Console(service, express="accept").opened() as console:
        await console.until_shown("> [v3]")
        await console.press("less_than_sign")
        await console.until(lambda: "[v2 superseded]" in console.detail)
        await console.press("a")
        await console.until_shown(f"id {id_of(51)}", "NOT THE LATEST")
        assert console.decision(51) is None


async def test_a_decided_row_is_not_decided_again() -> None:
    async with Console().opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        await console.press("k", "a")
        assert "is ACC held" in console.status


async def test_what_others_decided_is_said_and_nothing_is_sent() -> None:
    service = Service()
    async with Console(service).opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        service.decide_elsewhere(0, Verdict.REJECT)
        await console.decisions.send_now()
        await console.until_shown("Refused:")
        assert "refused" in console.row_of(0)
        assert "1 refused" in console.header
        assert not service.effective()


async def test_a_refused_row_counts_as_undecided() -> None:
    service = Service(3)
    async with Console(service).opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        service.touch(0, metadata={"take": "other"})
        await console.decisions.send_now()
        await console.until_shown("Refused:")
        await console.press("G", "N", "N")
        assert console.listing.cursor_id == id_of(0)


# Marks


async def test_one_mark_elsewhere_asks_as_for_many() -> None:
    async with Console().opened() as console:
        await console.press("space", "a")
        await console.until_shown("Accept which?", "a this one   m the 1 marked")
        await console.press("m")
        await console.until(lambda: isinstance(console.app.screen, ManyDialog))
        await console.until_shown("Accept 1 dataset?", f"id {id_of(0)}")


async def test_beside_marks_the_row_under_the_cursor_is_decided_if_it_is_said_so() -> None:
    async with Console().opened() as console:
        await console.press("space", "space", "a")
        await console.until_shown("Accept which?", "a this one   m the 2 marked   Esc neither")
        await console.press("a")
        await console.until_shown("Accept this dataset?", f"id {id_of(2)}")
        await console.press("y")
        await console.until(lambda: console.decision(2))
        assert console.decision(0) is None
        assert "2 marked" in console.header


async def test_a_row_that_is_decided_leaves_the_verdict_to_the_marks() -> None:
    async with Console().opened() as console:
        await console.press("j", "j", "a", "y")
        await console.until(lambda: console.decision(2))
        await console.press("g", "space", "space", "a")
        await console.until_shown("Accept 2 datasets?")


@pytest.mark.parametrize("text", ["mug vanishes", "robot is not there", "no mug"])
async def test_a_reason_typed_without_a_thought_of_the_marks_rejects_nothing(text: str) -> None:
    async with Console().opened() as console:
        await console.press("space", "space")
        press_at_once(console.app, "r", *text, "enter")
        await console.until_shown("it was not said which")
        assert console.listing.cursor_id == id_of(2)
        assert "2 marked" in console.header
        assert console.disk.states() == {}


async def test_after_a_look_at_the_question_a_rejection_goes_on_with_the_marks() -> None:
    async with Console().opened() as console:
        await console.press("space", "space")
        press_at_once(console.app, "r", "m")
        await console.until_shown("Reject which?", "r this one   m the 2 marked")
        await console.until_shown("That came too fast to be the answer: m again.")
        await asyncio.sleep(0.2)
        await console.press("m")
        await console.until_shown("Reject 2 datasets?")


# The same again


async def test_a_dot_asks_with_the_last_verdict_once_more() -> None:
    async with Console().opened() as console:
        await console.press("a", "y", ".")
        await console.until_shown("Accept this dataset?", f"id {id_of(1)}")
        await console.press("y")
        await console.until(lambda: console.decision(1))
        await console.press("r")
        await console.type("dark")
        await console.press("enter", ".")
        await console.until_shown("Reject this dataset?", f"id {id_of(3)}")
        await console.press("enter")
        await console.until(lambda: console.decision(3))
        decision = console.decision(3)
        assert decision is not None
        assert (decision.verdict, decision.reason) == (Verdict.REJECT, "dark")


async def test_a_dot_asks_although_a_verdict_needs_no_dialog_otherwise() -> None:
    async with Console(express="both").opened() as console:
        await console.press("a", ".")
        await console.until_shown("Accept this dataset?", f"id {id_of(1)}")
        assert console.decision(1) is None


async def test_a_dot_is_about_the_marks_where_a_and_r_are() -> None:
    async with Console().opened() as console:
        await console.press("r")
        await console.type("dark")
        await console.press("enter", "space", "space", "k", ".")
        await console.until_shown("Reject 2 datasets?", "dark")
        await console.press("enter")
        await console.until(lambda: console.decision(2))
        decision = console.decision(2)
        assert decision is not None
        assert decision.reason == "dark"


async def test_a_dot_costs_no_draft() -> None:
    async with Console().opened() as console:
        await console.press("r")
        await console.type("dark")
        await console.press("enter", "r")
        await console.type("half a")
        await console.press("escape", ".")
        await console.until_shown("Reject this dataset?", "dark")
        await console.press("escape", "r")
        await console.until_shown("Reject this dataset?", "half a")


async def test_with_both_a_digit_rejects_and_holds_five_seconds() -> None:
    async with Console(express="both", hold=0).opened() as console:
        await console.press("r", "1")
        await console.until(lambda: console.decision(0))
        decision = console.decision(0)
        assert decision is not None
        assert decision.reason == "File damaged or incomplete"
        left = console.decisions.hold_left(decision.id)
        assert left is not None
        assert 4 < left <= 5


async def test_with_a_hold_by_hand_the_header_says_so() -> None:
    async with Console().opened() as console:
        assert "manual" not in console.header
        await console.press("a", "y")
        await console.until_shown("outbox: 1 held, manual")


async def test_marks_hidden_by_the_filter_are_left_out() -> None:
    service = Service()
    service.touch(0, data_type="telemetry")
    async with Console(service).opened() as console:
        await console.press("space", "space", "space")
        await console.query("status:pending type:episode")
        await console.until(lambda: console.listing.cursor_id == id_of(1))
        await console.press("a")
        await console.until_shown("Accept 2 datasets?", "1 hidden by the filter")
        await console.press("y")
        await console.until(lambda: console.decision(2))
        assert console.decision(0) is None


async def test_failures_stay_marked() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await console.press("space", "space", "k", "a")
        await console.until_shown("Accept 2 datasets?")
        service.decide_elsewhere(1, Verdict.ACCEPT)
        await console.press("y")
        await console.until_shown("Refused:", "1 marked")
        assert console.row_of(1).startswith(" *! ")
        assert " refused " in console.row_of(1)


async def test_details_are_asked_for_with_marks_too_where_the_reviewer_wants_it_so() -> None:
    reasons = {"episode": ("Fault: {what}",)}
    async with Console(require_details=True, reject_reasons=reasons).opened() as console:
        await console.press("space", "space", "k", "r")
        await console.until_shown("Reject 2 datasets?", "1 Fault")
        await console.press("1", "enter")
        await console.until_shown("still to fill in: what")
        assert console.decision(0) is None


async def test_marks_with_a_decision_on_its_way_are_left_out() -> None:
    async with Console().opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        first = console.decision(0)
        await console.press("g", "space", "space", "space", "k", "a")
        await console.until_shown("Accept 2 datasets?", "1 already decided, left out")
        await console.press("y")
        await console.until(lambda: console.decision(2))
        assert console.decision(0) == first
        assert len(console.decisions.listing()) == 3


async def test_what_was_set_aside_is_decided_where_it_is_marked() -> None:
    async with Console().opened() as console:
        await console.press("s", "enter", "g", "space", "space", "k", "a")
        await console.until_shown("Accept 2 datasets?")
        assert "left out" not in console.text


# Read-only


@pytest.mark.parametrize("key", ["a", "r"])
async def test_a_read_only_console_decides_nothing(key: str) -> None:
    async with Console(read_only=True).opened() as console:
        assert "READ-ONLY" in console.header
        assert "accept" not in console.status
        await console.press(key)
        await console.until_shown("READ-ONLY: nothing is decided")
        assert not isinstance(console.app.screen, AcceptDialog | RejectDialog)


async def test_a_reason_that_was_used_is_not_offered_for_the_next_marks() -> None:
    async with Console().opened() as console:
        await console.press("space", "space", "k", "r")
        await console.until_shown("Reject 2 datasets?")
        await console.type("dark")
        await console.press("enter")
        await console.until(lambda: console.decision(1))
        await console.press("space", "space", "k", "r")
        await console.until_shown("Reject 2 datasets?")
        assert "dark" not in console.text.split("Reason:")[1].splitlines()[1]


async def test_a_reason_for_many_survives_a_full_disk() -> None:
    disk = Disk()
    async with Console(disk=disk).opened() as console:
        disk.full = True
        await console.press("space", "space", "k", "r")
        await console.until_shown("Reject 2 datasets?")
        await console.type("dark")
        await console.press("enter")
        await console.until_shown("Not decided")
        await console.press("k", "r")
        await console.until_shown("Reject 2 datasets?", "dark")
