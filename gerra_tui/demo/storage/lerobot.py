"""A LeRobot dataset as the members of an archive, version 2.1 or 3.0 (lerobot, datasets/utils.py).

What says what is in it comes first, so that it is read in one go; data and videos follow.
"""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.storage.containers import mp4, parquet
from gerra_tui.demo.storage.member import Member
from gerra_tui.demo.storage.sparse import Sparse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gerra_tui.demo.storage.recording import Recording

_CHUNK = 1_000  # episodes or files a chunk
_WAVE = 256  # values that a joint takes, over and over
_RUN = 63  # of the values, which a table repeats at little cost


def members(recording: Recording, length: int) -> list[Member]:
    """All files of the dataset; the videos take what is left of the archive's length.

    Where that is little, the tables are packed.
    """
    readme = f"# {recording.name}\n\nRecorded for {recording.task}.\n"
    told = [
        _text("README.md", readme),
        _text("meta/info.json", json.dumps(info(recording), indent=4)),
    ]
    third = recording.version == "v3.0"
    made = [*told, *(_third if third else _second)(recording)]
    tables = sum(member.content.length for member in made if member.content)
    if tables + recording.frames * len(recording.cameras) < length // 3:
        return made
    return [replace(one, packed=True) if one.name.startswith("data/") else one for one in made]


def camera_key(name: str) -> str:
    return f"observation.images.{name}"


def info(recording: Recording) -> dict[str, Any]:
    third = recording.version == "v3.0"
    vector = {"dtype": "float32", "shape": [recording.joints], "names": None}
    number = {"dtype": "int64", "shape": [1], "names": None}
    features: dict[str, Any] = {"action": vector, "observation.state": vector}
    for name, (width, height) in recording.cameras.items():
        features[camera_key(name)] = {
            "dtype": "video",
            "shape": [height, width, 3],
            "names": ["height", "width", "channels"],
            "info": {"video.fps": recording.fps, "video.codec": recording.codecs.get(name, "av1")},
        }
    features |= {"timestamp": {"dtype": "float32", "shape": [1], "names": None},
                 "index": number, "episode_index": number}  # fmt: skip
    episodes = len(recording.lengths)
    told: dict[str, Any] = {
        "codebase_version": recording.version,
        "robot_type": recording.robot,
        "total_episodes": episodes,
        "total_frames": recording.frames,
        "total_tasks": 1,
        "chunks_size": _CHUNK,
        "fps": recording.fps,
        "splits": {"train": f"0:{episodes}"},
    }
    if third:
        told["data_path"] = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
        told["video_path"] = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
    else:
        told["total_videos"] = episodes * len(recording.cameras)
        told["total_chunks"] = -(-episodes // _CHUNK)
        told["data_path"] = "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"
        told["video_path"] = (
            "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"
        )
    return told | {"features": features}


def _second(recording: Recording) -> Iterator[Member]:
    task = {"task_index": 0, "task": recording.task}
    yield _text("meta/tasks.jsonl", json.dumps(task) + "\n")
    yield _lines(
        "meta/episodes.jsonl",
        (
            {"episode_index": index, "tasks": [recording.task], "length": length}
            for index, length in enumerate(recording.lengths)
        ),
    )
    yield _lines(
        "meta/episodes_stats.jsonl",
        (
            {"episode_index": index, "stats": statistics(recording, length)}
            for index, length in enumerate(recording.lengths)
        ),
    )
    for index, length in enumerate(recording.lengths):
        table = _table(recording, [length], first=index)
        yield Member(f"data/chunk-000/episode_{index:06}.parquet", table)
    for number, name in enumerate(recording.cameras):
        for index, length in enumerate(recording.lengths):
            path = f"videos/chunk-000/{camera_key(name)}/episode_{index:06}.mp4"
            lost = len(recording.lost) if (number, index) == (0, 0) else 0
            yield _video(recording, name, path, length - lost)


def _third(recording: Recording) -> Iterator[Member]:
    yield Member("meta/tasks.parquet", parquet.file([(1, [
        parquet.plain("task_index", parquet.INT64, [0]),
        parquet.texts("task", [recording.task]),
    ])]))  # fmt: skip
    yield _text("meta/stats.json", json.dumps(statistics(recording, recording.frames)))
    yield Member("meta/episodes/chunk-000/file-000.parquet", _episodes(recording))
    table = _table(recording, recording.lengths)
    yield Member("data/chunk-000/file-000.parquet", table)
    for name in recording.cameras:
        path = f"videos/{camera_key(name)}/chunk-000/file-000.mp4"
        yield _video(recording, name, path, recording.frames)


def statistics(recording: Recording, frames: int) -> dict[str, Any]:
    """Recorded statistics of one episode, or of all: of the joints, and of each camera."""
    wave = recording.wave(_WAVE)
    joints = {
        "min": [min(wave)] * recording.joints,
        "max": [max(wave)] * recording.joints,
        "mean": [round(sum(wave) / _WAVE, 6)] * recording.joints,
        "std": [0.7] * recording.joints,
        "count": [frames],
    }
    told: dict[str, Any] = {"action": joints, "observation.state": joints}
    for name in recording.cameras:
        told[camera_key(name)] = {
            part: [[[value]]] * 3
            for part, value in (("min", 0.0), ("max", 1.0), ("mean", 0.46), ("std", 0.21))
        }
    return told


def _table(recording: Recording, lengths: Sequence[int], first: int = 0) -> Sparse:
    """States and actions of some episodes, a row a frame."""
    rows, wave = sum(lengths), recording.wave(_WAVE)
    later = wave[5:] + wave[:5]
    clock = _clock(recording.fps, max(recording.lengths))
    last = (max(lengths) - 1) / recording.fps
    times = b"".join(clock[: 4 * length] for length in lengths)
    return parquet.file([(rows, [
        parquet.held("observation.state", later, rows, recording.joints, _RUN),
        parquet.held("action", wave, rows, recording.joints, _RUN),
        parquet.Column("timestamp", parquet.FLOAT, Sparse(times), 0, last),
        parquet.counted("index", rows),
        parquet.repeated("episode_index", [*enumerate(lengths, first)]),
    ])])  # fmt: skip


@lru_cache(4)
def _clock(fps: float, frames: int) -> bytes:
    return struct.pack(f"<{frames}f", *(frame / fps for frame in range(frames)))


def _episodes(recording: Recording) -> Sparse:
    lengths, number = recording.lengths, len(recording.lengths)
    stops = [*accumulate(lengths)]
    starts = [stop - length for stop, length in zip(stops, lengths, strict=True)]
    whole: dict[str, Sequence[int]] = {
        "episode_index": range(number),
        "length": lengths,
        "dataset_from_index": starts,
        "dataset_to_index": stops,
        "data/chunk_index": [0] * number,
        "data/file_index": [0] * number,
    }
    columns = [parquet.plain(name, parquet.INT64, values) for name, values in whole.items()]
    for name in recording.cameras:
        prefix = f"videos/{camera_key(name)}"
        columns += [
            parquet.plain(f"{prefix}/{part}", parquet.INT64, [0] * number)
            for part in ("chunk_index", "file_index")
        ]
        columns += [
            parquet.plain(f"{prefix}/{part}", parquet.DOUBLE, [at / recording.fps for at in places])
            for part, places in (("from_timestamp", starts), ("to_timestamp", stops))
        ]
    return parquet.file([(number, columns)])


def _video(recording: Recording, camera: str, path: str, frames: int) -> Member:
    width, height = recording.cameras[camera]
    video = mp4.Video(width, height, recording.fps, frames, recording.codecs.get(camera, "av1"))
    return Member(path, share=frames, fill=lambda length: mp4.file(video, length))


def _text(name: str, text: str) -> Member:
    return Member(name, Sparse(text.encode()), packed=True)


def _lines(name: str, rows: Iterator[dict[str, Any]]) -> Member:
    return _text(name, "".join(f"{json.dumps(row)}\n" for row in rows))
