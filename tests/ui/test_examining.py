"""The data of the dataset under the cursor is looked at while the reviewer reads."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from gerra_tui.domain.evidence import Look, Step, fine, odd, unchecked
from gerra_tui.service.looking import REST
from gerra_tui.service.looks import KeptLook
from tests.fakes import dataset_of, id_of
from tests.service.files import TAKES
from tests.ui.reviewing import Console, Service, Sessions
from tests.ui.stage import boxed
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from gerra_tui.service.preferences import Auto
    from gerra_tui.ui.present.detail import Shown

LOOK = Look(
    dataset_id=None,
    kind="zip",
    facts={
        "size": 246_103_434,
        "members": 204,
        "lerobot": {"version": "v2.1", "robot": "koch", "episodes": 100, "frames": 35_965},
    },
    checks=(
        fine("size", "246,103,434 = declared"),
        odd("fps", "metadata 29.97, info.json 30"),
        unchecked("video", "its index was not reached"),
    ),
    more=(
        Step(key="+", words="motion", requests=1, bytes=57_000),
        Step(key="t", words="pictures", requests=6, bytes=95_000),
    ),
)


def looking(auto: Auto = "rest") -> Console:
    console = Console(evidence_auto=auto)
    console.files.look = LOOK
    return console


async def test_the_data_under_a_resting_cursor_is_looked_at_and_told_in_the_pane() -> None:
    async with looking().opened() as console:
        await console.until(lambda: "EVIDENCE zip 246.1 MB" in console.detail)
        told = console.detail.splitlines()
        at = next(n for n, line in enumerate(told) if line.startswith("EVIDENCE"))
        assert told[at].endswith("3 requests, 100 kB")
        assert told[at + 1] == "LeRobot v2.1   koch   100 episodes"
        assert "CHECKS  3 requests, 100 kB" in told
        at = told.index("CHECKS  3 requests, 100 kB")
        assert told[at + 1 : at + 6] == [
            "✓ size      246,103,434 = declared",
            "! fps       metadata 29.97, info.json 30",
            "? video     its index was not reached",
            "? motion    +  1 request, 57 kB",
            "? pictures  t  6 requests, 95 kB",
        ]


async def test_what_is_under_way_says_how_far_it_is() -> None:
    async with looking().opened() as console:
        await console.until(lambda: "EVIDENCE looking" in console.detail)
        (line,) = [one for one in console.detail.splitlines() if one.startswith("EVIDENCE")]
        assert line.split() == ["EVIDENCE", "looking", "1", "request,", "65", "kB"]


async def test_rows_that_are_passed_cost_nothing_and_the_next_one_is_looked_at_ahead() -> None:
    async with looking().opened() as console:
        for _ in range(8):
            await console.press("j")
        await console.until(lambda: len(console.files.ended) >= 2)
        assert console.files.begun[-2:] == [id_of(8), id_of(9)]
        begun = len(console.files.begun)
        await console.press("j")
        await console.until(lambda: len(console.files.ended) >= 3)
        assert console.files.begun[begun:] == [id_of(10)]


async def test_a_look_is_given_up_when_the_cursor_leaves() -> None:
    async with looking().opened() as console:
        await console.until(lambda: console.files.begun == [id_of(0)])
        await console.press("G")
        await console.until(lambda: console.files.at_once == 0)
        assert console.files.ended == []


async def test_storage_that_fails_is_one_line_and_more_tries_again() -> None:
    console = looking()
    console.files.look = replace(
        LOOK, facts={}, checks=(), more=(), error="storage silent for 10 s"
    )
    async with console.opened():
        await console.until(lambda: "? storage silent for 10 s" in console.detail)
        assert "EVIDENCE not read" in console.detail
        console.files.look = LOOK
        await console.press("plus")
        await console.until(lambda: "EVIDENCE zip 246.1 MB" in console.detail)


async def test_where_it_is_off_nothing_is_fetched_unasked() -> None:
    async with looking("off").opened() as console:
        await asyncio.sleep(REST + TAKES)
        assert console.files.begun == []
        assert "EVIDENCE" not in console.detail
        await console.press("plus")
        assert "up to 3 requests, 256 kB" in console.status
        await console.until(lambda: "EVIDENCE zip" in console.detail)
        assert console.files.begun == [id_of(0)]


async def test_opened_details_alone_are_looked_at_if_so_wished() -> None:
    async with looking("open").opened() as console:
        await asyncio.sleep(REST + TAKES)
        assert console.files.begun == []
        await console.press("enter")
        await console.until(lambda: "EVIDENCE zip" in console.detail)


async def test_without_a_pane_nothing_is_looked_at_unasked() -> None:
    async with looking().opened((65, 20)) as console:
        await asyncio.sleep(REST + TAKES)
        assert console.files.begun == []


async def test_the_next_step_is_taken_at_the_price_that_was_named() -> None:
    async with looking().opened() as console:
        await console.until(lambda: "motion" in console.detail)
        await console.press("plus")
        assert "Looking further: up to 1 request, 57 kB" in console.status
        await console.until(lambda: "EVIDENCE more" in console.detail)
        assert console.files.further == [id_of(0)]


async def test_a_look_of_yesterday_says_how_old_it_is_and_costs_nothing() -> None:
    console = looking()
    dataset = dataset_of(console.service.bodies[id_of(0)])
    yesterday = NOON.replace(day=NOON.day - 1)
    look = replace(LOOK, dataset_id=dataset.id)
    console.shelf.kept[dataset.id] = KeptLook(look, yesterday)
    async with console.opened():
        await console.until(lambda: "1d ago" in console.detail)
        assert id_of(0) not in console.files.begun


async def test_what_is_kept_of_the_first_row_is_there_when_its_pane_is_first_painted() -> None:
    sessions = Sessions()
    async with Console(sessions=sessions).opened() as console:
        await console.press("q")
        await console.until(lambda: sessions.rows is not None)
    console = Console(Service(), sessions=sessions, evidence_auto="rest")
    console.service.shut = True
    dataset = dataset_of(console.service.bodies[id_of(0)])
    console.shelf.keep(dataset, replace(LOOK, dataset_id=dataset.id), now=NOON)
    async with console.opened(wait=False):
        painted: list[str] = []
        show = console.app.review.desk.detail.show

        def note(shown: Shown | None) -> None:
            show(shown)
            painted.append(console.detail)

        console.app.review.desk.detail.show = note  # type: ignore[method-assign]
        await console.until(lambda: "EVIDENCE zip 246.1 MB" in console.detail)
        assert not any("EVIDENCE ..." in detail for detail in painted)
        assert console.files.begun == []
        console.service.open()


async def test_the_same_contents_as_another_version_are_told() -> None:
    console = looking()
    console.service.give_history(1, 0)
    facts = {**LOOK.facts, "fingerprint": "f" * 32, "sketch": []}
    console.files.look = replace(LOOK, facts=facts)
    async with console.opened():
        await console.until(lambda: len(console.files.ended) >= 2)
        await console.press("j")
        await console.press("k")
        await console.until(lambda: "! same" in console.detail)
        assert "! same      the same contents as v1" in console.detail


async def test_in_few_lines_the_checks_and_their_price_are_still_there() -> None:
    async with looking().opened((80, 24)) as console:
        await console.until(lambda: "✓ size ! fps: metadata 29.97" in console.text)
        assert "? pictures: t 6 requests" in " ".join(console.text.split())


async def test_what_was_found_fills_the_reason_and_is_said_before_an_acceptance() -> None:
    console = looking()
    contrary = odd("fps", "metadata 29.97, info.json 30", measured=30.0, declared=29.97)
    console.files.look = replace(LOOK, checks=(LOOK.checks[0], contrary))
    async with console.opened():
        await console.until(lambda: "! fps " in console.detail)
        await console.press("a")
        assert "! 1 check is odd: fps" in boxed(console.app)
        await console.press("n", "r", "3")
        told = " ".join(boxed(console.app))
        assert "Metadata contradicts the data: fps says 29.97, file has 30" in told
        await console.press("escape")


async def test_where_nothing_was_looked_at_nothing_is_said_to_be_odd() -> None:
    console = looking("off")
    async with console.opened():
        await console.press("a")
        assert not [line for line in boxed(console.app) if "odd" in line]
        await console.press("n")
