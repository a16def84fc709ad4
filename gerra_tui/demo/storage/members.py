"""The members of an archive: tables, JSON and pictures in the layouts that robots are recorded in.

Episodes follow the layout of LeRobot v2.1 (`meta/info.json`, `meta/episodes.jsonl`,
`meta/tasks.jsonl`, data by chunk and episode), with CSV in the place of Parquet and PNG frames in
the place of video.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import sin
from random import Random
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.demo.storage.pictures import Scene

Member = tuple[str, bytes]

_FRAME_SIZE = (160, 120)
_STORED_SUFFIXES = (".png", ".gif")
_PICTURES_FROM = 400_000  # bytes declared: smaller archives hold text alone
_MOST_ROWS = 1_500


@dataclass(frozen=True, slots=True)
class Subject:
    """What an archive is made from; `declared` is its size in bytes, `created` an ISO date."""

    name: str
    data_type: str
    created: str
    declared: int | None
    metadata: dict[str, Any]
    seed: int
    scene: Scene
    hostile: bool

    @property
    def has_pictures(self) -> bool:
        return self.declared is None or self.declared >= _PICTURES_FROM

    @property
    def rows(self) -> int:
        """How many rows a table has: few where little is declared."""
        if self.declared is None:
            return _MOST_ROWS
        return max(20, min(_MOST_ROWS, self.declared // 300))


def members_of(subject: Subject) -> tuple[list[ZipInfo], list[bytes]]:
    """Pictures are stored, which can be read in parts; everything else is deflated."""
    if subject.data_type == "episode":
        members = list(_episode(subject))
    elif subject.data_type == "telemetry":
        members = list(_telemetry(subject))
    else:
        members = list(_synthetic(subject))
    if subject.hostile:
        members += _hostile()
    infos = []
    for name, _ in members:
        info = ZipInfo(name, _stamp(subject.created))
        info.compress_type = ZIP_STORED if name.endswith(_STORED_SUFFIXES) else ZIP_DEFLATED
        infos.append(info)
    return infos, [content for _, content in members]


def _episode(subject: Subject) -> Iterator[Member]:
    random = Random(subject.seed)
    metadata = subject.metadata
    fps = metadata.get("fps") or 30
    joints = [f"joint_{number}" for number in range(6)]
    frames = subject.rows
    feature = {"dtype": "float32", "shape": [len(joints)], "names": joints}
    info = {
        "codebase_version": "v2.1",
        "robot_type": metadata.get("robot_type"),
        "total_episodes": 1,
        "total_frames": frames,
        "total_tasks": 1,
        "chunks_size": 1000,
        "fps": 29.97 if random.random() < 0.05 else fps,
        "splits": {"train": "0:1"},
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.csv",
        "features": {
            "observation.state": feature,
            "action": feature,
            "timestamp": {"dtype": "float32", "shape": [1], "names": None},
        },
    }
    task = str(metadata.get("task"))
    episode = {"episode_index": 0, "tasks": [task], "length": frames}
    yield "README.md", f"# {subject.name}\n\nRecorded for {task}.\n".encode()
    yield "meta/info.json", _json(info, indent=4)
    yield "meta/tasks.jsonl", _json({"task_index": 0, "task": task}) + b"\n"
    yield "meta/episodes.jsonl", _json(episode) + b"\n"
    yield "data/chunk-000/episode_000000.csv", _motion(random, joints, frames, float(fps))
    if subject.has_pictures:
        for index in range(6):
            frame = subject.scene.png(_FRAME_SIZE, index / 5)
            yield f"images/front/episode_000000/frame_{index * frames // 6:06}.png", frame
        yield "preview.gif", subject.scene.gif(_FRAME_SIZE)


def _synthetic(subject: Subject) -> Iterator[Member]:
    random = Random(subject.seed)
    scene = subject.metadata.get("scene")
    yield "prompt.txt", f"{subject.name}\n".encode()
    yield "generation.json", _json({**subject.metadata, "scene": scene}, indent=2)
    rows = ["frame,x,y,z,qw,qx,qy,qz"]
    for frame in range(min(240, subject.rows)):
        place = [f"{sin(frame / 40 + axis) + random.gauss(0, 0.002):.5f}" for axis in range(7)]
        rows.append(",".join([str(frame), *place]))
    yield "camera_poses.csv", _lines(rows)
    if subject.has_pictures:
        for index in range(8):
            yield f"frames/frame_{index * 30:04}.png", subject.scene.png(_FRAME_SIZE, index / 7)
        yield "pose_frame.png", subject.scene.pose(_FRAME_SIZE)
        yield "preview.gif", subject.scene.gif(_FRAME_SIZE)


def _telemetry(subject: Subject) -> Iterator[Member]:
    random = Random(subject.seed)
    metadata = subject.metadata
    rate = float(metadata.get("sample_rate_hz") or 100)
    channels = [str(name) for name in metadata.get("channels") or ["value.x"]]
    fault = random.choice(("none", "none", "none", "stuck", "clipped", "nan", "gaps"))
    description = {"rate_hz": rate, "channels": channels, "unit": metadata.get("unit")}
    yield "channels.json", _json(description, indent=2)
    rows = [",".join(["t", *channels])]
    time = 0.0
    for number in range(subject.rows):
        time += 1 / rate
        if fault == "gaps" and random.random() < 0.01:
            time += random.uniform(0.1, 0.9)
        values = [
            sin(number / 50 + axis) * 10 + random.gauss(0, 0.2) for axis in range(len(channels))
        ]
        if fault == "stuck":
            values[-1] = -0.002
        if fault == "clipped":
            values[0] = max(-6.5, min(6.5, values[0]))
        if fault == "nan" and number % 97 < 3:
            values[0] = float("nan")
        rows.append(",".join([f"{time:.6f}", *(f"{value:.4f}" for value in values)]))
    yield "telemetry.csv", _lines(rows)
    events = [
        {"t": round(time * share / 5, 3), "event": event}
        for share, event in enumerate(("start", "homed", "contact", "released", "stop"))
    ]
    yield "events.jsonl", b"".join(_json(event) + b"\n" for event in events)
    if subject.has_pictures:
        yield "overview.png", subject.scene.png(_FRAME_SIZE, 0.3)


def _hostile() -> list[Member]:
    """Names that leave the folder or harm a terminal, and a member that inflates a thousandfold."""
    return [
        ("../../../../tmp/escaped.txt", b"outside\n"),
        ("/etc/cron.d/gerra", b"* * * * * root true\n"),
        ("\x1b]0;title\x07\x1b[2Jname.txt", b"\x1b[31mred\x1b[0m\n"),
        ("\u202egnp.exe", b"MZ"),
        ("long/" + "name" * 200 + ".json", b'{"unclosed": ['),
        ("bomb.csv", b"0,0,0,0\n" * 1_000_000),
    ]


def _motion(random: Random, joints: list[str], frames: int, fps: float) -> bytes:
    """States and actions by frame; at times frames are missing, or nothing moves at the end."""
    gaps = random.random() < 0.25
    idle_from = frames * (0.7 if random.random() < 0.3 else 1.0)
    columns = [f"{kind}.{joint}" for kind in ("state", "action") for joint in joints]
    rows = [",".join(["timestamp", "frame_index", *columns])]
    for frame in range(frames):
        if gaps and frame % 211 in {50, 51, 52, 53}:
            continue
        moving = min(frame, idle_from) / fps
        action = [sin(moving * (1 + axis / 5) + axis) for axis in range(len(joints))]
        state = [value + random.gauss(0, 0.003) for value in action]
        values = (f"{value:.4f}" for value in (*state, *action))
        rows.append(",".join([f"{frame / fps:.4f}", str(frame), *values]))
    return _lines(rows)


def _lines(rows: list[str]) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def _json(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def _stamp(created: str) -> tuple[int, int, int, int, int, int]:
    year, month, day = (int(part) for part in created[:10].split("-"))
    return year, month, day, int(created[11:13]), int(created[14:16]), 0
