"""New rows are told of by themselves, while the list can be seen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.service.listing import polling
from gerra_tui.ui.review import views as viewing
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service

if TYPE_CHECKING:
    import pytest

    from gerra_tui.domain.statistics import Statistics


def looks(service: Service) -> int:
    return sum(1 for _, limit in service.pages if limit == 50)


async def test_new_rows_are_told_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "EVERY", 0.02)
    service = Service()
    async with Console(service).opened() as console:
        newest = {**service.bodies[id_of(0)], "id": id_of(1000)}
        newest["date_created"] = newest["date_updated"] = "2026-11-23T11:59:00Z"
        service.bodies = {id_of(1000): newest, **service.bodies}
        await console.until(lambda: "+1 new (R)" in console.status)


async def test_the_pane_says_what_somebody_else_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "EVERY", 0.02)
    service = Service()
    async with Console(service).opened() as console:
        await console.until(lambda: "status   pending" in console.detail)
        service.touch(0, status="rejected", metadata={"rejection_reason": "cut off"})
        await console.until(lambda: "elsewhere" in console.cursor_row)
        await console.until(lambda: "elsewhere: rejected" in console.detail)
        await console.until(lambda: "cut off" in console.detail)


async def test_nothing_is_looked_for_behind_another_screen_or_out_of_sight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polling, "EVERY", 0.02)
    service = Service()
    async with Console(service).opened() as console:
        await console.until(lambda: looks(service) > 1)
        await console.press("question_mark")
        await console.until(lambda: console.app.screen is not console.app.review)
        await asyncio.sleep(0.05)  # one that was on its way
        before = looks(service)
        await asyncio.sleep(0.2)
        assert looks(service) == before
        await console.press("escape")
        await console.until(lambda: looks(service) > before)
        console.app.app_focus = False
        await asyncio.sleep(0.05)
        before = looks(service)
        await asyncio.sleep(0.2)
        assert looks(service) == before
        console.app.app_focus = True
        await console.until(lambda: looks(service) > before)


async def test_views_are_counted_at_the_start_on_r_and_after_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Counted(Service):
        counts = 0

        async def statistics(self) -> Statistics:
            self.counts += 1
            return await super().statistics()

    service = Counted()
    async with Console(service).opened() as console:
        await console.until(lambda: service.counts == 1)
        for _ in range(5):
            await console.app.review.workplace.queue.check_for_new()
        await console.pilot.pause()
        assert service.counts == 1
        await console.press("R")
        await console.until(lambda: service.counts == 2)
        await console.until_shown("Refreshed")
        monkeypatch.setattr(viewing, "COUNTS_EVERY", 0.0)
        await console.app.review.workplace.queue.check_for_new()
        await console.until(lambda: service.counts > 2)
