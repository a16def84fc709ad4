"""What a reviewer's console is told about the datasets."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from tests.demo.conftest import Demo, Start

pytestmark = pytest.mark.processes

TYPES = {"episode", "synthetic_pov", "synthetic_third_person", "telemetry"}
STATUSES = {"pending", "accepted", "rejected", "for_admin_review", "superseded", "discarded"}


@pytest.fixture(scope="module")
def demo(start: Start) -> Demo:
    return start("--seed", "7")


@pytest.fixture(scope="module")
def everything(demo: Demo) -> list[dict[str, Any]]:
    return [row for offset in range(0, 7000, 1000) for row in demo.list(limit=1000, offset=offset)]


def instant(row: dict[str, Any]) -> str:
    return str(row["date_updated"] or row["date_created"])


def test_the_list_runs_from_the_newest_update_to_the_oldest(
    everything: list[dict[str, Any]],
) -> None:
    sound = [row for row in everything if row["date_updated"] != "yesterday"]
    instants = [instant(row) for row in sound]
    assert instants == sorted(instants, reverse=True)
    assert len(instants) > len(set(instants))  # some are tied
    assert any(row["date_updated"] is None for row in sound)
    assert len({row["id"] for row in everything}) == len(everything) == 7000


def test_about_two_of_seven_datasets_wait_for_a_verdict(everything: list[dict[str, Any]]) -> None:
    assert {row["status"] for row in everything} == STATUSES
    assert {row["data_type"] for row in everything} == TYPES
    assert 1700 <= sum(row["status"] == "pending" for row in everything) <= 2300


def test_sizes_run_from_kilobytes_to_tens_of_gigabytes(everything: list[dict[str, Any]]) -> None:
    sizes = [row["data_byte_size"] for row in everything if isinstance(row["data_byte_size"], int)]
    assert min(sizes) < 10**4
    assert max(sizes) > 2 * 10**10
    assert any(row["data_byte_size"] is None for row in everything)


def test_descriptions_differ_in_length_and_may_be_missing(
    everything: list[dict[str, Any]],
) -> None:
    lengths = {len(row["description"] or "") for row in everything}
    assert 0 in lengths
    assert max(lengths) > 300
    assert any("\n" in (row["description"] or "") for row in everything)


def test_rejected_datasets_tell_why(everything: list[dict[str, Any]]) -> None:
    rejected = [row["metadata"] for row in everything if row["status"] == "rejected"]
    told = [row["rejection_reason"] for row in rejected if isinstance(row, dict)]
    assert len(told) > 800
    assert len(set(told)) > 100


def test_metadata_holds_every_kind_of_value(everything: list[dict[str, Any]]) -> None:
    def kinds(value: Any) -> set[type]:
        inside = value.values() if isinstance(value, dict) else value
        nested = inside if isinstance(value, dict | list) else ()
        return {type(value)}.union(*(kinds(one) for one in nested))

    found = set[type]().union(*(kinds(row["metadata"]) for row in everything[:200]))
    assert found >= {dict, list, str, int, float, bool, type(None)}


def test_a_page_counts_all_rows_that_match(demo: Demo) -> None:
    page = demo.page(status="pending", data_type="telemetry", limit=5)
    assert len(page["datasets"]) == 5
    assert page["total"] > 100
    assert {(row["status"], row["data_type"]) for row in page["datasets"]} == {
        ("pending", "telemetry")
    }
    rest = demo.page(status="pending", data_type="telemetry", limit=1000, offset=page["total"] - 2)
    assert len(rest["datasets"]) == 2
    assert demo.page(limit=1, offset=10_000) == {"datasets": [], "total": 7000}


def test_a_list_shows_no_signed_url_and_a_single_dataset_does(demo: Demo) -> None:
    row = demo.list(limit=1)[0]
    assert row["signed_url"] is None
    single = demo.one(row["id"])
    assert single.pop("signed_url").startswith(demo.storage_url)
    assert single == {key: value for key, value in row.items() if key != "signed_url"}


def test_without_a_limit_a_page_has_a_hundred_rows(demo: Demo) -> None:
    assert len(demo.list()) == 100


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"offset": -1}, "offset"),
    ],
)
def test_bounds_are_answered_as_a_list_of_problems(
    demo: Demo, params: dict[str, Any], field: str
) -> None:
    answer = demo.api.get("/datasets", params=params)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["query", field]
    assert problem["msg"]
    assert problem["type"]


def test_an_unknown_status_or_type_matches_nothing(demo: Demo) -> None:
    assert demo.page(status="lost") == {"datasets": [], "total": 0}
    assert demo.page(data_type="audio") == {"datasets": [], "total": 0}


def test_search_finds_words_in_names_descriptions_and_some_metadata(
    demo: Demo, everything: list[dict[str, Any]]
) -> None:
    page = demo.page(search="FOLD towel", limit=1000)
    assert page["total"] == len(page["datasets"]) > 50
    by_name = {row["id"] for row in everything if "fold towel" in str(row.get("name")).lower()}
    assert by_name < {row["id"] for row in page["datasets"]}
    assert demo.page(search="fold towel", status="pending")["total"] < page["total"]
    assert demo.page(search="no such words anywhere")["total"] == 0


def test_metadata_filters_compare_text_and_add_up(demo: Demo) -> None:
    thermal = demo.page(metadata="sensor_type:thermal", limit=1000)
    assert {row["metadata"]["sensor_type"] for row in thermal["datasets"]} == {"thermal"}
    both = demo.page(metadata=["sensor_type:thermal", "location.site:cell-4"], limit=1000)
    assert 0 < both["total"] < thermal["total"]
    assert {row["metadata"]["location"]["site"] for row in both["datasets"]} == {"cell-4"}
    assert demo.page(metadata="sensor_type:Thermal")["total"] == 0


def test_a_number_or_a_boolean_never_matches_a_text(demo: Demo) -> None:
    assert demo.page(metadata="fps:30")["total"] == 0
    assert demo.page(metadata="success:true")["total"] == 0
    dataset = demo.pending_id()
    demo.do("touch", {"id": dataset, "metadata": {"fps": "30", "a:b": "c"}})
    assert [row["id"] for row in demo.list(metadata="fps:30")] == [dataset]


def test_a_metadata_value_may_hold_colons(demo: Demo) -> None:
    dataset = demo.pending_id(3)
    demo.do("touch", {"id": dataset, "metadata": {"started": "12:30:05"}})
    assert [row["id"] for row in demo.list(metadata="started:12:30:05")] == [dataset]


def test_a_metadata_filter_without_a_value_is_a_bad_parameter(demo: Demo) -> None:
    answer = demo.api.get("/datasets", params={"metadata": "fps"})
    assert answer.status_code == 400
    assert "key:value" in answer.json()["detail"]


@pytest.mark.parametrize("key", [None, "", "wrong", "demo-key-of-the-tests "[:-2]])
def test_without_the_key_nothing_is_told(demo: Demo, key: str | None) -> None:
    headers = {} if key is None else {"Gerra-Api-Key": key}
    dataset = demo.pending_id()
    for method, path in [
        ("GET", "/datasets"),
        ("GET", f"/datasets/dataset?id={dataset}"),
        ("GET", "/datasets/stats"),
        ("GET", "/datasets?limit=0"),
        ("POST", f"/datasets/{dataset}/accept"),
        ("GET", "/_demo/state"),
        ("GET", "/nowhere"),
    ]:
        answer = demo.storage.request(method, demo.base_url + path, headers=headers)
        assert answer.status_code == 401
        assert "API key" in answer.json()["detail"]
    assert demo.one(dataset)["status"] == "pending"


def calls(dataset_id: str) -> list[tuple[str, str, Any]]:
    return [
        ("GET", f"/datasets/dataset?id={dataset_id}", None),
        ("GET", f"/datasets/{dataset_id}/iterations", None),
        ("POST", f"/datasets/{dataset_id}/accept", None),
        ("POST", f"/datasets/{dataset_id}/reject", {"reason": "x"}),
    ]


def test_another_organizations_dataset_is_forbidden(demo: Demo) -> None:
    foreign = demo.state()["foreign"][0]
    for method, path, body in calls(foreign):
        answer = demo.api.request(method, path, json=body)
        assert answer.status_code == 403
        assert "organization" in answer.json()["detail"]


def test_an_unknown_id_is_not_found_and_no_id_is_a_problem(demo: Demo) -> None:
    for method, path, body in calls(str(uuid4())):
        assert demo.api.request(method, path, json=body).status_code == 404
    for method, path, body in calls("seven"):
        answer = demo.api.request(method, path, json=body)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["type"] == "uuid_parsing"


def test_statistics_agree_with_the_list(demo: Demo, everything: list[dict[str, Any]]) -> None:
    stats = demo.api.get("/datasets/stats").json()
    assert stats["total_datasets"] == 7000 == sum(stats["by_data_type"].values())
    for status, count in stats["by_status"].items():
        assert count == demo.page(status=status, limit=1)["total"]
    declared = sum(
        row["data_byte_size"] for row in everything if isinstance(row["data_byte_size"], int)
    )
    assert 0 <= stats["total_size_bytes"] - declared < 10**11  # a row broken in its size
    volume = stats["daily_volume_last_7_days"]
    assert [day["date"] for day in volume] == sorted(day["date"] for day in volume)
    today = volume[-1]
    assert today["count"] == sum(row["date_created"][:10] == today["date"] for row in everything)


def test_some_rows_at_the_old_end_are_broken_in_shape(
    demo: Demo, everything: list[dict[str, Any]]
) -> None:
    broken = demo.state()["broken"]
    rows = {row["id"]: row for row in everything if row["id"] in broken}
    assert any("name" not in row for row in rows.values())
    assert any(isinstance(row["data_byte_size"], str) for row in rows.values())
    positions = [number for number, row in enumerate(everything) if row["id"] in broken]
    assert min(positions) > 6900
    assert len(positions) == 5


def test_some_names_mean_harm_to_a_terminal(demo: Demo, everything: list[dict[str, Any]]) -> None:
    hostile = set(demo.state()["hostile"])
    assert 24 <= len(hostile) <= 60
    names = "".join(str(row.get("name")) for row in everything if row["id"] in hostile)
    for harm in ("\x1b]0;", "\x9b2J", "\u202e", "\u200b", "[@click=", "\n", "\x00", "界", "👩"):
        assert harm in names
    assert not hostile & {row["id"] for row in everything[:100]}


def test_a_hostile_dataset_has_a_hostile_prompt(demo: Demo) -> None:
    prompts: dict[str, str | None] = {}
    for dataset in demo.state()["hostile"]:
        version = demo.api.get(f"/datasets/{dataset}/iterations").json()["iterations"]
        prompts |= {one["dataset_id"]: one["prompt"] for one in version}
    names = {dataset: demo.one(dataset)["name"] for dataset in demo.state()["hostile"]}
    same = [dataset for dataset, name in names.items() if prompts[dataset] == name]
    assert len(same) > 3


def test_versions_of_a_dataset_are_datasets_of_their_own(demo: Demo) -> None:
    seen = set()
    for row in demo.list(data_type="synthetic_pov", limit=60):
        history = demo.api.get(f"/datasets/{row['id']}/iterations").json()
        versions = history["iterations"]
        seen.add(len(versions))
        assert history["total_versions"] == len(versions) == history["latest_version"] + 1
        assert [one["version"] for one in versions] == list(range(len(versions)))
        assert [one["created_at"] for one in versions] == sorted(
            one["created_at"] for one in versions
        )
        mine = next(one for one in versions if one["dataset_id"] == row["id"])
        assert (mine["status"], mine["metadata"]) == (row["status"], row["metadata"])
        for earlier, later in itertools.pairwise(versions):
            assert later["parent_dataset_id"] == earlier["dataset_id"]
            assert later["regeneration_reason"] == earlier["superseded_reason"]
            assert demo.one(earlier["dataset_id"])["data_type"] == "synthetic_pov"
        assert all(one["prompt"] for one in versions)
        assert versions[-1]["superseded_reason"] is None
    assert {1, 2, 3} <= seen
    assert max(seen) >= 5
