"""What recordings of topics share, whatever their container: their times, and their rates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import fine, odd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gerra_tui.evidence.findings import FormatLook

_NANO: Final = 1_000_000_000
# A clock that was never set begins at 1970; robots that recorded before 2000 have no such files.
_EARLIEST: Final = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * _NANO
_LATEST: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * _NANO


def judge_times(found: FormatLook, start: int, end: int) -> None:
    """Put `duration_s` and `start` into the facts, and say whether they can be (nanoseconds)."""
    found.facts["duration_s"] = None
    if end < start:
        found.checks.append(odd("order", f"time goes back by {(start - end) / _NANO:,.3f} s"))
        return
    found.facts["duration_s"] = (end - start) / _NANO
    if start < _EARLIEST:
        found.checks.append(
            odd("clock", f"times begin {start / _NANO:,.3f} s after 1970: a clock that was not set")
        )
    elif end > _LATEST:
        found.checks.append(odd("clock", "times lie beyond the year 2100"))
    else:
        begun = datetime.fromtimestamp(start // _NANO, UTC)
        found.facts["start"] = begun.isoformat()
        found.checks.append(fine("clock", f"begins {begun:%Y-%m-%d %H:%M:%S} UTC"))


def gathered(
    channels: Iterable[tuple[str, str | None, int]],
) -> dict[str, dict[str, Any]]:
    """`topics` out of (topic, type, messages): several channels of one topic are one."""
    topics: dict[str, dict[str, Any]] = {}
    for name, kind, count in channels:
        topic = topics.setdefault(name, {"type": kind, "count": 0})
        topic["count"] += count
    return topics


def rates(topics: Mapping[str, Mapping[str, Any]], duration: float | None) -> dict[str, float]:
    """Messages a second by topic, where two or more and a duration make one."""
    if not duration:
        return {}
    return {
        name: round((topic["count"] - 1) / duration, 3)
        for name, topic in topics.items()
        if topic["count"] and topic["count"] > 1
    }
