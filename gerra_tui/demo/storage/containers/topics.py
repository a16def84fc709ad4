"""How messages of topics are spread over a recording: the same for MCAP and ROS bags."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.demo.storage.recording import Recording
    from gerra_tui.demo.storage.sparse import Sparse

NANO = 1_000_000_000
_MOST = 2_000  # messages a chunk
_CHUNK = 1_000_000  # bytes of them
_VALUE = 8  # bytes of a message at least
_LONGEST = 60_000  # bytes of a message


@dataclass(frozen=True, slots=True)
class Plan:
    """Chunks of `each` messages, all of one size; message i is of topic i modulo their number."""

    topics: tuple[str, ...]
    chunks: int
    each: int
    payload: int
    start: int
    step: int
    wave: tuple[float, ...]

    @property
    def messages(self) -> int:
        return self.chunks * self.each

    @property
    def end(self) -> int:
        """Nanoseconds since 1970, of the last message."""
        return self.time(self.messages - 1)

    def time(self, message: int) -> int:
        return self.start + message // len(self.topics) * self.step

    def of_topic(self, number: int, messages: int) -> int:
        """How many of the first messages are of a topic."""
        return (messages - number + len(self.topics) - 1) // len(self.topics)

    def data(self, message: int) -> bytes:
        """Its value as a double, then zeros."""
        topic, at = message % len(self.topics), message // len(self.topics)
        value = self.wave[(at + 17 * topic) % len(self.wave)]
        return struct.pack("<d", value).ljust(self.payload, b"\0")


def planned(recording: Recording, room: int, overhead: int) -> Plan:
    """As many messages as were sampled, or as fit into so many bytes; longer ones where there is
    room, each with so many bytes beside its data."""
    topics = recording.topics
    sampled = max(2, int(recording.seconds * recording.rate) + 1) * len(topics)
    wanted = max(2 * len(topics), min(sampled, room // (overhead + _VALUE)))
    payload = max(_VALUE, min(_LONGEST, room // wanted - overhead))
    each = min(wanted, _MOST, max(1, _CHUNK // (payload + overhead)))
    chunks = max(1, wanted // each)
    steps = max(1, (chunks * each - 1) // len(topics))
    return Plan(
        topics=topics,
        chunks=chunks,
        each=each,
        payload=payload,
        start=int(recording.start * NANO),
        step=int(recording.seconds * NANO) // steps,
        wave=recording.wave(512),
    )


def fitted(
    recording: Recording, length: int, overhead: int, laid_out: Callable[[Plan, int], Sparse]
) -> Sparse:
    """A file of exactly so many bytes, if its first messages fit into them.

    `laid_out` makes the file of a plan, with so many bytes that readers pass over; `overhead` is
    what a message has beside its data.
    """
    fixed = laid_out(planned(recording, 0, overhead), 0).length
    plan = planned(recording, max(0, length - fixed), overhead)
    beside = laid_out(plan, 0).length - plan.messages * (plan.payload + overhead)
    plan = planned(recording, max(0, length - beside), overhead)
    tight = laid_out(plan, 0)
    return tight if tight.length >= length else laid_out(plan, length - tight.length)
