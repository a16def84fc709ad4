"""What can go wrong on the way, on request: what a client sees, and what really happened."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gerra_tui.demo.wire.faults import FaultBook
from gerra_tui.demo.wire.requests import API, STORAGE, Request
from tests.demo.conftest import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.demo.conftest import Demo, Start

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("record") / "posts.jsonl"


@pytest.fixture(scope="module")
def shared(start: Start, record: Path) -> Demo:
    return start("--datasets", "600", "--record", str(record))


@pytest.fixture
def demo(shared: Demo) -> Iterator[Demo]:
    yield shared
    shared.api.delete("/_demo/faults")


def last_line(record: Path) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(record.read_text(encoding="utf-8").splitlines()[-1])
    return line


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422, 429, 500, 501, 502, 503, 504, 520])
def test_an_error_answer_keeps_the_verdict_from_taking_effect(
    demo: Demo, record: Path, code: int
) -> None:
    dataset = demo.pending_id()
    demo.plan(str(code), path=f"/datasets/{dataset}/accept", method="POST")
    answer = demo.accept(dataset)
    assert answer.status_code == code
    assert isinstance(answer.json()["detail"], str)
    assert demo.one(dataset)["status"] == "pending"
    assert (last_line(record)["http_status"], last_line(record)["took_effect"]) == (code, False)
    assert demo.accept(dataset).status_code == 200


@pytest.mark.parametrize("code", [403, 429, 502, 503, 504, 522])
def test_a_cdn_answers_with_a_page(demo: Demo, code: int) -> None:
    demo.plan(f"{code}-html")
    answer = demo.api.get("/datasets")
    assert answer.status_code == code
    assert answer.headers["content-type"].startswith("text/html")
    assert "<html>" in answer.text


@pytest.mark.parametrize(("fault", "wait"), [("429:7", "7"), ("503-html:2", "2"), ("429", "1")])
def test_a_busy_service_says_when_to_come_back(demo: Demo, fault: str, wait: str) -> None:
    demo.plan(fault)
    assert demo.api.get("/datasets").headers["retry-after"] == wait


@pytest.mark.parametrize("fault", ["500-after", "502-html-after"])
def test_an_error_may_hide_that_the_verdict_took_effect(
    demo: Demo, record: Path, fault: str
) -> None:
    dataset = demo.pending_id()
    demo.plan(fault, method="POST")
    assert demo.reject(dataset, "why").status_code == int(fault[:3])
    assert demo.one(dataset)["status"] == "rejected"
    line = last_line(record)
    assert (line["http_status"], line["took_effect"]) == (int(fault[:3]), True)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("cut-before", httpx.RemoteProtocolError),
        ("cut-after", httpx.RemoteProtocolError),
        ("reset-before", httpx.ReadError),
        ("reset-after", httpx.ReadError),
        ("truncate", httpx.RemoteProtocolError),
    ],
)
def test_a_cut_connection_is_a_real_one(
    demo: Demo, record: Path, fault: str, error: type[Exception]
) -> None:
    dataset = demo.pending_id()
    demo.plan(fault, method="POST")
    with pytest.raises(error):
        demo.accept(dataset)
    took_effect = not fault.endswith("before")
    assert demo.one(dataset)["status"] == ("accepted" if took_effect else "pending")
    assert last_line(record)["dataset_id"] == dataset
    assert (last_line(record)["http_status"], last_line(record)["took_effect"]) == (
        None,
        took_effect,
    )


def test_a_truncated_answer_brings_half_of_its_bytes(demo: Demo) -> None:
    demo.plan("truncate", path="/datasets")
    with demo.api.stream("GET", "/datasets", params={"limit": 300}) as answer:
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()
        assert answer.num_bytes_downloaded == int(answer.headers["content-length"]) // 2


@pytest.mark.parametrize("fault", ["hang", "hang-before"])
def test_a_hanging_service_never_answers(demo: Demo, fault: str) -> None:
    dataset = demo.pending_id()
    demo.plan(fault, method="POST")
    with pytest.raises(httpx.ReadTimeout):
        demo.api.post(f"/datasets/{dataset}/accept", timeout=0.2)
    expected = "accepted" if fault == "hang" else "pending"
    until(lambda: demo.one(dataset)["status"] == expected)


@pytest.mark.parametrize("fault", ["garbage", "empty"])
def test_an_unreadable_answer_tells_nothing_of_what_happened(demo: Demo, fault: str) -> None:
    dataset = demo.pending_id()
    demo.plan(fault, method="POST")
    answer = demo.accept(dataset)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|double quotes"):
        answer.json()
    assert demo.one(dataset)["status"] == "accepted"


def test_a_late_verdict_takes_effect_after_its_connection_was_cut(demo: Demo, record: Path) -> None:
    dataset = demo.pending_id()
    demo.plan("late:2", path=f"/datasets/{dataset}/reject")
    lines = len(record.read_text(encoding="utf-8").splitlines())
    with pytest.raises(httpx.RemoteProtocolError):
        demo.reject(dataset, "late")
    assert demo.one(dataset)["status"] == "pending"
    assert len(record.read_text(encoding="utf-8").splitlines()) == lines
    until(lambda: demo.one(dataset)["status"] == "rejected")
    until(lambda: len(record.read_text(encoding="utf-8").splitlines()) == lines + 1)
    line = last_line(record)
    assert (line["reason"], line["http_status"], line["took_effect"]) == ("late", None, True)


def test_a_late_verdict_that_finds_the_dataset_decided_has_no_effect(
    demo: Demo, record: Path
) -> None:
    dataset = demo.pending_id()
    demo.plan("late:2", method="POST")
    with pytest.raises(httpx.RemoteProtocolError):
        demo.accept(dataset)
    demo.do("decide", {"id": dataset, "verdict": "reject", "reason": "no"})
    until(lambda: last_line(record)["dataset_id"] == dataset)
    assert last_line(record)["took_effect"] is False
    assert demo.one(dataset)["status"] == "rejected"


def test_a_slow_answer_comes_in_the_end(demo: Demo) -> None:
    demo.plan("slow:0.3", path="/datasets")
    before = time.monotonic()
    assert len(demo.list()) == 100
    assert time.monotonic() - before >= 0.3


def test_a_redirect_leads_to_where_the_key_must_not_go(demo: Demo) -> None:
    demo.plan(f"redirect:{demo.storage_url}/stolen")
    answer = demo.api.get("/datasets")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{demo.storage_url}/stolen"


def test_a_fault_strikes_as_often_as_asked_and_only_what_matches(demo: Demo) -> None:
    demo.plan("500", path="/datasets/*/iterations", times=2, skip=1)
    demo.plan("503", path="/datasets", query={"offset": "100"})
    dataset = demo.pending_id()
    path = f"/datasets/{dataset}/iterations"
    assert [demo.api.get(path).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert demo.api.get("/datasets", params={"offset": 10}).status_code == 200
    assert demo.state()["faults"] == ["503"]
    assert demo.api.get("/datasets", params={"offset": 100}).status_code == 503
    assert demo.state()["faults"] == []


def test_a_fault_for_ever_lasts_until_it_is_taken_back(demo: Demo) -> None:
    demo.plan("500", times=None)
    assert {demo.api.get("/datasets").status_code for _ in range(5)} == {500}
    demo.api.delete("/_demo/faults")
    assert demo.api.get("/datasets").status_code == 200


@pytest.mark.parametrize("name", ["418", "explode", "late:soon", "redirect:", "2000"])
def test_a_fault_that_does_not_exist_is_not_planned(demo: Demo, name: str) -> None:
    answer = demo.api.post("/_demo/faults", json=[{"fault": name}])
    assert answer.status_code == 400
    assert demo.state()["faults"] == []


def test_a_misspelt_fault_request_is_told_so(demo: Demo) -> None:
    assert demo.api.post("/_demo/faults", json=[{"fault": "500", "time": 3}]).status_code == 422


def test_faults_need_the_key(demo: Demo) -> None:
    answer = demo.storage.post(f"{demo.base_url}/_demo/faults", json=[{"fault": "500"}])
    assert answer.status_code == 401


def request(call: str, origin: str = API) -> Request:
    method, _, path = call.partition(" ")
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}
    return Request(origin, scope, b"")


def struck(seed: int, rate: float, asked: Request, count: int = 400) -> list[str | None]:
    book = FaultBook(seed, rate)
    met = [book.take(asked) for _ in range(count)]
    return [one.name if one else None for one in met]


def test_the_seed_decides_which_requests_fail_and_how() -> None:
    reading = request("GET /datasets")
    first = struck(3, 0.3, reading)
    assert first == struck(3, 0.3, reading)
    assert first != struck(4, 0.3, reading)
    assert 80 <= len(first) - first.count(None) <= 160
    assert {"500", "429", "502-html", "cut-before", "truncate"} <= set(first)
    assert "cut-after" not in first
    deciding = struck(3, 0.9, request("POST /datasets/x/accept"))
    assert {"cut-after", "500-after", "late:3", "cut-before", "hang"} <= set(deciding)
    assert set(struck(3, 0.9, request("GET /x", STORAGE))) >= {"503", "truncate", None}


def test_with_a_rate_of_one_every_request_fails(start: Start) -> None:
    demo = start("--fail", "1", "--datasets", "50")
    kinds = set()
    for _ in range(25):
        try:
            answer = demo.api.get("/datasets", timeout=0.5)
        except httpx.HTTPError as error:
            kinds.add(type(error).__name__)
        else:
            assert answer.status_code >= 429
            kinds.add(str(answer.status_code))
    assert len(kinds) >= 4


def test_latency_delays_every_answer_and_reads_given_up_are_counted(start: Start) -> None:
    demo = start("--latency-ms", "1000", "--datasets", "50")
    before = time.monotonic()
    rows = demo.list()
    assert time.monotonic() - before >= 1
    with pytest.raises(httpx.ReadTimeout):
        demo.api.get("/datasets", timeout=0.05)
    until(lambda: demo.state()["hung_up"] == 1)
    pending = next(row["id"] for row in rows if row["status"] == "pending")
    with pytest.raises(httpx.ReadTimeout):
        demo.api.post(f"/datasets/{pending}/accept", timeout=0.05)
    until(lambda: demo.state()["totals"]["accepted"] > 0 and bool(demo.state()["verdicts"]))
    assert demo.state()["verdicts"][0]["dataset_id"] == pending
    assert demo.state()["hung_up"] == 1
