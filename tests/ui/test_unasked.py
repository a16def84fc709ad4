"""What opens by itself, or late, takes no key that was typed for something else."""

from __future__ import annotations

import asyncio

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.service.failures import ServiceUnavailable, Unauthorized
from gerra_tui.ui.dialogs.accept import AcceptDialog
from gerra_tui.ui.dialogs.key import KeyDialog
from gerra_tui.ui.dialogs.reject import RejectDialog
from gerra_tui.ui.keys.quiet import QUIET_SECOND
from tests.fakes import Disk, id_of
from tests.ui.reviewing import Console, Service, Sessions
from tests.ui.stage import press_at_once
from tests.ui.test_leaving import left_behind

NO_KEY = Unauthorized("No API key: GERRA_API_KEY is not set.")
REFUSED = Unauthorized("Invalid API key", http_status=401)


def without_key() -> Console:
    service = Service()
    service.trouble = NO_KEY
    return Console(service)


@pytest.mark.parametrize("typed", ["/sensor", "s", "rsome reason", "sss", "aysd", "$sd", "$nodes"])
async def test_kept_decisions_are_sent_by_nothing_that_is_typed_at_the_start(typed: str) -> None:
    service, disk = Service(), Disk()
    await left_behind(service, disk, 3, 4)
    async with Console(service, disk=disk).opened(wait=False) as console:
        await console.type(typed)
        await console.until_shown("2 kept")
        await console.pilot.pause()
    assert service.posts == []
    kept = {one for one, state in disk.states().items() if state is DecisionState.KEPT}
    assert kept == {id_of(3), id_of(4)}


async def test_what_was_kept_is_still_told_when_its_reader_was_typing() -> None:
    service, disk = Service(), Disk()
    await left_behind(service, disk, 3, 4)
    async with Console(service, disk=disk).opened() as console:
        await console.until_shown("2 decisions were kept: $ looks, sends or drops")
        await console.press("j")
        assert "2 decisions were kept" in console.status
        await asyncio.sleep(QUIET_SECOND)
        await console.press("j")
        assert "2 decisions were kept" not in console.status
        assert "outbox: 2 kept" in console.header


async def test_without_a_key_it_is_asked_for_once_nobody_types() -> None:
    console = without_key()
    async with console.opened(wait=False):
        await console.type("/sensor")
        await console.until_shown("No API key")
        await asyncio.sleep(QUIET_SECOND + 0.2)
        assert console.app.review.desk.query_line.editing, "a field that has the keys keeps them"
        await console.press("enter")
        assert console.app.review.listing.text.endswith("sensor")
        await console.until(lambda: isinstance(console.app.screen, KeyDialog))
        await console.press("escape")
        await asyncio.sleep(QUIET_SECOND + 0.2)
        assert console.app.screen is console.app.review, "it is asked for once"
    assert console.service.keys == []


async def test_a_query_typed_as_the_question_opens_stays_a_query() -> None:
    console = without_key()
    async with console.opened(wait=False):
        await console.until(lambda: isinstance(console.app.screen, KeyDialog))
        await console.type("/sensor")
        assert console.app.review.desk.query_line.editing
        await console.press("enter")
        assert console.app.review.listing.text.endswith("sensor")
        await console.until(lambda: isinstance(console.app.screen, KeyDialog))
    assert console.service.keys == []


async def test_a_refused_key_waits_for_the_reviewer_and_stays_until_another_is_taken() -> None:
    service = Service()
    service.refused_keys = {"sensor"}
    console = Console(service)
    console.access.key = "good"
    async with console.opened() as console:
        service.trouble = REFUSED
        await console.press("R")
        await console.until_shown("Key refused (401)")
        await asyncio.sleep(QUIET_SECOND + 0.2)
        assert console.app.screen is console.app.review
        await console.press(":")
        await console.type("key")
        await console.press("enter")
        await console.until_shown("Key:")
        await console.type("sensor")
        await console.press("enter")
        await console.until(lambda: service.keys == ["sensor"])
        await console.until_shown("Key refused (401): Invalid API key.")
        assert console.access.key == "good"
        service.trouble = None
        await console.type("better")
        await console.press("enter")
        await console.until(lambda: console.access.key == "better")


async def test_a_key_that_cannot_be_tried_out_does_not_take_the_place_of_another() -> None:
    service = Service()

    async def away(key: str) -> None:
        raise ServiceUnavailable("Cannot reach api.gerra.example.")

    service.ask_with = away  # type: ignore[method-assign]
    console = Console(service)
    console.access.key = "good"
    async with console.opened() as console:
        await console.press(":")
        await console.type("key")
        await console.press("enter")
        await console.until_shown("Key:")
        await console.type("other")
        await console.press("enter")
        await console.until_shown("Cannot reach")
        assert console.access.key == "good"


async def failed(console: Console, verdict: Verdict) -> None:
    """The first dataset's decision fails; the outbox lies open on it."""
    console.service.posting.append("400")
    reason = "dark at 0:04" if verdict is Verdict.REJECT else None
    await console.decisions.decide(verdict, console.service.targets([0]), reason=reason)
    await console.press("$")
    await console.until_shown("failed")


async def test_x_decides_nothing_before_the_dataset_as_it_is_now_was_asked_about() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await failed(console, Verdict.ACCEPT)
        service.touch(0, name="Another film")
        await console.press("x")
        await console.until(lambda: isinstance(console.app.screen, AcceptDialog))
        await console.until_shown("Another film", "Failed: Bad request")
        assert len(service.effective()) == 0
        await console.press("y")
        await console.until(lambda: len(service.effective()) == 1)
        await console.until(lambda: " accepted " in console.text)


async def test_x_asks_for_the_reason_again_with_the_old_one_filled_in() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await failed(console, Verdict.REJECT)
        await console.press("x")
        await console.until(lambda: isinstance(console.app.screen, RejectDialog))
        await console.until_shown("dark at 0:04")
        await console.press("enter")
        await console.until(lambda: len(service.effective()) == 1)
    assert service.effective()[0].reason == "dark at 0:04"


async def test_keys_typed_while_x_reads_the_dataset_decide_nothing() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await failed(console, Verdict.ACCEPT)
        service.latency = 0.3
        press_at_once(console.app, "x", "y", "q", "y")
        await asyncio.sleep(0.8)
    assert service.effective() == []


async def test_a_question_that_comes_late_leaves_its_first_second_to_what_lies_beneath() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await failed(console, Verdict.ACCEPT)
        service.latency = 0.8
        await console.press("x")
        await console.until(lambda: isinstance(console.app.screen, AcceptDialog))
        await console.press("y")
        await console.until(lambda: not isinstance(console.app.screen, AcceptDialog))
        service.latency = 0.0
        await asyncio.sleep(0.2)
    assert service.effective() == []


async def test_marks_of_the_last_session_are_looked_at_before_anything_is_decided_on_them() -> None:
    service, sessions = Service(), Sessions()
    async with Console(service, sessions=sessions).opened() as console:
        await console.press("space", "space")
        await console.until_shown("2 marked")
    async with Console(service, hold=0, sessions=sessions).opened() as again:
        press_at_once(again.app, "a", "y", "a", "y")
        await again.until_shown("2 marked")
        await asyncio.sleep(0.4)
        assert service.posts == []
