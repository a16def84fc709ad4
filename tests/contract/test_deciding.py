"""What this console counts on when it decides. These tests use up pending datasets for good."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.dataset import PENDING, Dataset
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import DecisionRefused, NotFound

if TYPE_CHECKING:
    import httpx

    from gerra_tui.api.client import GerraClient

pytestmark = [pytest.mark.contract, pytest.mark.writes]


async def a_pending_one(client: GerraClient) -> str:
    page = await client.page(Narrowing(status=PENDING), limit=20, offset=0)
    ids = [row.id for row in page.rows if isinstance(row, Dataset)]
    if not ids:
        pytest.skip("nothing is pending")
    return ids[-1]


async def test_an_accepted_dataset_is_accepted(client: GerraClient) -> None:
    dataset_id = await a_pending_one(client)
    confirmed = await client.accept(dataset_id)
    assert (confirmed.dataset_id, confirmed.status) == (dataset_id, "accepted")
    assert (await client.dataset_once(dataset_id)).status == "accepted"


async def test_a_rejected_dataset_is_rejected_and_keeps_its_reason(client: GerraClient) -> None:
    dataset_id = await a_pending_one(client)
    reason = "Contract test: the mug “vanishes”\nat 0:12"
    assert (await client.reject(dataset_id, reason)).status == "rejected"
    read = await client.dataset_once(dataset_id)
    assert read.status == "rejected"
    assert (read.metadata or {}).get("rejection_reason") == reason


async def test_a_second_verdict_is_refused_or_the_backend_is_known_to_overwrite(
    client: GerraClient,
) -> None:
    dataset_id = await a_pending_one(client)
    await client.accept(dataset_id)
    try:
        await client.reject(dataset_id, "Contract test: second verdict")
    except DecisionRefused:
        assert (await client.dataset_once(dataset_id)).status == "accepted"
    else:
        pytest.skip("this backend lets a later verdict overwrite the earlier one")


async def test_a_rejection_without_a_reason_is_a_validation_error(
    client: GerraClient, wire: httpx.AsyncClient
) -> None:
    dataset_id = await a_pending_one(client)
    answer = await wire.post(f"/datasets/{dataset_id}/reject", json={})
    assert answer.status_code == 422
    assert (await client.dataset_once(dataset_id)).is_pending


async def test_an_unknown_dataset_cannot_be_decided(client: GerraClient) -> None:
    for verdict in (client.accept(str(uuid.uuid4())), client.reject(str(uuid.uuid4()), "no")):
        with pytest.raises(NotFound):
            await verdict
