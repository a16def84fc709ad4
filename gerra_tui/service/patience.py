"""How long to wait before something is tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Pauses that grow from `first` to `longest` seconds, jittered so that consoles spread out."""

    first: float = 1.0
    longest: float = 60.0

    def pause(self, tries: int, wished: float | None = None) -> float:
        """Seconds after so many tries without success; not less than the service's wish."""
        pause = min(self.longest, self.first * 2.0 ** min(max(tries - 1, 0), 16))
        jittered = pause * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return jittered if wished is None else wished + jittered
