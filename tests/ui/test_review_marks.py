"""Marks, ranges, set-asides, flags, and undoing them."""

from __future__ import annotations

import asyncio

from gerra_tui.service.session import Session
from gerra_tui.ui.keys.quiet import QUIET_SECOND
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service, Sessions


def marked(console: Console) -> set[int]:
    return {int(dataset_id[:8], 16) for dataset_id in console.app.review.desk.marks.ids}


async def test_space_marks_and_moves_down() -> None:
    async with Console().opened() as console:
        await console.press("space", "space")
        assert marked(console) == {0, 1}
        assert console.listing.cursor == 2
        assert "2 marked" in console.header
        assert console.row_of(0).startswith(" *  ")


async def test_v_marks_a_range_between_two_presses() -> None:
    async with Console().opened() as console:
        await console.press("j", "v", "j", "j")
        assert console.row_of(2).startswith(" *")
        assert marked(console) == set()
        await console.press("v")
        assert marked(console) == {1, 2, 3}


async def test_a_range_over_rows_on_their_way_says_how_many_were_left_out() -> None:
    service = Service(1000)
    async with Console(service).opened() as console:
        service.shut = True
        await console.press("v", "G", "v")
        assert "were not loaded yet" in console.status
        assert 0 < len(marked(console)) < 1000


async def test_a_range_keeps_its_first_dataset_when_rows_come_in_above() -> None:
    service = Service(20)
    async with Console(service).opened() as console:
        await console.press("j", "j", "v", "j")
        for number in (100, 101):
            newer = {**service.bodies[id_of(0)], "id": id_of(number)}
            service.bodies = {id_of(number): newer, **service.bodies}
        await console.press("R")
        await console.until_shown("Refreshed")
        await console.until(lambda: console.listing.cursor == 5)
        assert console.row_of(2).startswith(" *")
        await console.press("j", "v")
        assert marked(console) == {2, 3, 4}


async def test_a_range_whose_first_dataset_is_gone_marks_nothing() -> None:
    service = Service(20)
    async with Console(service).opened() as console:
        await console.press("j", "v", "j", "j")
        service.touch(1, status="accepted")
        await console.press("R")
        await console.until_shown("Refreshed")
        await console.press("v")
        assert marked(console) == set()
        assert "Esc leaves it" in console.status
        await console.press("escape", "v", "j", "v")
        assert marked(console) == {3, 4}


async def test_a_range_goes_with_another_sort_and_not_with_another_query() -> None:
    service = Service(6)
    for number, name in enumerate("fedcba"):
        service.touch(number, name=f"{name} of batch {number} ")
    async with Console(service).opened() as console:
        await console.press("v", "j", "j", "o", "j", "j", "enter")
        await console.until(lambda: console.listing.cursor == 3)
        await console.press("v")
        assert marked(console) == {0, 1, 2}
        await console.press("v")
        await console.query("status:pending type:episode")
        assert not console.listing.in_range


async def test_a_row_on_its_way_begins_no_range() -> None:
    service = Service(1000)
    async with Console(service).opened() as console:
        service.shut = True
        await console.press("G", "v")
        assert "not loaded yet" in console.status
        assert not console.listing.in_range


async def test_m_inverts_and_keeps_marks_that_the_filter_hides() -> None:
    service = Service(4)
    service.touch(0, data_type="telemetry")
    async with Console(service).opened() as console:
        await console.press("space", "space")
        await console.query("status:pending type:episode")
        await console.until(lambda: console.listing.cursor_id == id_of(1))
        await console.press("m")
        assert marked(console) == {0, 2, 3}


async def test_shift_m_counts_what_it_fetches_and_not_what_matches() -> None:
    service = Service(300)
    async with Console(service).opened() as console:
        await console.query("status:pending name~7")
        await console.until_shown("looked at 300")
        await console.press("M")
        await console.until_shown("300 datasets")
        await console.press("y")
        await console.until(lambda: marked(console))
        assert marked(console) == {n for n in range(300) if "7" in str(n)}


async def test_a_placeholder_is_not_marked() -> None:
    service = Service(1000)
    async with Console(service).opened() as console:
        service.shut = True
        await console.press("G", "space")
        assert "not loaded yet" in console.status
        assert marked(console) == set()


# Marks of the last session


def left_marked(*numbers: int) -> Sessions:
    sessions = Sessions()
    sessions.session = Session(query="status:pending", marks=frozenset(map(id_of, numbers)))
    return sessions


async def test_restored_marks_are_inactive_until_they_are_kept() -> None:
    async with Console(sessions=left_marked(1, 2)).opened() as console:
        assert "2 marked" in console.header
        await console.press("a")
        await console.until_shown("Keep 2 marks of the last session?")
        await console.press("y")
        await console.until_shown("2 marks kept")
        assert console.app.screen is console.app.review
        await asyncio.sleep(QUIET_SECOND)  # they were looked at
        await console.press("j", "a")
        await console.until_shown("Accept 2 datasets?")


async def test_restored_marks_that_are_not_kept_are_gone() -> None:
    async with Console(sessions=left_marked(1, 2)).opened() as console:
        await console.press("space")
        await console.until_shown("Keep 2 marks of the last session?")
        await console.press("n")
        await console.until(lambda: not marked(console))
        await console.press("a")
        await console.until_shown("Accept this dataset?", f"id {id_of(0)}")


async def test_a_mark_whose_dataset_cannot_be_read_is_told() -> None:
    async with Console(sessions=left_marked(1, 5000)).opened() as console:
        await console.press("a")
        await console.until_shown("Keep 2 marks")
        await console.press("y")
        await console.until_shown("1 mark kept, 1 could not be read.")
        assert marked(console) == {1}


# Set aside and flag


async def test_s_sets_aside_with_a_note_and_goes_on() -> None:
    async with Console().opened() as console:
        await console.press("s")
        await console.until_shown("Set aside: a note?")
        await console.type("ask Mira")
        await console.press("enter")
        await console.until(lambda: console.listing.cursor == 1)
        assert console.row_of(0).startswith(" ~  ")
        await console.press("k")
        await console.until(lambda: "Set aside: ask Mira" in console.detail)
        await console.press("j", "N")
        assert "no undecided above" in console.status


async def test_what_was_set_aside_can_still_be_decided() -> None:
    async with Console().opened() as console:
        await console.press("s", "enter")
        await console.until(lambda: console.listing.cursor == 1)
        await console.press("k", "a")
        await console.until_shown("Accept this dataset?", f"id {id_of(0)}")


async def test_f_flags_and_unflags_and_u_undoes() -> None:
    async with Console().opened() as console:
        await console.press("f")
        assert "Flagged" in console.status
        await console.until(lambda: console.cursor_row.startswith(">!  "))
        await console.press("f")
        assert "Flag taken away" in console.status
        await console.press("u")
        await console.until(lambda: console.cursor_row.startswith(">!  "))
