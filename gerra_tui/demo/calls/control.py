"""The demo's own calls, under `/_demo/` on the API's origin and behind its key, for tests.

They are answered at once: no latency, no faults, not counted.

- `GET /_demo/state`: `organization_id`, `totals` by status, `requests` by call, `recent` ones
  (`time origin method path query range`, the newest 5,000), `most_in_flight` and `in_flight` of
  `reading`, `deciding`, `storage`, `bytes_sent` by origin, `hung_up` (readers that closed before
  their answer), `keys_at_storage` (requests to storage that carried the key: must stay 0),
  `verdicts` (all that took effect: `time dataset_id verdict reason by status_before
  seconds_since_read`, `by` is `post` or `others`), `faults` still waiting, and the ids of datasets
  that are `foreign` (403), `broken` in shape, or `hostile` to a terminal (the first hundred).
- `DELETE /_demo/requests`: forgets what was counted.
- `POST /_demo/faults`: a list of `{"fault", "match": {"origin","method","path","query"}, "times",
  "skip"}`; `fault` as in `faults.py`, `path` a shell pattern, `times` null for ever.
  `DELETE /_demo/faults` takes all back.
- `POST /_demo/decide` `{"id","verdict","reason"}`: another reviewer decides; 422 if not pending.
- `POST /_demo/touch` `{"id","metadata","fields","remove","status","date_updated","new_content"}`:
  merges metadata, replaces or removes fields of the body, sets the status; `date_updated` is
  `"now"` or an instant, and moves the row to its place in the order; `new_content` gives its
  file other bytes and another ETag.
- `POST /_demo/arrive` `{"count","data_type"}`: new pending datasets at the head; answers their ids.
- `POST /_demo/remove` `{"id"}`: the dataset disappears.
- `POST /_demo/quirks` `{"total": "exact|page|absent","shuffled_ties": bool,"search": bool}`: habits
  of a list in which backends differ; what is not named goes back to `exact`, false, true.
- `POST /_demo/clock` `{"advance"}`: seconds by which the service's now jumps ahead.
"""

from itertools import islice
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, FastAPI, HTTPException, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gerra_tui.demo.calls.api import json_response, row_or_error
from gerra_tui.demo.calls.quirks import Quirks
from gerra_tui.demo.storage.objects import Objects
from gerra_tui.demo.wire.faults import FaultBook, Rule, fault
from gerra_tui.demo.wire.ledger import Ledger
from gerra_tui.demo.world.catalogue import Catalogue, NotPending
from gerra_tui.demo.world.clock import Clock, to_us
from gerra_tui.demo.world.colleagues import Colleagues
from gerra_tui.demo.world.identity import FOREIGN_ROWS
from gerra_tui.demo.world.population import STATUSES
from gerra_tui.demo.world.verdicts import OTHERS, Verdicts

DataType = Literal["episode", "synthetic_pov", "synthetic_third_person", "telemetry"]
Status = Literal["pending", "accepted", "rejected", "for_admin_review", "superseded", "discarded"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Match(_Strict):
    origin: Literal["api", "storage"] = "api"
    method: str = "*"
    path: str = "*"
    query: dict[str, str] = {}


class FaultRequest(_Strict):
    fault: str
    match: Match = Match()
    times: Annotated[int, Field(ge=1)] | None = 1
    skip: Annotated[int, Field(ge=0)] = 0


class Decision(_Strict):
    id: UUID
    verdict: Literal["accept", "reject"]
    reason: str | None = None


class Touch(_Strict):
    id: UUID
    metadata: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    remove: list[str] = []
    status: Status | None = None
    date_updated: Literal["now"] | AwareDatetime | None = None
    new_content: bool = False


class Arrival(_Strict):
    count: Annotated[int, Field(ge=1, le=100_000)] = 1
    data_type: DataType | None = None


class Removal(_Strict):
    id: UUID


class Habits(_Strict):
    total: Literal["exact", "page", "absent"] = "exact"
    shuffled_ties: bool = False
    search: bool = True


class Advance(_Strict):
    advance: float


def create_control(
    catalogue: Catalogue,
    *,
    clock: Clock,
    verdicts: Verdicts,
    colleagues: Colleagues,
    faults: FaultBook,
    ledger: Ledger,
    objects: Objects,
    quirks: Quirks,
) -> FastAPI:
    app = FastAPI(title="Gerra demo control", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(_looking(catalogue, verdicts, faults, ledger))
    app.include_router(_breaking(faults, quirks, clock))
    app.include_router(_meddling(catalogue, clock, verdicts, colleagues, objects))
    return app


def _looking(
    catalogue: Catalogue, verdicts: Verdicts, faults: FaultBook, ledger: Ledger
) -> APIRouter:
    routes = APIRouter(prefix="/_demo")
    dataset_id = catalogue.identity.dataset_id

    @routes.get("/state")
    async def state() -> Response:
        return json_response(
            {
                "organization_id": catalogue.organization_id,
                "totals": {status: len(catalogue.order(status)) for status in STATUSES},
                **ledger.report(),
                "verdicts": verdicts.report(),
                "faults": faults.names(),
                "foreign": [dataset_id(row) for row in FOREIGN_ROWS],
                "broken": catalogue.broken_ids(),
                "hostile": list(islice(catalogue.hostile_ids(), 100)),
            }
        )

    @routes.delete("/requests")
    async def forget() -> Response:
        ledger.clear()
        return json_response({})

    return routes


def _breaking(faults: FaultBook, quirks: Quirks, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix="/_demo")

    @routes.post("/faults")
    async def plan(wanted: list[FaultRequest]) -> Response:
        try:
            faults.add([_rule(one) for one in wanted])
        except ValueError as error:
            raise HTTPException(400, str(error)) from None
        return json_response({"faults": faults.names()})

    @routes.delete("/faults")
    async def pardon() -> Response:
        faults.clear()
        return json_response({})

    @routes.post("/quirks")
    async def behave(habits: Habits) -> Response:
        quirks.total = habits.total
        quirks.shuffled_ties = habits.shuffled_ties
        quirks.search = habits.search
        return json_response({})

    @routes.post("/clock")
    async def advance(by: Advance) -> Response:
        clock.advance(by.advance)
        return json_response({"now": clock.now().isoformat()})

    return routes


def _meddling(
    catalogue: Catalogue,
    clock: Clock,
    verdicts: Verdicts,
    colleagues: Colleagues,
    objects: Objects,
) -> APIRouter:
    routes = APIRouter(prefix="/_demo")

    @routes.post("/decide")
    async def decide(decision: Decision) -> Response:
        row = row_or_error(catalogue, decision.id)
        try:
            verdicts.decide(row, decision.verdict, decision.reason, OTHERS)
        except NotPending as refusal:
            raise HTTPException(422, str(refusal)) from None
        return json_response(catalogue.body(row))

    @routes.post("/touch")
    async def touch(change: Touch) -> Response:
        row = row_or_error(catalogue, change.id)
        fields = {**change.fields, **dict.fromkeys(change.remove, ...)}
        if change.metadata:
            before = catalogue.body(row).get("metadata")
            fields["metadata"] = {**(before if isinstance(before, dict) else {}), **change.metadata}
        moment = clock.now() if change.date_updated == "now" else change.date_updated
        catalogue.change(
            row,
            fields,
            status=None if change.status is None else STATUSES.index(change.status),
            updated_us=None if moment is None else to_us(moment),
        )
        if change.new_content:
            objects.renew(row)
        return json_response(catalogue.body(row))

    @routes.post("/arrive")
    async def arrive(arrival: Arrival) -> Response:
        rows = [colleagues.arrive_one(arrival.data_type) for _ in range(arrival.count)]
        return json_response({"ids": [catalogue.identity.dataset_id(row) for row in rows]})

    @routes.post("/remove")
    async def remove(removal: Removal) -> Response:
        catalogue.remove(row_or_error(catalogue, removal.id))
        return json_response({})

    return routes


def _rule(wanted: FaultRequest) -> Rule:
    match = wanted.match
    return Rule(
        fault(wanted.fault, match.origin),
        origin=match.origin,
        method=match.method,
        path=match.path,
        query=match.query,
        times=wanted.times,
        skip=wanted.skip,
    )
