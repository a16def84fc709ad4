"""The files behind signed URLs, as a reviewer's evidence pane and download read them."""

from __future__ import annotations

import csv
import io
import itertools
import json
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from PIL import Image

from tests.demo.conftest import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.demo.conftest import Demo, Start

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def demo(start: Start) -> Demo:
    return start("--datasets", "1500", "--seed", "2")


def whole_file(
    demo: Demo, data_type: str, most: int, suffix: str = ".zip"
) -> tuple[dict[str, Any], bytes]:
    """A dataset of this type with a declared size of at most so many bytes, and its file."""
    for row in demo.list(data_type=data_type, limit=1000):
        size = row["data_byte_size"]
        usual = isinstance(size, int) and 600_000 <= size <= most and row["id"] not in hostile(demo)
        if usual and row["link"].endswith(suffix):
            content = get(demo, demo.one(row["id"])["signed_url"]).content
            if len(content) == size:
                return row, content
    raise AssertionError


def hostile(demo: Demo) -> list[str]:
    ids: list[str] = demo.state()["hostile"]
    return ids


def get(demo: Demo, url: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return demo.storage.get(url, headers=named)


def signed(demo: Demo, data_type: str = "episode", nth: int = 0) -> str:
    dataset = demo.list(data_type=data_type, limit=nth + 1)[nth]["id"]
    return str(demo.one(dataset)["signed_url"])


def test_an_episode_is_what_its_metadata_says(demo: Demo) -> None:
    row, content = whole_file(demo, "episode", 40_000_000)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    info, told = json.loads(archive.read("meta/info.json")), row["metadata"]
    for name in ("codebase_version", "robot_type", "fps", "total_episodes", "total_frames"):
        assert info[name] == told[name]
    cameras = {
        name.rpartition(".")[2]: about["shape"][:2]
        for name, about in info["features"].items()
        if about["dtype"] == "video"
    }
    assert cameras == {
        name: [about["height"], about["width"]] for name, about in told["cameras"].items()
    }


def test_telemetry_has_a_table_with_its_channels(demo: Demo) -> None:
    row, content = whole_file(demo, "telemetry", 40_000_000, ".csv")
    table = csv.reader(io.StringIO(content.decode()))
    assert next(table) == ["t", *row["metadata"]["channels"]]
    times = [float(line[0]) for line in table]
    assert times[-1] - times[0] == pytest.approx(row["metadata"]["duration_s"])


def test_synthetic_datasets_have_previews(demo: Demo) -> None:
    _, content = whole_file(demo, "synthetic_pov", 40_000_000)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"prompt.txt", "generation.json", "camera_poses.csv", "video.mp4"} <= set(names)
    for row in demo.list(data_type="synthetic_third_person", limit=40):
        version = demo.api.get(f"/datasets/{row['id']}/iterations").json()["iterations"][-1]
        previews = version["preview_urls"]
        if previews["pose_frame"] and version["download_url"] and row["link"].endswith(".zip"):
            break
    gif = get(demo, previews["gif"])
    assert gif.headers["content-type"] == "image/gif"
    assert getattr(Image.open(io.BytesIO(gif.content)), "n_frames", 1) == 24
    assert Image.open(io.BytesIO(get(demo, previews["pose_frame"]).content)).format == "PNG"
    assert get(demo, version["download_url"], range="bytes=0-3").content == b"PK\x03\x04"


def test_a_huge_archive_has_the_size_it_declares_and_is_read_in_parts(demo: Demo) -> None:
    for row in demo.list(data_type="episode", limit=1000):
        size = row["data_byte_size"]
        if isinstance(size, int) and size > 6_000_000_000 and row["link"].endswith(".zip"):
            url = demo.one(row["id"])["signed_url"]
            tail = get(demo, url, range="bytes=-65536")
            if tail.headers["content-range"].endswith(f"/{size}"):
                break
    start = size - 65536
    assert tail.headers["content-range"] == f"bytes {start}-{size - 1}/{size}"
    members = zipfile.ZipFile(io.BytesIO(tail.content)).infolist()  # the directory alone
    assert sum(member.compress_size for member in members) > 5_900_000_000
    middle = get(demo, url, range=f"bytes={size // 2}-{size // 2 + 9}")
    assert len(middle.content) == 10
    readme = get(demo, url, range="bytes=0-200").content
    assert readme.startswith(b"PK\x03\x04")


def test_parts_put_together_are_the_whole(demo: Demo) -> None:
    _, content = whole_file(demo, "telemetry", 40_000_000, ".mcap")
    row, _ = whole_file(demo, "telemetry", 40_000_000, ".mcap")
    url = demo.one(row["id"])["signed_url"]
    cuts = [0, 1, 40_000, len(content) - 7, len(content)]
    parts = []
    for first, last in itertools.pairwise(cuts):
        part = get(demo, url, range=f"bytes={first}-{last - 1}")
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {first}-{last - 1}/{len(content)}"
        parts.append(part.content)
    assert b"".join(parts) == content
    assert get(demo, url, range=f"bytes={len(content) - 7}-").content == content[-7:]
    assert get(demo, url, range="bytes=-9").content == content[-9:]


def test_ranges_that_cannot_be_served_are_told_apart(demo: Demo) -> None:
    url = signed(demo, "telemetry")
    length = get(demo, url, range="bytes=0-0").headers["content-range"].partition("/")[2]
    beyond = get(demo, url, range=f"bytes={length}-")
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{length}"
    assert get(demo, url, range="bytes=-0").status_code == 416
    for ignored in ("bytes=5-2", "bytes=-", "lines=0-1", "bytes=0-0,2-3"):
        with demo.storage.stream("GET", url, headers={"range": ignored}) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-length"] == length


def test_if_range_guards_against_new_content(demo: Demo) -> None:
    row, content = whole_file(demo, "telemetry", 40_000_000, ".mcap")
    url = demo.one(row["id"])["signed_url"]
    first = get(demo, url, range="bytes=0-9")
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert get(demo, url, range="bytes=10-19", if_range=etag).content == content[10:20]
    assert get(demo, url, if_none_match=etag).status_code == 304
    demo.do("touch", {"id": row["id"], "new_content": True})
    again = get(demo, url, range="bytes=10-19", if_range=etag)
    assert again.status_code == 200
    assert again.headers["etag"] != etag
    assert again.content != content
    assert len(again.content) == len(content)
    assert get(demo, url, if_match=etag).status_code == 412


def test_only_a_signed_get_is_served(demo: Demo) -> None:
    url = signed(demo)
    assert demo.storage.head(url).status_code == 403
    put = demo.storage.put(url, content=b"x")
    assert put.status_code == 403
    assert "<Code>SignatureDoesNotMatch</Code>" in put.text
    assert get(demo, url.partition("?")[0]).status_code == 403
    other = signed(demo, nth=1)
    swapped = f"{url.partition('?')[0]}?{other.partition('?')[2]}"
    assert get(demo, swapped).status_code == 403


def test_a_longer_validity_cannot_be_forged(demo: Demo) -> None:
    parts = urlsplit(signed(demo))
    query = dict(parse_qsl(parts.query)) | {"X-Amz-Expires": "999999"}
    assert get(demo, parts._replace(query=urlencode(query)).geturl()).status_code == 403


def test_an_unknown_object_is_not_found(start: Start, demo: Demo) -> None:
    row = demo.list(data_type="episode", limit=1)[0]
    demo.do("touch", {"id": row["id"], "fields": {"name": "kept"}})
    url = demo.one(row["id"])["signed_url"]
    demo.do("remove", {"id": row["id"]})
    answer = get(demo, url)
    assert answer.status_code == 404
    assert "<Code>NoSuchKey</Code>" in answer.text
    assert answer.headers["content-type"] == "application/xml"


def test_a_signed_url_ends_after_an_hour(start: Start) -> None:
    demo = start("--datasets", "40", "--clock", "2026-05-04T10:00:00+00:00")
    url = signed(demo)
    assert "X-Amz-Date=20260504T100000Z" in url
    assert "X-Amz-Expires=3600" in url
    demo.do("clock", {"advance": 3599})
    assert get(demo, url, range="bytes=0-0").status_code == 206
    demo.do("clock", {"advance": 1})
    expired = get(demo, url, range="bytes=0-0")
    assert expired.status_code == 403
    assert "<Message>Request has expired</Message>" in expired.text
    assert get(demo, signed(demo), range="bytes=0-0").status_code == 206


def test_a_key_that_reaches_storage_is_noticed(start: Start) -> None:
    demo = start("--datasets", "40")
    url = signed(demo)
    get(demo, url, range="bytes=0-0")
    assert demo.state()["keys_at_storage"] == 0
    key = demo.api.headers["Gerra-Api-Key"]
    get(demo, url, range="bytes=0-0", gerra_api_key="any")
    get(demo, url, range="bytes=0-0", authorization=f"Bearer {key}")
    get(demo, f"{demo.storage_url}/elsewhere?key={key}")
    state = demo.state()
    assert state["keys_at_storage"] == 3
    assert key not in json.dumps(state)
    assert state["requests"]["storage GET"] == 4
    assert "X-Amz-Signature" not in json.dumps(state)


@pytest.mark.parametrize(
    ("fault", "status"), [("503", 503), ("500", 500), ("no-range", 200), ("403-html", 403)]
)
def test_storage_fails_on_request(demo: Demo, fault: str, status: int) -> None:
    url = signed(demo, "synthetic_pov", 3)
    demo.plan(fault, origin="storage")
    with demo.storage.stream("GET", url, headers={"range": "bytes=0-9"}) as answer:
        assert answer.status_code == status
    assert get(demo, url, range="bytes=0-9").status_code == 206


def test_a_download_can_break_off(demo: Demo) -> None:
    url = signed(demo, "synthetic_pov", 3)
    demo.plan("truncate", origin="storage")
    with pytest.raises(httpx.RemoteProtocolError):
        get(demo, url, range="bytes=0-99999")


def test_a_download_that_is_given_up_costs_nothing_more(demo: Demo) -> None:
    rows = demo.list(data_type="episode", limit=1000)
    huge = max(rows, key=lambda row: row["data_byte_size"] or 0)
    url = demo.one(huge["id"])["signed_url"]
    with demo.storage.stream("GET", url) as answer:
        next(answer.iter_raw())
    assert demo.one(huge["id"])["id"] == huge["id"]  # still answers
    assert demo.state()["bytes_sent"]["storage"] < huge["data_byte_size"]


def test_a_file_is_as_long_as_declared_unless_a_fault_was_planted(
    start: Start, tmp_path: Path
) -> None:
    faults = tmp_path / "faults.jsonl"
    demo = start("--datasets", "400", "--seed", "6", "--record-faults", str(faults))
    until(lambda: faults.read_text().count("\n") > 10)
    planted = {json.loads(line)["dataset_id"] for line in faults.read_text().splitlines()}
    for row in demo.list(limit=150):
        if row["id"] not in planted and row["data_byte_size"]:
            url = demo.one(row["id"])["signed_url"]
            told = get(demo, url, range="bytes=0-0").headers["content-range"]
            assert told == f"bytes 0-0/{row['data_byte_size']}"


def test_a_hostile_dataset_has_a_hostile_archive(demo: Demo) -> None:
    small = [row for row in map(demo.one, hostile(demo)) if (row["data_byte_size"] or 0) < 10**8]
    archive = zipfile.ZipFile(io.BytesIO(get(demo, small[0]["signed_url"]).content))
    assert "../../../../tmp/escaped.txt" in archive.namelist()
    bomb = archive.getinfo("bomb.csv")
    assert bomb.file_size > 100 * bomb.compress_size
