"""A listing that changes while it is read: the model that the pager is held against."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.page import Page
from gerra_tui.service.failures import InvalidRequest, NotFound, ServiceUnavailable

if TYPE_CHECKING:
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.statistics import Statistics

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
UNDATED = datetime.max.replace(tzinfo=UTC)  # such rows come first (docs/api.md)
Totals = Literal["exact", "absent", "page"]


@dataclass
class Entry:
    dataset_id: str
    created: datetime
    updated: datetime | None
    status: str = "pending"
    kind: str = "episode"

    def dataset(self) -> Dataset:
        return Dataset(
            id=self.dataset_id,
            status=self.status,
            data_type=self.kind,
            name=f"run {self.dataset_id[-4:]}",
            date_created=self.created,
            date_updated=self.updated,
            raw={"id": self.dataset_id, "status": self.status},
        )


class StillClock:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed


@dataclass
class ShiftingList:
    """`ReadingApi` over entries that are decided, touched and added meanwhile.

    `ties`: so many neighbours share a date, and their order differs from page to page.
    `most`: rows that are given at once.
    """

    count: int
    totals: Totals = "exact"
    ties: int = 1
    most: int = 1000
    undated: int = 0  # entries at the head that have no `date_updated`
    behind: int | None = None  # the status that an offset behind the end is refused with
    seed: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    requests: list[tuple[int, int]] = field(default_factory=list)
    failing: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    latency: float = 0.0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._next = 0
        self._now = START
        for number in range(self.count):
            date = START - timedelta(minutes=1 + number // self.ties)
            self._add(
                date,
                None if number < self.undated else date,
                kind="telemetry" if number % 3 == 0 else "episode",
            )

    def _add(self, created: datetime, updated: datetime | None, kind: str = "episode") -> str:
        self._next += 1
        dataset_id = str(UUID(int=self._next * 2**64 + 0x4000_8000_0000_0000))
        self.entries[dataset_id] = Entry(dataset_id, created, updated, kind=kind)
        return dataset_id

    # What others do meanwhile

    def tick(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def arrive(self) -> str:
        now = self.tick()
        return self._add(now, now)

    def decide(self, dataset_id: str, status: str = "accepted") -> None:
        entry = self.entries[dataset_id]
        entry.status, entry.updated = status, self.tick()

    def touch(self, dataset_id: str) -> None:
        """Something of it changes: it moves to the head."""
        self.entries[dataset_id].updated = self.tick()

    @property
    def pending(self) -> list[str]:
        return [entry.dataset_id for entry in self.entries.values() if entry.status == "pending"]

    # What the service answers

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        self.requests.append((offset, limit))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency)
            if self.failing:
                self.failing -= 1
                raise ServiceUnavailable("The service is away.")
            return self._page(narrowing, limit, offset)
        finally:
            self.in_flight -= 1

    def _page(self, narrowing: Narrowing, limit: int, offset: int) -> Page:
        limit = min(limit, self.most)
        fitting = [
            entry
            for entry in self.entries.values()
            if narrowing.status in (None, entry.status)
            and narrowing.data_type in (None, entry.kind)
        ]
        self.random.shuffle(fitting) if self.ties > 1 else None
        fitting.sort(key=lambda entry: entry.updated or UNDATED, reverse=True)
        if self.behind is not None and offset > 0 and offset >= len(fitting):
            raise InvalidRequest("No such page.", http_status=self.behind)
        rows = tuple(entry.dataset() for entry in fitting[offset : offset + limit])
        total = {"exact": len(fitting), "absent": None, "page": len(rows)}[self.totals]
        return Page(
            rows=rows,
            total=total,
            offset=offset,
            limit=limit,
            size_bytes=len(rows) * 1000,
            received_at=self._now,
        )

    async def dataset(self, dataset_id: str) -> Dataset:
        await asyncio.sleep(0)
        if dataset_id not in self.entries:
            raise NotFound("There is no such dataset.", http_status=404)
        return self.entries[dataset_id].dataset()

    async def dataset_once(self, dataset_id: str) -> Dataset:
        return await self.dataset(dataset_id)

    async def iterations(self, dataset_id: str) -> Iterations:
        raise NotFound("This backend has no iterations.", http_status=404)

    async def statistics(self) -> Statistics:
        raise NotFound("This backend has no statistics.", http_status=404)
