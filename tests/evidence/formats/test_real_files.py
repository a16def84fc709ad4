"""Genuine files tell the truth that other tools tell of them, at the price that was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.evidence import Mark
from tests.evidence.formats.real_files import named, real
from tests.evidence.looked import checks, looked, looked_further

if TYPE_CHECKING:
    from gerra_tui.domain.evidence import Look

SLACK = 0.000_002  # seconds: tools round, and one counts to the nanosecond after the last message


async def told(name: str, requests: int, received: int) -> tuple[Look, dict[str, Any]]:
    data, truth = real(name)
    look = await looked(data)
    assert look.cost.requests <= requests
    assert look.cost.bytes <= received
    return look, truth


def topics(truth: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"type": kind, "count": count} for name, (kind, *_, count) in truth["topics"].items()
    }


VIDEOS = [name for name in named("video/", "lerobot_v21_g1/videos") if not name.endswith(".mkv")]
UNINDEXED = ("init_only", "sidx_audio", "no_timescale", "chunk_out_of_range")


@pytest.mark.parametrize(
    "name", [name for name in VIDEOS if not any(part in name for part in UNINDEXED)]
)
async def test_a_video_tells_what_ffprobe_tells(name: str) -> None:
    look, truth = await told(name, 2, 132_000)

    video = next(stream for stream in truth["streams"] if stream["type"] == "video")
    over, under = video["r"].split("/")
    facts = look.facts
    assert look.kind == "mp4"
    assert (facts["codec"], facts["width"], facts["height"]) == (
        video["codec"],
        video["w"],
        video["h"],
    )
    assert facts["frames"] == video["packets"] == int(video["nb_frames"])
    assert facts["keyframes"] == truth["keyframes"]
    assert facts["duration_s"] == pytest.approx(float(video["dur"]), abs=SLACK)
    assert facts["fps"] == pytest.approx(int(over) / int(under), abs=0.000_001)
    assert facts.get("rotation", 0) == video.get("rotation", 0)
    assert checks(look, Mark.OK)["media"] == "every frame lies within the file"
    assert "gaps" in checks(look, Mark.OK)


async def test_a_track_that_outlasts_the_video_is_told() -> None:
    look, truth = await told("video/tc_nasa_13013.mp4", 2, 132_000)

    assert look.facts["header_duration_s"] == truth["duration_s"] == 16.57
    assert checks(look, Mark.ODD)["duration"] == "header says 16.57 s, its frames last 13 s"


async def test_a_header_without_media_is_told() -> None:
    look, truth = await told("video/mp4ff_init_only.mp4", 2, 132_000)

    assert look.facts["duration_s"] == truth["duration_s"] == 3_900
    assert look.facts["frames"] is None
    assert checks(look, Mark.ODD)["media"] == "no media at all: header says 3,900 s"


@pytest.mark.parametrize(
    ("name", "header"), [("bbb5s_sidx_audio", "; header says 5.013333 s, not checked"),
                         ("mp4p_no_timescale", "")]
)  # fmt: skip
async def test_fragments_are_told_and_not_scanned(name: str, header: str) -> None:
    path = next((each for each in VIDEOS if name in each), "none")
    look, _ = await told(path, 2, 132_000)

    words = f"fragmented MP4: no index of its frames{header}"
    assert checks(look, Mark.UNCHECKED)["frames"] == words
    assert look.facts["frames"] is None


async def test_chunks_that_are_nowhere_are_told() -> None:
    look, _ = await told("video/mp4p_chunk_out_of_range.mp4", 2, 132_000)

    assert checks(look, Mark.ODD)["media"].startswith("17 frames promised")


@pytest.mark.parametrize("name", [name for name in named("mcap/") if "no_summary" not in name])
async def test_an_mcap_tells_what_a_full_scan_tells(name: str) -> None:
    look, truth = await told(name, 2, 192_000)

    assert look.kind == "mcap"
    assert look.facts["topics"] == topics(truth)
    assert look.facts["messages"] == truth["messages"]
    assert look.facts["chunks"] == truth["chunks"]
    assert look.facts["duration_s"] == truth["duration_s"]


async def test_an_mcap_without_summary_says_so_and_is_not_scanned() -> None:
    look, _ = await told("mcap/conf_one_chunk_no_summary.mcap", 1, 66_000)

    assert look.facts["topics"] is look.facts["messages"] is None
    assert checks(look, Mark.UNCHECKED)["topics"].startswith("no summary: topics would need")


@pytest.mark.parametrize("name", [name for name in named("bag/") if "empty_file" not in name])
async def test_a_ros_bag_tells_what_rosbags_tells(name: str) -> None:
    look, truth = await told(name, 2, 132_000)

    assert look.kind == "bag"
    assert look.facts["topics"] == topics(truth)
    assert look.facts["messages"] == truth["messages"]
    assert look.facts["duration_s"] == pytest.approx(truth["duration_s"], abs=SLACK)


@pytest.mark.parametrize("name", named("db3/"))
async def test_a_database_says_that_it_is_not_read(name: str) -> None:
    look, _ = await told(name, 2, 132_000)

    assert look.kind == "db3"
    assert checks(look, Mark.UNCHECKED)["topics"].startswith("SQLite")


PARQUET = named("parquet/", "lerobot_v21_g1/data")


@pytest.mark.parametrize("name", PARQUET)
async def test_a_parquet_file_tells_what_pyarrow_tells(name: str) -> None:
    look, truth = await told(name, 2, 132_000)

    assert look.kind == "parquet"
    assert look.facts["rows"] == truth["rows"]
    assert look.facts["row_groups"] == truth["row_groups"]
    assert list(look.facts["columns"]) == truth["columns"]
    assert len(look.facts["recorded"]) == truth["leaf_columns"]
    assert look.facts["created_by"] == truth["created_by"]
    values = look.facts["values"]
    if "nan" in truth:
        assert {name: each["nan"] for name, each in values.items() if each["nan"]} == truth["nan"]
        assert {name: each["nulls"] for name, each in values.items() if each["nulls"]} == truth[
            "null"
        ] or "checksum" in name
    assert ("values" in checks(look, Mark.ODD)) == ("error" in truth or "checksum" in name)


async def test_an_episode_s_time_is_judged_by_its_values() -> None:
    look, truth = await told("lerobot_v21_g1/data/chunk-000/episode_000029.parquet", 2, 132_000)

    clock = look.facts["values"]["timestamp"]
    assert clock["step"] == pytest.approx(truth["timestamp_step_median_s"], abs=1e-7)
    assert clock["longest_step"] == pytest.approx(truth["timestamp_step_max_s"], abs=1e-7)
    assert clock["back"] == truth["timestamp_goes_back"] == 0
    assert {"nan", "order", "gaps"} <= checks(look, Mark.OK).keys()
    assert len(look.facts["values"]) == 26 + 26 + 5


async def test_a_recorded_nan_is_told() -> None:
    look, _ = await told("parquet/pt_nan_in_stats.parquet", 2, 132_000)

    assert checks(look, Mark.ODD)["recorded"] == "recorded min or max is NaN: x"
    assert checks(look, Mark.ODD)["nan"] == "1 value NaN or infinite: x"


@pytest.mark.parametrize("name", named("hdf5/"))
async def test_an_hdf5_file_tells_what_h5dump_tells(name: str) -> None:
    look, truth = await told(name, 3, 256_000)

    assert look.kind == "hdf5"
    datasets = look.facts["datasets"]
    shown = [f"{path} {{{', '.join(map(str, each['shape']))}}}" for path, each in datasets.items()]
    assert len(datasets) == truth["datasets"]
    assert sorted(shown)[:6] == truth["first_datasets"]
    assert look.facts["groups"] == truth["groups"]


@pytest.mark.parametrize("name", named("npz/"))
async def test_an_npz_tells_what_numpy_tells(name: str) -> None:
    look, truth = await told(name, 2, 132_000)

    assert look.kind == "npz"
    assert look.facts["arrays"] == {
        name: {"dtype": dtype, "shape": shape} for name, (dtype, shape) in truth["arrays"].items()
    }


@pytest.mark.parametrize("name", [name for name in named("image/") if "heapbof" not in name])
async def test_a_picture_tells_what_pillow_tells(name: str) -> None:
    look, truth = await told(name, 2, 132_000)

    facts = look.facts
    assert look.kind == "image"
    assert (facts["format"], [facts["width"], facts["height"]], facts["frames"]) == (
        truth["format"],
        truth["size"],
        truth["frames"],
    )
    assert ("picture" in checks(look, Mark.OK)) == truth["decodes"]


async def test_seven_bytes_are_no_picture() -> None:
    look, _ = await told("image/tc_heapbof.png", 1, 66_000)

    assert checks(look, Mark.ODD)["picture"].startswith("7 bytes, not a picture")


@pytest.mark.parametrize("name", named("table/"))
async def test_a_table_tells_what_the_csv_module_tells(name: str) -> None:
    data, _ = real(name)
    first, truth = await told(name, 2, 132_000)
    further = await looked_further(data)

    assert first.kind == "csv"
    assert list(first.facts["columns"])[:6] == truth["header"]
    assert len(first.facts["columns"]) == truth["columns"]
    assert first.facts["rows"] == (truth["rows"] if len(data) <= 131_072 else None)
    assert further.facts["rows"] == truth["rows"]
    assert "order" in checks(further, Mark.OK)


async def test_a_table_s_jitter_is_told() -> None:
    data, _ = real("table/pj_fake_joints.csv")

    odd = checks(await looked_further(data), Mark.ODD)

    assert odd["gaps"] == "4 in %time, longest 4,591,251 at row 465, usual 999,024"


@pytest.mark.parametrize("name", named("lerobot_v21_g1/meta"))
async def test_the_texts_of_a_dataset_tell_their_keys(name: str) -> None:
    look, truth = await told(name, 2, 132_000)

    keys = look.facts["columns" if look.kind == "jsonl" else "keys"]
    assert set(truth.get("keys", [])) <= set(keys)
    assert not checks(look, Mark.ODD)
