"""NPZ: a zip of arrays, each as numpy's format 1.0 has it."""

from __future__ import annotations

import struct
from math import prod
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.containers import zip as zip_file
from gerra_tui.demo.storage.member import Member
from gerra_tui.demo.storage.sparse import Sparse, zeros

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = 128
_SIZES = {"|u1": 1, "<f4": 4, "<f8": 8}
Shape = tuple[int, ...]


def array(shape: Shape, type_: str, data: Sparse | None = None) -> Sparse:
    text = f"{{'descr': '{type_}', 'fortran_order': False, 'shape': {shape}, }}"
    head = b"\x93NUMPY\1\0" + struct.pack("<H", _HEADER - 10)
    head += text.ljust(_HEADER - 11).encode() + b"\n"
    return Sparse(head, data or zeros(prod(shape) * _SIZES[type_]))


def file(arrays: Mapping[str, Sparse], rest: str, length: int) -> Sparse:
    """The arrays, and one of bytes that takes what is left of the length."""
    members = [Member(f"{name}.npy", content) for name, content in arrays.items()]
    members.append(Member(f"{rest}.npy", share=1, fill=_bytes))
    return zip_file.archive(members, length)


def _bytes(length: int) -> Sparse:
    return array((max(0, length - _HEADER),), "|u1")
