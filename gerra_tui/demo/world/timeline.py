"""When the rows of the first catalogue were last updated: a formula instead of a table."""

from __future__ import annotations

_SPAN_SECONDS = 120 * 86_400
_MIX = 2_654_435_761  # Knuth's multiplicative hash


class Timeline:
    """Rows 0 to size - 1, newest first; a share of neighbours is tied to the microsecond."""

    def __init__(self, seed: int, size: int, now_us: int) -> None:
        self._seed = seed
        self._size = size
        self._now_us = now_us

    def updated_us(self, row: int) -> int:
        """Microseconds since 1970; never rises with the row number."""
        place: float
        if self._mixed(row >> 6) % 50 == 7:  # a bulk import: 64 rows at one instant
            place = row & ~63
        elif row > 63 and self._mixed(row >> 3) % 16 == 3:
            place = row & ~7
        else:
            place = row + self._mixed(row) / 2**32
        age = 40 + _SPAN_SECONDS * (place / self._size) ** 1.6
        return self._now_us - int(age * 1e6)

    def _mixed(self, number: int) -> int:
        return ((number + 1) * _MIX ^ self._seed * 40_503) * _MIX >> 7 & 0xFFFF_FFFF
