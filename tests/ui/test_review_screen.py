"""What the review screen says: who, where, how much, how old, and what is amiss."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import Verdict
from gerra_tui.service.failures import ServiceUnavailable, Unauthorized
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service

if TYPE_CHECKING:
    from gerra_tui.service.failures import Failure

SIZES = pytest.mark.parametrize("size", [(200, 50), (120, 40), (80, 24), (60, 15)])


@SIZES
async def test_the_first_screen_has_what_a_reviewer_needs(size: tuple[int, int]) -> None:
    async with Console().opened(size=size) as console:
        assert console.lines[0].startswith(" default @ api.gerra.example   outbox empty")
        assert f"1/60  {id_of(0)}" in console.status
        assert console.cursor_row.startswith(">   ")
        assert "a accept" in console.status
        assert "1 Pending" in console.text
        assert ("/ status:pending" in console.text) is (size[1] >= 30)


async def test_the_header_says_how_much_is_pending_and_how_old_that_is() -> None:
    async with Console().opened() as console:
        await console.until_shown("60 pending")
        assert "as of" in console.header


async def test_how_old_the_rows_are_is_told_on_the_smallest_terminal_too() -> None:
    console = Console(profile="default", base_url="https://api.example.com")
    async with console.opened(size=(60, 15)):
        await console.until(lambda: "as of " in console.header)
        assert "outbox empty" in console.header


@SIZES
async def test_the_header_is_never_cut(size: tuple[int, int]) -> None:
    console = Console(demo=True, profile="staging", base_url="https://api.eu-central.gerra.example")
    async with console.opened(size=size):
        await console.press("space", "space", "space", "k", "a", "y")
        await console.until(lambda: "3 held" in console.header)
        await console.press("space", "space", "space")
        await console.until(lambda: "3 marked" in console.header)
        header = console.lines[: console.app.review.query_one("#header").size.height]
        for part in (
            "staging @ api.eu-central.gerra.example",
            "DEMO",
            "outbox: 3 held",
            "3 marked",
        ):
            assert any(part in line for line in header)


async def test_a_place_longer_than_the_line_goes_on_in_the_next() -> None:
    host = f"api.{'very-' * 10}long.gerra.example"
    async with Console(base_url=f"https://{host}").opened(size=(60, 20)) as console:
        header = console.lines[: console.app.review.query_one("#header").size.height]
        assert host in "".join(line.strip() for line in header)
        assert "outbox empty" in " ".join(header)


@SIZES
async def test_no_notice_is_cut(size: tuple[int, int]) -> None:
    async with Console().opened(size=size) as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        await console.press("u")
        await console.until_shown(f"Taken back: {id_of(0)[:8]} Stack cups, batch 0")


async def test_tabs_have_counts_where_the_service_can_tell() -> None:
    service = Service()
    for number in range(7):
        service.touch(number, data_type="telemetry")
    service.decide_elsewhere(59, Verdict.ACCEPT)
    async with Console(service).opened() as console:
        await console.until_shown("1 Pending 59", "2 Episode 52", "5 Telemetry 7", "9 All 60")


async def test_the_pending_count_follows_our_own_verdicts() -> None:
    async with Console(hold=0).opened() as console:
        await console.until_shown("60 pending")
        await console.press("a", "y")
        await console.until_shown("59 pending", "accepted")


# Size


async def test_side_by_side_needs_110_columns() -> None:
    async with Console().opened(size=(110, 30)) as console:
        assert console.listing.region.y == console.app.review.desk.detail.region.y
        await console.pilot.resize_terminal(109, 30)
        await console.until(
            lambda: console.app.review.desk.detail.region.y > console.listing.region.bottom - 1
        )


async def test_a_long_notice_never_stands_over_the_cursor() -> None:
    async with Console().opened(size=(120, 30)) as console:
        bottom = console.listing.page - 1
        await console.press(*["j"] * bottom)
        await console.until(lambda: f"batch {bottom} " in console.cursor_row)
        for length in (40, 1):
            console.app.review.desk.notice("something was refused " * length)
            await console.until_shown("something was refused")
            await console.until(lambda: f"batch {bottom} " in console.text)
            assert f"batch {bottom} " in console.cursor_row


async def test_the_list_is_alone_under_70_columns() -> None:
    async with Console().opened(size=(69, 30)) as console:
        assert not console.app.review.desk.detail.display
        await console.press("enter")
        await console.until(lambda: console.app.review.desk.detail.size.width == 69)


async def test_p_takes_the_detail_away_and_brings_it_back() -> None:
    async with Console().opened() as console:
        await console.press("p")
        await console.until(lambda: console.listing.size.width == 120)
        await console.press("p")
        await console.until(lambda: console.listing.size.width < 120)
        await console.press("P")
        await console.until(lambda: console.listing.size.width == 120)
        assert console.app.review.desk.detail.region.y > console.listing.region.y


@pytest.mark.parametrize("size", [(59, 14), (59, 40), (120, 14)])
async def test_a_terminal_too_small_says_so(size: tuple[int, int]) -> None:
    async with Console().opened(size=(60, 15)) as console:
        await console.pilot.resize_terminal(*size)
        await console.until_shown(f"Terminal too small ({size[0]}x{size[1]})")
        await console.pilot.resize_terminal(60, 15)
        await console.until_rows()


async def test_a_too_small_terminal_decides_nothing() -> None:
    async with Console(express="accept").opened(size=(60, 15)) as console:
        await console.pilot.resize_terminal(50, 10)
        await console.until_shown("Terminal too small (50x10)")
        await console.press("a")
        assert console.disk.states() == {}


# What is amiss


async def test_an_empty_queue_says_so() -> None:
    async with Console(Service(0)).opened(wait=False) as console:
        await console.until_shown("Nothing pending")
        await console.press("a", "j", "space", "enter", "escape")
        assert "0/0" in console.status


async def test_no_match_says_so_with_a_way_on() -> None:
    async with Console().opened() as console:
        await console.query("name~zebra")
        await console.until_shown("No match", "/ edits the query", "0 shows all pending")
        await console.press("0")
        await console.until_rows()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (ServiceUnavailable("timed out"), "Cannot reach api.gerra.example: timed out."),
        (ServiceUnavailable("Bad gateway", http_status=502), "in trouble (502)"),
    ],
)
async def test_without_the_service_it_says_so_and_goes_on_by_itself(
    trouble: Failure, words: str
) -> None:
    service = Service()
    service.trouble = trouble
    async with Console(service).opened(wait=False) as console:
        await console.until_shown(words)
        service.trouble = None
        await console.until_rows()
        assert words not in console.text


async def test_trouble_with_rows_on_the_screen_stands_in_the_status_line() -> None:
    service = Service()
    async with Console(service).opened() as console:
        service.trouble = ServiceUnavailable("timed out")
        await console.press("R")
        await console.until(lambda: "Cannot reach api.gerra.example" in console.status)
        assert ">   " in console.text


async def test_a_key_can_be_typed_later() -> None:
    service = Service()
    service.trouble = Unauthorized("No API key: GERRA_API_KEY is not set.")
    async with Console(service).opened(wait=False) as console:
        await console.until_shown("Key:")
        await console.press("escape")
        await console.until_shown("Type one with :key")
        await console.press(":")
        await console.type("key")
        await console.press("enter")
        await console.until_shown("Key:")


async def test_a_paused_outbox_says_why() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        service.reading.extend(["refused"] * 8)
        await console.press("a", "y")
        await console.until(lambda: "($)" in console.status)
        assert "1 waiting" in console.header


async def test_a_row_that_others_decided_is_greyed() -> None:
    service = Service()
    async with Console(service).opened() as console:
        console.app.review.workplace.queue.note_elsewhere(id_of(3), "accepted")
        await console.until(lambda: "elsewhere" in console.row_of(3))
        await console.press("j", "j", "j", "a")
        assert "is elsewhere" in console.status


async def test_an_unreadable_row_is_shown_and_not_decided() -> None:
    service = Service()
    service.unreadable = {id_of(0)}
    async with Console(service).opened() as console:
        assert "unreadable" in console.cursor_row
        await console.press("a")
        assert "cannot be read" in console.status


async def test_new_rows_wait_until_the_reviewer_lets_them_in() -> None:
    service = Service()
    async with Console(service).opened() as console:
        newest = {
            **service.bodies[id_of(0)],
            "id": id_of(1000),
            "name": "Brand new",
            "date_created": "2026-11-23T11:59:00Z",
            "date_updated": "2026-11-23T11:59:00Z",
        }
        service.bodies = {id_of(1000): newest, **service.bodies}
        await console.app.review.workplace.queue.check_for_new()
        await console.until(lambda: "+1 new (R)" in console.status)
        assert "Brand new" not in console.text
        await console.press("R")
        await console.until_shown("Brand new")
        assert console.listing.cursor_id == id_of(0)


async def test_a_walk_to_rows_on_their_way_shows_placeholders_and_then_the_rows() -> None:
    service = Service(1000)
    async with Console(service).opened() as console:
        await asyncio.sleep(0)
        service.shut = True
        await console.press("G")
        assert console.cursor_row[:72].split() == [">", "..."]
        assert "1,000/1,000" in console.status
        service.open()
        await console.until(lambda: "batch 999 " in console.cursor_row)


async def test_a_number_on_the_command_line_goes_to_that_row() -> None:
    async with Console(Service(1000)).opened() as console:
        await console.press(":")
        await console.type("500")
        await console.press("enter")
        await console.until(lambda: "batch 499 " in console.cursor_row)


async def test_a_command_can_be_typed_by_name() -> None:
    async with Console().opened() as console:
        await console.press(":")
        await console.type("bottom")
        await console.press("enter")
        await console.until(lambda: console.listing.cursor == 59)


# Undecided


async def test_n_and_shift_n_go_to_the_undecided() -> None:
    async with Console(Service(6)).opened() as console:
        await console.press("j", "a", "y")
        await console.until(lambda: console.listing.cursor == 2)
        await console.press("k", "k", "n")
        assert console.listing.cursor == 2
        await console.press("N")
        assert console.listing.cursor == 0
        await console.press("N")
        assert "no undecided above, 4 below" in console.status


async def test_at_the_end_there_is_no_wrapping() -> None:
    async with Console(Service(4)).opened() as console:
        await console.press("G", "n")
        assert "no undecided below, 3 above" in console.status
        assert console.listing.cursor == 3


async def test_rows_that_are_not_loaded_are_not_counted_as_decided() -> None:
    async with Console(Service(2000)).opened() as console:
        await console.press("G")
        await console.until(lambda: "2,000/2,000" in console.status and "..." not in console.text)
        await console.press("n")
        assert "no undecided below, at least " in console.status


async def test_the_next_undecided_is_waited_for_where_it_is_on_its_way() -> None:
    service = Service(1000)
    async with Console(service).opened() as console:
        service.shut = True
        await console.press("G")
        queue = console.app.review.workplace.queue
        first_missing = next(line for line in range(1000) if queue.row(line) is None)
        console.listing.move_to(first_missing - 1)
        await console.pilot.pause()
        await console.press("n")
        assert "more is being read" in console.status
        service.open()
        await console.until(lambda: console.listing.cursor == first_missing)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_demo_says_what_it_is_and_which_four_keys_to_try(size: tuple[int, int]) -> None:
    async with Console(demo=True).opened(size=size) as console:
        told = "A demo, nothing is real: j down, a accept, r reject, ? help"
        await console.until_shown(told)
        assert "1/60" in console.status
        assert id_of(0) in console.status
        await asyncio.sleep(1.0)  # it was read
        await console.press("j")
        assert told not in console.text
