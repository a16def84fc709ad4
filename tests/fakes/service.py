"""The service in memory: reads, pages, counts, histories, verdicts, and faults on order."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.iterations import Iteration, Iterations
from gerra_tui.domain.page import Page
from gerra_tui.domain.statistics import Statistics
from gerra_tui.service.decisions.target import Target
from gerra_tui.service.failures import (
    BadResponse,
    DecisionRefused,
    Failure,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    ReadingTooOld,
    ServiceUnavailable,
    Unauthorized,
)
from gerra_tui.service.ports import Confirmation
from tests.fakes.datasets import body, dataset_of, id_of
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.query.narrowing import Narrowing


@dataclass(frozen=True)
class Posted:
    """A POST that reached the service. `late` claims that it took effect after its cut."""

    at: float
    dataset_id: str
    verdict: Verdict
    reason: str | None
    took_effect: bool
    status_before: str
    by: str = "post"


class FakeService:
    """`service.ports.ReviewApi` over some datasets.

    `reading` and `posting` are queues of faults for the next calls, by name:
    `ok`, `cut`, `cut-after`, `500`, `500-after`, `429`, `429:SECONDS`, `401`, `403`, `404`, `422`,
    `400`, `garbage`, `garbage-after`, `refused` (no connection), `late:SECONDS`, `hang`.
    What follows `-after` tells that the call took effect.
    """

    def __init__(self, count: int = 20, *, overwrites: bool = False) -> None:
        self.bodies = {one["id"]: one for one in map(body, range(count))}
        self.overwrites = overwrites
        self.organization: str | None = None  # of the key in use; null: it can read all
        self.reading: deque[str] = deque()
        self.posting: deque[str] = deque()
        self.posts: list[Posted] = []
        self.calls: list[tuple[float, str, str]] = []  # when, what, which
        self.latency = 0.05  # seconds
        self.connecting = 0.0  # seconds, of a POST
        self.in_flight = 0
        self.most_in_flight = 0
        self.shut = False  # pages do not answer
        self.trouble: Failure | None = None  # raised by all that reads
        self.histories: dict[str, Iterations] = {}
        self.unreadable: set[str] = set()
        self.pages: list[tuple[int, int]] = []  # offset and limit of those asked for
        self._moved = asyncio.Event()
        self.keys: list[str] = []  # that were tried out
        self.refused_keys: set[str] = set()
        self.on_read: Callable[[str], None] = lambda _: None  # after the answer was made

    async def ask_with(self, key: str) -> None:
        self.keys.append(key)
        if key in self.refused_keys:
            raise Unauthorized("Invalid API key", http_status=401)

    def target(self, number: int) -> Target:
        return Target(dataset=dataset_of(self.bodies[id_of(number)]))

    def targets(self, numbers: Iterable[int]) -> list[Target]:
        return [self.target(number) for number in numbers]

    def status(self, number: int) -> str:
        return str(self.bodies[id_of(number)]["status"])

    def touch(self, number: int, **fields: Any) -> None:
        """The dataset changes."""
        self.bodies[id_of(number)] |= fields

    def decide_elsewhere(self, number: int, verdict: Verdict, reason: str | None = None) -> None:
        """Another reviewer decides, if it is still pending."""
        if self.status(number) == "pending":
            self._take(id_of(number), verdict, reason, by="others")

    def effective(self) -> list[Posted]:
        return [one for one in self.posts if one.took_effect and one.by == "post"]

    async def dataset(self, dataset_id: str) -> Dataset:
        return await self._read(dataset_id)

    async def dataset_once(self, dataset_id: str) -> Dataset:
        return await self._read(dataset_id)

    async def accept(
        self, dataset_id: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        await self._connect(is_fresh)
        return await self._post(dataset_id, Verdict.ACCEPT, None)

    async def reject(
        self, dataset_id: str, reason: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        await self._connect(is_fresh)
        return await self._post(dataset_id, Verdict.REJECT, reason)

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        self.pages.append((offset, limit))
        while self.shut:
            self._moved.clear()
            await self._moved.wait()
        await asyncio.sleep(self.latency)
        self._check()
        bodies = [
            one
            for one in self.bodies.values()
            if narrowing.status in (None, one["status"])
            and narrowing.data_type in (None, one["data_type"])
            and self._is_readable(one)
        ]
        return Page(
            rows=tuple(map(self._row, bodies[offset : offset + limit])),
            total=len(bodies),
            offset=offset,
            limit=limit,
            size_bytes=0,
            received_at=NOON,
        )

    async def iterations(self, dataset_id: str) -> Iterations:
        self._check()
        if dataset_id not in self.histories:
            raise NotFound("Not Found", http_status=404)
        return self.histories[dataset_id]

    async def statistics(self) -> Statistics:
        self._check()
        return Statistics(
            total_datasets=len(self.bodies),
            by_status=Counter(one["status"] for one in self.bodies.values()),
            by_data_type=Counter(one["data_type"] for one in self.bodies.values()),
        )

    def open(self) -> None:
        """Pages are answered again."""
        self.shut = False
        self._moved.set()

    def give_history(self, *numbers: int, reason: str = "mug vanishes") -> None:
        """Versions of one dataset, oldest first; the last one is the latest."""
        versions = tuple(
            Iteration(
                dataset_id=id_of(number),
                version=at,
                status="pending" if number == numbers[-1] else "superseded",
                created_at=NOON,
                prompt=f"Stack the cups, try {at}",
                superseded_reason=None if number == numbers[-1] else reason,
            )
            for at, number in enumerate(numbers)
        )
        history = Iterations(
            group_id="g",
            total_versions=len(versions),
            latest_version=len(versions) - 1,
            versions=versions,
        )
        self.histories |= dict.fromkeys(map(id_of, numbers), history)

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def _row(self, raw: dict[str, Any]) -> Row:
        if raw["id"] in self.unreadable:
            return UnreadableRow(id=raw["id"], problem="name: a number", raw=dict(raw))
        return dataset_of(raw)

    async def _read(self, dataset_id: str) -> Dataset:
        self._check()
        with self._flying("read", dataset_id):
            fault = self.reading.popleft() if self.reading else "ok"
            await asyncio.sleep(self.latency)
            if fault == "hang":
                await asyncio.sleep(30)
            if fault != "ok":
                raise failure(fault, uncertain=False)
            if dataset_id not in self.bodies:
                raise NotFound("Dataset not found", http_status=404)
            if not self._is_readable(self.bodies[dataset_id]):
                raise failure("403", uncertain=False)
            answer = dataset_of(dict(self.bodies[dataset_id]))
            self.on_read(dataset_id)
            return answer

    def _is_readable(self, body: dict[str, Any]) -> bool:
        return self.organization in (None, body.get("organization_id"))

    async def _connect(self, is_fresh: Callable[[], bool]) -> None:
        await asyncio.sleep(self.connecting)
        if not is_fresh():
            raise ReadingTooOld("There was a pause before the verdict could be written.")

    async def _post(self, dataset_id: str, verdict: Verdict, reason: str | None) -> Confirmation:
        with self._flying("post", dataset_id):
            fault, _, value = (self.posting.popleft() if self.posting else "ok").partition(":")
            await asyncio.sleep(self.latency / 2)
            if fault == "late":
                asyncio.get_running_loop().call_later(
                    float(value), self._arrive, dataset_id, verdict, reason
                )
                raise failure("cut", uncertain=True)
            if fault in ("ok", "hang") or fault.endswith("-after"):
                took_effect = self._arrive(dataset_id, verdict, reason)
                if fault == "hang":
                    await asyncio.sleep(30)
                if fault != "ok":
                    raise failure(fault.removesuffix("-after"), uncertain=True)
                await asyncio.sleep(self.latency / 2)
                if not took_effect:
                    raise DecisionRefused("Dataset is not pending", http_status=422)
                return Confirmation(
                    dataset_id=dataset_id, status=verdict.status, message="done", http_status=200
                )
            certain = fault in ("429", "refused", "401", "403", "404", "422", "400")
            raise failure(f"{fault}:{value}" if value else fault, uncertain=not certain)

    def _arrive(self, dataset_id: str, verdict: Verdict, reason: str | None) -> bool:
        return self._take(dataset_id, verdict, reason, by="post")

    def _take(self, dataset_id: str, verdict: Verdict, reason: str | None, *, by: str) -> bool:
        status = str(self.bodies[dataset_id]["status"])
        took_effect = status == "pending" or (self.overwrites and by == "post")
        at = asyncio.get_running_loop().time()
        self.posts.append(Posted(at, dataset_id, verdict, reason, took_effect, status, by))
        if took_effect:
            metadata = dict(self.bodies[dataset_id]["metadata"])
            if verdict is Verdict.REJECT:
                metadata["rejection_reason"] = reason
            self.bodies[dataset_id] |= {
                "status": verdict.status,
                "metadata": metadata,
                "date_updated": (NOON + timedelta(seconds=at)).isoformat(),
            }
        return took_effect

    def _flying(self, what: str, dataset_id: str) -> _Flight:
        self.calls.append((asyncio.get_running_loop().time(), what, dataset_id))
        return _Flight(self)


class _Flight:
    def __init__(self, service: FakeService) -> None:
        self._service = service

    def __enter__(self) -> None:
        self._service.in_flight += 1
        self._service.most_in_flight = max(self._service.most_in_flight, self._service.in_flight)

    def __exit__(self, *error: object) -> None:
        self._service.in_flight -= 1


def failure(fault: str, *, uncertain: bool) -> Failure:
    """What the API client raises for an answer of this name."""
    kind, _, value = fault.partition(":")
    if kind in _FINAL:
        wrong, words = _FINAL[kind]
        return wrong(words, http_status=int(kind))
    if kind == "429":
        after = float(value) if value else None
        return RateLimited("Too many requests", http_status=429, retry_after=after)
    if kind == "garbage":
        return BadResponse("It cannot be read.", http_status=200, uncertain=uncertain)
    status = int(kind) if kind.isdigit() else None
    words = "Cannot reach api.gerra.example."
    return ServiceUnavailable(words, http_status=status, uncertain=uncertain)


_FINAL: dict[str, tuple[type[Failure], str]] = {
    "400": (InvalidRequest, "Bad request"),
    "401": (Unauthorized, "Invalid API key"),
    "403": (Forbidden, "Dataset belongs to another organization"),
    "404": (NotFound, "Dataset not found"),
    "422": (DecisionRefused, "Dataset is not pending"),
}
