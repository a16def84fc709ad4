"""What the names and sizes of an archive's members tell, whatever the archive."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import PurePosixPath
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import odd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.evidence import Check, Facts
    from gerra_tui.evidence.members import Member

LISTED: Final = 200  # members whose names and sizes are facts
SIBLINGS: Final = 5  # files of one kind beside each other that have a median worth the name
WORTH: Final = 10_000  # bytes of that median
FAR_SMALLER: Final = 0.05  # of it: episodes of one task differ, but not twentyfold

_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def count(number: int, thing: str) -> str:
    """`1 member`, `204 members`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def is_unsafe(name: str) -> bool:
    """Whether unpacking to that name could write elsewhere, or hides what it is called."""
    parts = name.replace("\\", "/").split("/")
    outside = name.startswith(("/", "\\")) or ".." in parts or bool(_DRIVE.match(name))
    return outside or "\\" in name or bool(_UNSEEN.search(name))


def listed(members: Sequence[Member]) -> list[dict[str, Any]]:
    """The first members as facts: name, size, and how much of it is stored."""
    return [
        {"name": member.name, "size": member.size, "compressed": member.compressed}
        for member in members[:LISTED]
    ]


def judge_names(members: Sequence[Member], facts: Facts, *, links: int) -> list[Check]:
    """Names that are unsafe or there twice, and links; `facts["unsafe"]` counts the first."""
    unsafe = [member.name for member in members if is_unsafe(member.name)]
    facts["unsafe"] = len(unsafe)
    checks = []
    if unsafe:
        told = f"{count(len(unsafe), 'unsafe name')}: {unsafe[0]}"
        checks.append(odd("names", told, measured=len(unsafe), declared=0))
    numbers = Counter(member.name.rstrip("/") for member in members)
    twice = [name for name, number in numbers.items() if number > 1]
    if twice:
        told = f"{count(len(twice), 'name')} there more than once: {twice[0]}"
        checks.append(odd("duplicates", told, measured=len(twice), declared=0))
    if links:
        told = f"{count(links, 'symbolic link')} among the members"
        checks.append(odd("links", told, measured=links, declared=0))
    return checks


def judge_siblings(files: Sequence[Member]) -> list[Check]:
    """Files that are far smaller than those of the same kind in the same directory."""
    families = defaultdict[tuple[str, str], list["Member"]](list)
    for member in files:
        path = PurePosixPath(member.name)
        families[str(path.parent), path.suffix].append(member)
    small = []
    for family in families.values():
        usual = median(member.size for member in family)
        if len(family) >= SIBLINGS and usual >= WORTH:
            small += [(one, usual) for one in family if one.size < FAR_SMALLER * usual]
    if not small:
        return []
    first, usual = min(small, key=lambda pair: pair[0].size / pair[1])
    others = f", and {len(small) - 1:,} more" if len(small) > 1 else ""
    told = f"{first.name} {first.size:,} B, median {usual:,.0f} B{others}"
    return [odd("siblings", told, measured=first.size, declared=usual)]
