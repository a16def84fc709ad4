"""A process without a terminal, and a service whose list is a Python list."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.dataset import PENDING, Dataset, UnreadableRow, stand_in
from gerra_tui.domain.page import Page
from gerra_tui.domain.statistics import Statistics
from gerra_tui.headless.streams import Streams
from gerra_tui.service.failures import Failure, NotFound
from gerra_tui.service.looks import Looks
from gerra_tui.service.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.evidence import Look
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.query.narrowing import Narrowing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PREFERENCES = Preferences()


def uuid_of(number: int) -> str:
    return f"{number:08}-0b19-4d02-9e6f-1f6a3c1de001"


def dataset(number: int, **changes: Any) -> Dataset:
    """The body and what the client reads from it."""
    body: dict[str, Any] = {
        "id": uuid_of(number),
        "date_created": "2026-11-20T10:00:00Z",
        "date_updated": f"2026-11-23T{(23 - number // 3600) % 24:02}:00:00+00:00",
        "organization_id": "df211a38-04b6-4e50-9730-f3fb533ba6f1",
        "data_type": "episode",
        "name": f"Stack cups, batch {number}",
        "description": None,
        "status": PENDING,
        "link": "s3://bucket/77aa.zip",
        "signed_url": None,
        "data_byte_size": 2_100_000_000,
        "metadata": {"take": number},
    } | changes
    return read(body)


def read(body: Mapping[str, Any]) -> Dataset:
    names = ("id", "status", "data_type", "name", "description", "organization_id", "link",
             "signed_url", "data_byte_size", "metadata")  # fmt: skip
    fields: dict[str, Any] = {name: body[name] for name in names}
    for name in ("date_created", "date_updated"):
        text = body[name]
        fields[name] = datetime.fromisoformat(text).astimezone(UTC) if text else None
    return Dataset(**fields, raw=body)


def unreadable(number: int | None, **raw: Any) -> UnreadableRow:
    body = raw if number is None else {"id": uuid_of(number), **raw}
    return UnreadableRow(id=body.get("id") or stand_in(body), problem="name: no text", raw=body)


@dataclass
class StillClock:
    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return (self.moment - NOW) / timedelta(seconds=1)


class Forgetful:
    """`service.looks.FactStore` that keeps nothing."""

    def load(self, dataset: Dataset) -> None: ...

    def summaries(self) -> tuple[()]:
        return ()

    def keep(self, dataset: Dataset, look: Look, *, now: datetime) -> None: ...


def no_looks() -> Looks:
    return Looks(Forgetful(), StillClock())


class Listing:
    """`service.ports.ReadingApi` over rows, newest first. `before_each` runs before each answer."""

    def __init__(
        self,
        rows: list[Row],
        *,
        total: Callable[[int], int | None] = lambda count: count,
        before_each: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.rows = rows
        self.asked: list[tuple[Narrowing, int, int]] = []
        self._total = total
        self._before_each = before_each
        self.history: Iterations | Failure = NotFound("No history", http_status=404)
        self.counted: Statistics | Failure = Statistics()

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        self.asked.append((narrowing, limit, offset))
        self._before_each(len(self.asked))
        rows = [row for row in self.rows if _is_listed(row, narrowing)]
        return Page(
            rows=tuple(rows[offset : offset + limit]),
            total=self._total(len(rows)),
            offset=offset,
            limit=limit,
            size_bytes=0,
            received_at=NOW,
        )

    async def dataset(self, dataset_id: str) -> Dataset:
        for row in self.rows:
            if isinstance(row, Dataset) and row.id == dataset_id:
                return row
        raise NotFound("Dataset not found", http_status=404)

    async def dataset_once(self, dataset_id: str) -> Dataset:
        return await self.dataset(dataset_id)

    async def iterations(self, dataset_id: str) -> Iterations:
        if isinstance(self.history, Failure):
            raise self.history
        return self.history

    async def statistics(self) -> Statistics:
        if isinstance(self.counted, Failure):
            raise self.counted
        return self.counted


def _is_listed(row: Row, narrowing: Narrowing) -> bool:
    if not isinstance(row, Dataset):
        return True
    return narrowing.status in (None, row.status) and narrowing.data_type in (None, row.data_type)


@dataclass
class Process:
    """Three streams, and what was written to two of them."""

    stdin: str = ""
    out_is_terminal: bool = False
    err_is_terminal: bool = False
    in_is_terminal: bool = False
    width: int = 120
    _out: io.StringIO = field(default_factory=io.StringIO)
    _err: io.StringIO = field(default_factory=io.StringIO)

    @property
    def streams(self) -> Streams:
        return Streams(
            stdin=io.StringIO(self.stdin),
            stdout=self._out,
            stderr=self._err,
            stdin_is_terminal=self.in_is_terminal,
            stdout_is_terminal=self.out_is_terminal,
            stderr_is_terminal=self.err_is_terminal,
            width=self.width,
        )

    @property
    def out(self) -> list[str]:
        return self._out.getvalue().splitlines()

    @property
    def err(self) -> str:
        return self._err.getvalue()


class ClosedPipe(io.StringIO):
    """Standard output whose reader (`head`) has gone after so many writes."""

    def __init__(self, reads: int) -> None:
        super().__init__()
        self._reads = reads

    def flush(self) -> None:
        self._reads -= 1
        if self._reads < 0:
            raise BrokenPipeError


def closed_pipe(reads: int = 1) -> Streams:
    return replace(Process().streams, stdout=ClosedPipe(reads))
