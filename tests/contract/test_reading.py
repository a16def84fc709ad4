"""What this console counts on when it reads, for any service that speaks the Datasets API."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from gerra_tui.domain.dataset import PENDING, Dataset
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import InvalidRequest, NotFound, Unauthorized

if TYPE_CHECKING:
    import httpx

    from gerra_tui.api.client import GerraClient
    from tests.contract.conftest import Service

pytestmark = pytest.mark.contract
EVERYTHING = Narrowing()


async def datasets(client: GerraClient, narrowing: Narrowing = EVERYTHING) -> list[Dataset]:
    page = await client.page(narrowing, limit=50, offset=0)
    found = [row for row in page.rows if isinstance(row, Dataset)]
    if not found:
        pytest.skip("the service has no such dataset now")
    return found


@pytest.mark.parametrize("header", [{"Gerra-Api-Key": "wrong"}, {"Gerra-Api-Key": ""}])
async def test_without_the_right_key_nothing_is_told(
    wire: httpx.AsyncClient, header: dict[str, str]
) -> None:
    answer = await wire.get("/datasets", headers=header)
    assert answer.status_code == 401
    assert isinstance(answer.json()["detail"], str)


async def test_a_wrong_key_is_unauthorized(service: Service) -> None:
    from gerra_tui.api.client import GerraClient

    client = GerraClient(service.base_url, lambda: "wrong")
    with pytest.raises(Unauthorized):
        await client.statistics()
    await client.aclose()


async def test_a_page_is_rows_and_perhaps_a_total(wire: httpx.AsyncClient) -> None:
    body = (await wire.get("/datasets", params={"limit": 5})).json()
    assert len(body["datasets"]) <= 5
    total = body.get("total")
    assert total is None or (isinstance(total, int) and total >= len(body["datasets"]))


async def test_a_page_without_a_limit_has_at_most_a_hundred_rows(wire: httpx.AsyncClient) -> None:
    assert len((await wire.get("/datasets")).json()["datasets"]) <= 100


async def test_a_thousand_rows_fit_a_page_and_nearly_all_can_be_read(client: GerraClient) -> None:
    page = await client.page(EVERYTHING, limit=1000, offset=0)
    unreadable = [row for row in page.rows if not isinstance(row, Dataset)]
    assert len(page.rows) <= 1000
    assert len(unreadable) <= len(page.rows) / 20, unreadable


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 1001}, {"offset": -1}])
async def test_bounds_of_paging_are_kept(wire: httpx.AsyncClient, params: dict[str, int]) -> None:
    assert (await wire.get("/datasets", params=params)).status_code in (400, 422)


async def test_the_newest_change_comes_first(client: GerraClient) -> None:
    rows = await datasets(client)
    moments = [row.date_updated for row in rows if row.date_updated is not None]
    assert moments == sorted(moments, reverse=True)


async def test_an_offset_goes_on_where_the_page_before_ended(client: GerraClient) -> None:
    first = await client.page(EVERYTHING, limit=20, offset=0)
    second = await client.page(EVERYTHING, limit=20, offset=10)
    if len(first.rows) < 20:
        pytest.skip("the service has too few datasets")
    assert {row.id for row in first.rows} & {row.id for row in second.rows}


async def test_beyond_the_end_is_an_empty_page(client: GerraClient) -> None:
    page = await client.page(EVERYTHING, limit=10, offset=2**31 - 1)
    assert page.rows == ()


@pytest.mark.parametrize("status", [PENDING, "accepted", "rejected"])
async def test_a_status_narrows(client: GerraClient, status: str) -> None:
    rows = await datasets(client, Narrowing(status=status))
    assert {row.status for row in rows} == {status}


async def test_a_type_narrows(client: GerraClient) -> None:
    wanted = (await datasets(client))[0].data_type
    assert {row.data_type for row in await datasets(client, Narrowing(data_type=wanted))} == {
        wanted
    }


def plain_pairs(row: Dataset) -> list[tuple[str, str]]:
    return [
        (key, value)
        for key, value in (row.metadata or {}).items()
        if isinstance(value, str)
        and key.isidentifier()
        and re.fullmatch(r"[A-Za-z]\w{3,}", value, re.ASCII)
    ]


async def test_metadata_narrows_and_several_pairs_are_anded(client: GerraClient) -> None:
    for row in await datasets(client, Narrowing(status=PENDING)):
        if len(pairs := plain_pairs(row)[:2]) == 2:
            break
    else:
        pytest.skip("no pending dataset has two plain texts in its metadata")
    narrowing = Narrowing(status=PENDING, metadata=tuple(pairs))
    found = await datasets(client, narrowing)
    assert row.id in {other.id for other in found} or len(found) == 50
    for other in found:
        assert {key: (other.metadata or {}).get(key) for key, _ in pairs} == dict(pairs)


async def test_a_search_is_answered_even_where_it_is_ignored(client: GerraClient) -> None:
    await client.page(Narrowing(search="cups"), limit=5, offset=0)


async def test_a_single_dataset_has_a_signed_url_on_another_origin(
    client: GerraClient, service: Service
) -> None:
    listed = (await datasets(client))[0]
    single = await client.dataset(listed.id)
    assert single.id == listed.id
    assert single.signed_url
    assert urlsplit(single.signed_url).netloc != urlsplit(service.base_url).netloc


@pytest.mark.parametrize("call", ["dataset", "dataset_once", "iterations"])
async def test_an_unknown_dataset_is_not_found(client: GerraClient, call: str) -> None:
    with pytest.raises(NotFound):
        await getattr(client, call)(str(uuid.uuid4()))


async def test_an_id_that_is_no_uuid_is_invalid(client: GerraClient) -> None:
    with pytest.raises((InvalidRequest, NotFound)):
        await client.dataset("not-a-uuid")


async def test_a_history_has_the_dataset_among_its_versions(client: GerraClient) -> None:
    row = (await datasets(client))[0]
    try:
        history = await client.iterations(row.id)
    except NotFound:
        pytest.skip("this backend has no iterations")
    assert history.version_of(row.id) is not None
    assert history.total_versions >= len(history.versions) > 0
    numbers = [it.version for it in history.versions]
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 0


async def test_statistics_count_what_there_is(client: GerraClient) -> None:
    counted = await client.statistics()
    assert counted.total_datasets is not None
    assert counted.total_size_bytes is not None
    assert sum(counted.by_status.values()) == counted.total_datasets
    assert sum(counted.by_data_type.values()) == counted.total_datasets
    assert len(counted.daily_volume) <= 7
    assert all(len(day) == 10 and count >= 0 for day, count in counted.daily_volume)


async def test_errors_say_what_is_wrong(wire: httpx.AsyncClient) -> None:
    body: dict[str, Any] = (await wire.get("/datasets/dataset")).json()
    detail = body["detail"]
    assert isinstance(detail, str) or all({"loc", "msg"} <= error.keys() for error in detail)
