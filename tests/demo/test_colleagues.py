"""What happens to the list without the reviewer, and what the service tells about its callers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo.conftest import until

if TYPE_CHECKING:
    from tests.demo.conftest import Demo, Start

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def demo(start: Start) -> Demo:
    return start("--datasets", "1200", "--seed", "4")


def test_others_decide_and_new_datasets_arrive(start: Start) -> None:
    demo = start("--others", "80", "--arrivals", "60", "--datasets", "400", "--overwrite")
    first = demo.state()["totals"]
    until(lambda: len(demo.state()["verdicts"]) >= 30)
    until(lambda: sum(demo.state()["totals"].values()) >= sum(first.values()) + 15)
    verdicts = demo.state()["verdicts"]
    assert {one["by"] for one in verdicts} == {"others"}
    assert {one["verdict"] for one in verdicts} == {"accept", "reject"}
    assert all(one["status_before"] == "pending" for one in verdicts)
    assert len({one["dataset_id"] for one in verdicts}) == len(verdicts)
    assert all(bool(one["reason"]) == (one["verdict"] == "reject") for one in verdicts)


def test_another_reviewer_decides_what_a_test_asks_for(demo: Demo) -> None:
    dataset = demo.pending_id(7)
    body = demo.do("decide", {"id": dataset, "verdict": "reject", "reason": "theirs"})
    assert body["metadata"]["rejection_reason"] == "theirs"
    assert demo.accept(dataset).status_code == 422
    again = demo.api.post("/_demo/decide", json={"id": dataset, "verdict": "accept"})
    assert again.status_code == 422
    assert demo.list(limit=1)[0]["id"] == dataset


def test_new_datasets_arrive_at_the_head(demo: Demo) -> None:
    total = demo.page(limit=1)["total"]
    day = demo.api.get("/datasets/stats").json()["daily_volume_last_7_days"][-1]["count"]
    ids = demo.do("arrive", {"count": 5, "data_type": "telemetry"})["ids"]
    head = demo.list(limit=5, status="pending")
    assert [row["id"] for row in head] == ids[::-1]
    assert {row["data_type"] for row in head} == {"telemetry"}
    assert any(row["date_updated"] is None for row in head)
    assert demo.page(limit=1)["total"] == total + 5
    stats = demo.api.get("/datasets/stats").json()
    assert stats["daily_volume_last_7_days"][-1]["count"] == day + 5
    history = demo.api.get(f"/datasets/{ids[0]}/iterations").json()
    assert history["total_versions"] == 1
    assert demo.accept(ids[0]).status_code == 200


def test_a_removed_dataset_is_gone_everywhere(demo: Demo) -> None:
    before = demo.api.get("/datasets/stats").json()
    row = demo.list(status="pending", limit=9)[8]
    size = row["data_byte_size"] or 0
    demo.do("remove", {"id": row["id"]})
    assert demo.api.get("/datasets/dataset", params={"id": row["id"]}).status_code == 404
    assert row["id"] not in [one["id"] for one in demo.list(limit=1000)]
    after = demo.api.get("/datasets/stats").json()
    assert after["total_size_bytes"] == before["total_size_bytes"] - size
    assert after["total_datasets"] == before["total_datasets"] - 1


def test_a_touched_dataset_moves_to_where_its_new_date_belongs(demo: Demo) -> None:
    rows = demo.list(status="pending", limit=50)
    dataset = rows[40]["id"]
    place = rows[10]["date_updated"] or rows[10]["date_created"]
    demo.do("touch", {"id": dataset, "date_updated": place})
    now = [row["id"] for row in demo.list(status="pending", limit=50)]
    assert abs(now.index(dataset) - 10) <= 8  # the rows that are tied with it
    demo.do("touch", {"id": dataset, "date_updated": "now", "metadata": {"touched": True}})
    head = demo.list(limit=1)[0]
    assert (head["id"], head["metadata"]["touched"]) == (dataset, True)


def test_a_touch_without_a_date_leaves_the_row_in_its_place(demo: Demo) -> None:
    rows = demo.list(limit=30)
    dataset = rows[20]
    demo.do("touch", {"id": dataset["id"], "fields": {"name": "renamed"}, "status": "discarded"})
    again = demo.list(limit=30)
    assert [row["id"] for row in again] == [row["id"] for row in rows]
    assert (again[20]["name"], again[20]["status"]) == ("renamed", "discarded")
    assert again[20]["date_updated"] == dataset["date_updated"]


def test_a_touch_can_break_the_shape_of_a_row(demo: Demo) -> None:
    dataset = demo.pending_id(2)
    demo.do("touch", {"id": dataset, "fields": {"data_byte_size": "big"}, "remove": ["name"]})
    row = next(one for one in demo.list(status="pending", limit=5) if one["id"] == dataset)
    assert "name" not in row
    assert row["data_byte_size"] == "big"
    assert demo.api.get("/datasets/stats").status_code == 200


def test_a_list_can_have_other_backends_habits(start: Start) -> None:
    demo = start("--datasets", "2000", "--seed", "5")
    everything = demo.list(limit=1000)
    demo.do("quirks", {"total": "page", "search": False})
    assert demo.page(limit=7)["total"] == 7
    assert demo.page(limit=7, search="no such words")["total"] == 7
    demo.do("quirks", {"total": "absent"})
    assert set(demo.page(limit=7)) == {"datasets"}
    demo.do("quirks", {"shuffled_ties": True})
    again = demo.list(limit=1000)
    assert [row["id"] for row in again] != [row["id"] for row in everything]
    assert [row["date_updated"] or row["date_created"] for row in again] == [
        row["date_updated"] or row["date_created"] for row in everything
    ]
    tied = range(95, 300, 7)
    pages = [demo.list(limit=7, offset=offset) for offset in tied]
    assert all(len(page) == 7 for page in pages)
    assert demo.list(limit=7, offset=2000) == []
    demo.do("quirks", {})
    assert demo.list(limit=1000) == everything


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("touch", {"id": "no id"}),
        ("touch", {"id": None, "status": "lost"}),
        ("decide", {"verdict": "maybe"}),
        ("arrive", {"count": 0}),
        ("remove", {}),
        ("clock", {}),
    ],
)
def test_wrong_controls_are_told_so(demo: Demo, what: str, body: dict[str, Any]) -> None:
    assert demo.api.post(f"/_demo/{what}", json=body).status_code == 422


def test_requests_are_counted_by_call(demo: Demo) -> None:
    dataset = demo.pending_id()
    demo.api.delete("/_demo/requests")
    demo.one(dataset)
    demo.list(limit=1)
    answer = demo.api.get(f"/datasets/{dataset}/iterations")
    state = demo.state()
    assert state["requests"] == {
        "GET /datasets": 1,
        "GET /datasets/dataset": 1,
        "GET /datasets/{id}/iterations": 1,
    }
    assert [one["path"] for one in state["recent"]] == [
        "/datasets/dataset",
        "/datasets",
        f"/datasets/{dataset}/iterations",
    ]
    assert state["recent"][1]["query"] == "limit=1"
    assert state["bytes_sent"]["api"] > len(answer.content)


def test_the_most_requests_in_flight_are_remembered_by_kind(start: Start) -> None:
    demo = start("--latency-ms", "200", "--datasets", "100")
    pending = [row["id"] for row in demo.list(status="pending")][:2]
    with ThreadPoolExecutor(5) as pool:
        reads = [pool.submit(demo.one, pending[0]) for _ in range(3)]
        posts = [pool.submit(demo.accept, dataset) for dataset in pending]
        assert {one.result()["id"] for one in reads} == {pending[0]}
        assert {one.result().status_code for one in posts} == {200}
    state = demo.state()
    assert state["most_in_flight"] == {"reading": 3, "deciding": 2, "storage": 0}
    assert state["in_flight"] == {"reading": 0, "deciding": 0, "storage": 0}
