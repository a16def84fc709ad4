"""Text that holds the end of a paste does not end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.terminal.replies import PASTE, PASTE_END, REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable

# No finger presses a key so soon behind the end of a paste, in seconds: what comes then is the rest
# of it, and that end stood within its text.
BEHIND: Final = 0.01
QUIET: Final = 0.1  # seconds without input, after which it is over


class PasteGuard:
    """Drops what follows at once upon the end of a paste, until nothing follows any more.

    Times are seconds of one monotonic clock.
    """

    def __init__(self) -> None:
        self._ended: float | None = None  # when, while nothing has come behind it
        self._overflows = False
        self._pasting = False  # within what overflows
        self._last = 0.0

    def passed(self, pieces: Iterable[bytes], now: float) -> list[bytes]:
        """Those of a read's pieces (see `Passed`) that are let through; reports always are."""
        return [piece for piece in pieces if piece == REPORT or self._lets_through(piece, now)]

    def _lets_through(self, piece: bytes, now: float) -> bool:
        if self._overflows and not self._pasting and now - self._last >= QUIET:
            self._overflows = False
        if self._ended is not None and now - self._ended < BEHIND:
            self._overflows = True
        self._ended, self._last = None, now
        if self._overflows:
            self._pasting = piece == PASTE or (self._pasting and piece != PASTE_END)
            return False
        if piece == PASTE_END:
            self._ended = now
        return True
