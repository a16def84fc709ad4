"""The queue of files that are fetched whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from gerra_tui.service.downloads import Download, Downloads, Fetched, NotFetched
from tests.headless.stage import dataset, uuid_of
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset

TAKES = 10.0  # seconds


class File:
    """`service.downloads.Fetching`: a byte a second."""

    def __init__(self, dataset: Dataset, problem: str | None) -> None:
        self._dataset = dataset
        self._problem = problem
        self.received = 0
        self.size: int | None = int(TAKES)

    async def run(self) -> Path:
        while self.received < TAKES:
            await asyncio.sleep(1)
            self.received += 1
            if self._problem:
                raise NotFetched(self._problem)
        return Path("/downloads") / self._dataset.id


class Queue:
    def __init__(self, problem: str | None = None) -> None:
        self.problem = problem
        self.told: list[tuple[str, Fetched]] = []
        self.downloads = Downloads(self.fetch, changed=self.changed)

    def fetch(self, dataset: Dataset) -> File:
        return File(dataset, self.problem)

    def changed(self, entry: Download) -> None:
        self.told.append((entry.dataset.id, entry.state))

    @property
    def states(self) -> list[str]:
        return [str(entry.state) for entry in self.downloads.entries]


@in_virtual_time
async def test_files_come_one_after_the_other_in_the_order_asked_for() -> None:
    queue = Queue()
    for number in range(3):
        queue.downloads.add(dataset(number))
    await asyncio.sleep(TAKES * 1.5)
    assert queue.states == ["done", "running", "waiting"]

    await asyncio.sleep(TAKES * 2)
    assert queue.states == ["done"] * 3
    assert [entry.path for entry in queue.downloads.entries] == [
        Path("/downloads") / uuid_of(number) for number in range(3)
    ]


@in_virtual_time
async def test_a_paused_file_lets_the_next_one_run_and_goes_on_later() -> None:
    queue = Queue()
    first = queue.downloads.add(dataset(1))
    queue.downloads.add(dataset(2))
    await asyncio.sleep(4.5)
    queue.downloads.pause(uuid_of(1).upper())
    await asyncio.sleep(TAKES + 1)
    assert queue.states == ["paused", "done"]
    assert first.fetching.received == 4

    queue.downloads.add(dataset(1))
    await asyncio.sleep(TAKES - 4 + 0.5)
    assert queue.states == ["done", "done"]


@in_virtual_time
async def test_a_pause_and_second_thoughts_at_once_go_on() -> None:
    queue = Queue()
    queue.downloads.add(dataset(1))
    await asyncio.sleep(2.5)
    queue.downloads.pause(uuid_of(1))
    queue.downloads.add(dataset(1))
    await asyncio.sleep(TAKES)

    assert queue.states == ["done"]


@in_virtual_time
async def test_a_waiting_file_can_be_paused() -> None:
    queue = Queue()
    queue.downloads.add(dataset(1))
    queue.downloads.add(dataset(2))
    queue.downloads.pause(uuid_of(2))
    await asyncio.sleep(TAKES * 3)

    assert queue.states == ["done", "paused"]


@in_virtual_time
async def test_a_failure_is_told_and_the_queue_goes_on() -> None:
    queue = Queue("storage has no such file (404)")
    queue.downloads.add(dataset(1))
    queue.problem = None
    queue.downloads.add(dataset(2))
    await asyncio.sleep(TAKES * 2)

    assert queue.states == ["failed", "done"]
    assert queue.downloads.entries[0].problem == "storage has no such file (404)"
    queue.downloads.add(dataset(1))
    await asyncio.sleep(TAKES * 2)
    assert queue.states == ["done", "done"]


@in_virtual_time
async def test_a_file_asked_for_twice_is_fetched_once() -> None:
    queue = Queue()
    assert queue.downloads.add(dataset(1)) is queue.downloads.add(dataset(1))
    await asyncio.sleep(TAKES * 2)

    assert queue.states == ["done"]


@in_virtual_time
async def test_the_end_stops_all_and_forgets_nothing() -> None:
    queue = Queue()
    for number in range(3):
        queue.downloads.add(dataset(number))
    await asyncio.sleep(2.5)
    await queue.downloads.aclose()

    assert queue.states == ["paused"] * 3
    assert len(asyncio.all_tasks()) == 1
