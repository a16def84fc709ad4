"""The same seed and clock give the same service: pictures of it can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.conftest import Demo, Start

CLOCK = "2026-11-23T12:00:00Z"


def told(demo: Demo) -> list[bytes]:
    """Everything a console could show, the storage's port apart."""
    first, second = (demo.pending_id(offset) for offset in (3, 30))
    synthetic = demo.list(data_type="synthetic_pov", limit=1)[0]["id"]
    demo.accept(first)
    demo.reject(second, "why")
    calls = (
        "/datasets?limit=1000",
        "/datasets?status=pending&limit=1000&search=arm",
        f"/datasets/dataset?id={first}",
        f"/datasets/{synthetic}/iterations",
        "/datasets/stats",
    )
    answers = [demo.api.get(call) for call in calls]
    url = demo.one(synthetic)["signed_url"]
    file = demo.storage.get(url, headers={"range": "bytes=0-200000"})
    texts = [answer.content.replace(demo.storage_url.encode(), b"") for answer in answers]
    return [*texts, file.content, *(one.headers["date"].encode() for one in answers)]


def test_two_servers_of_one_seed_and_clock_tell_the_same(start: Start) -> None:
    arguments = ("--seed", "11", "--clock", CLOCK, "--datasets", "1500")
    assert told(start(*arguments)) == told(start(*arguments))


def test_another_seed_tells_something_else(start: Start) -> None:
    arguments = ("--clock", CLOCK, "--datasets", "60")
    one, other = (start(*arguments, "--seed", seed).list() for seed in ("1", "2"))
    assert not {row["id"] for row in one} & {row["id"] for row in other}
    assert [row["name"] for row in one] != [row["name"] for row in other]


def test_a_clock_stands_still_at_the_instant_given(start: Start) -> None:
    demo = start("--clock", CLOCK, "--datasets", "60")
    assert demo.api.get("/datasets").headers["date"] == "Mon, 23 Nov 2026 12:00:00 GMT"
    dataset = demo.pending_id(5)
    demo.accept(dataset)
    assert demo.one(dataset)["date_updated"] == "2026-11-23T12:00:00+00:00"
    volume = demo.api.get("/datasets/stats").json()["daily_volume_last_7_days"]
    assert [day["date"] for day in volume][::6] == ["2026-11-17", "2026-11-23"]
