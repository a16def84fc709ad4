"""The list moves between the key and the answer: what the dialog names is decided, or nothing."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


def reorder(service: Service) -> None:
    service.bodies = dict(reversed(service.bodies.items()))


def remove_others(service: Service) -> None:
    for number in (0, 2, 3, 4):
        del service.bodies[id_of(number)]


def remove_and_reorder(service: Service) -> None:
    remove_others(service)
    reorder(service)


def remove_it(service: Service) -> None:
    del service.bodies[id_of(1)]


def change_it(service: Service) -> None:
    service.touch(1, metadata={"take": 99}, date_updated="2026-11-22T09:00:00Z")


def decide_it(service: Service) -> None:
    service.decide_elsewhere(1, Verdict.REJECT, "dark")


def refreshing(console: Console) -> bool:
    return any(
        worker.group == "refresh" and not worker.is_finished
        for worker in console.app.review.workers
    )


@asynccontextmanager
async def asked_while(
    what_happens: Callable[[Service], None], key: str
) -> AsyncIterator[tuple[Console, Service]]:
    """The dialog about dataset 1 is open, and a refresh that was on its way has landed."""
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await console.press("j")
        await console.until(lambda: "take       1" in console.detail)
        service.shut = True
        await console.press("R", key)
        await console.until_shown("this dataset?", f"id {id_of(1)}")
        what_happens(service)
        service.open()
        await console.until(lambda: not refreshing(console))
        assert f"id {id_of(1)}" in console.text
        yield console, service


def posted(service: Service) -> list[str]:
    return [one.dataset_id for one in service.posts if one.by == "post"]


@pytest.mark.parametrize("what_happens", [reorder, remove_others, remove_and_reorder])
async def test_y_accepts_what_the_dialog_names_wherever_its_row_went(
    what_happens: Callable[[Service], None],
) -> None:
    async with asked_while(what_happens, "a") as (console, service):
        await console.press("y")
        await console.until(lambda: posted(service))
        await console.until(lambda: "outbox empty" in console.header)
        assert posted(service) == [id_of(1)]


@pytest.mark.parametrize("what_happens", [reorder, remove_others, remove_and_reorder])
async def test_enter_rejects_what_the_dialog_names_wherever_its_row_went(
    what_happens: Callable[[Service], None],
) -> None:
    async with asked_while(what_happens, "r") as (console, service):
        await console.type("dark")
        await console.press("enter")
        await console.until(lambda: posted(service))
        await console.until(lambda: "outbox empty" in console.header)
        assert posted(service) == [id_of(1)]


@pytest.mark.parametrize(
    ("what_happens", "state"),
    [
        (remove_it, DecisionState.FAILED),
        (change_it, DecisionState.REFUSED),
        (decide_it, DecisionState.REFUSED),
    ],
)
async def test_nothing_is_sent_where_it_went_or_is_no_longer_what_was_seen(
    what_happens: Callable[[Service], None], state: DecisionState
) -> None:
    async with asked_while(what_happens, "a") as (console, service):
        await console.press("y")
        await console.until(lambda: console.disk.states().get(id_of(1)) is state)
        assert posted(service) == []


async def test_marks_are_decided_by_id_wherever_their_rows_went() -> None:
    service = Service()
    async with Console(service, hold=0).opened() as console:
        await console.press("j", "space", "space", "k")
        service.shut = True
        await console.press("R", "a", "m")
        await console.until_shown("Accept 2 datasets?")
        remove_others(service)  # one of the two is among them
        reorder(service)
        service.open()
        await console.until(lambda: not refreshing(console))
        await console.press("y")
        await console.until_shown("2 settled: 1 done, 1 failed")
        assert posted(service) == [id_of(1)]
