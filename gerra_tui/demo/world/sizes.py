"""How large each dataset is declared to be: from kilobytes to tens of gigabytes, by formula."""

from __future__ import annotations

from gerra_tui.demo.world.population import EPISODE, POV, TELEMETRY, THIRD_PERSON

_RANGES = {
    EPISODE: (4e6, 4e10),
    POV: (2e6, 9e8),
    THIRD_PERSON: (2e6, 9e8),
    TELEMETRY: (6e3, 3e9),
}
"""Bytes, smallest and largest; evenly spread over the orders of magnitude between."""

_STEPS = 256
_MIX = 0x9E37_79B1  # Fibonacci hashing


class Sizes:
    def __init__(self, seed: int) -> None:
        self._salt = seed * 0x85EB_CA6B + 1
        self._tables = {
            data_type: [int(low * (high / low) ** (step / _STEPS)) for step in range(_STEPS)]
            for data_type, (low, high) in _RANGES.items()
        }

    def declared(self, row: int, data_type: int) -> int | None:
        """Bytes, None where the service does not know."""
        mixed = ((row ^ self._salt) * _MIX & 0xFFFF_FFFF) * _MIX >> 9 & 0xFFFF_FFFF
        if mixed % 53 == 7:
            return None
        return self._tables[data_type][mixed & 255] + (mixed >> 8) % 997
