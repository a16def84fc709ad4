"""The client against the demo service over a real socket, with the faults that it can play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gerra_tui.api.client import GerraClient
from gerra_tui.api.lane import Timeouts
from gerra_tui.demo.host import DemoHost
from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import (
    BadResponse,
    DecisionRefused,
    Failure,
    Forbidden,
    InvalidRequest,
    NotFound,
    ServiceUnavailable,
    Unauthorized,
)
from tests.api.conftest import PROMPT
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

pytestmark = pytest.mark.processes

# What hangs is given up soon; all else is waited for.
HURRIED = Timeouts(connect=PATIENCE, read=1.0, total=PATIENCE)
PATIENT = Timeouts(connect=PATIENCE, read=PATIENCE, total=PATIENCE)
PENDING = Narrowing(status="pending")


class Control:
    """The demo's own calls, under /_demo/."""

    def __init__(self, host: DemoHost) -> None:
        self._http = httpx.Client(
            base_url=f"{host.base_url}/_demo",
            headers={"Gerra-Api-Key": host.api_key},
            trust_env=False,
            timeout=PATIENCE,
        )

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._http.get("/state").raise_for_status().json()
        return state

    def fail(self, fault: str, **match: Any) -> None:
        times = match.pop("times", 1)
        wish = {"fault": fault, "match": match, "times": times}
        self._http.post("/faults", json=[wish]).raise_for_status()

    def decide(self, dataset_id: str, verdict: str) -> None:
        self._http.post("/decide", json={"id": dataset_id, "verdict": verdict}).raise_for_status()

    def took_effect(self, dataset_id: str) -> bool:
        return any(one["dataset_id"] == dataset_id for one in self.state()["verdicts"])

    def clear(self) -> None:
        self._http.delete("/faults")
        self._http.delete("/requests")

    def close(self) -> None:
        self._http.close()


@pytest.fixture(scope="module")
def host() -> Iterator[DemoHost]:
    with DemoHost(["--datasets", "3000"]) as host:
        yield host


@pytest.fixture
def control(host: DemoHost) -> Iterator[Control]:
    control = Control(host)
    control.clear()
    yield control
    control.clear()
    control.close()


@pytest.fixture
async def client(host: DemoHost, request: pytest.FixtureRequest) -> AsyncIterator[GerraClient]:
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    hangs = str(parameters.get("fault")).startswith(("hang", "slow"))
    timeouts = HURRIED if hangs else PATIENT
    client = GerraClient(host.base_url, lambda: host.api_key, timeouts=timeouts, retries=PROMPT)
    yield client
    await client.aclose()


async def pending_id(client: GerraClient) -> str:
    page = await client.page(PENDING, limit=1, offset=0)
    (row,) = page.rows
    assert isinstance(row, Dataset)
    return row.id


async def test_a_reviewer_reads_and_decides(client: GerraClient) -> None:
    page = await client.page(PENDING, limit=1000, offset=0)
    accepted, rejected = (row for row in page.rows[:2] if isinstance(row, Dataset))
    assert page.total is not None
    assert page.size_bytes > 10_000
    assert (await client.dataset(accepted.id)).signed_url
    assert (await client.iterations(accepted.id)).version_of(accepted.id)
    before = (await client.statistics()).by_status["pending"]
    assert (await client.accept(accepted.id)).status == "accepted"
    assert (await client.reject(rejected.id, "blurred")).status == "rejected"
    assert (await client.statistics()).by_status["pending"] == before - 2
    assert (await client.page(PENDING, limit=1, offset=0)).total == page.total - 2


async def test_what_the_service_refuses_has_its_name(
    client: GerraClient, control: Control, host: DemoHost
) -> None:
    foreign = control.state()["foreign"][0]
    dataset_id = await pending_id(client)
    control.decide(dataset_id, "accept")
    for call, kind in (
        (client.dataset(foreign), Forbidden),
        (client.accept(foreign), Forbidden),
        (client.dataset("00000000-0000-4000-8000-000000000000"), NotFound),
        (client.dataset("no-uuid"), InvalidRequest),
        (client.page(PENDING, limit=100, offset=-1), InvalidRequest),
        (client.reject(dataset_id, "late"), DecisionRefused),
    ):
        with pytest.raises(kind) as caught:
            await call
        assert caught.value.detail
        assert not caught.value.uncertain
    stranger = GerraClient(host.base_url, lambda: "stranger")
    with pytest.raises(Unauthorized, match="Invalid API key"):
        await stranger.statistics()
    await stranger.aclose()


async def test_rows_that_are_broken_or_hostile_spoil_no_page(
    client: GerraClient, control: Control
) -> None:
    state = control.state()
    rows = [
        row
        for offset in range(0, 3000, 1000)
        for row in (await client.page(Narrowing(), limit=1000, offset=offset)).rows
    ]
    unreadable = {row.id for row in rows if isinstance(row, UnreadableRow)}
    assert unreadable <= set(state["broken"])
    assert set(state["hostile"]) <= {row.id for row in rows if isinstance(row, Dataset)}


FAULTS = {
    "429": False,
    "429-html": False,
    "429:2": False,
    "400": False,
    "401": False,
    "403": False,
    "404": False,
    "422": False,
    "403-html": True,
    "500": True,
    "500-after": True,
    "502-html": True,
    "502-html-after": True,
    "503:3": True,
    "504-after": True,
    "520-html": True,
    "cut-before": True,
    "cut-after": True,
    "reset-before": True,
    "reset-after": True,
    "hang": True,
    "hang-before": True,
    "truncate": True,
    "garbage": True,
    "empty": True,
    "slow:5": True,
    "redirect:https://evil.test/?t=1": True,
}


@pytest.mark.parametrize(("fault", "uncertain"), FAULTS.items())
async def test_a_verdict_is_never_called_certain_to_have_failed_if_it_took_effect(
    client: GerraClient, control: Control, fault: str, uncertain: bool
) -> None:
    dataset_id = await pending_id(client)
    control.fail(fault, method="POST")
    with pytest.raises(Failure) as caught:
        await client.accept(dataset_id)
    assert caught.value.uncertain == uncertain
    assert caught.value.uncertain or not control.took_effect(dataset_id)
    assert control.state()["requests"]["POST /datasets/{id}/accept"] == 1


@pytest.mark.parametrize(
    "fault",
    ["429:0", "500", "502-html", "503:0", "504-html", "520-html", "cut-before", "cut-after",
     "reset-before", "reset-after", "truncate", "hang", "slow:5"],
)  # fmt: skip
async def test_reading_goes_on_after_a_fault(
    client: GerraClient, control: Control, fault: str
) -> None:
    control.fail(fault, path="/datasets", times=2)
    assert (await client.page(PENDING, limit=3, offset=0)).rows
    assert control.state()["requests"]["GET /datasets"] == 3


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("500", ServiceUnavailable),
        ("403-html", ServiceUnavailable),
        ("429:30", ServiceUnavailable),
        ("hang", ServiceUnavailable),
        ("garbage", BadResponse),
        ("empty", BadResponse),
        ("redirect:http://evil.test", BadResponse),
    ],
)
async def test_reading_that_cannot_go_on_says_why(
    client: GerraClient, control: Control, fault: str, kind: type[Failure]
) -> None:
    control.fail(fault, path="/datasets/stats", times=None)
    with pytest.raises(kind) as caught:
        await client.statistics()
    assert caught.value.detail
    assert not caught.value.uncertain


async def test_the_key_stays_with_the_api(client: GerraClient, control: Control) -> None:
    single = await client.dataset(await pending_id(client))
    assert single.signed_url is not None
    control.fail(f"redirect:{single.signed_url}", path="/datasets/stats", times=None)
    with pytest.raises(BadResponse):
        await client.statistics()
    assert control.state()["keys_at_storage"] == 0
