"""Tar, also packed with gzip or zstd: it has no directory, so its members as far as it was read."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.listing import count, judge_names, judge_siblings, listed
from gerra_tui.evidence.members import Member, Unreadable
from gerra_tui.evidence.readers import look_inside
from gerra_tui.evidence.tar_headers import BLOCK, Damaged, Header, headers, is_header
from gerra_tui.evidence.window import TAIL, OverBudget, Window, first_look, more

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gerra_tui.domain.evidence import Check

MOST_UNPACKED: Final = 16_000_000  # bytes
HOP: Final = 4_096  # bytes that are read where a header is: small members follow at once
START: Final = "first 64 kB only"


@dataclass(slots=True)
class _Walk:
    """The headers that were read, and how the walk ended."""

    found: list[Header] = field(default_factory=list)
    ended: bool = False  # the end mark was seen
    problem: str | None = None

    async def go(self, read: Callable[[int, int], Awaitable[bytes]]) -> None:
        try:
            async for header in headers(read):
                self.found.append(header)
            self.ended = True
        except Damaged as damage:
            self.problem = str(damage)
        except OverBudget:
            pass


class TarArchive:
    """`members.Archive` over what was read of a tar; `opened` gives a member's bytes or window."""

    def __init__(self, walk: _Walk, opened: Callable[[Header], bytes | Window]) -> None:
        self._headers = {header.name: header for header in walk.found}
        self._opened = opened
        self.whole = walk.ended
        self.members: Sequence[Member] = [
            Member(
                name=header.name,
                size=header.size,
                compressed=header.length,
                offset=header.place,
                is_dir=header.is_dir,
            )
            for header in walk.found
        ]

    async def member(self, name: str) -> bytes | Window:
        return self._opened(self._headers[name])

    async def read(self, names: Sequence[str]) -> dict[str, bytes]:
        found = {}
        for name in names:
            if name in self._headers:
                opened = await self.member(name)
                if isinstance(opened, Window):
                    opened = await opened.read(0, opened.size)
                found[name] = opened
        return found


async def look(window: Window) -> FormatLook:
    """The members within the first 64 kB; with more room, as many as it holds."""
    head = await window.read(0, TAIL)
    if is_header(head[:BLOCK]):
        return await _plain(window)
    packing = "gzip" if head.startswith(b"\x1f\x8b") else "zstd"
    try:
        unpacked, ended = _unpacked(head, packing, whole=len(head) == window.size)
    except ModuleNotFoundError:
        return _alone(packing, [unchecked("content", "needs gerra-tui[ros]")])
    except (zlib.error, ValueError) as problem:
        return _alone(packing, [odd("archive", f"cannot be unpacked: {problem}")])
    if not is_header(unpacked[:BLOCK]):
        return _alone(packing, [unchecked("content", f"packed with {packing}, and no tar in it")])
    return await _packed(unpacked, packing, ended=ended)


def _alone(kind: str, checks: list[Check]) -> FormatLook:
    return FormatLook(kind=kind, checks=checks)


async def _plain(window: Window) -> FormatLook:
    walk = _Walk()
    room = window.room()
    if room[0] <= first_look().requests:
        await walk.go(_held_of(window))
    else:
        if window.size <= room[1]:
            await window.read(0, window.size)
        await walk.go(_hops_of(window))
    found = await _told(walk, None, lambda header: window.inside(header.data, header.length))
    if not walk.ended and walk.problem is None:
        end = await window.read(window.size - 2 * BLOCK, window.size)
        if end != bytes(2 * BLOCK):
            found.checks.insert(0, odd("archive", "cut off: no end mark"))
        found.more.append(_step(walk, window))
    return found


async def open_tar(window: Window) -> TarArchive:
    """The members as far as they have been read; of a packed one, within its first 64 kB.

    Raises Unreadable, OverBudget, StorageFailure.
    """
    head = await window.read(0, TAIL)
    if is_header(head[:BLOCK]):
        walk = _Walk()
        await walk.go(_held_of(window))
        return TarArchive(walk, lambda header: window.inside(header.data, header.length))
    packing = "gzip" if head.startswith(b"\x1f\x8b") else "zstd"
    try:
        unpacked, ended = _unpacked(head, packing, whole=len(head) == window.size)
    except ModuleNotFoundError:
        raise Unreadable("needs gerra-tui[ros]") from None
    except (zlib.error, ValueError) as problem:
        raise Unreadable(f"cannot be unpacked: {problem}") from None
    return TarArchive(*await _walk_of(unpacked, ended=ended))


async def _packed(unpacked: bytes, packing: str, *, ended: bool) -> FormatLook:
    walk, opened = await _walk_of(unpacked, ended=ended)
    return await _told(walk, packing, opened)


async def _walk_of(
    unpacked: bytes, *, ended: bool
) -> tuple[_Walk, Callable[[Header], bytes | Window]]:
    async def read(start: int, stop: int) -> bytes:
        if stop > len(unpacked) and not ended:
            raise OverBudget(1, stop - len(unpacked))
        return unpacked[start:stop]

    def opened(header: Header) -> bytes:
        if header.data + header.length > len(unpacked):
            raise OverBudget(1, header.length)
        return unpacked[header.data : header.data + header.length]

    walk = _Walk()
    await walk.go(read)
    return walk, opened


def _held_of(window: Window) -> Callable[[int, int], Awaitable[bytes]]:
    async def read(start: int, stop: int) -> bytes:
        held = window.held(start, stop)
        if held is None:
            raise OverBudget(1, stop - start)
        return held

    return read


def _hops_of(window: Window) -> Callable[[int, int], Awaitable[bytes]]:
    async def read(start: int, stop: int) -> bytes:
        held = window.held(start, stop)
        return held if held is not None else (await window.read(start, start + HOP))[: stop - start]

    return read


async def _told(
    walk: _Walk, packing: str | None, opened: Callable[[Header], bytes | Window]
) -> FormatLook:
    archive = TarArchive(walk, opened)
    members = archive.members
    files = [member for member in members if not member.is_dir]
    found = FormatLook(kind="tar")
    problems = judge_names(members, found.facts, links=0)
    if walk.problem is not None:
        problems.insert(0, odd("archive", walk.problem))
    if walk.ended and not problems:
        told = f"{count(len(members), 'member')}, none unsafe"
        problems.append(fine("archive", told, measured=len(members)))
    if not walk.ended and walk.problem is None:
        told = f"no directory: {count(len(members), 'member')} in the first 64 kB"
        problems.append(unchecked("members", told, measured=len(members), scope=START))
    known = walk.ended or walk.problem is not None
    found.checks += [*problems, *judge_siblings(files)]
    found.facts |= {
        "members": len(members) if known else None,
        "unsafe": found.facts["unsafe"] if known else None,
        "encrypted": 0 if known else None,
        "links": sum(header.is_link for header in walk.found),
        "listed": len(members),
        "packed": packing,
        "files": listed(members),
    }
    if any(f"/{member.name}".endswith("/meta/info.json") for member in files):
        inner = await look_inside(archive, "lerobot")
        found.facts |= inner.facts
        found.checks += inner.checks
        found.more += inner.more
    return found


def _step(walk: _Walk, window: Window) -> Step:
    """The rest in one request where it is small; else a request a member, by those known."""
    whole = more().bytes
    if window.size <= whole:
        return Step(key=MORE, words="list all members", requests=1, bytes=window.size)
    last = walk.found[-1] if walk.found else None
    reached = last.data + last.length if last else BLOCK
    hops = min(more().requests, max(1, window.size * max(1, len(walk.found)) // reached))
    return Step(key=MORE, words="list more members", requests=hops, bytes=hops * HOP)


def _unpacked(head: bytes, packing: str, *, whole: bool) -> tuple[bytes, bool]:
    """The first bytes, and whether they are all. Raises ValueError, zlib.error: damaged."""
    if packing == "gzip":
        gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return gzip.decompress(head, MOST_UNPACKED), whole and gzip.eof
    import zstandard

    try:
        stream = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(head)
        data = stream.read(MOST_UNPACKED)
    except zstandard.ZstdError as problem:
        raise ValueError(str(problem)) from None
    return data, whole and len(data) < MOST_UNPACKED
