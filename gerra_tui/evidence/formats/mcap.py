"""MCAP: topics, types, counts, rates, duration, chunks, from the summary at its end.

Of the summary only schemas, channels and statistics are read, found by the summary offsets
(mcap.dev/spec): the chunk indexes beside them may be megabytes. A file without a summary says so
and is not scanned.
"""

from __future__ import annotations

import asyncio
import zlib
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
MAGIC: Final = b"\x89MCAP0\r\n"

_HEADER, _FOOTER, _SCHEMA, _CHANNEL, _MESSAGE = 0x01, 0x02, 0x03, 0x04, 0x05
_CHUNK, _MESSAGE_INDEX, _CHUNK_INDEX, _STATISTICS, _SUMMARY_OFFSET = 0x06, 0x07, 0x08, 0x0B, 0x0E
_FOOTER_LENGTH: Final = 1 + 8 + 20 + len(MAGIC)
_LONGEST: Final = 16_000_000  # bytes of summary on a key


@dataclass(slots=True)
class _Summary:
    """What the records say: channels by id as (topic, schema id), schemas' names by id."""

    schemas: dict[int, str] = field(default_factory=dict)
    channels: dict[int, tuple[str, int]] = field(default_factory=dict)
    counts: dict[int, int] | None = None
    messages: int | None = None
    chunks: int | None = None
    times: tuple[int, int] | None = None
    chunk_ends: list[int] = field(default_factory=list)
    compressions: set[str] = field(default_factory=set)
    indexed_chunks: int = 0


async def look(window: Window) -> FormatLook:
    """What an MCAP's summary tells. Raises StorageFailure."""
    found = FormatLook(kind="mcap", facts=dict.fromkeys(FACTS))
    try:
        _tell_header(found, window)
        await _look(window, found)
    except OverBudget as over:
        found.checks.append(
            unchecked("topics", f"its summary of {over.bytes:,} bytes is beyond the budget")
        )
        found.more.append(
            Step(key=MORE, words="the summary", requests=over.requests, bytes=over.bytes)
        )
    except Damaged as damage:
        found.checks.append(odd("index", f"the summary is damaged: {damage}"))
    return found


def _tell_header(found: FormatLook, window: Window) -> None:
    start = window.held(0, min(window.size, 4096)) or b""
    if start.startswith(MAGIC):
        try:
            for opcode, content in _records(start[len(MAGIC) :]):
                if opcode == _HEADER:
                    found.facts["profile"] = content.text(content.u32())
                    found.facts["library"] = content.text(content.u32())
                break
        except Damaged as damage:
            found.checks.append(odd("header", f"the header is damaged: {damage}"))
    elif start:
        found.checks.append(odd("header", "does not begin as an MCAP file does"))


async def _look(window: Window, found: FormatLook) -> None:
    end = window.size - _FOOTER_LENGTH
    footer = await window.read(max(0, end), window.size)
    if not footer.endswith(MAGIC) or len(footer) < _FOOTER_LENGTH or footer[0] != _FOOTER:
        found.checks.append(
            odd("index", f"cut off: no footer at its end; topics would need all {window.size:,} B")
        )
        return
    cursor = Cursor(footer, 9, order="<")
    start, offsets_start, checksum = cursor.u64(), cursor.u64(), cursor.u32()
    if start == 0:
        found.checks.append(
            unchecked("topics", f"no summary: topics would need all {window.size:,} bytes")
        )
        return
    if start > end or (offsets_start and not start <= offsets_start <= end):
        raise Damaged(f"it begins at {start:,}, behind the footer at {end:,}")
    groups = None
    if offsets_start:
        groups = _groups(await window.read(offsets_start, end), start, offsets_start)
    summary = _Summary()
    if groups:
        await _read_groups(window, groups, summary, found)
    else:
        stop = min(offsets_start or end, start + _LONGEST)
        await asyncio.to_thread(_take, summary, await window.read(start, stop))
    whole = window.held(start, end + 1 + 8 + 16)
    if whole is not None and checksum:
        matches = zlib.crc32(whole) == checksum
        found.checks.append(
            fine("index", "the summary's checksum holds")
            if matches
            else odd("index", "the summary's checksum does not hold")
        )
    if summary.counts is None and (data := window.held(0, start)) is not None:
        await asyncio.to_thread(_count, summary, data)
    _tell(found, summary, start)


def _groups(data: bytes, start: int, stop: int) -> dict[int, tuple[int, int]]:
    """Where each kind of record stands in the summary, by the summary offsets."""
    groups = {}
    for opcode, content in _records(data):
        if opcode == _SUMMARY_OFFSET:
            kind, begin, length = content.u8(), content.u64(), content.u64()
            if not start <= begin <= begin + length <= stop:
                raise Damaged(f"group {kind} lies outside of it")
            groups[kind] = (begin, begin + length)
    return groups


async def _read_groups(
    window: Window, groups: dict[int, tuple[int, int]], summary: _Summary, found: FormatLook
) -> None:
    wanted = [groups[kind] for kind in (_SCHEMA, _CHANNEL, _STATISTICS) if kind in groups]
    try:
        parts = await window.read_all(wanted)
    except OverBudget as over:
        wanted = [groups[kind] for kind in (_CHANNEL, _STATISTICS) if kind in groups]
        parts = await window.read_all(wanted)
        found.checks.append(unchecked("types", f"{over.bytes:,} bytes of schemas were not read"))
        found.more.append(
            Step(key=MORE, words="the topics' types", requests=over.requests, bytes=over.bytes)
        )
    for part in parts:
        await asyncio.to_thread(_take, summary, part)
    if _CHUNK_INDEX in groups and (held := window.held(*groups[_CHUNK_INDEX])) is not None:
        await asyncio.to_thread(_take, summary, held)


def _records(data: bytes) -> Iterator[tuple[int, Cursor]]:
    """(opcode, content) of the records that follow one another. Raises Damaged at a cut."""
    cursor = Cursor(data, order="<")
    while cursor.left:
        opcode, length = cursor.u8(), cursor.u64()
        begin = cursor.at
        cursor.skip(length)
        yield opcode, Cursor(data, begin, cursor.at, order="<")


def _take(summary: _Summary, data: bytes) -> None:
    for opcode, content in _records(data):
        if opcode == _SCHEMA:
            key = content.u16()
            summary.schemas[key] = content.text(content.u32())
        elif opcode == _CHANNEL:
            key, schema = content.u16(), content.u16()
            summary.channels[key] = (content.text(content.u32()), schema)
        elif opcode == _STATISTICS:
            _take_statistics(summary, content)
        elif opcode == _CHUNK_INDEX:
            _take_chunk_index(summary, content)


def _take_statistics(summary: _Summary, content: Cursor) -> None:
    summary.messages = content.u64()
    content.skip(2 + 4 + 4 + 4)
    summary.chunks = content.u32()
    summary.times = (content.u64(), content.u64())
    counts = {}
    for _ in range(content.u32() // 10):
        key = content.u16()
        counts[key] = content.u64()
    summary.counts = counts


def _take_chunk_index(summary: _Summary, content: Cursor) -> None:
    begin, end, start, length = content.u64(), content.u64(), content.u64(), content.u64()
    summary.chunk_ends.append(start + length)
    summary.indexed_chunks += 1
    content.skip(content.u32())
    content.skip(8)
    summary.compressions.add(content.text(content.u32()))
    if summary.counts is None:
        known = summary.times or (begin, end)
        summary.times = (min(known[0], begin), max(known[1], end))


def _count(summary: _Summary, data: bytes) -> None:
    """Count by the message indexes of a file that was read whole and has no statistics."""
    counts: dict[int, int] = {}
    for opcode, content in _records(data[len(MAGIC) :]):
        if opcode == _MESSAGE_INDEX:
            key = content.u16()
            counts[key] = counts.get(key, 0) + content.u32() // 16
        elif opcode == _MESSAGE:
            key = content.u16()
            counts[key] = counts.get(key, 0) + 1
        elif opcode == _CHUNK:
            content.skip(8 + 8 + 8 + 4)
            if content.u32() == 0:  # no compression
                _take(summary, content.take(content.u64()))
    _take(summary, data[len(MAGIC) :])
    summary.counts, summary.messages = counts, sum(counts.values())
    if summary.chunks is None:
        summary.chunks = summary.indexed_chunks


def _tell(found: FormatLook, summary: _Summary, data_end: int) -> None:
    facts, checks = found.facts, found.checks
    topics = gathered(
        (topic, summary.schemas.get(schema) if schema else "", (summary.counts or {}).get(key, 0))
        for key, (topic, schema) in summary.channels.items()
    )
    if summary.counts is None:
        topics = {name: topic | {"count": None} for name, topic in topics.items()}
    facts["topics"] = topics or None
    facts["messages"] = summary.messages
    facts["chunks"] = summary.indexed_chunks if summary.chunks is None else summary.chunks
    if summary.compressions:
        facts["compressions"] = sorted(name or "none" for name in summary.compressions)
    if summary.times and summary.messages != 0:
        judge_times(found, *summary.times)
        facts["rates_hz"] = rates(topics, facts["duration_s"])
    elif summary.messages == 0:
        facts["duration_s"] = 0.0
    if not summary.channels and summary.messages != 0:
        checks.append(unchecked("topics", "the summary does not repeat the channels"))
    _judge_counts(found, summary)
    beyond = sum(end > data_end for end in summary.chunk_ends)
    if beyond:
        checks.append(
            odd("chunks", f"{beyond:,} of {len(summary.chunk_ends):,} chunks lie beyond the data",
                measured=data_end, declared=max(summary.chunk_ends))
        )  # fmt: skip
    elif summary.chunk_ends:
        checks.append(fine("chunks", "every chunk lies within the data"))


def _judge_counts(found: FormatLook, summary: _Summary) -> None:
    if summary.messages == 0:
        found.checks.append(odd("messages", "no messages", measured=0))
        return
    if summary.counts is None or summary.messages is None:
        found.checks.append(unchecked("messages", "no statistics: messages were not counted"))
        return
    counted = sum(summary.counts.values())
    if counted != summary.messages:
        found.checks.append(
            odd("messages", f"{counted:,} by channel, {summary.messages:,} in all",
                measured=counted, declared=summary.messages)
        )  # fmt: skip
    else:
        found.checks.append(
            fine("messages", f"{counted:,} messages, the sum over channels", measured=counted)
        )
