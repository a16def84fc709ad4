"""HDF5 (file format specification 3.0, superblock 0): groups of contiguous datasets."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.sparse import Sparse, zeros

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNDEFINED = (1 << 64) - 1
_LEAF, _INTERNAL = 16, 16  # half of the entries that a node of a group can have
_NODE = 24 + (2 * _INTERNAL + 1) * 8 + 2 * _INTERNAL * 8
_SYMBOLS = 8 + 2 * _LEAF * 40
_SUPERBLOCK = 96
_TYPES = {
    "u1": struct.pack("<B3BL2H4x", 0x10, 0, 0, 0, 1, 0, 8),
    "f4": struct.pack("<B3BL2H4BL4x", 0x11, 0x20, 31, 0, 4, 0, 32, 23, 8, 0, 23, 127),
    "f8": struct.pack("<B3BL2H4BL4x", 0x11, 0x20, 63, 0, 8, 0, 64, 52, 11, 0, 52, 1023),
}
_SIZES = {"u1": 1, "f4": 4, "f8": 8}


@dataclass(frozen=True, slots=True)
class Array:
    """A dataset; its `data` are as long as shape and type need, zeros where none are given."""

    path: str
    shape: tuple[int, ...]
    type: str
    data: Sparse | None = None

    @property
    def size(self) -> int:
        return prod(self.shape) * _SIZES[self.type]


@dataclass(slots=True)
class _Group:
    groups: dict[str, _Group] = field(default_factory=dict)
    arrays: dict[str, Array] = field(default_factory=dict)


def file(arrays: Sequence[Array], length: int = 0) -> Sparse:
    """What it lacks to the length is a gap between the tables and the data."""
    root = _Group()
    for array in arrays:
        *folders, name = array.path.split("/")
        group = root
        for folder in folders:
            group = group.groups.setdefault(folder, _Group())
        group.arrays[name] = array
    data = sum(array.size for array in arrays)
    tables = _SUPERBLOCK + len(_Writer(0).group(root)[0])
    gap = max(0, length - tables - data)
    writer = _Writer(tables + gap)
    content, header, tree, heap = writer.group(root, at=_SUPERBLOCK)
    first = struct.pack("<8s8B2HL4Q", b"\x89HDF\r\n\x1a\n", 0, 0, 0, 0, 0, 8, 8, 0, _LEAF,
                        _INTERNAL, 0, 0, _UNDEFINED, tables + gap + data, _UNDEFINED)  # fmt: skip
    first += _symbol(0, header, tree, heap)
    held = [array.data or zeros(array.size) for array in writer.placed]
    return Sparse(first, content, zeros(gap), *held)


@dataclass(slots=True)
class _Writer:
    """`place` is where the data of the next dataset begins."""

    place: int
    placed: list[Array] = field(default_factory=list)

    def group(self, group: _Group, at: int = 0) -> tuple[bytes, int, int, int]:
        """Its tables and those of what is in it, and where its header, tree and heap are."""
        out = b""
        symbols = []
        names, offsets = bytes(8), {}
        for name in sorted([*group.groups, *group.arrays]):
            offsets[name] = len(names)
            names += name.encode().ljust(-(-(len(name) + 1) // 8) * 8, b"\0")
            if name in group.groups:
                inner, header, tree, heap = self.group(group.groups[name], at + len(out))
                out += inner
                symbols.append(_symbol(offsets[name], header, tree, heap))
            else:
                symbols.append(_symbol(offsets[name], at + len(out)))
                out += self._array(group.arrays[name])
        heap = at + len(out)
        out += struct.pack("<4sB3x3Q", b"HEAP", 0, len(names), 1, heap + 32) + names
        leaf = at + len(out)
        out += struct.pack("<4sBxH", b"SNOD", 1, len(symbols)) + b"".join(symbols)
        out = out.ljust(leaf - at + _SYMBOLS, b"\0")
        tree = at + len(out)
        last = max(offsets.values(), default=0)
        node = struct.pack("<4s2BH5Q", b"TREE", 0, 0, 1, _UNDEFINED, _UNDEFINED, 0, leaf, last)
        out += node.ljust(_NODE, b"\0")
        header = at + len(out)
        out += _header([(0x11, struct.pack("<2Q", tree, heap))])
        return out, header, tree, heap

    def _array(self, array: Array) -> bytes:
        rank = len(array.shape)
        space = struct.pack(f"<2B6x{rank}Q", 1, rank, *array.shape)
        layout = struct.pack("<2B2Q6x", 3, 1, self.place, array.size)
        self.place += array.size
        self.placed.append(array)
        fill = struct.pack("<4B4x", 2, 2, 2, 0)
        return _header([(1, space), (3, _TYPES[array.type]), (5, fill), (8, layout)])


def _symbol(name: int, header: int, tree: int = 0, heap: int = 0) -> bytes:
    return struct.pack("<2Q2L2Q", name, header, 1 if tree else 0, 0, tree, heap)


def _header(messages: Sequence[tuple[int, bytes]]) -> bytes:
    """An object header of version 1; every message is a multiple of 8 bytes long."""
    body = b"".join(struct.pack("<2HB3x", kind, len(data), 0) + data for kind, data in messages)
    return struct.pack("<BxH2L4x", 1, len(messages), 1, len(body)) + body
