"""LeRobot datasets in a zip: what they say, what is missing, and sums against totals."""

from __future__ import annotations

import io
import json
import zipfile
from random import Random
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from gerra_tui.domain.evidence import Mark
from gerra_tui.evidence.child import host
from tests.evidence.formats.test_parquet import written
from tests.evidence.formats.videos import video
from tests.evidence.looked import check, checks, looked, looked_further

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EPISODES, LENGTH, FPS = 12, 40, 30
EPISODE_LIST = "meta/episodes/chunk-000/file-000.parquet"
CAMERAS = ("observation.images.front", "observation.images.wrist")
DATA = bytes(range(256)) * 40
VIDEO = bytes(range(255, -1, -1)) * 60


def info(version: str) -> dict[str, Any]:
    third = version == "v3.0"
    features: dict[str, Any] = {
        "action": {"dtype": "float32", "shape": [6], "names": None},
        "observation.state": {"dtype": "float32", "shape": [6], "names": None},
        "timestamp": {"dtype": "float32", "shape": [1], "names": None},
    }
    for camera in CAMERAS:
        features[camera] = {
            "dtype": "video", "shape": [480, 640, 3], "names": None,
            "info": {"video.fps": 30.0, "video.codec": "av1"},
        }  # fmt: skip
    told = {
        "codebase_version": version, "robot_type": "so101", "total_episodes": EPISODES,
        "total_frames": EPISODES * LENGTH, "total_tasks": 1, "chunks_size": 1_000, "fps": FPS,
        "features": features,
        "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
        if third
        else "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
        if third
        else "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4",
    }  # fmt: skip
    if not third:
        told |= {"total_videos": EPISODES * len(CAMERAS), "total_chunks": 1}
    return told


def episode_list(**columns: list[Any]) -> bytes:
    """`meta/episodes/` of version 3: four episodes a data file, six a video file."""
    told: dict[str, list[Any]] = {
        "episode_index": list(range(EPISODES)),
        "length": [LENGTH] * EPISODES,
        "dataset_from_index": [LENGTH * n for n in range(EPISODES)],
        "dataset_to_index": [LENGTH * (n + 1) for n in range(EPISODES)],
        "data/chunk_index": [0] * EPISODES,
        "data/file_index": [n // 4 for n in range(EPISODES)],
    }
    for camera in CAMERAS:
        told |= {
            f"videos/{camera}/chunk_index": [0] * EPISODES,
            f"videos/{camera}/file_index": [n // 6 for n in range(EPISODES)],
            f"videos/{camera}/from_timestamp": [n % 6 * LENGTH / FPS for n in range(EPISODES)],
            f"videos/{camera}/to_timestamp": [(n % 6 + 1) * LENGTH / FPS for n in range(EPISODES)],
        }
    return written(pa.table(told | columns))


def statistics(episode: int, *, still: bool = False, dark: bool = False) -> dict[str, Any]:
    moving = {"min": [0.0] * 6, "max": [0.0 if still else 1.0] * 6, "mean": [0.5] * 6, "std": [0.1]}
    seen = {"min": [[[0.0]]], "max": [[[1.0]]], "mean": [[[0.01 if dark else 0.5]]]}
    return {"episode_index": episode, "stats": {"action": moving, CAMERAS[0]: seen}}


def files(version: str = "v2.1") -> dict[str, bytes]:
    """The members of a dataset without a fault."""
    there: dict[str, bytes] = {"meta/info.json": json.dumps(info(version), indent=4).encode()}
    if version == "v3.0":
        there["meta/stats.json"] = b"{}"
        there["meta/tasks.parquet"] = written(pa.table({"task_index": [0], "task": ["pick"]}))
        there[EPISODE_LIST] = episode_list()
        there |= {f"data/chunk-000/file-{n:03d}.parquet": DATA for n in range(3)}
        for camera in CAMERAS:
            there |= {f"videos/{camera}/chunk-000/file-{n:03d}.mp4": VIDEO for n in range(2)}
        return there
    rows = [
        {"episode_index": n, "tasks": ["pick the red cube"], "length": LENGTH}
        for n in range(EPISODES)
    ]
    there["meta/episodes.jsonl"] = "".join(json.dumps(row) + "\n" for row in rows).encode()
    there["meta/tasks.jsonl"] = b'{"task_index": 0, "task": "pick the red cube"}\n'
    if version == "v2.1":
        lines = [json.dumps(statistics(n)) for n in range(EPISODES)]
        there["meta/episodes_stats.jsonl"] = "\n".join(lines).encode()
    else:
        there["meta/stats.json"] = b"{}"
    for n in range(EPISODES):
        there[f"data/chunk-000/episode_{n:06d}.parquet"] = DATA
        for camera in CAMERAS:
            there[f"videos/chunk-000/{camera}/episode_{n:06d}.mp4"] = VIDEO
    return there


def dataset(
    *,
    version: str = "v2.1",
    without: Iterable[str] = (),
    changed: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    prefix: str = "",
    packed: bool = False,
    listed: dict[str, bytes] | None = None,
    **replaced: bytes,
) -> bytes:
    """A zip; `changed` makes another info.json, `replaced` other files of meta/, `listed` any."""
    there = files(version) | (listed or {})
    if changed:
        told = changed(json.loads(there["meta/info.json"]))
        there["meta/info.json"] = json.dumps(told).encode()
    for name, data in replaced.items():
        stem, _, kind = name.rpartition("_")
        there[f"meta/{stem}.{kind}"] = data
    file = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in there.items():
            if name not in without:
                archive.writestr(prefix + name, data)
    return file.getvalue()


@pytest.mark.parametrize("version", ["v2.0", "v2.1", "v3.0"])
@pytest.mark.parametrize(("prefix", "packed"), [("", False), ("so101/pick/", False), ("", True)])
async def test_a_dataset_tells_what_it_is(version: str, prefix: str, packed: bool) -> None:
    look = await looked(dataset(version=version, prefix=prefix, packed=packed))

    told = look.facts["lerobot"]
    assert {key: told[key] for key in ("version", "robot", "fps", "episodes", "frames")} == {
        "version": version, "robot": "so101", "fps": FPS, "episodes": EPISODES,
        "frames": EPISODES * LENGTH,
    }  # fmt: skip
    assert told["tasks"] == 1
    assert told["cameras"] == list(CAMERAS)
    assert told["features"]["action"] == "float32[6]"
    assert not checks(look, Mark.ODD)
    assert "complete" in checks(look, Mark.OK)


async def test_sums_are_held_against_totals() -> None:
    ok = checks(await looked(dataset()), Mark.OK)

    assert ok["frames"] == "480 the sum over episodes"
    assert ok["episodes"] == "12 in episodes.jsonl"


@pytest.mark.parametrize(
    ("version", "gone", "words"),
    [
        ("v2.1", "data/chunk-000/episode_000007.parquet", "1 file missing: data/chunk-000/episode"),
        ("v2.1", f"videos/chunk-000/{CAMERAS[1]}/episode_000000.mp4", "1 file missing: videos/"),
        ("v2.1", "meta/tasks.jsonl", "1 file missing: meta/tasks.jsonl"),
        ("v2.1", "meta/episodes_stats.jsonl", "1 file missing: meta/episodes_stats.jsonl"),
        ("v2.0", "meta/stats.json", "1 file missing: meta/stats.json"),
        ("v3.0", "data/chunk-000/file-001.parquet", "1 file missing: data/chunk-000/file-001"),
        ("v3.0", "meta/tasks.parquet", "1 file missing: meta/tasks.parquet"),
        ("v3.0", EPISODE_LIST, "1 file missing: meta/episodes/"),
    ],
)
async def test_a_file_that_is_missing_is_named(version: str, gone: str, words: str) -> None:
    look = await looked(dataset(version=version, without=[gone]))

    assert checks(look, Mark.ODD)["complete"].startswith(words)
    assert check(look, "complete").measured == 1


async def test_a_camera_that_was_never_recorded_is_told() -> None:
    def more_cameras(told: dict[str, Any]) -> dict[str, Any]:
        told["features"]["observation.images.top"] = {"dtype": "video", "shape": [480, 640, 3]}
        return told | {"total_videos": EPISODES * 3}

    odd = checks(await looked(dataset(changed=more_cameras)), Mark.ODD)

    assert odd["complete"].startswith("12 files missing: videos/chunk-000/observation.images.top")


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        ({"total_frames": 481}, "frames", "480 the sum over episodes, info.json says 481"),
        ({"total_episodes": 11}, "episodes", "12 in episodes.jsonl, info.json says 11"),
        ({"total_tasks": 4}, "tasks", "1 in tasks.jsonl, info.json says 4"),
        ({"total_videos": 12}, "videos", "info.json says 12, episodes times cameras are 24"),
        ({"total_chunks": 2}, "chunks", "info.json says 2, its episodes fill 1"),
        ({"fps": 29.97}, "fps", f"info.json says 29.97, its {CAMERAS[0]} 30"),
        ({"fps": "30"}, "lerobot", "info.json: fps is '30'"),
        ({"total_episodes": -1}, "lerobot", "info.json: total_episodes is -1"),
        ({"total_episodes": 10**300}, "lerobot", "total_episodes is beyond all numbers"),
        ({"features": []}, "lerobot", "info.json names no features"),
        ({"fps": [[[30]]]}, "lerobot", "info.json: fps is a list"),
        ({"data_path": "{nobody:03d}"}, "complete", "unknown field"),
    ],
)
async def test_an_info_that_contradicts_is_told(
    change: dict[str, Any], name: str, words: str
) -> None:
    look = await looked(dataset(changed=lambda told: told | change))

    assert words in " ".join(
        each.text for each in look.checks if each.id == name and each.mark is Mark.ODD
    )


async def test_a_billion_episodes_are_counted_and_not_walked() -> None:
    look = await looked(dataset(changed=lambda told: told | {"total_episodes": 10**9}))

    assert check(look, "complete").measured == 3 * (10**9 - EPISODES)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"[" * 100_000, b"\xff\xfe"])
async def test_an_info_that_is_no_json_is_told(text: bytes) -> None:
    odd = checks(await looked(dataset(info_json=text)), Mark.ODD)

    assert odd["lerobot"].startswith("meta/info.json is damaged")


async def test_an_episode_list_with_holes_is_told() -> None:
    lines = [
        b'{"episode_index": 0, "length": 400}', b"{no json", b'{"episode_index": 2, "length": "x"}',
    ]  # fmt: skip
    text = b"\n".join(lines)

    look = await looked(dataset(episodes_jsonl=text))

    words = " ".join(each.text for each in look.checks if each.mark is Mark.ODD)
    assert "episodes.jsonl: 1 line no JSON" in words
    assert "1 episode without a length" in words
    assert "line 2 is not episode 1" in words


async def test_the_longest_and_the_shortest_episode_are_facts() -> None:
    lengths = [40] * EPISODES
    lengths[3], lengths[8] = 2, 78
    rows = [{"episode_index": n, "length": length} for n, length in enumerate(lengths)]
    text = "\n".join(map(json.dumps, rows)).encode()

    look = await looked(dataset(episodes_jsonl=text))

    assert look.facts["shortest_episode"] == {"episode": 3, "frames": 2}
    assert look.facts["longest_episode"] == {"episode": 8, "frames": 78}


async def test_recorded_statistics_rank_the_episodes() -> None:
    lines = [json.dumps(statistics(n, still=n == 4, dark=n == 7)) for n in range(EPISODES)]

    look = await looked(dataset(episodes_stats_jsonl="\n".join(lines).encode()))

    assert look.facts["ranked"] == {"frozen": [4], "dark": [7], "bright": [], "nan": []}
    odd = checks(look, Mark.ODD)
    assert odd["stuck"] == "state or action never changes in 1 episode: 4"
    assert odd["dark"] == "a camera sees nothing but black in 1 episode: 7"


async def test_long_statistics_are_on_a_key() -> None:
    lines = [json.dumps(statistics(n) | {"padding": "x" * 60_000}) for n in range(EPISODES)]
    data = dataset(episodes_stats_jsonl="\n".join(lines).encode())

    look, further = await looked(data), await looked_further(data)

    assert "statistics" in checks(look, Mark.UNCHECKED)
    assert any("statistics" in step.words for step in look.more)
    assert further.facts["ranked"]["frozen"] == []


async def test_a_version_that_is_not_known_is_not_judged() -> None:
    look = await looked(dataset(changed=lambda told: told | {"codebase_version": "v9"}))

    assert "this version is not known here" in checks(look, Mark.UNCHECKED)["lerobot"]
    assert "complete" not in checks(look, Mark.ODD)


async def test_the_episode_list_of_version_3_is_summed_up() -> None:
    look = await looked(dataset(version="v3.0"))

    ok = checks(look, Mark.OK)
    assert ok["frames"] == "480 the sum over episodes"
    assert ok["episodes"] == "12 in the episode list"
    assert ok["tasks"] == "1 in tasks.parquet"
    assert ok["spans"] == "every episode has its length in 2 cameras"
    assert ok["listed"] == "all 7 files of the episode list are there"
    assert look.facts["longest_episode"]["frames"] == LENGTH


@pytest.mark.parametrize(
    ("columns", "name", "words"),
    [
        ({"length": [LENGTH] * 11 + [7]}, "frames", "447 the sum over episodes"),
        ({"length": [LENGTH] * 11 + [7]}, "spans", "1 episode not as long in its video"),
        ({"episode_index": [0, 1, 3, 2, *range(4, 12)]}, "order", "row 3 is not episode 2"),
        ({"dataset_from_index": [0] * 12}, "spans", "rows of the data do not follow one another"),
        ({f"videos/{CAMERAS[0]}/from_timestamp": [0.0] * 12}, "spans", "not after the one before"),
        ({f"videos/{CAMERAS[1]}/to_timestamp": [None] * 12}, "spans", "12 episodes not as long"),
        ({"data/file_index": [5] * 12}, "listed", "data/chunk-000/file-005.parquet"),
        ({f"videos/{CAMERAS[0]}/file_index": [0] * 11 + [9]}, "listed", "chunk-000/file-009.mp4"),
    ],
)  # fmt: skip
async def test_a_faulty_episode_list_is_told(
    columns: dict[str, list[Any]], name: str, words: str
) -> None:
    data = dataset(version="v3.0", listed={EPISODE_LIST: episode_list(**columns)})

    look = await looked(data)

    assert words in " ".join(
        each.text for each in look.checks if each.id == name and each.mark is Mark.ODD
    )


async def test_an_episode_list_that_is_no_parquet_is_one_sentence() -> None:
    odd = checks(await looked(dataset(version="v3.0", listed={EPISODE_LIST: DATA})), Mark.ODD)

    assert odd["episodes"].startswith("the episode list: not readable")


async def test_an_episode_list_beyond_the_budget_is_on_a_key() -> None:
    columns = {"stats/action/mean": [Random(n).randbytes(30_000).hex() for n in range(EPISODES)]}
    data = dataset(version="v3.0", listed={EPISODE_LIST: episode_list(**columns)})

    look, further = await looked(data), await looked_further(data)

    assert checks(look, Mark.UNCHECKED)["episodes"].startswith("the episode list not read")
    assert checks(further, Mark.OK)["frames"] == "480 the sum over episodes"


async def test_without_pyarrow_the_episode_list_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(host.LIBRARIES, "episodes", ("no_such_library", "data"))

    look = await looked(dataset(version="v3.0"))

    assert checks(look, Mark.UNCHECKED)["episodes"] == "the episode list needs gerra-tui[data]"
    assert "complete" in checks(look, Mark.OK)


def filmed(version: str, *, lost: int = 0, gained: int = 0, **options: Any) -> dict[str, bytes]:
    """Videos for all episodes; the first of the first camera lost or gained frames."""
    usual = video(LENGTH, **options)
    other = video(LENGTH - lost + gained, **options)
    if version == "v3.0":
        long = video(6 * LENGTH, **options)
        names = [name for name in files(version) if name.endswith(".mp4")]
        first = video(6 * LENGTH - lost, **options)
        return dict.fromkeys(names, long) | {names[0]: first}
    names = [name for name in files(version) if name.endswith(".mp4")]
    return dict.fromkeys(names, usual) | {names[0]: other}


SMALL = {"shape": [48, 64, 3]}


def small_cameras(told: dict[str, Any]) -> dict[str, Any]:
    for camera in CAMERAS:
        told["features"][camera] |= SMALL
    return told


@pytest.mark.parametrize("version", ["v2.1", "v3.0"])
async def test_videos_as_long_as_their_episodes_are_told(version: str) -> None:
    data = dataset(version=version, listed=filmed(version), changed=small_cameras)

    look, further = await looked(data), await looked_further(data)

    assert checks(look, Mark.UNCHECKED)["video"].endswith("against their episodes")
    assert any(step.words.startswith("frames of") for step in look.more)
    assert "as many frames" in checks(further, Mark.OK)["video"]
    assert not checks(further, Mark.ODD)


@pytest.mark.parametrize("version", ["v2.1", "v3.0"])
async def test_a_video_that_lost_frames_is_told(version: str) -> None:
    data = dataset(version=version, listed=filmed(version, lost=2), changed=small_cameras)

    odd = checks(await looked_further(data), Mark.ODD)

    expected = 6 * LENGTH if version == "v3.0" else LENGTH
    assert odd["video"].startswith("fewer frames than its episode in 1 video: ")
    assert odd["video"].endswith(f" {expected - 2} of {expected}")


async def test_a_video_with_more_frames_or_another_size_is_told() -> None:
    odd = checks(await looked_further(dataset(listed=filmed("v2.1", gained=3))), Mark.ODD)

    assert odd["video"].endswith(f" {LENGTH + 3} of {LENGTH}")
    assert odd["size-in-video"].endswith("64x48, 480x640 declared")
