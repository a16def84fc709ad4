"""From the key to what became of it, as the flows have it: on a desk, without a screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.ui.dialogs.accept import Acceptance, AcceptDialog
from gerra_tui.ui.dialogs.leaving import QuitChoice, QuitDialog
from gerra_tui.ui.dialogs.many import ManyDecision, ManyDialog
from gerra_tui.ui.dialogs.reject import Draft, RejectDialog, Rejection
from gerra_tui.ui.dialogs.which import Which
from tests.fakes import Disk, FakeService, id_of
from tests.ui.at_a_desk import Reviewer, at_a_desk, number_of, said

if TYPE_CHECKING:
    from collections.abc import Callable


def all_of(reason: str | None = None) -> Callable[[Any], ManyDecision]:
    """The answer that the verdict is given for all that the dialog names."""
    return lambda dialog: ManyDecision(dialog._shown, reason)


def typed(text: str) -> Callable[[Any], None]:
    """A reason that was begun, and Esc."""

    def answer(dialog: Any) -> None:
        dialog.draft = text

    return answer


def about(dialog: ManyDialog) -> set[int]:
    return {number_of(target.dataset.id) for target in dialog._shown}


async def decided_together(reviewer: Reviewer, count: int) -> None:
    """The first rows are marked and accepted."""
    reviewer.desk.answers.append(all_of())
    await reviewer.do(*["mark"] * count, "up", "accept")


async def test_u_takes_back_the_latest_and_goes_to_it() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers.append(Acceptance())
        await reviewer.do("accept")
        assert reviewer.state(0) == "ACC held"
        await reviewer.do("bottom", "take_back")
        assert f"Taken back: {id_of(0)[:8]} Stack cups, batch 0" in reviewer.desk.noticed
        assert reviewer.cursor == 0
        assert reviewer.state(0) == "pending"
        assert reviewer.decisions.status.counts == {}


async def test_u_with_nothing_to_take_back_says_so() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do("take_back")
        assert reviewer.desk.noticed == "Nothing to take back"


async def test_a_decision_that_left_cannot_be_taken_back() -> None:
    async with at_a_desk(hold=0) as reviewer:
        reviewer.desk.answers.append(Acceptance())
        await reviewer.do("accept")
        await reviewer.until(lambda: reviewer.state(0) == "accepted")
        await reviewer.do("take_back")
        assert reviewer.desk.noticed.startswith("already sent")
        assert reviewer.desk.noticed.endswith("cannot be taken back")


async def test_what_left_is_no_longer_told_to_be_held() -> None:
    async with at_a_desk(hold=0.2) as reviewer:
        reviewer.desk.answers.append(Acceptance())
        await reviewer.do("accept")
        assert "u takes back" in reviewer.desk.noticed
        await reviewer.until(lambda: reviewer.state(0) == "accepted")
        assert "u takes back" not in reviewer.desk.noticed


async def test_the_end_of_a_hold_is_told_in_time() -> None:
    async with at_a_desk(hold=10) as reviewer:
        reviewer.desk.answers.append(Acceptance())
        await reviewer.do("accept")
        await asyncio.sleep(9)
        held = [told for told in reviewer.desk.told if "held" in told]
        assert [told.split(" s, ")[0] for told in held] == [
            "accept held 10", "accept held 5", "accept held 2"
        ]  # fmt: skip


async def test_marks_are_decided_together() -> None:
    async with at_a_desk() as reviewer:
        await decided_together(reviewer, 3)
        (asked,) = reviewer.desk.asked
        assert isinstance(asked, ManyDialog)
        assert about(asked) == {0, 1, 2}
        made = [reviewer.decision(number) for number in range(3)]
        assert len({one.batch_id for one in made if one is not None}) == 1
        assert None not in made


async def test_the_only_mark_under_the_cursor_is_one_dataset() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers.append(None)
        await reviewer.do("mark", "up", "accept")
        assert isinstance(reviewer.desk.asked[0], AcceptDialog)


async def test_beside_marks_the_row_under_the_cursor_is_decided_if_it_is_said_so() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers += [Which.THIS, Acceptance()]
        await reviewer.do("mark", "mark", "accept")
        assert reviewer.decision(2) is not None
        assert reviewer.decision(0) is None
        assert reviewer.marked == {0, 1}


async def test_marks_vanish_when_their_verdict_took_effect() -> None:
    async with at_a_desk(hold=0) as reviewer:
        await decided_together(reviewer, 2)
        await reviewer.until(lambda: len(reviewer.service.effective()) == 2)
        assert reviewer.marked == set()


async def test_what_failed_of_a_batch_is_marked_again() -> None:
    service = FakeService(60)
    service.posting.extend(["400", "ok"])
    async with at_a_desk(service, hold=0) as reviewer:
        await decided_together(reviewer, 2)
        await reviewer.until(lambda: len(reviewer.marked) == 1)
        (failed,) = reviewer.marked
        assert reviewer.state(failed) == "failed"


async def test_a_batch_that_is_taken_back_is_marked_as_before() -> None:
    async with at_a_desk() as reviewer:
        await decided_together(reviewer, 2)
        assert reviewer.marked == set()
        await reviewer.do("take_back")
        assert reviewer.marked == {0, 1}


async def test_a_batch_that_is_over_says_how_it_went() -> None:
    service = FakeService(60)
    async with at_a_desk(service, hold=0) as reviewer:
        service.decide_elsewhere(0, Verdict.ACCEPT)
        await decided_together(reviewer, 3)
        await reviewer.until(
            lambda: reviewer.was_told(
                "3 settled: 2 done, 1 decided elsewhere. 1 still marked: $ says why."
            )
        )
        assert reviewer.marked == {0}


async def test_the_reason_typed_for_many_is_kept_for_those_marks_alone() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers += [typed("dark"), None, None]
        await reviewer.do("mark", "mark", "up", "reject", "reject")
        first, second = reviewer.desk.asked
        assert isinstance(first, ManyDialog)
        assert isinstance(second, ManyDialog)
        assert second.draft == "dark"
        await reviewer.do("take_back", "take_back", "down", "mark", "mark", "up", "reject")
        third = reviewer.desk.asked[-1]
        assert isinstance(third, ManyDialog)
        assert about(third).isdisjoint(about(first))
        assert third.draft == ""


async def test_a_reason_for_many_outlives_an_accept_that_was_not_given() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers += [typed("dark"), None, None]
        await reviewer.do("mark", "mark", "up", "reject", "accept", "down", "mark", "up", "reject")
        last = reviewer.desk.asked[-1]
        assert isinstance(last, ManyDialog)
        assert about(last) == {0, 1, 2}
        assert last.draft == "dark"


async def test_marks_with_a_decision_on_its_way_are_left_out() -> None:
    async with at_a_desk() as reviewer:
        reviewer.desk.answers += [Acceptance(), all_of()]
        await reviewer.do("accept")
        first = reviewer.decision(0)
        await reviewer.do("top", "mark", "mark", "mark", "up", "accept")
        asked = reviewer.desk.asked[-1]
        assert isinstance(asked, ManyDialog)
        assert about(asked) == {1, 2}
        assert asked._decided == 1
        assert reviewer.decision(0) == first
        assert len(reviewer.decisions.listing()) == 3


async def test_a_dot_before_any_verdict_says_so() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do("again")
        assert reviewer.desk.noticed == "Nothing was decided yet: a accepts, r rejects."


async def test_esc_keeps_the_draft_and_a_full_disk_the_reason() -> None:
    disk = Disk()
    async with at_a_desk(disk=disk) as reviewer:
        reviewer.desk.answers += [Draft("dark at"), Rejection("dark at 0:04"), None]
        await reviewer.do("reject")
        assert reviewer.desk.noticed == "Draft kept: r goes on with it."
        assert reviewer.flows.recording.drafts == {id_of(0): "dark at"}
        disk.full = True
        await reviewer.do("reject")
        assert reviewer.was_told("Not decided: The disk is full")
        assert reviewer.decision(0) is None
        assert reviewer.flows.recording.drafts == {id_of(0): "dark at 0:04"}


# Deciding again what did not end well


async def test_what_is_no_longer_pending_is_not_asked_about_again() -> None:
    service = FakeService(60)
    async with at_a_desk(service, hold=0) as reviewer:
        service.decide_elsewhere(0, Verdict.REJECT, "blurred")
        reviewer.desk.answers.append(Acceptance())
        await reviewer.do("accept")
        await reviewer.until(lambda: reviewer.state(0) == "refused")
        refused = reviewer.decision(0)
        assert refused is not None
        told = await reviewer.flows.deciding.decide_again(refused)
        assert told == "It cannot be decided again: its status is rejected."
        assert len(reviewer.desk.asked) == 1
        assert reviewer.service.effective() == []


async def test_what_changed_is_decided_again_as_it_is_now_and_for_the_reason_of_before() -> None:
    service = FakeService(60)
    async with at_a_desk(service, hold=0) as reviewer:
        service.touch(0, metadata={"take": "another"})
        reviewer.desk.answers += [Rejection("blurred"), Rejection("blurred, at 0:02")]
        await reviewer.do("reject")
        await reviewer.until(lambda: reviewer.state(0) == "refused")
        refused = reviewer.decision(0)
        assert refused is not None
        assert await reviewer.flows.deciding.decide_again(refused) == "Decided again."
        again = reviewer.desk.asked[-1]
        assert isinstance(again, RejectDialog)
        assert again.draft == "blurred"
        await reviewer.until(lambda: reviewer.state(0) == "rejected")
        assert [post.reason for post in service.effective()] == ["blurred, at 0:02"]
        now = reviewer.decision(0)
        assert now is not None
        assert (now.id, now.revision) != (refused.id, refused.revision)


# The end


async def left_by(reviewer: Reviewer, choice: QuitChoice) -> None:
    reviewer.desk.answers += [Acceptance(), choice]
    await reviewer.do("accept", "quit")
    assert isinstance(reviewer.desk.asked[-1], QuitDialog)
    assert "1 decision is not sent" in said(reviewer.desk.asked[-1])


async def test_what_is_kept_at_the_end_is_there_at_the_next_start() -> None:
    disk = Disk()
    async with at_a_desk(disk=disk) as reviewer:
        await left_by(reviewer, QuitChoice.KEEP)
        assert reviewer.desk.left
    assert disk.states() == {id_of(0): DecisionState.KEPT}


async def test_what_is_sent_at_the_end_is_waited_for() -> None:
    async with at_a_desk() as reviewer:
        await left_by(reviewer, QuitChoice.SEND)
        await reviewer.until(lambda: reviewer.desk.left)
        assert len(reviewer.service.effective()) == 1


async def test_an_end_that_was_thought_better_of_sends_and_loses_nothing() -> None:
    disk = Disk()
    async with at_a_desk(disk=disk) as reviewer:
        await left_by(reviewer, QuitChoice.STAY)
        assert not reviewer.desk.left
        assert disk.states() == {id_of(0): DecisionState.HELD}
        assert reviewer.service.posts == []
