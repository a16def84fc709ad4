"""From a recording to a file: every container that robots' data comes in."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.demo.storage import lerobot
from gerra_tui.demo.storage.containers import (
    bag,
    hdf5,
    mcap,
    mp4,
    npz,
    parquet,
    pictures,
    tar,
    texts,
)
from gerra_tui.demo.storage.containers import zip as zip_file
from gerra_tui.demo.storage.member import Member
from gerra_tui.demo.storage.sparse import Made, Run, Sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gerra_tui.demo.storage.pictures import Scene
    from gerra_tui.demo.storage.recording import Recording

MANY: Final = 70_000  # members: more than a zip can count without its zip64 fields
_FRAME: Final = (160, 120)
_GROUP: Final = 1_000_000  # rows of a Parquet row group
_TABLES: Final = 4  # of an array file, tables take one part in so many
_WAVE: Final = 512
_FEW: Final = 500  # messages

Told = dict[str, Any]


def members(container: str, recording: Recording, told: Told, scene: Scene,
            length: int) -> list[Member] | None:  # fmt: skip
    """The members of an archive; None for a container that is none, or none of few members."""
    if container in {"lerobot", "tar", "tar.gz", "tar.zst"}:
        return lerobot.members(recording, length)
    if container == "film":
        return _film(recording, told, scene)
    if container == "capture":
        return _capture(recording, told)
    return None


def packed(container: str, held: Sequence[Member], length: int) -> Sparse:
    """An archive of exactly so many bytes, if its members leave room."""
    make = {"tar": tar.plain, "tar.gz": tar.gzip, "tar.zst": tar.zstd}.get(container)
    return (make or zip_file.archive)(held, length)


def file(container: str, recording: Recording, scene: Scene, length: int) -> Sparse:
    """A file of exactly so many bytes, if what it must hold leaves room."""
    return _FILES[container](recording, scene, length)


def film(recording: Recording, length: int) -> Sparse:
    ((width, height),) = recording.cameras.values()
    video = mp4.Video(
        width, height, recording.fps, recording.frames, "h264", recording.lost,
        note=b"%d" % recording.seed,
    )  # fmt: skip
    return mp4.file(video, length, index_first=recording.index_first)


def _film(recording: Recording, told: Told, scene: Scene) -> list[Member]:
    wave = recording.wave(_WAVE)
    rows = ["frame,x,y,z"]
    rows += [
        f"{frame},{wave[frame]:.5f},{wave[frame - 40]:.5f},{wave[frame - 90]:.5f}"
        for frame in range(min(_WAVE, recording.frames))
    ]
    return [
        Member("prompt.txt", Sparse(f"{recording.name}\n".encode()), packed=True),
        Member("generation.json", _json(told), packed=True),
        Member("camera_poses.csv", Sparse(("\n".join(rows) + "\n").encode()), packed=True),
        Member("pose_frame.png", Sparse(scene.pose(_FRAME))),
        Member("video.mp4", share=1, fill=lambda length: film(recording, length)),
    ]


def _capture(recording: Recording, told: Told) -> list[Member]:
    """Of few messages: an archive has a checksum of them all."""
    sparse = replace(recording, rate=min(recording.rate, _FEW / recording.seconds))
    return [
        Member("README.md", Sparse(f"# {recording.name}\n".encode()), packed=True),
        Member("channels.json", _json(told), packed=True),
        Member("recording.mcap", share=1, fill=lambda length: mcap.file(sparse, length)),
    ]


def _many(recording: Recording, scene: Scene, length: int) -> Sparse:
    frame = scene.png((32, 24), 0.3)
    return zip_file.many(f"frames/{recording.robot}_", frame, MANY, length)


def _hdf5(recording: Recording, _: Scene, length: int) -> Sparse:
    """An episode as ALOHA's recorder writes it, or the channels of a rig; pictures or raw data are
    half of it and more."""
    wave = recording.wave(_WAVE)
    if recording.cameras.keys() == {""}:
        rows = _rows(recording, length // _TABLES, 8 * (1 + len(recording.channels)))
        return hdf5.file([
            hdf5.Array("time", (rows,), "f8", _clock(recording, rows)),
            *(hdf5.Array(name.replace(".", "/"), (rows,), "f8", _column(wave, rows, 17 * at))
              for at, name in enumerate(recording.channels)),
            hdf5.Array("raw", (max(1, length // 2),), "u1"),
        ], length)  # fmt: skip
    frames, joints = recording.frames, recording.joints
    each = max(1, length // 2 // frames // len(recording.cameras))
    moving = _floats(wave, frames * joints)
    return hdf5.file([
        hdf5.Array("action", (frames, joints), "f4", moving),
        hdf5.Array("observations/qpos", (frames, joints), "f4", moving),
        *(hdf5.Array(f"observations/images/{name}", (frames, each), "u1")
          for name in recording.cameras),
    ], length)  # fmt: skip


def _npz(recording: Recording, _: Scene, length: int) -> Sparse:
    wave, room = recording.wave(_WAVE), length // _TABLES
    if recording.cameras.keys() == {""}:
        rows = _rows(recording, room, 8 * (1 + len(recording.channels)))
        arrays = {"t": npz.array((rows,), "<f8", _clock(recording, rows))}
        for at, name in enumerate(recording.channels):
            arrays[name] = npz.array((rows,), "<f8", _column(wave, rows, 17 * at))
        return npz.file(arrays, "raw", length)
    shape = (recording.frames, recording.joints)
    moving = _floats(wave, recording.frames * recording.joints)
    arrays = {"action": npz.array(shape, "<f4", moving), "state": npz.array(shape, "<f4", moving)}
    return npz.file(arrays, "frames", length)


def _parquet(recording: Recording, _: Scene, length: int) -> Sparse:
    wave = recording.wave(_WAVE)
    width = 8 * (1 + len(recording.channels))
    rows = _rows(recording, length - 4_096, width)
    groups = []
    for first in range(0, rows, _GROUP):
        number = min(_GROUP, rows - first)
        clock = _clock(recording, rows, first, number)
        begin, end = (_moment(recording, at, rows) for at in (first, first + number - 1))
        columns = [parquet.Column("t", parquet.DOUBLE, clock, begin, end)]
        for at, name in enumerate(recording.channels):
            values = _column(wave, number, 17 * at)
            columns.append(parquet.Column(name, parquet.DOUBLE, values, min(wave), max(wave)))
        groups.append((number, columns))
    return parquet.file(groups, length)


def _rows(recording: Recording, room: int, width: int) -> int:
    """As many samples as were taken, or as fit."""
    return max(2, min(int(recording.rate * recording.seconds), room // width))


def _clock(recording: Recording, rows: int, first: int = 0, number: int | None = None) -> Sparse:
    def made(at: int) -> bytes:
        return struct.pack("<d", _moment(recording, first + at, rows))

    return Sparse(Made(8, rows if number is None else number, made))


def _moment(recording: Recording, row: int, rows: int) -> float:
    return recording.start + recording.seconds * row / max(1, rows - 1)


def _column(wave: Sequence[float], rows: int, shift: int) -> Sparse:
    turned = [*wave[shift % len(wave) :], *wave[: shift % len(wave)]]
    block = struct.pack(f"<{len(turned)}d", *turned)
    whole, rest = divmod(rows, len(turned))
    return Sparse(Run(block, whole), block[: 8 * rest])


def _floats(wave: Sequence[float], number: int) -> Sparse:
    block = struct.pack(f"<{len(wave)}f", *wave)
    whole, rest = divmod(number, len(wave))
    return Sparse(Run(block, whole), block[: 4 * rest])


def _json(value: Any) -> Sparse:
    return Sparse(json.dumps(value, ensure_ascii=False, indent=2).encode())


_FILES: Final[dict[str, Callable[[Recording, Scene, int], Sparse]]] = {
    "members": _many,
    "hdf5": _hdf5,
    "npz": _npz,
    "parquet": _parquet,
    "mp4": lambda recording, _, length: film(recording, length),
    "mcap": lambda recording, _, length: mcap.file(recording, length),
    "bag": lambda recording, _, length: bag.file(recording, length),
    "csv": lambda recording, _, length: texts.csv(recording, length),
    "jsonl": lambda recording, _, length: texts.jsonl(recording, length),
    "json": lambda recording, _, length: texts.document(recording, length),
    "log": lambda recording, _, length: texts.log(recording, length),
    "png": lambda recording, scene, length: pictures.png(scene, _size(recording), length),
    "jpg": lambda recording, scene, length: pictures.jpg(scene, _size(recording), length),
    "gif": lambda _, scene, length: pictures.gif(scene, _FRAME, length),
}


def _size(recording: Recording) -> tuple[int, int]:
    return next(iter(recording.cameras.values()))
