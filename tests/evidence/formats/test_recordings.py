"""MCAP, made by its own library, and ROS bags, made by hand after their description."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pytest
from mcap.writer import CompressionType, IndexType, Writer

from gerra_tui.domain.evidence import Mark
from tests.evidence.looked import check, checks, looked, looked_further

if TYPE_CHECKING:
    from collections.abc import Sequence

START = 1_700_000_000_000_000_000
STEP = 10_000_000


def mcap(
    messages: int = 100,
    *,
    topics: int = 2,
    start: int = START,
    schema: bytes = b"",
    chunk: int = 1_024,
    compression: CompressionType = CompressionType.ZSTD,
    summary: bool = True,
) -> bytes:
    """So many messages, 10 ms apart, turn by turn on each topic."""
    file = io.BytesIO()
    writer = Writer(
        file, chunk_size=chunk, compression=compression,
        use_statistics=summary, use_summary_offsets=summary,
        repeat_channels=summary, repeat_schemas=summary,
        index_types=IndexType.ALL if summary else IndexType.NONE,
    )  # fmt: skip
    writer.start(profile="ros2", library="tests")
    kind = writer.register_schema("sensor_msgs/msg/JointState", "ros2msg", schema)
    channels = [writer.register_channel(f"/topic/{n}", "cdr", kind) for n in range(topics)]
    for number in range(messages):
        at = start + number * STEP
        writer.add_message(channels[number % topics], at, bytes(40), at)
    writer.finish()  # type: ignore[no-untyped-call]
    return file.getvalue()


def recut(data: bytes, **changes: int) -> bytes:
    """The same file with another footer; its checksum is left out."""
    start, offsets, _ = struct.unpack("<QQI", data[-28:-8])
    footer = struct.pack("<QQI", changes.get("start", start), changes.get("offsets", offsets), 0)
    return data[:-28] + footer + data[-8:]


async def test_topics_counts_rates_and_chunks_are_told() -> None:
    look = await looked(mcap())

    assert look.facts["topics"] == {
        f"/topic/{n}": {"type": "sensor_msgs/msg/JointState", "count": 50} for n in range(2)
    }
    assert look.facts["messages"] == 100
    assert look.facts["duration_s"] == 0.99
    assert look.facts["chunks"] > 1
    assert look.facts["rates_hz"]["/topic/0"] == pytest.approx(49.495)
    assert look.facts["profile"] == "ros2"
    assert not checks(look, Mark.ODD)
    assert checks(look, Mark.OK)["clock"] == "begins 2023-11-14 22:13:20 UTC"


async def test_thousands_of_chunk_indexes_are_not_fetched() -> None:
    data = mcap(40_000, chunk=200, compression=CompressionType.NONE)
    summary = struct.unpack("<Q", data[-28:-20])[0]
    assert len(data) - summary > 500_000

    look = await looked(data)

    assert look.facts["messages"] == 40_000
    assert look.facts["chunks"] > 5_000
    assert look.cost.requests <= 2
    assert look.cost.bytes <= 192_000


async def test_schemas_beyond_the_budget_leave_the_counts() -> None:
    data = mcap(schema=bytes(range(256)) * 2_000)

    look = await looked(data)

    assert look.facts["messages"] == 100
    assert look.facts["topics"]["/topic/0"] == {"type": None, "count": 50}
    assert "types" in checks(look, Mark.UNCHECKED)
    assert look.more[0].bytes >= 400_000
    further = await looked_further(data)
    assert further.facts["topics"]["/topic/0"]["type"] == "sensor_msgs/msg/JointState"


async def test_a_recording_without_a_summary_is_not_scanned() -> None:
    look = await looked(mcap(summary=False))

    assert look.facts["topics"] is None
    assert checks(look, Mark.UNCHECKED)["topics"].startswith("no summary: topics would need all")


async def test_a_recording_that_was_cut_off_is_told() -> None:
    look = await looked(mcap()[:-40])

    assert look.kind == "mcap"
    assert checks(look, Mark.ODD)["index"].startswith("cut off: no footer at its end")


async def test_a_summary_that_was_changed_does_not_pass() -> None:
    data = bytearray(mcap())
    place = bytes(data).rindex(b"/topic/1")
    data[place : place + 8] = b"/topic/X"

    look = await looked(bytes(data))

    assert checks(look, Mark.ODD)["index"] == "the summary's checksum does not hold"


@pytest.mark.parametrize(
    "changes", [{"start": 1 << 63}, {"offsets": 1 << 62}, {"start": 20, "offsets": 0}]
)
async def test_a_footer_that_points_elsewhere_is_told(changes: dict[str, int]) -> None:
    look = await looked(recut(mcap(), **changes))

    assert checks(look, Mark.ODD)["index"].startswith("the summary is damaged")


async def test_a_clock_that_was_not_set_is_told() -> None:
    look = await looked(mcap(start=5_000_000_000))

    assert checks(look, Mark.ODD)["clock"] == (
        "times begin 5.000 s after 1970: a clock that was not set"
    )


async def test_a_recording_without_messages_is_told() -> None:
    look = await looked(mcap(0))

    assert checks(look, Mark.ODD)["messages"] == "no messages"
    assert look.facts["messages"] == 0


async def test_chunks_beyond_the_data_are_told() -> None:
    """The middle of the file is gone: its index promises more than there is before it."""
    data = mcap(2_000, compression=CompressionType.NONE)
    start, offsets, _ = struct.unpack("<QQI", data[-28:-8])
    summary, end = data[start:-37], len(data)
    kept = data[: start - 20_000]
    moved = bytearray(summary)
    at = offsets - start
    while at < len(moved):  # the summary offsets move along
        (place,) = struct.unpack_from("<Q", moved, at + 10)
        struct.pack_into("<Q", moved, at + 10, place - 20_000)
        at += 9 + 17
    footer = b"\x02" + struct.pack("<QQQI", 20, start - 20_000, offsets - 20_000, 0)
    cut = kept + bytes(moved) + footer + data[-8:]
    assert len(cut) == end - 20_000

    look = await looked(cut)

    assert "lie beyond the data" in checks(look, Mark.ODD)["chunks"]


def record(header: dict[bytes, bytes], data: bytes) -> bytes:
    fields = b"".join(
        struct.pack("<I", len(name) + 1 + len(value)) + name + b"=" + value
        for name, value in header.items()
    )
    return struct.pack("<I", len(fields)) + fields + struct.pack("<I", len(data)) + data


def stamp(nanoseconds: int) -> bytes:
    return struct.pack("<II", nanoseconds // 10**9, nanoseconds % 10**9)


def bag(
    counts: Sequence[int] = (30, 60),
    *,
    chunks: int = 3,
    data: int = 1_000,
    index: int | None = None,
    promised: int | None = None,
    definition: bytes = b"float64 x",
    start: int = START,
) -> bytes:
    """Connections with so many messages a chunk; `index` is where the header says it begins."""
    begin = 13 + 4096
    body = record({b"op": b"\x05", b"compression": b"none"}, bytes(data)) * chunks
    each = len(body) // max(chunks, 1)
    listed = b""
    for number, _ in enumerate(counts):
        topic = b"/topic/%d" % number
        kind = struct.pack("<I", len(b"type=pkg/Kind")) + b"type=pkg/Kind"
        text = b"message_definition=" + definition
        content = kind + struct.pack("<I", len(text)) + text
        header = {b"op": b"\x07", b"conn": struct.pack("<I", number), b"topic": topic}
        listed += record(header, content)
    for number in range(chunks):
        header = {
            b"op": b"\x06", b"ver": struct.pack("<I", 1),
            b"chunk_pos": struct.pack("<Q", begin + number * each),
            b"start_time": stamp(start + number * 10**9),
            b"end_time": stamp(start + (number + 1) * 10**9),
            b"count": struct.pack("<I", len(counts)),
        }  # fmt: skip
        pairs = (struct.pack("<II", key, count) for key, count in enumerate(counts))
        listed += record(header, b"".join(pairs))
    place = begin + len(body) if index is None else index
    fields = {
        b"op": b"\x03", b"index_pos": struct.pack("<Q", place),
        b"conn_count": struct.pack("<I", len(counts)),
        b"chunk_count": struct.pack("<I", chunks if promised is None else promised),
    }  # fmt: skip
    head = record(fields, b"")
    head = record(fields, b" " * (4096 - len(head)))
    return b"#ROSBAG V2.0\n" + head + body + listed


async def test_a_bag_tells_topics_counts_and_duration() -> None:
    look = await looked(bag())

    assert look.kind == "bag"
    assert look.facts["topics"] == {
        "/topic/0": {"type": "pkg/msg/Kind", "count": 90},
        "/topic/1": {"type": "pkg/msg/Kind", "count": 180},
    }
    assert (look.facts["messages"], look.facts["duration_s"], look.facts["chunks"]) == (270, 3.0, 3)
    assert not checks(look, Mark.ODD)


async def test_a_bag_of_gigabytes_costs_two_requests() -> None:
    look = await looked(bag(data=400_000))

    assert look.facts["messages"] == 270
    assert look.cost.requests <= 2
    assert look.cost.bytes <= 132_000


async def test_a_bag_that_was_never_closed_says_so() -> None:
    look = await looked(bag(index=0))

    assert checks(look, Mark.ODD)["index"].startswith("was never closed: no index")


async def test_a_bag_cut_before_its_index_says_so() -> None:
    look = await looked(bag()[:5_000])

    assert checks(look, Mark.ODD)["index"].startswith("cut off: the index at")


async def test_a_bag_that_promises_other_chunks_is_told() -> None:
    look = await looked(bag(promised=9))

    assert checks(look, Mark.ODD)["index"].startswith("3 chunks and 2 connections")


async def test_an_index_beyond_the_budget_leaves_topics_and_asks() -> None:
    data = bag([1] * 30, definition=bytes(20_000))

    look = await looked(data)

    assert look.facts["topics"]["/topic/0"] == {"type": "pkg/msg/Kind", "count": None}
    assert look.facts["messages"] is None
    assert check(look, "messages").mark is Mark.UNCHECKED
    further = await looked_further(data)
    assert further.facts["messages"] == 90


async def test_an_older_bag_says_its_version() -> None:
    look = await looked(b"#ROSBAG V1.2\n" + bytes(5_000))

    assert checks(look, Mark.UNCHECKED)["topics"] == "#ROSBAG V1.2: only version 2.0 has an index"
