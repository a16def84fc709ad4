"""The query line: typing a query, being told what is wrong with it, and what it costs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.view import View
from gerra_tui.service.listing.status import QueueStatus
from gerra_tui.ui.widgets.query_line import QueryInput, ways_to_tell
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service
from tests.ui.stage import press_at_once

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing


def mixed(count: int = 60) -> Service:
    """Every third is telemetry, every fifth of the green bottle."""
    service = Service(count)
    for number in range(count):
        service.touch(
            number,
            data_type="telemetry" if number % 3 == 0 else "episode",
            metadata={"object": "green bottle" if number % 5 == 0 else "red mug"},
            data_byte_size=number * 10**8,
        )
    return service


def looking(console: Console) -> str:
    return console.app.review.listing.text


def field(console: Console) -> QueryInput:
    return console.app.review.query_one(QueryInput)


async def test_slash_edits_the_query_and_enter_applies_it() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("slash")
        await console.until(lambda: field(console).value == "status:pending ")
        await console.type("type:telemetry")
        await console.press("enter")
        await console.until(lambda: "1/20" in console.status)
        assert "/ status:pending type:telemetry" in console.text
        assert console.app.review.workplace.queue.length == 20


@pytest.mark.parametrize("columns", range(80, 200, 7))
async def test_the_query_stays_whatever_is_told_beside_it(columns: int) -> None:
    query = "status:pending type:synthetic_pov size>1MB"
    async with Console(mixed()).opened(size=(columns, 40)) as console:
        await console.press("slash")
        await console.press("ctrl+u")
        await console.type(query)
        await console.press("enter")
        await console.until(lambda: looking(console) == query)
        await console.pilot.pause()
        assert f"/ {query}" in console.text


async def test_where_the_terms_run_is_told_again_once_there_is_room() -> None:
    async with Console(mixed()).opened(size=(120, 40)) as console:
        await console.until(lambda: "service: status:pending" in console.text)
        await console.pilot.resize_terminal(80, 24)
        await console.pilot.resize_terminal(120, 40)
        await console.until(lambda: "service: status:pending" in console.text)


async def test_what_is_typed_right_after_slash_is_text() -> None:
    async with Console(mixed()).opened() as console:
        press_at_once(console.app, "/", *" -type:episode", "enter")
        await console.until(lambda: console.app.review.listing.text.endswith("-type:episode"))
        assert console.disk.states() == {}


async def test_esc_restores_what_was_there() -> None:
    async with Console().opened() as console:
        await console.press("slash")
        await console.type(" nonsense:")
        await console.press("escape")
        assert not console.app.review.desk.query_line.editing
        assert "/ status:pending " in console.text
        await console.press("j")
        assert "batch 1 " in console.cursor_row


async def test_a_wrong_word_is_marked_and_explained_and_not_applied() -> None:
    async with Console().opened() as console:
        await console.press("slash")
        await console.type(" upd<7d")
        await console.until_shown("There is no field `upd`: did you mean `updated`?")
        marked = field(console)._value.spans
        assert [(span.start, span.end) for span in marked] == [(15, 18)]
        await console.press("enter")
        assert console.app.review.desk.query_line.editing
        assert console.app.review.listing.text == "status:pending"


async def test_an_odd_word_is_a_warning_and_applied() -> None:
    async with Console().opened() as console:
        await console.press("slash", "ctrl+u")
        await console.type("status:pendign")
        await console.until_shown("pendign")
        assert field(console)._value.spans
        await console.press("enter")
        await console.until_shown("No match", "No status pendign is known.")


async def test_a_status_that_the_service_has_is_no_odd_word() -> None:
    service = mixed()
    service.touch(3, status="quarantined")
    async with Console(service).opened() as console:
        await console.press("9")
        await console.until(lambda: "quarantin" in console.text)
        await console.press("slash")
        await console.type("status:quarantined")
        await console.until(lambda: field(console).value == "status:quarantined")
        assert not field(console)._value.spans


async def test_the_first_step_back_in_the_history_is_what_was_asked_before() -> None:
    async with Console(mixed()).opened() as console:
        await console.query("type:telemetry")
        await console.press("slash", "up")
        await console.until(lambda: field(console).value == "status:pending")


async def test_the_history_is_walked_with_the_arrows() -> None:
    async with Console(mixed()).opened() as console:
        await console.query("type:telemetry")
        await console.query("type:episode")
        await console.press("slash", "ctrl+u", "x", "up")
        await console.until(lambda: field(console).value == "type:episode")
        await console.press("up")
        await console.until(lambda: field(console).value == "type:telemetry")
        await console.press("up")
        await console.until(lambda: field(console).value == "status:pending")
        await console.press("up", "down", "down", "down")
        await console.until(lambda: field(console).value == "x")


async def test_tab_completes_and_goes_through_what_there_is() -> None:
    async with Console(mixed()).opened() as console:
        await console.until(lambda: "60 pending" in console.header)
        await console.press("slash")
        await console.type(" ty")
        await console.press("tab")
        await console.until(lambda: field(console).value == "status:pending type:")
        await console.press("e", "tab")
        await console.until(lambda: field(console).value.endswith("type:episode"))
        await console.until_shown("episode 40")


async def test_tab_goes_on_to_the_values_where_only_one_field_begins_so() -> None:
    async with Console(mixed()).opened() as console:
        await console.until(lambda: "60 pending" in console.header)
        await console.press("slash")
        await console.type(" ty")
        await console.press("tab", "tab")
        await console.until(lambda: field(console).value == "status:pending type:episode")
        await console.press("tab")
        await console.until(lambda: field(console).value == "status:pending type:telemetry")


async def test_tab_knows_metadata_that_was_seen() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("slash")
        await console.type(" meta.obj")
        await console.press("tab")
        await console.until(lambda: "meta.object" in field(console).value)
        await console.press("tab")
        await console.until_shown("meta.object")


async def test_tab_with_nothing_to_offer_says_so() -> None:
    async with Console().opened() as console:
        await console.press("slash")
        await console.type(" zzz")
        await console.press("tab")
        await console.until_shown("Nothing to complete here")


async def test_the_line_says_which_terms_run_where_and_how_much_was_looked_at() -> None:
    async with Console(mixed()).opened() as console:
        await console.query('status:pending "green bottle"')
        await console.until_shown('service: status:pending   here: "green bottle", looked at 60')
        await console.until(lambda: "1/12" in console.status)


def test_a_long_query_leaves_the_shorter_words() -> None:
    status = QueueStatus(
        live=True,
        served_terms=("status:pending", "type:episode"),
        local_terms=("size>1GB", "-meta.robot:arm"),
        whole=False,
        looked_at=600,
        looked_at_of=1204,
        scanning=True,
    )
    assert list(ways_to_tell(status)) == [
        (
            "service: status:pending type:episode   "
            "here: size>1GB -meta.robot:arm, looked at 600 of 1,204, looking (Esc stops)"
        ),
        "service: status type   here: size meta.robot, looked at 600 of 1,204, looking (Esc stops)",
        "looked at 600 of 1,204, looking (Esc stops)",
        "looked at 600 of 1,204, looking",
        "600 of 1,204, looking",
        "600 of 1,204",
    ]


async def test_how_much_was_looked_at_is_told_of_terms_that_the_service_may_take_otherwise() -> (
    None
):
    async with Console(mixed()).opened() as console:
        await console.query('status:pending meta.object="red mug"')
        await console.until_shown('service: status:pending meta.object="red mug"', "looked at ")
        assert "here:" not in console.text


class Stuck(Service):
    """Answers no page behind the first rows until it is opened again."""

    def __init__(self, rows: int, answered: int) -> None:
        super().__init__(rows)
        self._answered = answered
        self.opened = asyncio.Event()

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        if offset >= self._answered:
            await self.opened.wait()
        return await super().page(narrowing, limit=limit, offset=offset)


async def test_a_scan_that_found_nothing_yet_says_so_and_how_to_stop_it() -> None:
    service = Stuck(1_200, answered=300)
    async with Console(service).opened(size=(80, 24)) as console:
        await console.query("status:pending name~1199")
        await console.until_shown("Looking ...", "of 1,200 looked at so far fits", "Esc stops")
        await console.press("escape")
        await console.until_shown("Stopped", "of 1,200 looked at so far fits", "R goes on")
        assert "No match" not in console.text
        service.opened.set()
        await console.press("R")
        await console.until_shown("batch 1199", "Looking on")
        assert "looked at so far" not in console.text


# Narrowing by what is under the cursor


async def test_comma_and_t_narrow_to_the_type_under_the_cursor_and_u_goes_back() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("comma", "t")
        await console.until(lambda: "1/20" in console.status)
        assert "status:pending type:telemetry" in console.text
        await console.press("u")
        await console.until(lambda: "1/60" in console.status)
        await console.until_shown("Back to status:pending")


async def test_semicolon_and_t_leave_the_type_out() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("semicolon", "t")
        await console.until_shown("status:pending -type:telemetry")
        await console.until(lambda: console.listing.cursor_id == id_of(1))


@pytest.mark.parametrize(
    ("key", "query"),
    [
        ("comma", 'status:pending meta.object:"green bottle"'),
        ("semicolon", 'status:pending -meta.object:"green bottle"'),
    ],
)
async def test_in_the_tree_it_is_the_value_of_the_line(key: str, query: str) -> None:
    async with Console(mixed()).opened() as console:
        await console.until(lambda: "object     green bottle" in console.detail)
        await console.press("tab")
        lines = console.below_the_head
        await console.press(*["j"] * lines.index("object     green bottle"), key)
        await console.until(lambda: console.app.review.listing.text == query)


async def test_a_line_without_a_value_narrows_to_nothing() -> None:
    async with Console(mixed()).opened() as console:
        await console.until(lambda: console.detail)
        await console.press("tab", "comma")
        assert "There is no value under the cursor" in console.status
        assert console.app.review.listing.text == "status:pending"


async def test_the_menu_in_the_list_offers_what_would_change_the_query() -> None:
    view = View(name="Bins", query="status:pending", columns=("state", "meta.bins", "meta.lost"))
    service = mixed()
    service.touch(0, organization_id="org-7", metadata={"bins": ["left", "right", "left"]})
    async with Console(service, views=(view,)).opened() as console:
        await console.press("comma")
        await console.until_shown("Only", "t  type: telemetry", "o  org: org-7", "n  name: ")
        await console.until_shown("1  meta.bins: left", "2  meta.bins: right")
        assert "3  meta.lost: (none)" in console.text
        assert "s  status" not in console.text
        await console.press("s", "2")
        await console.until(lambda: looking(console) == "status:pending meta.bins:right")
        await console.press("semicolon")
        await console.until_shown("Without", "s  status: pending")
        await console.press("escape")
        assert looking(console) == "status:pending meta.bins:right"


async def test_the_menu_in_the_list_offers_the_metadata_that_tells_rows_apart() -> None:
    service = mixed()
    for number in range(60):
        service.touch(
            number,
            metadata={
                "seed": number,
                "robot": "aloha2" if number % 2 else "ur5e",
                "success": number > 2,
                "unit": "C",
            },
        )
    async with Console(service).opened() as console:
        await console.press("comma")
        await console.until_shown("1  meta.success: false", "2  meta.robot: ur5e")
        assert "meta.seed" not in console.text.split("Only")[1].split("Esc leave it")[0]
        await console.press("2")
        await console.until(lambda: looking(console) == "status:pending meta.robot:ur5e")


async def test_the_menu_is_about_the_row_for_which_it_was_opened() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("comma")
        await console.until_shown("t  type: telemetry")
        console.listing.move_to(1)
        await console.press("t")
        await console.until(lambda: looking(console) == "status:pending type:telemetry")


async def test_a_row_on_its_way_has_no_value_to_narrow_by() -> None:
    service = Service(1000)
    async with Console(service).opened() as console:
        service.shut = True
        await console.press("G", "comma")
        assert "There is no value under the cursor" in console.status


async def test_what_the_query_says_already_is_told() -> None:
    async with Console(mixed()).opened() as console:
        await console.until(lambda: "object     green bottle" in console.detail)
        await console.press("tab")
        lines = console.below_the_head
        at = next(n for n, line in enumerate(lines) if line.startswith("status "))
        await console.press(*["j"] * at, "comma")
        assert "The query says so already" in console.status


async def test_a_key_that_no_query_can_name_is_told_and_not_asked_for() -> None:
    service = mixed()
    service.touch(0, metadata={"": "nameless"})
    async with Console(service).opened() as console:
        await console.until(lambda: "           nameless" in console.detail)
        await console.press("tab")
        lines = console.below_the_head
        await console.press(*["j"] * lines.index("           nameless"), "comma")
        assert "No query can ask for 'meta.'" in console.status
