"""Cursor reports asked for by one thread and received by another."""

from __future__ import annotations

import threading
import time
from typing import Final

# DSR, "report cursor position". Every terminal answers it, and `InputFilter` knows the answer.
QUESTION: Final = "\x1b[6n"


class Inquiry:
    """Counts questions and answers. No lock: each number is written by one thread alone.

    `ask`, `forgive` and `wait` are the asking thread's, `receive` is the other's.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._answered = 0
        self._all_answered = threading.Event()

    @property
    def asked(self) -> int:
        """The number of the last question, from 1."""
        return self._asked

    @property
    def awaited(self) -> int:
        """Questions without an answer."""
        return self._asked - self._answered

    def ask(self) -> str:
        """Count a question; gives what to send."""
        self._asked += 1
        return QUESTION

    def receive(self, count: int) -> None:
        self._answered += count
        if self.awaited <= 0:
            self._all_answered.set()

    def forgive(self) -> None:
        """Expect no answers to what was asked."""
        self._asked = self._answered

    def wait(self, seconds: float) -> None:
        """Wait until all is answered, and no longer than this."""
        end = time.monotonic() + seconds
        while self.awaited > 0:
            self._all_answered.clear()
            if self.awaited > 0 and not self._all_answered.wait(max(end - time.monotonic(), 0)):
                break
        self.forgive()
