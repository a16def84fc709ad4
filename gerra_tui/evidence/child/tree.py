"""The tree of an HDF5 file, looked at with h5py: within the child only.

Breadth first, so that a budget which ends early has shown the top. What the parent refuses ends the
walk, and the answer says so.
"""

from __future__ import annotations

import io
from collections import deque
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gerra_tui.evidence.child.remote import Remote

_MOST_OBJECTS: Final = 20_000
_MOST_TEXT: Final = 800_000  # characters of paths and what is told of each
_TEXT_EACH: Final = 100
_DEEPEST: Final = 64  # groups within one another; a soft link can make a circle
_LONGEST: Final = 200  # characters of an attribute shown
_MOST_ATTRIBUTES: Final = 64


def run(remote: Remote, needs: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """`datasets` {path: {"shape", "dtype"}}, `groups`, `attributes` of the root, `whole`.

    `needs["block"]` is how many bytes are fetched at a time.
    """
    import h5py

    remote.block = needs.get("block", 0)
    datasets: dict[str, Any] = {}
    told: dict[str, Any] = {"datasets": datasets, "groups": 0, "attributes": {}, "whole": True}
    try:
        with h5py.File(io.BufferedReader(remote, 1), "r") as file:
            _walk(file, told, remote)
            told["attributes"] = _attributes(file)
    except (OSError, RuntimeError):
        if not remote.refused:
            raise
    told["whole"] = told["whole"] and not remote.refused
    return told, b""


def _walk(file: Any, told: dict[str, Any], remote: Remote) -> None:
    """Group by group; what was refused is left out, and what lies beside it is not."""
    waiting = deque([("/", file, 0)])
    seen: set[Any] = set()
    left = _MOST_OBJECTS
    room = _MOST_TEXT
    while waiting:
        path, group, depth = waiting.popleft()
        told["groups"] += 1
        for name in _names(group, remote):
            below = f"{path.rstrip('/')}/{name}"
            left, room = left - 1, room - len(below) - _TEXT_EACH
            if left < 0 or room < 0:
                told["whole"] = False
                return
            try:
                if (inner := _look(group, name, below, told, seen)) and depth < _DEEPEST:
                    waiting.append((below, inner, depth + 1))
            except (OSError, RuntimeError, KeyError):
                if not remote.refused:
                    told["damaged"] = below


def _names(group: Any, remote: Remote) -> list[str]:
    try:
        return list(group)
    except (OSError, RuntimeError):
        if remote.refused:
            return []
        raise


def _look(group: Any, name: str, path: str, told: dict[str, Any], seen: set[Any]) -> Any:
    """Tell of a dataset; give back a group that has not been seen."""
    import h5py

    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        return None  # what it points at has a place of its own, or lies in another file
    item = group[name]
    if isinstance(item, h5py.Dataset):
        told["datasets"][path] = {"shape": _shape(item), "dtype": _dtype(item)}
        return None
    address = h5py.h5o.get_info(item.id).addr
    if not isinstance(item, h5py.Group) or address in seen:
        return None
    seen.add(address)
    return item


def _shape(dataset: Any) -> list[int] | None:
    return None if dataset.shape is None else list(dataset.shape)


def _dtype(dataset: Any) -> str:
    try:
        return str(dataset.dtype)
    except TypeError:  # a type that numpy does not have
        return "?"


def _attributes(item: Any) -> dict[str, str]:
    found = {}
    for name in list(item.attrs)[:_MOST_ATTRIBUTES]:
        try:
            found[name] = str(item.attrs[name])[:_LONGEST]
        except (TypeError, ValueError):
            found[name] = "?"
    return found
