"""The service's now: the real one, or one that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """`fixed` stops time, for reproducible pictures; `advance` moves it on, for expiry tests."""

    def __init__(self, fixed: datetime | None = None) -> None:
        self._fixed = fixed
        self._ahead = timedelta()

    def now(self) -> datetime:
        return (self._fixed or datetime.now(UTC)) + self._ahead

    def now_us(self) -> int:
        """Microseconds since 1970."""
        return to_us(self.now())

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)


def iso(us: int) -> str:
    """Microseconds since 1970 as ISO 8601 with offset, as pydantic's and Python's own writers."""
    return (EPOCH + timedelta(microseconds=us)).isoformat()
