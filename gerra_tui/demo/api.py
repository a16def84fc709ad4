"""The six calls of the datasets API."""

from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, HTTPException, Query, Request, Response
from pydantic import BaseModel

from gerra_tui.demo.answers import encode
from gerra_tui.demo.catalogue import Catalogue, Forbidden, NotFound, NotPending
from gerra_tui.demo.history import iterations
from gerra_tui.demo.population import ACCEPTED, REJECTED, STATUSES
from gerra_tui.demo.signing import Signer
from gerra_tui.demo.statistics import statistics


class Rejection(BaseModel):
    reason: str


def _json(body: object, status: int = 200) -> Response:
    return Response(encode(body), status_code=status, media_type="application/json")


def create_api(catalogue: Catalogue, signer: Signer, *, overwrite: bool) -> FastAPI:
    app = FastAPI(title="Gerra demo", docs_url=None, redoc_url=None, openapi_url=None)

    def row_of(dataset_id: UUID) -> int:
        try:
            return catalogue.row_of(dataset_id)
        except NotFound:
            raise HTTPException(404, "Dataset not found") from None
        except Forbidden:
            raise HTTPException(403, "Dataset belongs to another organization") from None

    def decide(dataset_id: UUID, status: int, reason: str | None, request: Request) -> Response:
        row = row_of(dataset_id)
        try:
            catalogue.decide(row, status, reason, overwrite=overwrite)
        except NotPending as refusal:
            raise HTTPException(422, str(refusal)) from None
        request.state.took_effect = True
        word = STATUSES[status]
        return _json(
            {"id": str(dataset_id), "status": word, "message": f"Dataset {word} successfully"}
        )

    @app.get("/datasets")
    async def list_datasets(
        data_type: str | None = None,
        status: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        order = catalogue.order(status, data_type)
        rows = order[offset : offset + limit]
        bodies = [catalogue.body(row) for row in rows]
        return _json({"datasets": bodies, "total": len(order)})

    @app.get("/datasets/dataset")
    async def one_dataset(id: UUID) -> Response:  # noqa: A002 - the contract's name
        body = catalogue.body(row_of(id))
        path = f"/gerra-demo/{catalogue.organization_id}/{body['id']}.zip"
        return _json({**body, "signed_url": signer.url(path)})

    @app.get("/datasets/stats")
    async def stats() -> Response:
        return _json(await statistics(catalogue))

    @app.get("/datasets/{dataset_id}/iterations")
    async def history(dataset_id: UUID) -> Response:
        return _json(iterations(catalogue, signer, row_of(dataset_id)))

    @app.post("/datasets/{dataset_id}/accept")
    async def accept(dataset_id: UUID, request: Request) -> Response:
        return decide(dataset_id, ACCEPTED, None, request)

    @app.post("/datasets/{dataset_id}/reject")
    async def reject(dataset_id: UUID, rejection: Rejection, request: Request) -> Response:
        return decide(dataset_id, REJECTED, rejection.reason, request)

    return app
