"""A screen that stands before the program behind it is imported.

Standard library alone, and little of it: what is imported here is waited for. The driver takes the
terminal over as it finds it; a start that comes to nothing leaves it as it was.
"""

from __future__ import annotations

import os
import signal
import termios
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import FrameType

# The alternate screen, no cursor, and pastes told from keys: what is typed now is read later.
ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?2004h"
LEAVE: Final = "\x1b[m\x1b[?2004l\x1b[?1049l\x1b[?25h"
ENDING: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_IFLAG, _LFLAG, _CC = 0, 3, 6  # of what tcgetattr gives


class EarlyScreen:
    """Shows a text on the terminal of `source` and `target` (file descriptors), once.

    Until it is handed over, a signal that ends the process puts the terminal back first. What is
    typed meanwhile waits in the terminal's queue, as keys and not as lines.
    """

    def __init__(self, source: int, target: int) -> None:
        self._source = source
        self._target = target
        self._before: list[Any] | None = None
        self._handlers: dict[int, Any] = {}
        self.is_shown = False

    def show(self, text: bytes) -> None:
        """Take the terminal and show it. Does nothing where that is no terminal."""
        try:
            self._before = termios.tcgetattr(self._source)
        except termios.error:
            return
        for number in ENDING:
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                self._handlers[number] = signal.signal(number, self._on_ending)
        self.is_shown = True
        termios.tcsetattr(self._source, termios.TCSANOW, _for_keys(self._before))
        self._write(ENTER.encode() + text)

    def hand_over(self) -> list[Any] | None:
        """Another has the terminal from here on. Gives its attributes from before, for the end."""
        self.is_shown = False
        self._forget_signals()
        return self._before

    def leave(self) -> None:
        """The terminal as it was found. Does nothing where it is not shown any more."""
        if not self.is_shown:
            return
        self.is_shown = False
        self._put_back()
        self._forget_signals()

    def _put_back(self) -> None:
        self._write(LEAVE.encode())
        if self._before is not None:
            try:
                termios.tcsetattr(self._source, termios.TCSANOW, self._before)
            except termios.error:
                return

    def _forget_signals(self) -> None:
        for number, handler in self._handlers.items():
            if signal.getsignal(number) == self._on_ending:
                signal.signal(number, handler)
        self._handlers.clear()

    def _on_ending(self, number: int, _frame: FrameType | None) -> None:
        """End as the signal ends any program, but for the terminal."""
        self._put_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _write(self, data: bytes) -> None:
        while data:
            try:
                data = data[os.write(self._target, data) :]
            except BlockingIOError:
                continue
            except OSError:  # the terminal has gone
                return


def _for_keys(attributes: list[Any]) -> list[Any]:
    """No echo, no lines, nothing translated; ^c still ends a start, ^z and ^\\ wait as keys."""
    changed = [*attributes[:_CC], list(attributes[_CC])]
    changed[_IFLAG] &= ~(
        termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
    )
    changed[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    changed[_CC][termios.VMIN] = 1
    changed[_CC][termios.VTIME] = 0
    for character in (termios.VSUSP, termios.VQUIT):
        changed[_CC][character] = b"\x00"  # _POSIX_VDISABLE of Linux (termios(3))
    return changed
