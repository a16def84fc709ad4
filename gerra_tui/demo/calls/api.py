"""The six calls of the datasets API, and the key that all of them need."""

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, HTTPException, Query, Request, Response
from pydantic import BaseModel

from gerra_tui.demo.calls.filters import Finder, TextFilter, metadata_filter
from gerra_tui.demo.calls.history import iterations
from gerra_tui.demo.calls.quirks import Quirks
from gerra_tui.demo.calls.statistics import Statistics
from gerra_tui.demo.storage.signing import Signer
from gerra_tui.demo.wire.answers import Answer, detail, encode
from gerra_tui.demo.wire.requests import Handler
from gerra_tui.demo.wire.requests import Request as WholeRequest
from gerra_tui.demo.world.catalogue import Catalogue, Forbidden, NotFound, NotPending
from gerra_tui.demo.world.verdicts import POSTED, Verdicts


class Rejection(BaseModel):
    reason: str


def create_api(
    catalogue: Catalogue,
    signer: Signer,
    statistics: Statistics,
    verdicts: Verdicts,
    quirks: Quirks,
) -> FastAPI:
    """Bad parameters are answered by FastAPI's own validation: 422 with a list of problems."""
    app = FastAPI(title="Gerra demo", docs_url=None, redoc_url=None, openapi_url=None)
    finder = Finder(catalogue)

    def decide(dataset_id: UUID, verdict: str, reason: str | None, request: Request) -> Response:
        row = row_or_error(catalogue, dataset_id)
        try:
            verdicts.decide(row, verdict, reason, POSTED)
        except NotPending as refusal:
            raise HTTPException(422, str(refusal)) from None
        request.state.took_effect = True
        status = catalogue.status(row)
        message = f"Dataset {status} successfully"
        return json_response({"id": str(dataset_id), "status": status, "message": message})

    @app.get("/datasets")
    async def datasets(
        data_type: str | None = None,
        status: str | None = None,
        metadata: Annotated[list[str] | None, Query()] = None,
        search: str = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        try:
            by = TextFilter(search if quirks.search else "", metadata_filter(metadata or []))
        except ValueError as error:
            raise HTTPException(400, str(error)) from None
        rows = await finder.find(status, data_type, by)
        shown = quirks.page(rows, offset, limit, catalogue.instant)
        page: dict[str, object] = {"datasets": [catalogue.body(row) for row in shown]}
        if quirks.total != "absent":
            page["total"] = len(rows) if quirks.total == "exact" else len(shown)
        return json_response(page)

    @app.get("/datasets/dataset")
    async def dataset(id: UUID) -> Response:  # noqa: A002 - the contract's name
        row = row_or_error(catalogue, id)
        verdicts.was_read(row)
        name = f"{catalogue.identity.dataset_id(row)}.{catalogue.holding(row).suffix}"
        path = f"/gerra-demo/{catalogue.organization_id}/{name}"
        return json_response({**catalogue.body(row), "signed_url": signer.url(path)})

    @app.get("/datasets/stats")
    async def stats() -> Response:
        return json_response(await statistics.report())

    @app.get("/datasets/{dataset_id}/iterations")
    async def history(dataset_id: UUID) -> Response:
        row = row_or_error(catalogue, dataset_id)
        return json_response(iterations(catalogue, signer, row))

    @app.post("/datasets/{dataset_id}/accept")
    async def accept(dataset_id: UUID, request: Request) -> Response:
        return decide(dataset_id, "accept", None, request)

    @app.post("/datasets/{dataset_id}/reject")
    async def reject(dataset_id: UUID, rejection: Rejection, request: Request) -> Response:
        return decide(dataset_id, "reject", rejection.reason, request)

    return app


def json_response(body: object) -> Response:
    return Response(encode(body), media_type="application/json")


def row_or_error(catalogue: Catalogue, dataset_id: UUID) -> int:
    """The row of an id. Raises HTTPException 404 or 403."""
    try:
        return catalogue.row_of(dataset_id)
    except NotFound:
        raise HTTPException(404, "Dataset not found") from None
    except Forbidden:
        raise HTTPException(403, "Dataset belongs to another organization") from None


def keyed(handler: Handler, api_key: str) -> Handler:
    """The handler behind the key: 401 without it, before anything else is looked at."""
    expected = api_key.encode()

    async def handle(request: WholeRequest) -> Answer:
        given = request.header(b"gerra-api-key")
        if given is None:
            return detail(401, "Missing API key")
        if not hmac.compare_digest(given, expected):
            return detail(401, "Invalid API key")
        return await handler(request)

    return handle
