"""What is asked of the service, and what is made of its answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import BadResponse
from tests.api.bodies import ID, OTHER_ID, dataset, iteration
from tests.api.conftest import KEY

if TYPE_CHECKING:
    import respx

    from gerra_tui.api.client import GerraClient

EVERYTHING = Narrowing()


def listing(*rows: Any, **more: Any) -> dict[str, Any]:
    return {"datasets": list(rows), "total": len(rows)} | more


async def test_a_page_is_asked_for_by_every_parameter_of_the_narrowing(
    service: respx.MockRouter, client: GerraClient
) -> None:
    route = service.get("/datasets").respond(json=listing())
    narrowing = Narrowing(
        status="pending",
        data_type="telemetry",
        metadata=(("sensor", "thermal cam"), ("robot", "a&b")),
        search="red mug",
    )
    await client.page(narrowing, limit=50, offset=100)
    request = route.calls.last.request
    assert list(request.url.params.multi_items()) == [
        ("status", "pending"),
        ("data_type", "telemetry"),
        ("search", "red mug"),
        ("metadata", "sensor:thermal cam"),
        ("metadata", "robot:a&b"),
        ("limit", "50"),
        ("offset", "100"),
    ]
    assert request.headers["gerra-api-key"] == KEY
    assert request.headers["accept"] == "application/json"


async def test_a_page_keeps_the_services_order_and_unknown_fields(
    service: respx.MockRouter, client: GerraClient
) -> None:
    rows = [dataset(id=OTHER_ID, new_field=[1]), dataset()]
    answer = service.get("/datasets").respond(json=listing(*rows, total=7_312))
    page = await client.page(EVERYTHING, limit=2, offset=4)
    first, second = page.rows
    assert isinstance(first, Dataset)
    assert isinstance(second, Dataset)
    assert first.raw == rows[0]
    assert (page.total, page.limit, page.offset, page.is_short) == (7_312, 2, 4, False)
    assert page.size_bytes == len(answer.calls.last.response.content)
    assert page.received_at.tzinfo is UTC
    assert second == Dataset(
        id=ID,
        status="pending",
        data_type="episode",
        name="SO-101 stack cups, batch 44",
        organization_id="df211a38-04b6-4e50-9730-f3fb533ba6f1",
        link="s3://bucket/77aa.zip",
        data_byte_size=2_100_000_000,
        date_created=datetime(2026, 11, 20, 10, tzinfo=UTC),
        date_updated=datetime(2026, 11, 21, 8, 0, 0, 123456, tzinfo=UTC),
        metadata={"robot": {"type": "SO-101"}},
        raw=rows[1],
    )


@pytest.mark.parametrize(
    ("row", "named", "problem"),
    [
        (dataset(name=None), ID, "name is not a text"),
        (dataset(status=3), ID, "status is not a text"),
        (dataset(metadata=[1]), ID, "metadata is not an object"),
        (dataset(data_byte_size="many"), ID, "data_byte_size is not a number"),
        (dataset(id=""), "?", "id is empty"),
        (dataset(id=5), "?", "id is not a text"),
        ({"status": "pending"}, "?", "id is missing"),
        ("row", "?", "it is not an object"),
        (None, "?", "it is not an object"),
    ],
)
async def test_a_bad_row_is_shown_with_its_id_and_the_rest_of_its_page_loads(
    service: respx.MockRouter, client: GerraClient, row: Any, named: str, problem: str
) -> None:
    service.get("/datasets").respond(json=listing(dataset(id=OTHER_ID), row, dataset()))
    page = await client.page(EVERYTHING, limit=100, offset=0)
    before, unfit, after = page.rows
    assert isinstance(before, Dataset)
    assert isinstance(after, Dataset)
    assert isinstance(unfit, UnreadableRow)
    assert unfit.id.startswith(named)
    assert unfit.raw == row
    assert unfit.problem == problem


@pytest.mark.parametrize(
    ("said", "total"),
    [
        (0, 0),
        (5, 5),
        (-1, None),
        (True, None),
        ("5", None),
        (None, None),
        (5.0, None),
        ([], None),
        (10**30, None),
    ],
)
async def test_an_unusable_total_is_unknown_and_any_other_is_not_judged(
    service: respx.MockRouter, client: GerraClient, said: Any, total: int | None
) -> None:
    service.get("/datasets").respond(json=listing(dataset(), total=said))
    assert (await client.page(EVERYTHING, limit=10, offset=0)).total == total


async def test_a_total_may_be_absent(service: respx.MockRouter, client: GerraClient) -> None:
    service.get("/datasets").respond(json={"datasets": []})
    page = await client.page(EVERYTHING, limit=10, offset=0)
    assert (page.total, page.rows, page.is_short) == (None, (), True)


@pytest.mark.parametrize("body", [[], {}, {"datasets": {}}, {"datasets": None}, 1, None, "x"])
async def test_a_page_without_rows_to_read_is_a_bad_response(
    service: respx.MockRouter, client: GerraClient, body: Any
) -> None:
    service.get("/datasets").respond(content=json.dumps(body))
    with pytest.raises(BadResponse, match='no list "datasets"'):
        await client.page(EVERYTHING, limit=10, offset=0)


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("date_updated", None, None),
        ("date_updated", "yesterday", None),
        ("date_updated", 1_700_000_000, None),
        ("date_updated", "0001-01-01T00:00:00+14:00", None),
        ("date_updated", "2026-11-21T10:00:00", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("data_byte_size", 5.0, 5),
        ("date_updated", "0001-06-01T00:00:00Z", None),
        ("date_updated", "9999-12-31T23:59:59-14:00", None),
        ("data_byte_size", 2**63 - 1, 2**63 - 1),
        ("data_byte_size", 2**63, None),
        ("data_byte_size", int("9" * 310), None),
        ("data_byte_size", 1e308, None),
        ("data_byte_size", -1, None),
        ("data_byte_size", None, None),
        ("metadata", None, None),
        ("signed_url", "https://s.test/x?sig=1", "https://s.test/x?sig=1"),
    ],
)
async def test_a_dataset_is_read_as_generously_as_is_safe(
    service: respx.MockRouter, client: GerraClient, field: str, value: Any, read: Any
) -> None:
    service.get("/datasets/dataset", params={"id": ID}).respond(json=dataset(**{field: value}))
    for call in (client.dataset, client.dataset_once):
        found = await call(ID)
        assert getattr(found, field) == read
        assert found.raw[field] == value


async def test_an_id_in_other_case_is_the_same_dataset(
    service: respx.MockRouter, client: GerraClient
) -> None:
    service.get("/datasets/dataset").respond(json=dataset())
    assert (await client.dataset(ID.upper())).id == ID
    service.get("/datasets/dataset").respond(json=dataset(id=ID.upper()))
    assert (await client.dataset(ID)).id == (await client.dataset_once(ID)).id == ID


async def test_iterations_come_oldest_first_whatever_order_was_sent(
    service: respx.MockRouter, client: GerraClient
) -> None:
    body = {
        "iteration_group_id": "g",
        "total_versions": 4,
        "latest_version": 2,
        "iterations": [
            iteration(2, status="pending", prompt=None, preview_urls=None, metadata=None),
            iteration(0, superseded_reason="mug vanishes", preview_urls={"gif": 1}),
            {"dataset_id": "x", "version": "one"},
            iteration(1, regeneration_reason=7, created_at="?"),
        ],
        "more": 1,
    }
    service.get(f"/datasets/{ID}/iterations").respond(json=body)
    history = await client.iterations(ID)
    assert [it.version for it in history.versions] == [0, 1, 2]
    assert (history.group_id, history.total_versions, history.latest_version) == ("g", 4, 2)
    assert history.raw == body
    oldest, middle, latest = history.versions
    assert (oldest.superseded_reason, oldest.preview_gif) == ("mug vanishes", None)
    assert (middle.regeneration_reason, middle.created_at) == (None, None)
    assert middle.preview_pose_frame == "https://s/p.png"
    assert (latest.prompt, latest.preview_gif, latest.metadata) == (None, None, None)
    assert "https://s/" not in repr(history), "preview and download URLs are secrets"


async def test_iterations_count_themselves_if_the_service_does_not(
    service: respx.MockRouter, client: GerraClient
) -> None:
    service.get(f"/datasets/{ID}/iterations").respond(json={"iterations": [iteration(0)]})
    history = await client.iterations(ID)
    assert (history.total_versions, history.latest_version, history.group_id) == (1, None, None)


@pytest.mark.parametrize("body", [[], {}, {"iterations": None}, {"iterations": {}}, None])
async def test_iterations_without_entries_to_read_are_a_bad_response(
    service: respx.MockRouter, client: GerraClient, body: Any
) -> None:
    service.get(f"/datasets/{ID}/iterations").respond(content=json.dumps(body))
    with pytest.raises(BadResponse):
        await client.iterations(ID)


async def test_statistics_show_whatever_comes(
    service: respx.MockRouter, client: GerraClient
) -> None:
    body = {
        "total_datasets": 7_312,
        "total_size_bytes": 10**14,
        "by_status": {"pending": 1_987, "odd": "many"},
        "by_data_type": {"episode": 3_000},
        "daily_volume_last_7_days": [
            {"date": "2026-11-22", "count": 4},
            {"date": "2026-11-21", "count": 3},
            {"date": None, "count": 3},
        ],
        "total_hours_captured": 12.5,
    }
    service.get("/datasets/stats").respond(json=body)
    read = await client.statistics()
    assert (read.total_datasets, read.total_size_bytes) == (7_312, 10**14)
    assert (read.by_status, read.by_data_type) == ({"pending": 1_987}, {"episode": 3_000})
    assert read.daily_volume == (("2026-11-21", 3), ("2026-11-22", 4))
    assert (read.further, read.raw) == ({"total_hours_captured": 12.5}, body)


async def test_statistics_of_any_shape_but_no_object_are_read(
    service: respx.MockRouter, client: GerraClient
) -> None:
    service.get("/datasets/stats").respond(
        json={"total_datasets": "?", "by_status": [], "daily_volume_last_7_days": 7}
    )
    read = await client.statistics()
    assert (read.total_datasets, read.by_status, read.daily_volume) == (None, {}, ())
    service.get("/datasets/stats").respond(json=[])
    with pytest.raises(BadResponse):
        await client.statistics()


async def test_a_verdict_is_one_post_to_the_dataset_it_is_about(
    service: respx.MockRouter, client: GerraClient
) -> None:
    accept = service.post(f"/datasets/{ID}/accept").respond(
        json={"id": ID, "status": "accepted", "message": "Dataset accepted successfully"}
    )
    reject = service.post(f"/datasets/{ID}/reject").respond(json={"id": ID, "status": "rejected"})
    accepted = await client.accept(ID)
    rejected = await client.reject(ID, "Blurred: “mug”\nat 0:12")
    assert (accepted.dataset_id, accepted.status, accepted.http_status) == (ID, "accepted", 200)
    assert accepted.message == "Dataset accepted successfully"
    assert (rejected.dataset_id, rejected.status, rejected.message) == (ID, "rejected", "")
    assert accept.calls.last.request.content == b""
    sent = reject.calls.last.request
    assert sent.headers["content-type"] == "application/json"
    assert sent.content == '{"reason":"Blurred: “mug”\\nat 0:12"}'.encode()


async def test_a_service_below_a_path_is_found_there(service: respx.MockRouter) -> None:
    from gerra_tui.api.client import GerraClient

    route = service.get("/v2/datasets/stats").respond(json={})
    client = GerraClient("https://api.example.test/v2", lambda: KEY)
    await client.statistics()
    await client.aclose()
    assert route.called
