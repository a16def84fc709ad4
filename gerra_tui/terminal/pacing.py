"""When the next frame may be sent: not while the terminal has yet to show the last ones.

After each frame the terminal is asked for a cursor report, which it sends when it has come that
far. While too much is unanswered frames are held, and merge by themselves.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from typing import Final

# Held while at least so many frames and bytes are unanswered. One frame alone leaves the link idle
# for a round trip; small frames (a cursor's move) are not worth holding. Measured at 20 kB/s and
# 100 ms: 366 ms behind a flood of pages and 142 ms behind one of moves, the least of six windows.
FRAMES: Final = 2
BYTES: Final = 2_048
# A link that says nothing for so long has stalled, or this terminal does not answer at all.
TIMEOUT: Final = 2.0


class _Trust(Enum):
    UNKNOWN = auto()
    ANSWERS = auto()
    SILENT = auto()


class Pacer:
    """Counts what the terminal has not answered for. Times are seconds of one monotonic clock.

    Nothing is ever held before the first answer. When answers stay away for `TIMEOUT`, frames go
    unpaced until the next answer; where none ever came, the terminal is asked no more.
    """

    def __init__(self) -> None:
        self._unanswered: deque[int] = deque()
        self._bytes = 0
        self._deadline: float | None = None
        self._trust = _Trust.UNKNOWN
        self._ever_answered = False

    @property
    def asks(self) -> bool:
        """The next frame is to be followed by a question."""
        return self._trust is not _Trust.SILENT

    @property
    def answers(self) -> bool:
        """The terminal has answered, and not stalled since."""
        return self._trust is _Trust.ANSWERS

    @property
    def may_send(self) -> bool:
        return (
            self._trust is not _Trust.ANSWERS
            or len(self._unanswered) < FRAMES
            or self._bytes < BYTES
        )

    @property
    def deadline(self) -> float | None:
        """When `expire` is to be called, if nothing is answered before."""
        return self._deadline

    def sent(self, size: int, now: float) -> None:
        """A frame of `size` bytes went out, with a question behind it."""
        self._unanswered.append(size)
        self._bytes += size
        if self._deadline is None:
            self._deadline = now + TIMEOUT

    def answered(self, count: int, now: float) -> None:
        """So many answers arrived."""
        self._trust = _Trust.ANSWERS
        self._ever_answered = True
        for _ in range(min(count, len(self._unanswered))):
            self._bytes -= self._unanswered.popleft()
        self._deadline = now + TIMEOUT if self._unanswered else None

    def expire(self, now: float) -> None:
        """The deadline may have passed: if so the link stalls, or nobody answers there."""
        if self._deadline is not None and now >= self._deadline:
            self.restart()
            self._trust = _Trust.UNKNOWN if self._ever_answered else _Trust.SILENT

    def restart(self) -> None:
        """What was asked is not waited for any more. What is known of the terminal stays."""
        self._unanswered.clear()
        self._bytes = 0
        self._deadline = None
