"""Honest fakes of the service's ports: they do what the real ones do, in memory and at once."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.base_url import is_same
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import (
    LISTED,
    OWNERS_ALONE,
    TRANSITIONS,
    TROUBLED,
    Decision,
    DecisionState,
    Origin,
    Owner,
    Verdict,
    WrongTransition,
)
from gerra_tui.domain.page import Page
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
from gerra_tui.service.ports import AlreadyOpen, Confirmation, JournalUnwritable
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.statistics import Statistics

ORIGIN = Origin(base_url="https://api.gerra.example", organization_id=None, profile="default")
ORGANIZATION = "0b8e1b9e-0000-4000-8000-00000000000f"


# Disk -----------------------------------------------------------------------------------------


@dataclass
class _Row:
    decision: Decision
    owner: str
    audited: bool = False
    dismissed: bool = False


@dataclass
class Disk:
    """A state directory: what is on it, and which consoles run. `full` refuses every write."""

    rows: dict[str, _Row] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)  # decision ids of the audit log
    full: bool = False
    latency: float = 0.0  # seconds that the journal takes to write
    audit_full: bool = False
    audit_delays: deque[float] = field(default_factory=deque)  # seconds, of its next calls

    def check(self) -> None:
        if self.full:
            raise JournalUnwritable("The disk is full: free some space, then try again.")

    def states(self) -> dict[str, DecisionState]:
        """By dataset, of its latest decision."""
        return {row.decision.dataset_id: row.decision.state for row in self.rows.values()}


class FakeJournal:
    """`service.ports.Journal` on a `Disk`."""

    def __init__(self, disk: Disk, origin: Origin = ORIGIN, *, pid: int = 1) -> None:
        self._disk = disk
        self._origin = origin
        self._pid = pid
        self._console = uuid.uuid4().hex
        self._open = False

    @property
    def remarks(self) -> tuple[str, ...]:
        return ()

    async def open(self) -> None:
        await self._written()
        self._open = True
        self._disk.running.add(self._console)

    async def add(self, decisions: Sequence[Decision]) -> None:
        await self._written()
        rows = self._disk.rows
        wanted = {one.dataset_id.casefold() for one in decisions}
        there = [
            row for row in rows.values() if row.decision.dataset_id.casefold() in wanted
            and is_same(row.decision.origin.base_url, self._origin.base_url)
        ]  # fmt: skip
        if open_ones := [row for row in there if not row.decision.state.is_end]:
            raise AlreadyOpen([self._seen(row) for row in open_ones])
        for row in there:
            if row.decision.state in TROUBLED:
                row.dismissed = True
        for one in decisions:
            rows[one.id] = _Row(one, self._console)

    async def move(
        self, decision: Decision, to: Decision, *, from_states: frozenset[DecisionState]
    ) -> bool:
        return bool(await self.move_all([(decision, to)], from_states=from_states))

    async def move_all(
        self, moves: Sequence[tuple[Decision, Decision]], *, from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        await self._written()
        return [to for one, to in moves if self._move(one, to, from_states)]

    async def adopt(self, decision_ids: Sequence[str]) -> list[Decision]:
        await self._written()
        adopted = []
        for row in self._some(decision_ids):
            if not row.decision.state.is_end and self._may_touch(row):
                row.owner = self._console
                adopted.append(self._seen(row))
        return adopted

    async def open_decisions(self) -> list[Decision]:
        return [
            self._seen(row)
            for row in self._scope()
            if not row.dismissed and row.decision.state in LISTED
        ]

    async def of_dataset(self, dataset_id: str) -> list[Decision]:
        key = dataset_id.casefold()
        return [
            self._seen(row) for row in self._scope() if row.decision.dataset_id.casefold() == key
        ]

    async def dismiss(self, decision_ids: Sequence[str]) -> None:
        await self._written()
        for row in self._some(decision_ids):
            row.dismissed = True

    async def unaudited(self) -> list[Decision]:
        return [
            self._seen(row)
            for row in self._disk.rows.values()
            if row.decision.state.is_end and not row.audited and self._may_touch(row)
        ]

    async def mark_audited(self, decision_ids: Sequence[str]) -> None:
        await self._written()
        for row in self._some(decision_ids):
            row.audited = True

    async def close(self) -> None:
        self._disk.running.discard(self._console)

    async def _written(self) -> None:
        await asyncio.sleep(self._disk.latency)  # as the real one, it gives way to others
        self._disk.check()

    def _move(self, one: Decision, to: Decision, from_states: frozenset[DecisionState]) -> bool:
        for state in from_states:
            if to.state not in TRANSITIONS[state]:
                raise WrongTransition(f"{state} does not become {to.state}")
        row = self._disk.rows.get(one.id)
        if row is None or row.decision.state not in from_states:
            return False
        if row.decision.posted != one.posted:
            return False
        if row.owner != self._console and (to.state in OWNERS_ALONE or not self._may_touch(row)):
            return False
        row.decision = to
        return True

    def _scope(self) -> Iterable[_Row]:
        for row in self._disk.rows.values():
            theirs = row.decision.origin
            same = theirs.organization_id in (None, self._origin.organization_id)
            if is_same(theirs.base_url, self._origin.base_url) and (
                same or self._origin.organization_id is None
            ):
                yield row

    def _some(self, decision_ids: Sequence[str]) -> list[_Row]:
        return [self._disk.rows[one] for one in decision_ids if one in self._disk.rows]

    def _may_touch(self, row: _Row) -> bool:
        return row.owner == self._console or row.owner not in self._disk.running

    def _seen(self, row: _Row) -> Decision:
        owner = Owner(
            pid=self._pid, alive=row.owner in self._disk.running, mine=row.owner == self._console
        )
        return replace(row.decision, owner=owner)


class FakeAuditLog:
    """`service.ports.AuditLog` on a `Disk`."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def record(self, decisions: Sequence[Decision]) -> None:
        await self._written()
        self._disk.lines += [one.id for one in decisions]

    async def record_missing(self, decisions: Sequence[Decision]) -> None:
        await self._written()
        self._disk.lines += [one.id for one in decisions if one.id not in self._disk.lines]

    async def close(self) -> None:
        await asyncio.sleep(0)

    async def _written(self) -> None:
        await asyncio.sleep(self._disk.audit_delays.popleft() if self._disk.audit_delays else 0)
        if self._disk.audit_full:
            raise JournalUnwritable("The disk is full: free some space, then try again.")


# Service --------------------------------------------------------------------------------------


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
        rows = [
            one
            for one in self.bodies.values()
            if narrowing.status in (None, one["status"]) and self._is_readable(one)
        ]
        return Page(
            rows=tuple(dataset_of(one) for one in rows[offset : offset + limit]),
            total=len(rows),
            offset=offset,
            limit=limit,
            size_bytes=0,
            received_at=NOON,
        )

    async def iterations(self, dataset_id: str) -> Iterations:
        raise NotFound("Not Found", http_status=404)

    async def statistics(self) -> Statistics:
        raise NotFound("Not Found", http_status=404)

    async def _read(self, dataset_id: str) -> Dataset:
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


def id_of(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def body(number: int) -> dict[str, Any]:
    """A dataset's JSON object."""
    return {
        "id": id_of(number),
        "status": "pending",
        "data_type": "episode",
        "name": f"Stack cups, batch {number}",
        "organization_id": ORGANIZATION,
        "date_created": "2026-11-20T08:00:00Z",
        "date_updated": "2026-11-21T08:00:00Z",
        "metadata": {"take": number},
    }


def dataset_of(raw: dict[str, Any]) -> Dataset:
    return Dataset(
        id=raw["id"],
        status=raw["status"],
        data_type=raw["data_type"],
        name=raw["name"],
        organization_id=raw.get("organization_id"),
        metadata=raw.get("metadata"),
        raw=dict(raw),
    )
