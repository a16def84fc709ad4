"""A zip behind a window: its members, and one of them read without the others."""

from __future__ import annotations

import asyncio
import struct
import zlib
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.members import DEFLATED, STORED, Unreadable
from gerra_tui.evidence.window import OverBudget, Window
from gerra_tui.evidence.zip_directory import ENTRY, LOCAL, entries, last_entries, read_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.evidence.members import Member
    from gerra_tui.evidence.zip_directory import End, Entry

DIRECTORY: Final = 1_250_000  # bytes that a first look fetches in one request: 10,000 long names
LONGEST_ENTRY: Final = 1_000  # bytes; a directory of longer ones is a wrong number, likely
ON_THIS_LOOP: Final = 100_000  # bytes of directory that are parsed without a thread: 10 ms
HEADER: Final = 30
MOST_EXTRA: Final = 512  # bytes of a local header's extra field that are fetched along
LARGEST: Final = 16_000_000  # bytes that a member may unpack to


class NotAZip(Exception):
    """Why there is no directory to read, as a sentence without an end."""


class ZipArchive:
    """`members.Archive` over a zip. `whole` is false where only the directory's end was read."""

    def __init__(self, window: Window, end: End, found: list[Entry], *, whole: bool) -> None:
        self._window = window
        self.end = end
        self.entries = found
        self.whole = whole
        self.members: Sequence[Member] = [entry.member for entry in found]
        self._by_name = {entry.member.name: entry for entry in found}
        self._offsets = sorted({member.offset for member in self.members} | {end.start})

    def next_after(self, member: Member) -> int:
        """Where the next member, or the directory, begins."""
        index = bisect_right(self._offsets, member.offset)
        return self._offsets[index] if index < len(self._offsets) else self._window.size

    def span(self, member: Member) -> tuple[int, int]:
        """The range that holds a member with its local header."""
        name = len(self._by_name[member.name].raw_name)
        most = member.offset + HEADER + name + MOST_EXTRA + member.compressed
        return member.offset, min(most, self.next_after(member))

    async def member(self, name: str) -> bytes | Window:
        entry = self._by_name[name]
        member = entry.member
        _readable(member)
        if member.method == STORED:
            return self._window.inside(await self._data_start(entry), member.size)
        packed = await self._window.read(*self.span(member))
        return await asyncio.to_thread(_unpacked, packed, member)

    async def beginning(self, name: str, length: int) -> bytes:
        """The first bytes of a member, unpacked as far as they go.

        Raises Unreadable, OverBudget, StorageFailure; KeyError where there is none of that name.
        """
        entry = self._by_name[name]
        member = entry.member
        _readable(member)
        start, stop = self.span(member)
        part = await self._window.read(
            start, min(stop, start + HEADER + len(entry.raw_name) + MOST_EXTRA + length)
        )
        packed = part[_header_length(part) :][: member.compressed]
        if member.method == STORED:
            return packed[:length]
        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, length)
        except zlib.error:
            raise Unreadable("its compressed data is damaged") from None

    async def read(self, names: Sequence[str]) -> dict[str, bytes]:
        wanted = [self._by_name[name].member for name in names if name in self._by_name]
        readable = [member for member in wanted if _problem(member) is None]
        parts = await self._window.read_all([self.span(member) for member in readable])
        found = {}
        for member, part in zip(readable, parts, strict=True):
            try:
                found[member.name] = _unpacked(part, member)
            except Unreadable:
                continue
        return found

    async def _data_start(self, entry: Entry) -> int:
        """Where a stored member's bytes begin; asked for only where the tables cannot tell.

        The next header begins where they end, so that their tail is read without their own one.
        """
        member = entry.member
        least = member.offset + HEADER + len(entry.raw_name)
        header = self._window.held(member.offset, least)
        if header is None and not entry.descriptor and self.whole:
            start = self.next_after(member) - member.size
            if least <= start <= least + MOST_EXTRA:
                return start
        if header is None:
            header = await self._window.read(member.offset, least)
        return member.offset + _header_length(header)


async def open_zip(window: Window) -> ZipArchive:
    """The archive behind a window whose last 64 kB have been read.

    Its directory is read if the budget holds it, or in one request beyond it up to 1.25 MB; else
    what its end tells. Raises NotAZip, StorageFailure.
    """
    tail = window.tail()
    end = read_end(tail, window.size)
    if end is None:
        raise NotAZip("cut off: no directory at its end")
    if not end.members and not end.size:
        return ZipArchive(window, end, [], whole=True)
    try:
        usual = end.size <= min(DIRECTORY, end.members * LONGEST_ENTRY)
        directory = await window.read(end.start, end.stop, exempt=usual)
    except OverBudget:
        known = window.size - len(tail)
        part = tail[max(0, end.start - known) : max(0, end.stop - known)]
        return ZipArchive(window, end, last_entries(part, before=end.before), whole=False)
    if not directory.startswith(ENTRY):
        end, directory = await _elsewhere(window, end)
    if len(directory) <= ON_THIS_LOOP:
        found = list(entries(directory, before=max(0, end.before)))
    else:
        found = await asyncio.to_thread(lambda: list(entries(directory, before=max(0, end.before))))
    return ZipArchive(window, end, found, whole=True)


async def _elsewhere(window: Window, end: End) -> tuple[End, bytes]:
    """The directory at the place that the end names, where its size leads elsewhere."""
    start = end.start - end.before
    if 0 <= start < end.stop and end.stop - start <= DIRECTORY:
        try:
            directory = await window.read(start, end.stop, exempt=True)
        except OverBudget:
            directory = b""
        if directory.startswith(ENTRY):
            return replace(end, start=start, before=0, misplaced=True), directory
    raise NotAZip("no directory where its end says")


def _problem(member: Member) -> str | None:
    if member.encrypted:
        return "encrypted"
    if member.method not in (STORED, DEFLATED):
        return f"compression {member.method} cannot be read here"
    return None


def _readable(member: Member) -> None:
    if problem := _problem(member):
        raise Unreadable(problem)


def _header_length(header: bytes) -> int:
    if not header.startswith(LOCAL) or len(header) < HEADER:
        raise Unreadable("no member where the directory says")
    name, extra = struct.unpack_from("<2H", header, 26)
    return HEADER + int(name) + int(extra)


def _unpacked(part: bytes, member: Member) -> bytes:
    start = _header_length(part)
    packed = part[start : start + member.compressed]
    if len(packed) < member.compressed:
        raise Unreadable("it is longer than its place in the archive")
    if member.method == STORED:
        return packed
    if member.size > LARGEST:
        raise Unreadable("deflated: readable from its start only")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(packed, member.size + 1)
    except zlib.error:
        raise Unreadable("its compressed data is damaged") from None
    if len(data) != member.size:
        raise Unreadable("it unpacks to another size than the directory says")
    return data
