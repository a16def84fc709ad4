"""Moments as the service writes them, and how long ago they were, the same wherever it is told."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any, Final

_UNITS: Final = (("y", 31_557_600), ("mo", 2_629_800), ("d", 86_400), ("h", 3_600))


def moment_of(value: Any) -> datetime | None:
    """ISO 8601, in UTC where it names no zone; null for what is no date.

    The first and the last year of the calendar are no dates either: they cannot be told in every
    zone.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if MINYEAR < moment.year < MAXYEAR else None


def age(moment: datetime, now: datetime) -> str:
    """`5 h ago`: one unit, so that it fits a narrow column. Both aware."""
    seconds = (now - moment).total_seconds()
    amount = abs(seconds)
    for unit, length in _UNITS:
        if amount >= length:
            return _ago(f"{int(amount // length)} {unit}", seconds)
    return _ago(f"{int(amount // 60)} min", seconds) if amount >= 60 else "just now"


def _ago(amount: str, seconds: float) -> str:
    return f"{amount} ago" if seconds >= 0 else f"in {amount}"
