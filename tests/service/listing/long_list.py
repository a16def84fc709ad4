"""A still listing of any length, made up row by row when it is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.page import Page
from tests.service.listing.shifting_list import START, ShiftingList

if TYPE_CHECKING:
    from gerra_tui.domain.query.narrowing import Narrowing

RARE = 500  # every so many rows is of a type that the service cannot be asked for

STEP, LOW = 0x9E37_79B9_7F4A_7C15, 0x4000_8000  # ids of one length, spread


def id_at(number: int) -> str:
    return str(UUID(int=((number + 1) * STEP << 32) + LOW))


def row_at(number: int) -> Dataset:
    dataset_id = id_at(number)
    date = START - timedelta(seconds=number + 1)
    kind = "telemetry" if number % RARE == 0 else "episode"
    metadata = {"robot": f"arm {number}", "note": "x" * 400}
    return Dataset(
        id=dataset_id,
        status="pending",
        data_type=kind,
        name=f"run {number}",
        date_created=date,
        date_updated=date,
        metadata=metadata,
        raw={"id": dataset_id, "metadata": metadata},
    )


@dataclass
class LongList(ShiftingList):
    """`count` rows; `cancelled` are the requests that were given up before their answer."""

    length: int = 0
    singles: list[str] = field(default_factory=list)
    cancelled: list[tuple[int, int]] = field(default_factory=list)
    unanswered: list[range] = field(default_factory=list)  # offsets of the requests in flight

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        self.requests.append((offset, limit))
        self.unanswered.append(range(offset, offset + limit))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency)
        except asyncio.CancelledError:
            self.cancelled.append((offset, limit))
            raise
        finally:
            self.unanswered.remove(range(offset, offset + limit))
            self.in_flight -= 1
        rows = tuple(row_at(n) for n in range(offset, min(offset + limit, self.length)))
        return Page(
            rows=rows,
            total={"exact": self.length, "absent": None, "page": len(rows)}[self.totals],
            offset=offset,
            limit=limit,
            size_bytes=1000 * len(rows),
            received_at=START,
        )

    async def dataset(self, dataset_id: str) -> Dataset:
        self.singles.append(dataset_id)
        await asyncio.sleep(self.latency)
        return row_at(((UUID(dataset_id).int - LOW) >> 32) // STEP - 1)
