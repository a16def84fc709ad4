"""Where a program's frames end, so that a test never looks at half of one.

The console ends each frame by asking for the cursor's position (`gerra_tui.terminal.pacing`);
Textual's own driver has synchronized updates (mode 2026) around its frames where the terminal
knows them. What comes in between is to be shown once all of it has come.
"""

from __future__ import annotations

import re
from typing import Final

# Seconds for the rest of a frame: of a program that ended one before, and of any other.
_FOR_THE_REST: Final = 5.0
_FOR_THE_FIRST: Final = 0.25
_MARK: Final = re.compile(
    rb"(?P<end>\x1b\[6n)|(?P<enter>\x1b\[\?1049h)|(?P<leave>\x1b\[\?1049l)"
    rb"|(?P<begin>\x1b\[\?2026h)|(?P<done>\x1b\[\?2026l)"
)
_BEGUN: Final = re.compile(rb"\x1b(?:\[[?0-9;]*)?$")
# Modes, queries, titles and such: nothing of them is seen, and no end follows.
_UNSEEN: Final = re.compile(
    rb"(?:[\x07\x0e\x0f]|\x1b\[\?[0-9;]*[hl]|\x1b\[[<>=?][0-9;]*u|\x1b\[[>?]?[0-9;]*[cnq]"
    rb"|\x1b\[\?[0-9]+\$p|\x1b\[m|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\))*"
)


class WholeFrames:
    """Holds back what follows the last frame's end.

    A program is trusted to end its frames from its first end on (and for a moment from the
    alternate screen on) until it leaves that screen, or the rest stays away.
    """

    def __init__(self) -> None:
        self._held = b""
        self._ends_frames = False
        self._proven = False
        self._synchronized = False

    @property
    def is_open(self) -> bool:
        """Claims that the rest of a frame is on its way."""
        return self._synchronized or (self._ends_frames and _UNSEEN.fullmatch(self._held) is None)

    @property
    def patience(self) -> float:
        """Seconds that the rest is worth waiting for, without anything coming."""
        return _FOR_THE_REST if self._proven or self._synchronized else _FOR_THE_FIRST

    def take(self, data: bytes) -> bytes:
        """What can be shown with these bytes."""
        held = self._held + data
        whole = 0
        for mark in _MARK.finditer(held):
            whole = mark.end()
            if mark["end"]:
                self._ends_frames = self._proven = True
            elif mark["enter"]:
                self._ends_frames = True
            elif mark["leave"]:
                self._ends_frames = False
            else:
                self._synchronized = mark["begin"] is not None
        self._held = held[whole:]
        if self.is_open:
            return held[:whole]
        begun = _BEGUN.search(held, whole)
        self._held = begun[0] if begun else b""
        return held[: len(held) - len(self._held)]

    def give_up(self) -> bytes:
        """What there is, as the rest stays away."""
        self._ends_frames = self._proven = self._synchronized = False
        held, self._held = self._held, b""
        return held
