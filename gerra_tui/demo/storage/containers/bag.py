"""ROS 1 bags, version 2.0 (wiki.ros.org/Bags/Format/2.0), with their index at the end."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.containers.topics import NANO, fitted
from gerra_tui.demo.storage.sparse import Made, Run, Sparse

if TYPE_CHECKING:
    from gerra_tui.demo.storage.containers.topics import Plan
    from gerra_tui.demo.storage.recording import Recording

_MAGIC = b"#ROSBAG V2.0\n"
_MESSAGE, _BAG, _CHUNK, _CHUNK_INFO, _CONNECTION = 2, 3, 5, 6, 7
_HEADER = 4_096 + 8  # bytes of the bag's header record
_TYPE = b"sensor_msgs/JointState"
_MD5 = b"3066dcd76a6cfaef579bd0f34173e9fd"


def file(recording: Recording, length: int) -> Sparse:
    """A bag of exactly so many bytes, if its first messages fit into them."""
    return fitted(recording, length, len(_message_header(0, 0)) + 4, _laid_out)


def _laid_out(plan: Plan, pad: int) -> Sparse:
    """`pad` bytes are spaces in a message definition, in a chunk of its own without messages."""
    filler = _padding(plan, pad)
    size = len(_chunk(plan, 0))
    chunks = Made(size, plan.chunks, lambda number: _chunk(plan, number))
    start = len(_MAGIC) + _HEADER + filler.length
    connections = b"".join(_connection(number, topic) for number, topic in enumerate(plan.topics))
    infos = b"".join(_chunk_info(plan, number, start + number * size)
                     for number in range(plan.chunks))  # fmt: skip
    fields = {
        b"op": bytes((_BAG,)),
        b"index_pos": struct.pack("<Q", start + chunks.length),
        b"conn_count": struct.pack("<L", len(plan.topics)),
        b"chunk_count": struct.pack("<L", plan.chunks),
    }
    room = _HEADER - len(_fields(fields)) - 8
    return Sparse(_MAGIC, _record(fields, b" " * room), filler, chunks, connections, infos)


def _padding(plan: Plan, pad: int) -> Sparse:
    head, data = _connection_parts(0, plan.topics[0])
    definition = data[-1]
    packed = b"".join(data)
    length = struct.unpack("<L", definition[:4])[0] + pad
    inner = Sparse(
        struct.pack("<L", len(head)), head, struct.pack("<L", len(packed) + pad),
        *data[:-1], struct.pack("<L", length), definition[4:], Run(b" ", pad),
    )  # fmt: skip
    fields = _fields({b"op": bytes((_CHUNK,)), b"compression": b"none",
                      b"size": struct.pack("<L", inner.length)})  # fmt: skip
    return Sparse(struct.pack("<L", len(fields)), fields, struct.pack("<L", inner.length), inner)


def _chunk(plan: Plan, number: int) -> bytes:
    first = number * plan.each
    held = b"".join(
        _message_header(message % len(plan.topics), plan.time(message))
        + struct.pack("<L", plan.payload)
        + plan.data(message)
        for message in range(first, first + plan.each)
    )
    fields = {b"op": bytes((_CHUNK,)), b"compression": b"none",
              b"size": struct.pack("<L", len(held))}  # fmt: skip
    return _record(fields, held)


def _message_header(connection: int, time: int) -> bytes:
    header = _fields({b"op": bytes((_MESSAGE,)), b"conn": struct.pack("<L", connection),
                      b"time": _time(time)})  # fmt: skip
    return struct.pack("<L", len(header)) + header


def _connection(number: int, topic: str) -> bytes:
    header, data = _connection_parts(number, topic)
    held = b"".join(data)
    return struct.pack("<L", len(header)) + header + struct.pack("<L", len(held)) + held


def _connection_parts(number: int, topic: str) -> tuple[bytes, list[bytes]]:
    """The header, and the fields of the data; the definition of the message is the last."""
    name = topic.encode()
    header = {b"op": bytes((_CONNECTION,)), b"conn": struct.pack("<L", number), b"topic": name}
    data = {b"topic": name, b"type": _TYPE, b"md5sum": _MD5,
            b"message_definition": b"float64[] position\n"}  # fmt: skip
    return _fields(header), [_fields({key: value}) for key, value in data.items()]


def _chunk_info(plan: Plan, number: int, place: int) -> bytes:
    first, last = number * plan.each, (number + 1) * plan.each
    header = {
        b"op": bytes((_CHUNK_INFO,)),
        b"ver": struct.pack("<L", 1),
        b"chunk_pos": struct.pack("<Q", place),
        b"start_time": _time(plan.time(first)),
        b"end_time": _time(plan.time(last - 1)),
        b"count": struct.pack("<L", len(plan.topics)),
    }
    counts = b"".join(
        struct.pack("<2L", topic, plan.of_topic(topic, last) - plan.of_topic(topic, first))
        for topic in range(len(plan.topics))
    )
    return _record(header, counts)


def _time(nanoseconds: int) -> bytes:
    return struct.pack("<2L", *divmod(nanoseconds, NANO))


def _record(header: dict[bytes, bytes], data: bytes) -> bytes:
    packed = _fields(header)
    return struct.pack("<L", len(packed)) + packed + struct.pack("<L", len(data)) + data


def _fields(fields: dict[bytes, bytes]) -> bytes:
    return b"".join(
        struct.pack("<L", len(name) + 1 + len(value)) + name + b"=" + value
        for name, value in fields.items()
    )
