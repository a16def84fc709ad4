"""HDF5: the tree as far as the budget reaches. Made by h5py."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from gerra_tui.domain.evidence import Mark
from gerra_tui.evidence.child import host
from tests.evidence.looked import check, checks, looked, looked_further

if TYPE_CHECKING:
    from collections.abc import Callable


def written(fill: Callable[[h5py.File], None], **options: object) -> bytes:
    file = io.BytesIO()
    with h5py.File(file, "w", **options) as root:
        fill(root)
    return file.getvalue()


def aloha(root: h5py.File, *, frames: int = 50) -> None:
    root.attrs["sim"] = False
    root["action"] = np.zeros((frames, 14), np.float32)
    root["observations/qpos"] = np.zeros((frames, 14), np.float32)
    root.create_dataset("observations/images/top", (frames, 48, 64, 3), np.uint8, chunks=True)


def demonstrations(root: h5py.File, *, number: int = 100) -> None:
    for demo in range(number):
        group = root.create_group(f"data/demo_{demo}")
        group["actions"] = np.random.default_rng(demo).random((400, 7))
        group["obs/joints"] = np.random.default_rng(demo).random((400, 9))


@pytest.mark.parametrize("options", [{}, {"libver": "latest"}])
async def test_an_episode_tells_its_tree(options: dict[str, str]) -> None:
    look = await looked(written(aloha, **options))

    assert look.kind == "hdf5"
    assert look.facts["datasets"] == {
        "/action": {"shape": [50, 14], "dtype": "float32"},
        "/observations/qpos": {"shape": [50, 14], "dtype": "float32"},
        "/observations/images/top": {"shape": [50, 48, 64, 3], "dtype": "uint8"},
    }
    assert look.facts["groups"] == 3
    assert look.facts["attributes"] == {"sim": "False"}
    assert not checks(look, Mark.ODD)


async def test_a_hundred_demonstrations_are_bounded_and_then_asked_for() -> None:
    data = written(demonstrations)
    assert len(data) > 4_000_000

    look = await looked(data)

    assert check(look, "tree").mark is Mark.UNCHECKED
    assert "there may be more" in check(look, "tree").text
    (step,) = look.more
    assert (step.words, step.requests, step.bytes) == ("the whole file", 1, len(data))
    further = await looked_further(data)
    assert len(further.facts["datasets"]) == 200
    assert not further.more


async def test_what_lies_beyond_the_budget_does_not_hide_what_was_read() -> None:
    def two(root: h5py.File) -> None:
        root["near"] = np.zeros(3)
        root["blob"] = np.zeros(2_000_000, np.uint8)
        demonstrations(root, number=20)

    look = await looked(written(two))

    assert look.facts["datasets"]["/near"] == {"shape": [3], "dtype": "float64"}
    assert check(look, "tree").mark is Mark.UNCHECKED


async def test_a_file_cut_off_is_told_without_h5py(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(host.LIBRARIES, "tree", ("no_such_library", "data"))
    data = written(aloha)

    look = await looked(data[:-1_000])

    assert checks(look, Mark.ODD)["end"] == "cut off: 1,000 bytes missing"
    assert checks(look, Mark.UNCHECKED)["tree"] == "needs gerra-tui[data]"


async def test_a_file_cut_off_is_one_sentence_with_h5py() -> None:
    look = await looked(written(aloha)[:-1_000])

    assert "truncated file" in checks(look, Mark.ODD)["tree"]


async def test_a_file_behind_a_user_block_is_read() -> None:
    look = await looked(written(aloha, userblock_size=512))

    assert "/action" in look.facts["datasets"]


async def test_links_in_a_circle_and_into_other_files_are_left_alone() -> None:
    def linked(root: h5py.File) -> None:
        group = root.create_group("a/b")
        group["up"] = root["a"]
        root["soft"] = h5py.SoftLink("/a/b")
        root["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/x")
        group["x"] = np.zeros(2)

    look = await looked(written(linked))

    assert list(look.facts["datasets"]) == ["/a/b/x"]
    assert look.facts["groups"] == 3
    assert check(look, "tree").mark is Mark.OK


async def test_a_million_paths_are_bounded() -> None:
    def many(root: h5py.File) -> None:
        group = root.create_group("x" * 200)
        for number in range(6_000):
            group.create_group(f"{number:0190}")

    look = await looked_further(written(many, libver="latest"))

    assert check(look, "tree").mark is Mark.UNCHECKED
