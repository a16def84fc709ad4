"""ROS 1 bags, version 2.0: topics, types, counts, rates, duration, chunks.

The bag header names where the index begins; it reaches to the end of the file and holds the
connections and what is in each chunk (wiki.ros.org/Bags/Format/2.0). Messages are not read.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats.binary import Cursor, Damaged
from gerra_tui.evidence.formats.recording import gathered, judge_times, rates
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.evidence.window import Window

FACTS: Final = ("topics", "messages", "duration_s", "chunks")
MAGIC: Final = b"#ROSBAG V2.0\n"
_ANY_VERSION: Final = b"#ROSBAG V"

_HEADER: Final = 8_192  # bytes: the bag header record is padded to 4,096
_LONGEST: Final = 16_000_000  # bytes of index on a key
_BAG, _CHUNK_INFO, _CONNECTION = 0x03, 0x06, 0x07
_NANO: Final = 1_000_000_000


@dataclass(slots=True)
class _Index:
    """Connections by id as (topic, type); messages by connection; the chunks' places and times."""

    connections: dict[int, tuple[str, str]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    chunks: list[int] = field(default_factory=list)
    start: int | None = None
    end: int | None = None


async def look(window: Window) -> FormatLook:
    """What a bag's index tells. Raises StorageFailure."""
    found = FormatLook(kind="bag", facts=dict.fromkeys(FACTS))
    try:
        await _look(window, found)
    except OverBudget as over:
        found.checks.append(unchecked("topics", "the index was not reached within the budget"))
        found.more.append(
            Step(key=MORE, words="the index", requests=over.requests, bytes=over.bytes)
        )
    except Damaged as damage:
        found.checks.append(odd("index", f"the index is damaged: {damage}"))
    return found


async def _look(window: Window, found: FormatLook) -> None:
    head = await window.read(0, _HEADER)
    if not head.startswith(_ANY_VERSION):
        raise Damaged("it does not begin as a bag does")
    if not head.startswith(MAGIC):
        version = head[:13].decode("latin-1").strip()
        found.checks.append(unchecked("topics", f"{version}: only version 2.0 has an index"))
        return
    header, _ = _record(Cursor(head, len(MAGIC), order="<"))
    if _number(header, b"op") != _BAG:
        raise Damaged("its first record is not the bag header")
    begin = _number(header, b"index_pos")
    promised = _number(header, b"chunk_count")
    found.facts["chunks"] = promised
    if begin == 0:
        found.checks.append(
            odd("index", "was never closed: no index; topics would need the whole file")
        )
        return
    if begin > window.size:
        found.checks.append(
            odd("index", f"cut off: the index at {begin:,} is beyond the end",
                measured=window.size, declared=begin)
        )  # fmt: skip
        return
    data, whole = await _read_index(window, begin)
    index = _Index()
    try:
        await asyncio.to_thread(_take, index, data)
    except Damaged:
        if whole:
            raise
    connections = _number(header, b"conn_count")
    _tell(found, index, begin, whole=whole)
    if not whole:
        rest = min(window.size - begin, _LONGEST)
        found.checks.append(unchecked("messages", "the index is longer than the budget"))
        found.more.append(Step(key=MORE, words="the whole index", requests=1, bytes=rest))
    elif (promised, connections) != (len(index.chunks), len(index.connections)):
        found.checks.append(
            odd("index", f"{len(index.chunks):,} chunks and {len(index.connections):,} connections,"
                f" promised {promised:,} and {connections:,}",
                measured=len(index.chunks), declared=promised)
        )  # fmt: skip
    else:
        found.checks.append(fine("index", "holds the chunks and connections it promises"))


async def _read_index(window: Window, begin: int) -> tuple[bytes, bool]:
    """The index, or its beginning, and whether that is all of it."""
    stop = min(window.size, begin + _LONGEST)
    try:
        return await window.read(begin, stop), stop == window.size
    except OverBudget:
        requests, room = window.room()
        if not requests or not room:
            raise
        return await window.read(begin, min(stop, begin + room)), False


def _record(cursor: Cursor) -> tuple[dict[bytes, bytes], Cursor]:
    """The header fields of the next record, and its data. Raises Damaged."""
    data = cursor.take(cursor.u32())
    header: dict[bytes, bytes] = {}
    fields = Cursor(data, order="<")
    while fields.left:
        name, _, value = fields.take(fields.u32()).partition(b"=")
        header[name] = value
    return header, Cursor(cursor.take(cursor.u32()), order="<")


def _records(data: bytes) -> Iterator[tuple[dict[bytes, bytes], Cursor]]:
    cursor = Cursor(data, order="<")
    while cursor.left:
        yield _record(cursor)


def _number(header: dict[bytes, bytes], name: bytes) -> int:
    if name not in header:
        raise Damaged(f"a record has no field {name.decode('latin-1')}")
    return int.from_bytes(header[name][:8], "little")


def _take(index: _Index, data: bytes) -> None:
    for header, content in _records(data):
        kind = _number(header, b"op")
        if kind == _CONNECTION:
            fields, _ = _fields(content)
            topic = header.get(b"topic", fields.get(b"topic", b"")).decode("utf-8", "replace")
            index.connections[_number(header, b"conn")] = (topic, _type(fields.get(b"type", b"")))
        elif kind == _CHUNK_INFO:
            index.chunks.append(_number(header, b"chunk_pos"))
            start, end = _time(header, b"start_time"), _time(header, b"end_time")
            for _ in range(min(_number(header, b"count"), content.left // 8)):
                connection, count = content.u32(), content.u32()
                index.counts[connection] = index.counts.get(connection, 0) + count
            index.start = start if index.start is None else min(index.start, start)
            index.end = end if index.end is None else max(index.end, end)


def _fields(content: Cursor) -> tuple[dict[bytes, bytes], int]:
    fields: dict[bytes, bytes] = {}
    while content.left:
        name, _, value = content.take(content.u32()).partition(b"=")
        fields[name] = value
    return fields, len(fields)


def _type(name: bytes) -> str:
    """`std_msgs/String` as ROS 2 and the rosbags library write it, `std_msgs/msg/String`."""
    package, slash, kind = name.decode("utf-8", "replace").partition("/")
    return f"{package}/msg/{kind}" if slash and "/" not in kind else package + slash + kind


def _time(header: dict[bytes, bytes], name: bytes) -> int:
    """Nanoseconds out of the seconds and nanoseconds of a field."""
    value = _number(header, name)
    return (value & 0xFFFFFFFF) * _NANO + (value >> 32)


def _tell(found: FormatLook, index: _Index, data_end: int, *, whole: bool) -> None:
    facts, checks = found.facts, found.checks
    topics = gathered(
        (topic, kind, index.counts.get(connection, 0))
        for connection, (topic, kind) in index.connections.items()
    )
    if not whole:
        facts["topics"] = {name: topic | {"count": None} for name, topic in topics.items()}
        return
    facts["topics"] = topics
    facts["messages"] = messages = sum(index.counts.values())
    facts["chunks"] = len(index.chunks)
    if not messages or index.start is None or index.end is None:
        facts["duration_s"] = 0.0
        checks.append(odd("messages", "no messages", measured=0))
        return
    judge_times(found, index.start, index.end)
    facts["rates_hz"] = rates(topics, facts["duration_s"])
    beyond = sum(place >= data_end for place in index.chunks)
    checks.append(
        odd("chunks", f"{beyond:,} of {len(index.chunks):,} chunks lie beyond the data",
            measured=data_end, declared=max(index.chunks))
        if beyond
        else fine("chunks", "every chunk lies within the data")
    )  # fmt: skip
