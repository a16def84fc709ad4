"""A look at all that match: asked for with its price, in the background, and stopped by ^c."""

from __future__ import annotations

import re
from dataclasses import replace

from gerra_tui.domain.evidence import Look, odd
from gerra_tui.service.failures import ServiceUnavailable
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service
from tests.ui.stage import boxed

ODD = Look(dataset_id=None, kind="zip", checks=(odd("size", "0 bytes"),))


async def test_all_that_match_are_looked_at_after_the_price_was_agreed_to() -> None:
    console = Console(Service(30))
    console.files.look = ODD
    async with console.opened():
        await console.press("C")
        told = " ".join(boxed(console.app))
        assert "Look at the data of all that match?" in told
        assert "30 datasets, up to 90 requests, 7.7 MB." in told
        assert console.files.begun == []
        await console.press("y")
        await console.until(
            lambda: re.search("looked at [0-9]+ of 30, [1-9][0-9]* odd", console.header)
        )
        await console.until(lambda: "30 looked at, 30 odd, 0 could not be, 90 requests, 3.0 MB"
                            in console.status)  # fmt: skip
        assert sorted(console.files.ended) == [id_of(number) for number in range(30)]
        assert "looked at" not in console.header
        await console.until(lambda: "EVIDENCE" in console.detail)


async def test_a_sweep_brings_the_column_of_checks_into_the_list() -> None:
    console = Console(Service(20))
    console.files.look = ODD
    async with console.opened():
        assert "CHK" not in console.text
        await console.press("C", "y")
        await console.until(lambda: "CHK" in console.text)
        await console.until(lambda: console.text.count(" !1") >= 10)


async def test_a_sweep_that_is_declined_costs_nothing() -> None:
    async with Console(Service(20)).opened() as console:
        await console.press("C")
        await console.press("n")
        await console.press("j")
        assert console.files.begun == []


async def test_a_sweep_stops_by_ctrl_c_and_goes_on_later_from_there() -> None:
    async with Console(Service(20)).opened() as console:
        await console.press("C")
        await console.press("y")
        await console.until(lambda: len(console.files.ended) >= 8)
        await console.press("C")
        assert "looked at" in console.status
        await console.press("ctrl+c")
        await console.until(lambda: "stopped, C goes on" in console.status)
        assert console.files.at_once == 0
        done = len(console.files.ended)

        await console.press("C")
        await console.press("y")
        await console.until(lambda: f"20 looked at ({done} before)" in console.status)
        assert len(console.files.ended) == 20


async def test_the_list_can_be_walked_and_filtered_meanwhile() -> None:
    async with Console(Service(20)).opened() as console:
        await console.query("batch 7")
        await console.press("C")
        await console.press("y")
        await console.query("status:pending")
        await console.press("j", "j")
        await console.until(lambda: " looked at, 0 odd" in console.status)
        assert console.files.begun == [id_of(7), id_of(17)]


async def test_a_sweep_gives_up_where_storage_is_away() -> None:
    console = Console(Service(60))
    console.files.look = replace(ODD, checks=(), error="storage cannot be reached")
    async with console.opened():
        await console.press("C")
        await console.press("y")
        await console.until(lambda: "given up, the last 20 failed" in console.status)
        assert len(console.files.begun) < 40


async def test_a_list_that_breaks_off_says_so_and_what_was_done() -> None:
    async with Console(Service(20)).opened() as console:
        await console.press("C")
        console.service.trouble = ServiceUnavailable("It is away.")
        await console.press("y")
        await console.until(lambda: "the list broke off" in console.status)
