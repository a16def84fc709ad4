"""HDF5: the tree, shapes and types as far as the budget reaches.

Its objects lie anywhere in the file, so there is no cheap whole look: h5py walks the tree in a
child, and the budget ends it. A file of up to 16 MB can be had whole in one request instead.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.child.host import ChildFailure, NotInstalled, run
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats.binary import Cursor, Damaged
from gerra_tui.evidence.window import OverBudget, more

if TYPE_CHECKING:
    from gerra_tui.evidence.window import Window

FACTS: Final = ("datasets",)
MAGIC: Final = b"\x89HDF\r\n\x1a\n"

_HEAD: Final = 65_536
_BLOCK: Final = 65_536  # bytes a request: the objects of one group tend to lie together
_UNDEFINED: Final = (1 << 64) - 1


async def look(window: Window) -> FormatLook:
    """An HDF5's tree as far as it reaches. Raises StorageFailure."""
    found = FormatLook(kind="hdf5", facts=dict.fromkeys(FACTS))
    try:
        head = await window.read(0, _HEAD)
        _judge_end(found, head, window.size)
    except OverBudget:
        found.checks.append(unchecked("end", "its beginning was not read"))
    except Damaged as damage:
        found.checks.append(odd("end", f"the superblock is damaged: {damage}"))
    requests, room = window.room()
    if requests and _missing(window) <= room:
        with suppress(OverBudget):
            await window.read(0, window.size)
    try:
        told = (await run("tree", window, {"block": _BLOCK})).facts
    except NotInstalled as missing:
        found.checks.append(unchecked("tree", str(missing)))
        return found
    except ChildFailure as failure:
        found.checks.append(odd("tree", str(failure)))
        return found
    found.facts |= {key: told[key] for key in ("datasets", "groups", "attributes") if key in told}
    datasets = len(found.facts["datasets"])
    if damaged := told.get("damaged"):
        found.checks.append(odd("objects", f"cannot be read: {damaged}"))
    if told.get("whole"):
        found.checks.append(fine("tree", f"datasets {datasets:,}, groups {told['groups']:,}"))
    else:
        found.checks.append(
            unchecked("tree", f"{datasets:,} datasets within what was read; there may be more")
        )
        found.more.append(_step(window))
    return found


def _missing(window: Window) -> int:
    """Bytes that a read of the whole file would fetch: its beginning and its end are here."""
    return max(0, window.size - 2 * _HEAD)


def _step(window: Window) -> Step:
    budget = more()
    if window.size <= budget.bytes:
        return Step(key=MORE, words="the whole file", requests=1, bytes=window.size)
    return Step(key=MORE, words="more of the tree", requests=budget.requests, bytes=budget.bytes)


def _judge_end(found: FormatLook, head: bytes, size: int) -> None:
    """The end of file that the superblock names (HDF5 File Format Specification 3.0, II.A)."""
    if not head.startswith(MAGIC):
        return  # a user block stands before it; h5py looks for it
    version = head[8] if len(head) > 8 else 255
    if version <= 1:
        width, at = Cursor(head, 13), 24 if version == 0 else 28
    elif version <= 3:
        width, at = Cursor(head, 9), 12
    else:
        raise Damaged(f"version {version} is unknown")
    if width.u8() != 8:
        return  # offsets of another width than all of today's writers use
    places = Cursor(head, at, order="<")
    base, _, end = places.u64(), places.u64(), places.u64()
    if end == _UNDEFINED:
        return
    declared = base + end if version >= 2 else end
    if declared > size:
        found.checks.append(
            odd("end", f"cut off: {declared - size:,} bytes missing", measured=size,
                declared=declared)
        )  # fmt: skip
    else:
        found.checks.append(fine("end", "as long as its superblock says", measured=size,
                                 declared=declared))  # fmt: skip
