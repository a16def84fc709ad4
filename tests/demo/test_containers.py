"""Every container that the demo serves, opened by the library of its own field."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import av
import h5py
import pyarrow.parquet as pq
import pytest
import zstandard
from mcap.reader import make_reader
from PIL import Image

from gerra_tui.demo.storage import making
from gerra_tui.demo.storage.pictures import Scene
from gerra_tui.demo.storage.recording import Recording

if TYPE_CHECKING:
    from gerra_tui.demo.storage.sparse import Sparse

SCENE = Scene(5, pov=True)
EPISODES = Recording(
    seed=5, name="cups", task="stack cups", robot="so101_follower", joints=6, fps=30.0,
    lengths=(300, 240, 330), cameras={"front": (640, 480), "wrist": (320, 240)},
)  # fmt: skip
RIG = Recording(
    seed=5, name="rig", robot="ur5e", channels=("imu.x", "imu.y"), rate=100, seconds=12,
    cameras={"": (1280, 720)},
)  # fmt: skip
FILM = Recording(seed=5, name="film", fps=24.0, lengths=(240,), cameras={"": (1280, 720)})
LENGTHS = (600_000, 600_001, 777_777)
GIGABYTES = 20_000_000_000


def made(container: str, recording: Recording, length: int) -> Sparse:
    members = making.members(container, recording, {}, SCENE, length)
    if members is None:
        return making.file(container, recording, SCENE, length)
    return making.packed(container, members, length)


def opened(container: str, recording: Recording, length: int) -> io.BytesIO:
    file = made(container, recording, length)
    content = b"".join(file.chunks(0, file.length))
    assert len(content) == length
    return io.BytesIO(content)


lengths = pytest.mark.parametrize("length", LENGTHS)


@lengths
@pytest.mark.parametrize("version", ["v2.1", "v3.0"])
def test_a_lerobot_dataset_holds_what_its_info_says(version: str, length: int) -> None:
    file = opened("lerobot", replace(EPISODES, version=version), length)
    archive = zipfile.ZipFile(file)
    assert archive.testzip() is None
    info = json.loads(archive.read("meta/info.json"))
    assert (info["codebase_version"], info["total_frames"]) == (version, 870)
    names = [name for name in archive.namelist() if name.startswith("data/")]
    tables = [pq.read_table(io.BytesIO(archive.read(name))) for name in names]
    assert sum(table.num_rows for table in tables) == 870
    assert tables[-1]["episode_index"][-1].as_py() == 2
    assert len(tables[0]["action"][7].as_py()) == 6
    assert tables[0]["index"].to_pylist()[:300] == [*range(300)]
    films = [name for name in archive.namelist() if name.endswith(".mp4")]
    frames = [frames_of(archive.read(name)) for name in films]
    assert sum(frames) == 2 * 870
    stored = {one.filename: one.compress_type for one in archive.infolist()}
    assert stored[films[0]] == zipfile.ZIP_STORED
    assert stored["meta/info.json"] == zipfile.ZIP_DEFLATED


def frames_of(film: bytes) -> int:
    with av.open(io.BytesIO(film)) as container:
        return container.streams.video[0].frames


@lengths
@pytest.mark.parametrize("index_first", [False, True])
def test_a_video_has_its_index_at_either_end(length: int, index_first: bool) -> None:
    file = opened("mp4", replace(FILM, index_first=index_first), length)
    with av.open(file, "r") as container:
        video = container.streams.video[0]
        size = (video.codec_context.width, video.codec_context.height)
        assert (video.frames, size) == (240, (1280, 720))
        assert video.average_rate == 24
        packets = [packet for packet in container.demux(video) if packet.size]
        assert len(packets) == 240
        assert sum(packet.size for packet in packets[::48]) < 60_000  # pictures, and no more
    content = file.getvalue()
    assert (content.index(b"moov") < content.index(b"mdat")) == index_first


@lengths
def test_an_mcap_is_read_to_its_last_message(length: int) -> None:
    reader = make_reader(opened("mcap", RIG, length))
    summary = reader.get_summary()
    assert summary is not None
    assert summary.statistics is not None
    assert {one.topic for one in summary.channels.values()} == {"/imu/x", "/imu/y"}
    times = [message.log_time for _, _, message in reader.iter_messages()]
    assert len(times) == summary.statistics.message_count > 1_000
    assert times == sorted(times)
    assert (times[-1] - times[0]) / 1e9 == pytest.approx(12, rel=0.01)


@lengths
def test_tables_are_read_row_by_row(length: int) -> None:
    text = opened("csv", RIG, length).getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert set(rows[0]) == {"t", "imu.x", "imu.y"}
    assert float(rows[-1]["t"]) - float(rows[0]["t"]) == pytest.approx(12)
    lines = opened("jsonl", RIG, length).getvalue().decode().splitlines()
    assert set(json.loads(lines[-1])) == {"t", "imu.x", "imu.y"}
    document = json.loads(opened("json", RIG, length).getvalue())
    assert len(document["samples"][-1]) == 1 + len(document["channels"])
    assert b"INFO rig imu.x=" in opened("log", RIG, length).getvalue().splitlines()[-1]


@lengths
def test_arrays_and_trees_are_read_by_their_libraries(length: int) -> None:
    table = pq.read_table(opened("parquet", RIG, length))
    assert (table.column_names, table.num_rows) == (["t", "imu.x", "imu.y"], 1_200)
    assert table["t"][1_199].as_py() - table["t"][0].as_py() == pytest.approx(12)
    with h5py.File(opened("hdf5", EPISODES, length)) as tree:
        assert tree["observations/qpos"].shape == (870, 6)
        assert tree["observations/images/front"].dtype == "uint8"
        assert len(set(tree["action"][:20, 0])) > 10
    with h5py.File(opened("hdf5", RIG, length)) as tree:
        assert tree["imu/x"].shape == tree["time"].shape
    arrays = zipfile.ZipFile(opened("npz", EPISODES, length))
    assert arrays.namelist() == ["action.npy", "state.npy", "frames.npy"]
    assert b"'shape': (870, 6)" in arrays.read("action.npy")[:128]


@lengths
def test_archives_without_a_directory_are_unpacked(length: int) -> None:
    packed = opened("tar.zst", EPISODES, length)
    unpacked = io.BytesIO(zstandard.ZstdDecompressor().stream_reader(packed).read())
    for file in (opened("tar", EPISODES, length), opened("tar.gz", EPISODES, length), unpacked):
        with tarfile.open(fileobj=file) as archive:
            names = archive.getnames()
            member = archive.extractfile("meta/info.json")
            assert member is not None
            assert json.load(member)["total_episodes"] == 3
        assert len(names) == 5 + 3 + 2 * 3


@lengths
def test_pictures_are_shown(length: int) -> None:
    for container in ("png", "jpg", "gif"):
        with Image.open(opened(container, FILM, length)) as picture:
            picture.load()
            assert picture.format == {"jpg": "JPEG"}.get(container, container.upper())


def test_seventy_thousand_members_are_listed() -> None:
    with zipfile.ZipFile(opened("members", EPISODES, 60_000_000)) as archive:
        assert len(archive.namelist()) == making.MANY + 1
        with archive.open(archive.namelist()[54_321]) as member:
            assert Image.open(member).size == (32, 24)


@pytest.mark.parametrize(
    ("container", "recording"),
    [
        *((name, EPISODES) for name in ("lerobot", "tar", "tar.gz", "tar.zst", "hdf5", "npz")),
        *((name, FILM) for name in ("mp4", "film")),
        *((name, RIG) for name in ("csv", "jsonl", "json", "log", "parquet", "npz", "capture")),
        ("members", EPISODES),
    ],
)
def test_tens_of_gigabytes_are_as_long_as_declared(container: str, recording: Recording) -> None:
    file = made(container, recording, GIGABYTES)
    assert file.length == GIGABYTES
    assert len(file.read(GIGABYTES - 65_536, GIGABYTES)) == 65_536
    assert len(file.read(10_000_000_000, 10_000_065_536)) == 65_536


@pytest.mark.parametrize("container", ["mcap", "bag"])
def test_recordings_of_gigabytes_are_as_long_as_declared(container: str) -> None:
    file = made(container, replace(RIG, seconds=7_200, rate=1_000), 3_000_000_000)
    assert file.length == 3_000_000_000
