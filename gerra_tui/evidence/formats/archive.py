"""Zip: its members by the directory at its end, and what is odd about them.

APPNOTE 6.3.10. Overlaps as CVE-2024-0450 describes them; no member is unpacked but small ones that
describe the others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.checks.same import of_members
from gerra_tui.domain.evidence import FILES, MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.kinds import kind_of
from gerra_tui.evidence.listing import count, judge_names, judge_siblings, listed
from gerra_tui.evidence.members import DEFLATED, STORED, Unreadable
from gerra_tui.evidence.readers import look_inside
from gerra_tui.evidence.window import TAIL, OverBudget, more, over
from gerra_tui.evidence.zip_archive import HEADER, NotAZip, ZipArchive, open_zip
from gerra_tui.evidence.zip_directory import LOCAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.evidence import Check, Facts
    from gerra_tui.evidence.members import Member
    from gerra_tui.evidence.window import Window
    from gerra_tui.evidence.zip_directory import Entry

DENSE: Final = 1_000  # times its packed size: deflate reaches 1,032, data of sensors some 10
LARGE: Final = 100_000_000
MAIN: Final = 0.9  # of all bytes in one member: the archive is only its envelope


async def look(window: Window) -> FormatLook:
    """A zip and, where its directory shows one, the LeRobot dataset, arrays or file inside."""
    facts: Facts = {"members": None, "unsafe": None, "encrypted": None}
    found = FormatLook(kind="zip", facts=facts)
    try:
        archive = await open_zip(window)
    except NotAZip as problem:
        found.checks.append(odd("archive", str(problem)))
        return found
    facts |= {"members": archive.end.members, "directory_bytes": archive.end.size}
    if archive.whole:
        await asyncio.to_thread(_judge, archive, window, found)
        await _look_further(archive, window, found)
    else:
        _ask(archive, window, found)
    return found


def _ask(archive: ZipArchive, window: Window, found: FormatLook) -> None:
    """The directory is beyond the budget: its count, its last entries, and the price."""
    end = archive.end
    already = min(end.size, max(0, end.stop - max(end.start, window.size - TAIL)))
    found.facts["files"] = listed(archive.members)
    found.checks.append(
        unchecked(
            "archive",
            f"{count(end.members, 'member')}, the last {len(archive.members):,} listed",
            measured=len(archive.members),
            declared=end.members,
            scope="last 64 kB of the directory",
        )
    )
    words = f"list {count(end.members, 'member')}"
    found.more.append(Step(key=FILES, words=words, requests=1, bytes=end.size - already))


def _judge(archive: ZipArchive, window: Window, found: FormatLook) -> None:
    members = archive.members
    files = [member for member in members if not member.is_dir]
    facts, checks = found.facts, found.checks
    methods = Counter(member.method for member in files)
    facts |= {
        "members": len(members),
        "encrypted": sum(member.encrypted for member in members),
        "links": sum(entry.symlink for entry in archive.entries),
        "stored": methods[STORED],
        "deflated": methods[DEFLATED],
        "unpacked": sum(member.size for member in files),
        "files": listed(members),
        **of_members((member.crc or 0, member.size) for member in files),
    }
    problems = [*_structure(archive, window), *_packing(files)]
    problems += judge_names(members, facts, links=facts["links"])
    if facts["encrypted"]:
        told = f"{facts['encrypted']:,} of {len(members):,} members encrypted"
        problems.append(odd("encrypted", told, measured=facts["encrypted"], declared=0))
    if not problems:
        told = f"{count(len(members), 'member')}, none unsafe"
        checks.append(fine("archive", told, measured=len(members), declared=archive.end.members))
    checks.extend(problems)
    checks.extend(judge_siblings(files))
    unread = {method: n for method, n in methods.items() if method not in (STORED, DEFLATED)}
    for method, number in sorted(unread.items()):
        told = f"compression {method} cannot be read here"
        checks.append(unchecked("compression", told, scope=count(number, "member")))


def _structure(archive: ZipArchive, window: Window) -> list[Check]:
    end, members = archive.end, archive.members
    checks = []
    if not members:
        checks.append(odd("archive", "no member in it"))
    if end.misplaced:
        checks.append(odd("archive", "its directory is not where its end says"))
    if end.disk:
        checks.append(odd("archive", f"one of {end.disk + 1} parts: the others are missing"))
    if len(members) & 0xFFFF != end.members & 0xFFFF:  # 16 bits where there is no zip64
        told = (
            f"its end promises {count(end.members, 'member')}, the directory has {len(members):,}"
        )
        checks.append(odd("archive", told, measured=len(members), declared=end.members))
    if end.before:
        where = "before the archive" if end.before > 0 else "missing before its directory"
        told = f"{count(abs(end.before), 'byte')} {where}"
        checks.append(odd("archive", told, measured=end.before, declared=0))
    if end.after:
        told = f"{count(end.after, 'byte')} after the archive's end"
        checks.append(odd("archive", told, measured=end.after, declared=0))
    overlapping = _overlapping(archive)
    if overlapping:
        told = f"{count(len(overlapping), 'member')} overlapping the next: {overlapping[0]}"
        checks.append(odd("overlap", told, measured=len(overlapping), declared=0))
    contrary = [entry.member.name for entry in archive.entries if _contradicted(entry, window)]
    if contrary:
        told = f"{count(len(contrary), 'member')} not where the directory says: {contrary[0]}"
        checks.append(odd("headers", told, measured=len(contrary), declared=0))
    return checks


def _overlapping(archive: ZipArchive) -> list[str]:
    """Members that reach into the next one or the directory, by their least possible length."""
    ordered = sorted(archive.entries, key=lambda entry: entry.member.offset)
    starts = [*(entry.member.offset for entry in ordered), archive.end.start]
    return [
        entry.member.name
        for entry, following in zip(ordered, starts[1:], strict=True)
        if entry.member.offset + HEADER + len(entry.raw_name) + entry.member.compressed > following
    ]


def _contradicted(entry: Entry, window: Window) -> bool:
    """Whether the local header has been read along and names another member."""
    start = entry.member.offset
    header = window.held(start, start + HEADER + len(entry.raw_name))
    if header is None:
        return False
    return not header.startswith(LOCAL) or header[HEADER:] != entry.raw_name


def _packing(files: Sequence[Member]) -> list[Check]:
    dense = [
        member.name
        for member in files
        if member.size > LARGE and member.size > DENSE * max(1, member.compressed)
    ]
    if not dense:
        return []
    told = f"{count(len(dense), 'member')} of more than {DENSE:,} times the packed size: {dense[0]}"
    return [odd("unpacked", told, measured=len(dense), declared=0)]


async def _look_further(archive: ZipArchive, window: Window, found: FormatLook) -> None:
    """What is inside, as far as its names say that there is something to read."""
    files = [member for member in archive.members if not member.is_dir]
    if not files:
        return
    largest = max(files, key=lambda member: member.size)
    if any(f"/{member.name}".endswith("/meta/info.json") for member in files):
        _add(found, await look_inside(archive, "lerobot"))
    elif all(member.name.endswith(".npy") for member in files):
        inner = await look_inside(window, "npz")
        found.kind = inner.kind
        _add(found, inner)
    elif largest.size >= MAIN * sum(member.size for member in files) > 0:
        await _look_at_main(archive, largest, found)


def _add(found: FormatLook, inner: FormatLook) -> None:
    found.facts |= inner.facts
    found.checks += inner.checks
    found.more += inner.more


async def _look_at_main(archive: ZipArchive, member: Member, found: FormatLook) -> None:
    """The file that the archive is only the envelope of."""
    try:
        inside = await archive.member(member.name)
        if isinstance(inside, bytes):
            inside = await over(inside)
        await inside.read(inside.size - TAIL, inside.size)
    except Unreadable as problem:
        found.checks.append(unchecked("content", str(problem), scope=member.name))
        return
    except OverBudget as refused:
        deflated = member.method == DEFLATED
        told = "deflated: readable from its start only" if deflated else "not looked at"
        found.checks.append(unchecked("content", told, scope=member.name))
        if refused.bytes <= more().bytes:
            words = f"look at {member.name}"
            found.more.append(
                Step(key=MORE, words=words, requests=refused.requests, bytes=refused.bytes)
            )
        return
    inner = await look_inside(inside, await kind_of(inside))
    found.facts["inside"] = {"name": member.name, "kind": inner.kind, **inner.facts}
    found.checks += [replace(check, scope=check.scope or member.name) for check in inner.checks]
    found.more += inner.more
