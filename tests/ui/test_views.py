"""Views, as the flow has them: on a desk, without a screen."""

from __future__ import annotations

import pytest

from gerra_tui.domain.view import SHIPPED_VIEWS, View
from gerra_tui.ui.dialogs.accept import Acceptance
from gerra_tui.ui.dialogs.prompt import LineDialog
from gerra_tui.ui.theme import CURSOR
from tests.fakes import FakeService
from tests.ui.at_a_desk import Reviewer, at_a_desk

MINE = View(name="Mine", query="type:telemetry")


def mixed() -> FakeService:
    service = FakeService(30)
    for number in range(0, 30, 3):
        service.touch(number, data_type="telemetry")
    return service


def tabs(reviewer: Reviewer) -> list[tuple[str, bool]]:
    """What the line of tabs says, and whether it is the current one."""
    spans = reviewer.flows.views.tabs()
    return [(span.text, span.style is CURSOR) for span in spans if span.text.strip()]


def query(reviewer: Reviewer) -> str:
    return reviewer.flows.listing.text


@pytest.mark.parametrize(
    ("number", "shown"), [(n, view.query) for n, view in enumerate(SHIPPED_VIEWS, 1)]
)
async def test_digits_switch_views(number: int, shown: str) -> None:
    async with at_a_desk(mixed()) as reviewer:
        await reviewer.do("view_9" if number != 9 else "view_1", f"view_{number}")
        assert query(reviewer) == shown


async def test_zero_is_always_everything_pending() -> None:
    async with at_a_desk(mixed(), views=(MINE,)) as reviewer:
        await reviewer.do("view_1", "view_0")
        assert query(reviewer) == "status:pending"
        await reviewer.do("view_2")
        assert "There is no view 2" in reviewer.desk.noticed


async def test_zero_is_highlighted_as_the_view_that_is_the_same() -> None:
    async with at_a_desk(mixed()) as reviewer:
        await reviewer.do("view_7", "view_0")
        await reviewer.until(lambda: ("1 Pending 30", True) in tabs(reviewer))
        assert [text for text, is_current in tabs(reviewer) if is_current] == ["1 Pending 30"]


async def test_zero_highlights_no_saved_view_where_none_is_the_same() -> None:
    async with at_a_desk(mixed(), views=(MINE,)) as reviewer:
        await reviewer.do("view_0")
        await reviewer.until(lambda: ("0 Pending 30", True) in tabs(reviewer))
        assert [text for text, is_current in tabs(reviewer) if is_current] == ["0 Pending 30"]
        for name in ("rename_view", "delete_view", "move_view_right"):
            await reviewer.do(name)
            assert "View 0 is always" in reviewer.desk.noticed
        assert reviewer.desk.asked == []
        assert list(reviewer.flows.listing.views) == [MINE]
        await reviewer.do("view_1")
        assert query(reviewer) == MINE.query
        assert any(text.startswith("1 Mine") and now for text, now in tabs(reviewer))
        assert not any(text.startswith("0") for text, _ in tabs(reviewer))


async def test_a_view_change_touches_no_held_decision() -> None:
    async with at_a_desk(mixed()) as reviewer:
        reviewer.desk.answers.append(Acceptance())
        await reviewer.do("accept", "view_5", "refresh")
        await reviewer.until(lambda: reviewer.was_told("Refreshed"))
        assert reviewer.decisions.status.counts == {"held": 1}


async def test_u_goes_back_to_the_view_and_dataset_before() -> None:
    async with at_a_desk(mixed()) as reviewer:
        await reviewer.do("down", "down", "view_5")
        assert query(reviewer) == "status:pending type:telemetry"
        await reviewer.do("take_back")
        await reviewer.until(lambda: reviewer.cursor == 2)
        assert query(reviewer) == "status:pending"


async def test_esc_brings_the_view_s_query_back() -> None:
    async with at_a_desk(mixed()) as reviewer:
        reviewer.flows.listing.apply("type:telemetry")
        await reviewer.do("back")
        assert query(reviewer) == "status:pending"


async def test_views_are_renamed_moved_and_deleted_from_inside() -> None:
    async with at_a_desk(mixed()) as reviewer:
        reviewer.desk.answers.append("Robots")
        await reviewer.do("view_2", "rename_view")
        (asked,) = reviewer.desk.asked
        assert isinstance(asked, LineDialog)
        assert (asked._title, asked._value) == ("Rename this view", "Episode")

        def names() -> list[str]:
            return [view.name for view in reviewer.flows.listing.views][:2]

        assert names() == ["Pending", "Robots"]
        await reviewer.do("move_view_left")
        assert names() == ["Robots", "Pending"]
        await reviewer.do("move_view_left")
        assert "There is no place further" in reviewer.desk.noticed
        await reviewer.do("move_view_right")
        assert names() == ["Pending", "Robots"]
        await reviewer.do("delete_view")
        assert reviewer.was_told("View deleted: Robots")
        assert names() == ["Pending", "POV"]


async def test_u_goes_back_to_the_query_of_a_view_deleted_since() -> None:
    async with at_a_desk(mixed()) as reviewer:
        await reviewer.do("view_9", "view_2")
        assert query(reviewer) == SHIPPED_VIEWS[1].query
        await reviewer.do("view_9", "delete_view")
        assert reviewer.was_told("View deleted: All")
        await reviewer.do("take_back", "take_back")
        assert query(reviewer) == ""
        await reviewer.do("rename_view")
        assert "View 0 is always" in reviewer.desk.noticed


async def test_turning_round_what_is_not_sorted_says_how_to_sort() -> None:
    async with at_a_desk() as reviewer:
        await reviewer.do("reverse")
        assert "o sorts" in reviewer.desk.noticed
