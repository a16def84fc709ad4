"""Guards between the terminal and the deciding keys."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Final

BURST_KEYS: Final = 4
BURST_SECONDS: Final = 0.050  # no finger presses four deciding keys in this time
QUIET_SECONDS: Final = 0.100
BURST_TOLD: Final = "Keys came faster than fingers: dropped, nothing was decided by them."


class Admission(Enum):
    PASS = "pass"  # noqa: S105 - not a password
    TRIP = "trip"  # the burst was just noticed: close what asks as No
    DROP = "drop"


class BurstGuard:
    """Text that arrives as keys (a paste without brackets, a cat on the keyboard) decides nothing.

    On the fourth deciding key within 50 ms, it and all input until 100 ms of quiet are dropped.
    Times are seconds of a monotonic clock.
    """

    def __init__(self) -> None:
        self._deciding: deque[float] = deque(maxlen=BURST_KEYS)
        self._dropping = False
        self._last = 0.0

    def admit(self, time: float, *, deciding: bool) -> Admission:
        quiet = time - self._last >= QUIET_SECONDS
        self._last = time
        if self._dropping and not quiet:
            return Admission.DROP
        self._dropping = False
        if not deciding:
            return Admission.PASS
        self._deciding.append(time)
        if len(self._deciding) == BURST_KEYS and time - self._deciding[0] <= BURST_SECONDS:
            self._deciding.clear()
            self._dropping = True
            return Admission.TRIP
        return Admission.PASS
