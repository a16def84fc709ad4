"""NPY and NPZ: shapes and types by their headers. Made by numpy."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from gerra_tui.domain.evidence import Mark
from tests.evidence.looked import checks, looked, looked_further

ARRAYS: dict[str, Any] = {
    "state": np.zeros((40, 7)),
    "image": np.zeros((4, 6, 5, 3), np.uint8),
    "flag": np.array(True),
    "names": np.array(["left", "right"]),
    "big_endian": np.zeros(3, ">f4"),
    "when": np.zeros(2, "datetime64[ns]"),
    "complex": np.zeros((2, 2), np.complex64),
    "fortran": np.asfortranarray(np.zeros((3, 4), np.int16)),
}


def npz(*, packed: bool = False, **arrays: Any) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, **arrays)
    return file.getvalue()


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def told(arrays: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"shape": list(array.shape), "dtype": str(array.dtype)}
        for name, array in arrays.items()
    }


@pytest.mark.parametrize("packed", [False, True])
async def test_arrays_in_a_zip_are_told(packed: bool) -> None:
    look = await looked(npz(packed=packed, **ARRAYS))

    assert look.kind == "npz"
    assert look.facts["arrays"] == told(ARRAYS)
    assert not checks(look, Mark.ODD)


async def test_one_array_is_told() -> None:
    look = await looked(npy(ARRAYS["state"]))

    assert look.kind == "npy"
    assert list(look.facts["arrays"].values()) == [{"shape": [40, 7], "dtype": "float64"}]
    assert not checks(look, Mark.ODD)


async def test_records_keep_their_fields() -> None:
    look = await looked(npy(np.zeros(3, [("x", "<f4"), ("y", "<i8")])))

    ((array,),) = [look.facts["arrays"].values()]
    assert array["shape"] == [3]
    assert "'x'" in array["dtype"]


async def test_large_arrays_are_told_as_far_as_the_budget_reaches() -> None:
    arrays: dict[str, Any] = {
        f"a{n}": np.random.default_rng(n).random((200, 500)) for n in range(6)
    }
    data = npz(**arrays)

    look = await looked(data)
    further = await looked_further(data)

    known = [array for array in look.facts["arrays"].values() if array["shape"]]
    assert 0 < len(known) < 6
    assert checks(look, Mark.UNCHECKED)["arrays"].endswith("of 6 arrays were not read")
    assert further.facts["arrays"] == told(arrays)


async def test_an_array_cut_off_is_told() -> None:
    look = await looked(npy(np.zeros((1_000, 7)))[:-800])

    assert checks(look, Mark.ODD)["arrays"] == "cut off: 800 bytes missing"


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (" + b"9" * 300 + b",), }",
        b"{'descr': '<f8', 'shape': (" + b"9," * 500 + b")}",
        b"__import__('os').system('true')",
        b"(" * 5_000,
        b"",
    ],
)
async def test_a_hostile_header_is_damage(header: bytes) -> None:
    data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header

    assert checks(await looked(data), Mark.ODD)["arrays"].startswith("the header is damaged")
