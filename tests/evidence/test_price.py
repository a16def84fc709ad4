"""What a first look costs, counted at the storage, for files made by their formats' own writers."""

from __future__ import annotations

import io
import json
import random
import tarfile
import zipfile
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import av
import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mcap.writer import Writer
from PIL import Image

from gerra_tui.domain.evidence import Mark
from gerra_tui.evidence.first_look import Looking
from gerra_tui.evidence.link import Link
from gerra_tui.evidence.storage import Storage
from tests.evidence.range_server import RangeServer, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.domain.evidence import Look

NOISE = random.Random(7)


def noise(length: int) -> bytes:
    return b"\x00\xff" + NOISE.randbytes(length - 2)


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return file.getvalue()


def lerobot(episodes: int) -> bytes:
    camera = "observation.images.cam_high"
    info = {
        "codebase_version": "v2.1",
        "robot_type": "so101",
        "total_episodes": episodes,
        "total_frames": 30 * episodes,
        "total_tasks": 1,
        "total_videos": episodes,
        "total_chunks": -(-episodes // 1000),
        "chunks_size": 1000,
        "fps": 30,
        "splits": {"train": f"0:{episodes}"},
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": (
            "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"
        ),
        "features": {
            "action": {"dtype": "float32", "shape": [6], "names": None},
            camera: {"dtype": "video", "shape": [480, 640, 3], "names": ["h", "w", "c"]},
        },
    }
    lines = [{"episode_index": n, "tasks": ["stack cups"], "length": 30} for n in range(episodes)]
    members = {
        "meta/info.json": json.dumps(info, indent=4).encode(),
        "meta/tasks.jsonl": b'{"task_index": 0, "task": "stack cups"}\n',
        "meta/episodes.jsonl": "".join(f"{json.dumps(line)}\n" for line in lines).encode(),
        "meta/episodes_stats.jsonl": b'{"episode_index": 0, "stats": {}}\n' * episodes,
    }
    for number in range(episodes):
        chunk = f"chunk-{number // 1000:03}"
        members[f"data/{chunk}/episode_{number:06}.parquet"] = bytes(1_200)
        members[f"videos/{chunk}/{camera}/episode_{number:06}.mp4"] = bytes(3_000)
    return zipped(members)


def tarred(packing: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        for number in range(40):
            member = tarfile.TarInfo(f"data/{number}.bin")
            member.size = 20_000
            archive.addfile(member, io.BytesIO(noise(20_000)))
    return file.getvalue()


def video(**options: str) -> bytes:
    with TemporaryDirectory() as directory:
        file = Path(directory) / "a.mp4"
        with av.open(file, "w", format="mp4", options=options) as container:
            stream = container.add_stream("mpeg4", rate=Fraction(30))
            stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
            stream.bit_rate = 4_000_000
            for number in range(90):
                pixels = np.frombuffer(NOISE.randbytes(120 * 160 * 3), np.uint8)
                frame = av.VideoFrame.from_ndarray(pixels.reshape(120, 160, 3), format="rgb24")
                frame.pts = number
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return file.read_bytes()


def recording(chunks: int) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, chunk_size=1_000)
    writer.start()
    schema = writer.register_schema("sensor_msgs/msg/JointState", "ros2msg", b"float64[] position")
    channel = writer.register_channel("/joint_states", "cdr", schema)
    for number in range(chunks):
        moment = 1_700_000_000_000_000_000 + number * 10_000_000
        writer.add_message(channel, moment, bytes(1_100), moment)
    writer.finish()  # type: ignore[no-untyped-call]
    return file.getvalue()


def parquet(rows: int) -> bytes:
    file = io.BytesIO()
    table = pa.table({f"joint_{n}": np.random.default_rng(n).random(rows) for n in range(12)})
    pq.write_table(table, file, row_group_size=2_000)
    return file.getvalue()


def arrays() -> bytes:
    file = io.BytesIO()
    np.savez(file, state=np.random.default_rng(1).random((9_000, 14)), action=np.zeros((9, 7)))
    return file.getvalue()


def tree() -> bytes:
    file = io.BytesIO()
    with h5py.File(file, "w") as root:
        for number in range(40):
            root[f"data/demo_{number}/actions"] = np.random.default_rng(number).random((400, 7))
    return file.getvalue()


def picture() -> bytes:
    file = io.BytesIO()
    Image.frombytes("RGB", (400, 300), NOISE.randbytes(400 * 300 * 3)).save(file, "PNG")
    return file.getvalue()


TABLE = "t,x,y\n" + "".join(f"{n / 100},{n % 7},{n % 13}\n" for n in range(40_000))
LINES = "".join(f'{{"t": {n}, "x": {n % 7}}}\n' for n in range(20_000))

PRICES: dict[str, tuple[Callable[[], bytes], int, int, str]] = {
    "anything": (lambda: noise(500_000), 2, 132_000, "unknown"),
    "zip with LeRobot, 200 members": (lambda: lerobot(98), 3, 80_000, "zip"),
    "zip, 10,000 members": (lambda: lerobot(4_998), 3, 1_250_000, "zip"),
    "MP4, index behind": (video, 2, 132_000, "mp4"),
    "MP4, index in front": (lambda: video(movflags="faststart"), 2, 132_000, "mp4"),
    "MP4, fragmented": (lambda: video(movflags="frag_keyframe+empty_moov"), 2, 132_000, "mp4"),
    "MCAP, 20 chunks": (lambda: recording(20), 2, 192_000, "mcap"),
    "MCAP, 5,600 chunks": (lambda: recording(5_600), 2, 192_000, "mcap"),
    "Parquet": (lambda: parquet(40_000), 2, 160_000, "parquet"),
    "Parquet of an episode": (lambda: parquet(900), 2, 132_000, "parquet"),
    "HDF5": (tree, 3, 256_000, "hdf5"),
    "NPZ": (arrays, 2, 132_000, "npz"),
    "picture": (picture, 2, 132_000, "image"),
    "CSV": (TABLE.encode, 2, 132_000, "csv"),
    "JSON lines": (LINES.encode, 2, 132_000, "jsonl"),
    "JSON": (lambda: json.dumps({"a": list(range(90_000))}).encode(), 2, 132_000, "json"),
    "text": (lambda: b"It went as it should.\n" * 20_000, 2, 132_000, "text"),
    "tar": (lambda: tarred(""), 2, 132_000, "tar"),
    "tar.gz": (lambda: tarred("gz"), 2, 132_000, "tar"),
}


async def looked(data: bytes) -> tuple[Look, RangeServer]:
    storage = Storage()
    async with serving(RangeServer(data)) as server:
        look = await Looking(Link(storage, server.url, declared=len(data))).first()
        await storage.aclose()
    return look, server


@pytest.mark.parametrize("name", PRICES)
async def test_a_first_look_keeps_to_its_price(name: str) -> None:
    make, requests, received, kind = PRICES[name]
    look, server = await looked(make())

    assert look.error is None
    assert look.kind == kind
    assert look.facts["size"] == len(server.data)
    assert len(server.requests) == look.cost.requests <= requests
    assert server.sent == look.cost.bytes <= received
    assert [check for check in look.checks if check.mark is Mark.ODD] == []


async def test_a_lerobot_dataset_in_a_zip_tells_what_it_is() -> None:
    look, _ = await looked(lerobot(98))

    facts: dict[str, Any] = look.facts["lerobot"]
    assert {name: facts[name] for name in ("version", "robot", "episodes", "frames", "tasks")} == {
        "version": "v2.1", "robot": "so101", "episodes": 98, "frames": 2_940, "tasks": 1,
    }  # fmt: skip
    assert facts["fps"] == 30
    assert facts["cameras"] == ["observation.images.cam_high"]
