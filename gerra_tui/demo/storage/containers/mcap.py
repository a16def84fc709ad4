"""MCAP (mcap.dev/spec): chunks that are not compressed, and a summary with its offsets."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.containers.topics import fitted
from gerra_tui.demo.storage.sparse import Made, Sparse, zeros

if TYPE_CHECKING:
    from gerra_tui.demo.storage.containers.topics import Plan
    from gerra_tui.demo.storage.recording import Recording

_MAGIC = b"\x89MCAP0\r\n"
_HEADER, _FOOTER, _SCHEMA, _CHANNEL, _MESSAGE, _CHUNK = 1, 2, 3, 4, 5, 6
_CHUNK_INDEX, _STATISTICS, _SUMMARY_OFFSET, _DATA_END = 8, 11, 14, 15
_PRIVATE = 0x80  # a record that readers skip
_MESSAGE_OVERHEAD = 9 + 22
_TYPE = "sensor_msgs/msg/JointState"


def file(recording: Recording, length: int) -> Sparse:
    """A recording of exactly so many bytes, if its first messages fit into them."""
    return fitted(recording, length, _MESSAGE_OVERHEAD, _laid_out)


def _laid_out(plan: Plan, pad: int) -> Sparse:
    """`pad` bytes are in a private record before the chunks."""
    first = _MAGIC + _record(_HEADER, _text("ros2") + _text("gerra-demo"))
    filler = Sparse(struct.pack("<BQ", _PRIVATE, pad), zeros(pad))
    size = 9 + len(_chunk_head(plan, 0)) + plan.each * (plan.payload + _MESSAGE_OVERHEAD)
    chunks = Made(size, plan.chunks, lambda number: _chunk(plan, number))
    data_end = _record(_DATA_END, bytes(4))
    start = len(first) + filler.length
    summary_start = start + chunks.length + len(data_end)
    groups = (
        (_SCHEMA, _record(_SCHEMA, struct.pack("<H", 1) + _text(_TYPE) + _text("ros2msg")
                          + _text("float64[] position\n"))),
        (_CHANNEL, b"".join(
            _record(_CHANNEL,
                    struct.pack("<2H", number, 1) + _text(topic) + _text("cdr") + bytes(4))
            for number, topic in enumerate(plan.topics)
        )),
        (_STATISTICS, _statistics(plan)),
        (_CHUNK_INDEX, b"".join(
            _chunk_index(plan, number, start + number * size, size) for number in range(plan.chunks)
        )),
    )  # fmt: skip
    offsets, place = b"", summary_start
    for kind, group in groups:
        offsets += _record(_SUMMARY_OFFSET, struct.pack("<BQQ", kind, place, len(group)))
        place += len(group)
    footer = _record(_FOOTER, struct.pack("<QQL", summary_start, place, 0))
    summary = b"".join(group for _, group in groups)
    return Sparse(first, filler, chunks, data_end, summary, offsets, footer, _MAGIC)


def _chunk(plan: Plan, number: int) -> bytes:
    first = number * plan.each
    messages = b"".join(
        struct.pack("<BQ", _MESSAGE, 22 + plan.payload)
        + struct.pack("<HLQQ", message % len(plan.topics), message, *[plan.time(message)] * 2)
        + plan.data(message)
        for message in range(first, first + plan.each)
    )
    head = _chunk_head(plan, number)
    return struct.pack("<BQ", _CHUNK, len(head) + len(messages)) + head + messages


def _chunk_head(plan: Plan, number: int) -> bytes:
    size = plan.each * (plan.payload + _MESSAGE_OVERHEAD)
    return struct.pack("<QQQLLQ", *_times(plan, number), size, 0, 0, size)


def _chunk_index(plan: Plan, number: int, place: int, size: int) -> bytes:
    held = plan.each * (plan.payload + _MESSAGE_OVERHEAD)
    content = struct.pack("<QQQQLQLQQ", *_times(plan, number), place, size, 0, 0, 0, held, held)
    return _record(_CHUNK_INDEX, content)


def _times(plan: Plan, number: int) -> tuple[int, int]:
    return plan.time(number * plan.each), plan.time((number + 1) * plan.each - 1)


def _statistics(plan: Plan) -> bytes:
    counts = b"".join(
        struct.pack("<HQ", number, plan.of_topic(number, plan.messages))
        for number in range(len(plan.topics))
    )
    content = struct.pack("<QHLLLLQQL", plan.messages, 1, len(plan.topics), 0, 0, plan.chunks,
                          plan.start, plan.end, len(counts))  # fmt: skip
    return _record(_STATISTICS, content + counts)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<BQ", kind, len(content)) + content


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<L", len(encoded)) + encoded
