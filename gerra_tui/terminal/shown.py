"""Which frames the terminal has shown, as far as it tells."""

from __future__ import annotations

from collections import deque
from typing import Final

# Without reports a frame is taken for shown after so long, in seconds: no link that one works over
# is slower.
UNTOLD: Final = 1.0
# A terminal that reported once and has fallen silent. Shorter than a link may stall it must not be.
FELL_SILENT: Final = 30.0


class Shown:
    """Frames are numbered from 1 as they are drawn. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self.drawn = 0
        self._sent: deque[tuple[int, int, float]] = deque()  # frame, question behind it, when
        self._shown = 0

    def draw(self) -> None:
        """One more frame is there to be sent."""
        self.drawn += 1

    def sent(self, question: int, now: float) -> None:
        """All that was drawn has gone out, before the answer to this question."""
        if not self._sent or self._sent[-1][0] < self.drawn:
            self._sent.append((self.drawn, question, now))

    def answered(self, question: int) -> None:
        """The terminal has come as far as this question."""
        while self._sent and self._sent[0][1] <= question:
            self._shown = self._sent.popleft()[0]

    def by(self, now: float, patience: float) -> int:
        """The last frame that was shown by now; what was sent `patience` seconds ago is."""
        while self._sent and now - self._sent[0][2] >= patience:
            self._shown = self._sent.popleft()[0]
        return self._shown
