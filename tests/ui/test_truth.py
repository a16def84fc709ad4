"""What the list, the pane and the marks say is so, wherever the keys came from."""

from __future__ import annotations

from gerra_tui.ui.screens.audit import details
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service, Sessions


async def test_after_a_batch_its_marks_are_gone_at_once() -> None:
    async with Console().opened() as console:
        await console.press("space", "space")
        await console.until_shown("2 marked")
        await console.press("k", "a")
        await console.until_shown("Accept 2 datasets?")
        await console.press("y")
        await console.until_shown("2 held")
        assert "marked" not in console.header
        await console.press("a")
        await console.until_shown("Accept this dataset?", id_of(2))


async def test_one_mark_of_the_last_session_is_told_in_the_singular() -> None:
    sessions = Sessions()
    async with Console(sessions=sessions).opened() as console:
        await console.press("space")
        await console.until_shown("1 marked")
    async with Console(sessions=sessions).opened() as again:
        await again.press("space")
        await again.until_shown("Keep 1 mark of the last session?")
        await again.press("y")
        await again.until_shown("1 mark kept")


async def test_after_moving_at_full_width_the_cursor_s_row_is_in_the_list() -> None:
    async with Console().opened(size=(120, 20)) as console:
        await console.press("enter", *["n"] * 30, "q")
        await console.until(lambda: any(line.startswith(">") for line in console.lines))
        assert console.listing.cursor == 30


async def test_a_pane_scrolled_at_full_width_begins_with_its_title_beside_the_list() -> None:
    service = Service()
    service.touch(0, description="\n".join(map(str, range(100))))
    async with Console(service).opened(size=(120, 20)) as console:
        await console.until(lambda: "99" in console.detail.splitlines())
        before = console.lines[2:6]
        await console.press("enter", "G", "q")
        await console.until(lambda: console.lines[2:6] == before)


async def test_what_the_service_says_after_our_verdict_wins_and_can_be_decided_again() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await console.press("a", "y")
        await console.until(lambda: "accepted" in console.row_of(0))
        service.bodies[id_of(0)]["status"] = "pending"  # an administrator set it back
        await console.press("k", "R")
        await console.until_shown("No longer accepted: its status is pending now")
        await console.until(lambda: console.listing.cursor_id == id_of(0))
        assert not any(" accepted" in line for line in console.lines[:8])
        await console.press("a")
        await console.until_shown("Accept this dataset?", id_of(0))


async def test_what_was_taken_back_is_told_as_that_in_the_pane() -> None:
    async with Console().opened() as console:
        await console.press("a", "y")
        await console.until(lambda: console.decision(0))
        await console.press("u")
        await console.until(lambda: ": taken back" in console.detail)
        assert ": pending" not in console.detail


def test_a_person_reads_versions_from_one_in_the_audit_log() -> None:
    told = " ".join(details({"dataset_id": id_of(0), "version": 0, "result": "done"}, 120))
    assert "version 1" in told
