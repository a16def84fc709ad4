"""Foreign values as numbers."""

from __future__ import annotations

import math
from typing import Any


def number(value: Any) -> float | None:
    """A finite number; null for everything else, booleans included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
