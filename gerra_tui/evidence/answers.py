"""What storage's answer to a ranged GET says: a part of the file, or why there is none.

Ranges and their answers are those of RFC 9110, section 14.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.window import StorageFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANGED: Final = "the file changed while it was read; look again"
NO_PARTS: Final = "storage does not serve parts (200); nothing read"
_RANGE: Final = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})")
_UNSATISFIED: Final = re.compile(r"bytes \*/(\d{1,19})")


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one content of a file from another. `etag` is "" where there is none."""

    size: int
    etag: str
    modified: str

    @property
    def strong(self) -> str | None:
        """The validator that `If-Range` takes."""
        return self.etag if self.etag and not self.etag.startswith("W/") else None


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` up to `stop`, whose body is still to come."""

    start: int
    stop: int
    version: Version


def part_of(
    status: int, headers: Mapping[str, str], *, start: int | None, stop: int, seen: Version | None
) -> Part:
    """The part that a 206 holds. Raises StorageFailure: another answer, range or version."""
    if status != HTTPStatus.PARTIAL_CONTENT:
        raise StorageFailure(refusal(status, headers, seen))
    coded = headers.get("content-encoding", "identity").strip().lower()
    if coded not in ("", "identity"):
        raise StorageFailure("storage packed the part, unasked; nothing read")
    told = told_range(headers)
    if told is None:
        raise StorageFailure("storage does not say which part it sent (206); nothing read")
    first, last, size = told
    version = Version(size, headers.get("etag", ""), headers.get("last-modified", ""))
    if seen is not None and version != seen:
        raise StorageFailure(CHANGED)
    wanted = (max(0, size - stop), size) if start is None else (start, min(stop, size))
    if (first, last + 1) != wanted:
        raise StorageFailure("storage sent another part than was asked for; nothing read")
    return Part(*wanted, version)


def told_size(headers: Mapping[str, str]) -> int | None:
    """The size of the file that a 416 tells."""
    match = _UNSATISFIED.fullmatch(headers.get("content-range", "").strip())
    return int(match[1]) if match else None


def told_range(headers: Mapping[str, str]) -> tuple[int, int, int] | None:
    """First byte, last byte and size of the file by `Content-Range`."""
    match = _RANGE.fullmatch(headers.get("content-range", "").strip())
    if match is None:
        return None
    first, last, size = map(int, match.groups())
    return (first, last, size) if first <= last < size else None


def refusal(status: int, headers: Mapping[str, str], seen: Version | None = None) -> str:
    """A sentence for an answer that is not the one asked for."""
    match status:
        case 200:
            etag = headers.get("etag", "")
            return CHANGED if seen is not None and etag != seen.etag else NO_PARTS
        case 404 | 410:
            return f"storage has no such file ({status})"
        case 416:
            return CHANGED if seen is not None else "storage refuses this range (416)"
        case 429 | 503:
            return f"storage is busy ({status}); look again later"
    if 300 <= status < 400:
        return f"storage points to another address ({status}), not followed"
    if status >= 500:
        return f"storage failed ({status})"
    if status < 300:
        return f"storage answered {status} and no part; nothing read"
    return f"storage refused ({status})"
