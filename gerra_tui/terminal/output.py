"""Descriptors: a file that outlives its terminal, and an event that ends a `select`."""

from __future__ import annotations

import os
import select
import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


class TerminalFile:
    """Writes each text whole and at once. Once the terminal is gone, writing does nothing.

    Textual's writer thread would end with an error then, and the program would wait for ever for
    room in that thread's queue. Raises nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self._fd = stream.fileno()
        self.encoding = stream.encoding
        self.gone = False

    def fileno(self) -> int:
        return self._fd

    def flush(self) -> None:
        """Nothing is kept back."""

    def write(self, text: str) -> int:
        """Write all of the text, waiting for the terminal to take it."""
        data = memoryview(text.encode(self.encoding, "backslashreplace"))
        while data and not self.gone:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:  # another program has made the tty non-blocking
                select.select([], [self._fd], [])
            except OSError:
                self.gone = True
        return len(text)


class WakingEvent(threading.Event):
    """An event that `select` can wait for too."""

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        weakref.finalize(self, _close, self._read, self._write)

    def fileno(self) -> int:
        return self._read

    def set(self) -> None:
        super().set()
        os.write(self._write, b"!")

    def clear(self) -> None:
        super().clear()
        while select.select([self._read], [], [], 0)[0]:
            os.read(self._read, 64)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
