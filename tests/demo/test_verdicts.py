"""Verdicts as the service takes them, and the record that outside checks rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.demo.conftest import Demo, Start

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("record") / "posts.jsonl"


@pytest.fixture(scope="module")
def demo(start: Start, record: Path) -> Demo:
    return start("--datasets", "600", "--record", str(record))


@pytest.fixture(scope="module")
def overwriting(start: Start) -> Demo:
    return start("--datasets", "100", "--overwrite")


def last_line(record: Path) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(record.read_text(encoding="utf-8").splitlines()[-1])
    return line


def test_an_accepted_dataset_leaves_the_queue_for_the_head_of_the_list(
    demo: Demo, record: Path
) -> None:
    dataset = demo.pending_id(20)
    pending = demo.page(status="pending", limit=1)["total"]
    before = demo.one(dataset)
    answer = demo.accept(dataset)
    assert answer.status_code == 200
    assert answer.json()["id"] == dataset
    assert answer.json()["status"] == "accepted"
    assert answer.json()["message"]
    assert demo.page(status="pending", limit=1)["total"] == pending - 1
    head = demo.list(limit=1)[0]
    assert (head["id"], head["status"]) == (dataset, "accepted")
    assert head["date_updated"] > (before["date_updated"] or "")
    assert head["date_created"] == before["date_created"]
    assert last_line(record) == {
        "time": last_line(record)["time"],
        "dataset_id": dataset,
        "verdict": "accept",
        "reason": None,
        "http_status": 200,
        "took_effect": True,
    }


def test_a_rejection_keeps_its_reason_in_the_metadata(demo: Demo, record: Path) -> None:
    dataset = demo.pending_id(5)
    reason = "Tasse verschwindet bei 0:04 — „zweimal“\nand a second line"
    assert demo.reject(dataset, reason).json()["status"] == "rejected"
    assert demo.one(dataset)["metadata"]["rejection_reason"] == reason
    assert last_line(record)["reason"] == reason


def test_a_second_verdict_is_refused_in_words(demo: Demo, record: Path) -> None:
    dataset = demo.pending_id()
    demo.accept(dataset)
    again = demo.reject(dataset, "too late")
    assert again.status_code == 422
    assert again.json() == {"detail": "Dataset is not pending (current status: accepted)"}
    assert demo.one(dataset)["status"] == "accepted"
    assert "rejection_reason" not in demo.one(dataset)["metadata"]
    line = last_line(record)
    assert (line["http_status"], line["took_effect"]) == (422, False)


@pytest.mark.parametrize("status", ["superseded", "discarded", "for_admin_review", "rejected"])
def test_only_pending_datasets_can_be_decided(demo: Demo, status: str) -> None:
    dataset = demo.list(status=status, limit=1)[0]["id"]
    assert demo.accept(dataset).status_code == 422
    assert demo.one(dataset)["status"] == status


@pytest.mark.parametrize("body", [{}, {"reason": None}, {"reason": 5}, ["reason"]])
def test_a_rejection_without_a_reason_is_a_validation_error(
    demo: Demo, record: Path, body: Any
) -> None:
    dataset = demo.pending_id()
    answer = demo.api.post(f"/datasets/{dataset}/reject", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][0] == "body"
    assert demo.one(dataset)["status"] == "pending"
    assert (last_line(record)["reason"], last_line(record)["took_effect"]) == (None, False)


def test_posts_without_the_key_or_to_unknown_ids_are_recorded_too(demo: Demo, record: Path) -> None:
    foreign = demo.state()["foreign"][0]
    assert demo.accept(foreign).status_code == 403
    assert (last_line(record)["dataset_id"], last_line(record)["http_status"]) == (foreign, 403)
    demo.storage.post(f"{demo.base_url}/datasets/{foreign}/accept")
    assert last_line(record)["http_status"] == 401


def test_an_overwriting_service_lets_the_later_verdict_win(overwriting: Demo) -> None:
    dataset = overwriting.pending_id()
    assert overwriting.reject(dataset, "first").status_code == 200
    assert overwriting.accept(dataset).status_code == 200
    now = overwriting.one(dataset)
    assert now["status"] == "accepted"
    assert "rejection_reason" not in now["metadata"]
    verdicts = overwriting.state()["verdicts"]
    assert [one["status_before"] for one in verdicts] == ["pending", "rejected"]


def test_the_service_tells_how_long_before_a_verdict_the_dataset_was_read(
    overwriting: Demo,
) -> None:
    read, unread = overwriting.pending_id(1), overwriting.pending_id(2)
    overwriting.one(read)
    overwriting.accept(read)
    overwriting.accept(unread)
    of = {one["dataset_id"]: one for one in overwriting.state()["verdicts"]}
    assert of[read]["seconds_since_read"] >= 0
    assert of[unread]["seconds_since_read"] is None
    assert of[read]["by"] == "post"


def test_statistics_follow_a_verdict(demo: Demo) -> None:
    before = demo.api.get("/datasets/stats").json()
    demo.accept(demo.pending_id())
    after = demo.api.get("/datasets/stats").json()
    assert after["by_status"]["accepted"] == before["by_status"]["accepted"] + 1
    assert after["by_status"]["pending"] == before["by_status"]["pending"] - 1
    assert after["total_size_bytes"] == before["total_size_bytes"]
