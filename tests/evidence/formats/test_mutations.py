"""Whatever the bytes are, a look gives what it knows: it does not fail, hang, or pass its price."""

from __future__ import annotations

import random
import time
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.evidence import Mark
from gerra_tui.evidence.child import host
from gerra_tui.evidence.window import first_look, more
from tests.evidence.formats.real_files import manifest, real
from tests.evidence.formats.test_arrays import npy, npz
from tests.evidence.formats.test_hdf5 import aloha
from tests.evidence.formats.test_hdf5 import written as hdf5
from tests.evidence.formats.test_image import picture
from tests.evidence.formats.test_lerobot import dataset
from tests.evidence.formats.test_parquet import episode
from tests.evidence.formats.test_parquet import written as parquet
from tests.evidence.formats.test_recordings import bag, mcap
from tests.evidence.formats.test_table import csv
from tests.evidence.formats.videos import index_first, video
from tests.evidence.memory import window_on

if TYPE_CHECKING:
    from collections.abc import Callable

# A module of formats, and what its files are made by.
MADE: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    "mp4": ("mp4", video),
    "mp4 index first": ("mp4", lambda: index_first(video(codec="libx264"))),
    "mp4 fragments": ("mp4", lambda: video(options={"movflags": "frag_keyframe+empty_moov"})),
    "mcap": ("mcap", mcap),
    "bag": ("bag", bag),
    "parquet": ("parquet", lambda: parquet(episode())),
    "parquet lists": ("parquet", lambda: parquet(pa.table({"a": [[[1]], None], "b": ["x", "y"]}))),
    "npy": ("npz", lambda: npy(np.zeros((4, 3)))),
    "npz": ("npz", lambda: npz(a=np.zeros((4, 3)), b=np.array(["x"]))),
    "hdf5": ("hdf5", lambda: hdf5(aloha)),
    "png": ("image", lambda: picture("PNG")),
    "jpeg": ("image", lambda: picture("JPEG")),
    "gif": ("image", lambda: picture("GIF", frames=3)),
    "webp": ("image", lambda: picture("WEBP", frames=3)),
    "bmp": ("image", lambda: picture("BMP")),
    "tiff": ("image", lambda: picture("TIFF", frames=3)),
    "db3": ("db3", lambda: b"SQLite format 3\x00" + bytes(range(200))),
    "csv": ("table", lambda: csv(100)),
    "jsonl": ("table", lambda: b'{"a": [1, 2.5], "b": "x"}\n' * 30),
    "json": ("table", lambda: b'{"a": [1, 2.5], "b": {"c": null}}'),
    "lerobot 2": ("archive", dataset),
    "lerobot 3": ("archive", lambda: dataset(version="v3.0")),
}  # fmt: skip
FEW, MANY = 60, 10_000  # mutations of all kinds together: FEW of each, MANY in the slow form
LONGEST: Final = 5.0  # seconds of one look, on a machine that does other things too

_NUMBERS: Final = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x01")


@cache
def made(name: str) -> bytes:
    return MADE[name][1]()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to five changes: bytes, numbers at their extremes, cuts, repeats, moves."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(7):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                width = chance.choice((1, 2, 4, 8))
                out[at : at + width] = chance.choice(_NUMBERS) * width
            case 2:
                del out[at:]
            case 3:
                del out[at : at + chance.randrange(1, 64)]
            case 4:
                out[at:at] = out[at : at + chance.randrange(1, 256)]
            case 5:
                out[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 16)))
            case _:
                other = chance.randrange(len(out) + 1)
                out[at : at + 8] = out[other : other + 8]
    return bytes(out)


async def judge(module: str, data: bytes, *, further: bool) -> None:
    """Look once, and further, and hold the look to its promises."""
    budget = more() if further else first_look()
    window = await window_on(data, budget)
    began = time.monotonic()

    found = await import_module(f"gerra_tui.evidence.formats.{module}").look(window)

    assert time.monotonic() - began < LONGEST
    assert window.cost.requests <= budget.requests
    assert found.kind
    assert found.checks or found.facts
    for check in found.checks:
        assert isinstance(check.mark, Mark)
        assert 0 < len(check.text) < 2_000
    for step in found.more:
        assert step.requests >= 1
        assert step.bytes >= 0


@pytest.fixture
def _no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extras: what is under test is our own reading; the child has tests of its own."""
    for job, (_, extra) in host.LIBRARIES.items():
        monkeypatch.setitem(host.LIBRARIES, job, ("no_such_library", extra))


@pytest.mark.usefixtures("_no_child")
@pytest.mark.parametrize("name", MADE)
async def test_a_file_with_changes_never_stops_a_look(name: str) -> None:
    module, _ = MADE[name]
    for number in range(FEW):
        chance = random.Random(f"{name} {number}")
        await judge(module, mutated(made(name), chance), further=number % 2 == 1)


@pytest.mark.usefixtures("_no_child")
@pytest.mark.parametrize("name", MADE)
async def test_a_file_cut_at_any_place_never_stops_a_look(name: str) -> None:
    module, _ = MADE[name]
    data = made(name)
    for at in range(0, len(data), max(1, len(data) // 50)):
        await judge(module, data[:at], further=False)


@pytest.mark.slow
@pytest.mark.usefixtures("_no_child")
async def test_ten_thousand_changed_files_never_stop_a_look() -> None:
    real_ones = {
        folder: [name for name in manifest() if name.startswith(f"{folder}/")]
        for folder in ("video", "mcap", "bag", "parquet", "hdf5", "npz", "image", "table")
    }
    modules = {"video": "mp4"} | {"npz": "npz"}
    chance = random.Random("ten thousand")
    for number in range(MANY):
        folder = chance.choice(list(real_ones))
        if number % 2 or not real_ones[folder]:
            name = chance.choice(list(MADE))
            module, data = MADE[name][0], made(name)
        else:
            module = modules.get(folder, folder)
            data, _ = real(chance.choice(real_ones[folder]))
        await judge(module, mutated(data, chance), further=chance.random() < 0.3)


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("name", ["parquet", "hdf5", "png", "jpeg", "gif", "webp", "tiff"])
async def test_a_child_never_stops_a_look_either(name: str) -> None:
    for number in range(40):
        chance = random.Random(f"child {name} {number}")
        module, _ = MADE[name]
        await judge(module, mutated(made(name), chance), further=False)


@pytest.mark.usefixtures("_no_child")
@pytest.mark.parametrize("module", sorted({module for module, _ in MADE.values()}))
@given(data=st.binary(max_size=400))
async def test_bytes_of_nothing_never_stop_a_look(module: str, data: bytes) -> None:
    await judge(module, data, further=False)
