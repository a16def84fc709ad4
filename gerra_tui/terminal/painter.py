"""What a program writes to its terminal, turned into what has to be sent there."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from gerra_tui.terminal.encode import Encoder
from gerra_tui.terminal.frame import FrameReader, frame_of
from gerra_tui.terminal.grid import Grid
from gerra_tui.terminal.style import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.terminal.movement import Dialect

SYNC_START: Final = "\x1b[?2026h"
SYNC_END: Final = "\x1b[?2026l"
# Smaller frames are drawn within one refresh of the screen anyhow.
_SYNC_WORTH: Final = 600
# What changes no cell and moves no cursor: modes (but for those below), keyboard protocols,
# queries, the bell, and OSC commands but for links.
_HARMLESS: Final = re.compile(
    r"(?:\x07|\x1b\[\?(?!(?:3|5|6|47|69|1047|1048|1049)[hl])[0-9]+[hl]"
    r"|\x1b\[[<>=?][0-9;]*u|\x1b\[>?[0-9;]*[cnq]|\x1b\[\?[0-9]+\$p"
    r"|\x1b\](?!8;)[0-9]+;[^\x07\x1b]*(?:\x07|\x1b\\))+"
)
# What clears the screen, or shows another.
_CLEARING: Final = re.compile(r"(?:\x1b\[\?(?:47|1047|1049)[hl]|\x1b\[[23]J|\x1b\[H|\x1bc)+")
_FAILURE: Final = "The screen is drawn without cell differences from here on."

log = logging.getLogger(__name__)


class Painter:
    """Keeps the screen as wanted and as shown.

    A mistake in this package must not take the screen with it: after an unexpected error all passes
    as it is, it is logged, and `failed` is called, to have the screen painted anew. A resize and
    `disturbed` (`:redraw`) try again.
    """

    def __init__(
        self,
        columns: int,
        lines: int,
        dialect: Dialect,
        encoding: str,
        failed: Callable[[], object],
    ) -> None:
        self._reader = FrameReader(encoding)
        self._grid = Grid(columns, lines)
        self._encoder = Encoder(dialect)
        self._synchronized = False
        self._raw = False
        self._failed = failed

    @property
    def gave_up(self) -> bool:
        """All passes as it is."""
        return self._raw

    def take(self, data: str) -> str:
        """Draw a frame, for `difference` to send; gives what is to be sent at once instead."""
        data = self._encoder.dialect.known(data)
        if self._raw or not data:
            return data
        if data in (SYNC_START, SYNC_END):
            self._synchronized = True
            return ""
        try:
            if self._draws(data):
                return ""
            return self._passing(data)
        except Exception:
            log.exception(_FAILURE)
            return self._give_up() + data

    def difference(self) -> str:
        """What makes the terminal show all that was drawn; empty if it does."""
        if self._raw:
            return ""
        try:
            text = self._encoder.difference(self._grid, self._reader.styles)
        except Exception:
            log.exception(_FAILURE)
            return self._give_up()
        if self._synchronized and len(text) > _SYNC_WORTH:
            return f"{SYNC_START}{text}{SYNC_END}"
        return text

    def disturbed(self) -> None:
        """Something else has written to the terminal: nothing is known of what it shows."""
        self._encoder.forget()
        self._grid.invalidate()
        self._try_again()

    def resize(self, columns: int, lines: int, dialect: Dialect) -> None:
        """The terminal has been resized, or exchanged: nothing is known of what it shows."""
        self._encoder.dialect = dialect
        self._encoder.forget()
        self._grid.resize(columns, lines)
        self._try_again()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        return self._grid.columns, self._grid.lines

    def adopt(self, frame: str) -> None:
        """The terminal shows this frame already: of the next ones only what differs is sent.

        Raises `NotUnderstood` for what is no frame.
        """
        self._grid.draw(self._reader.read(frame))
        self._grid.shown = [list(row) for row in self._grid.wanted]
        self._grid.dirty.clear()

    def picture(self) -> tuple[str, str]:
        """All that is wanted: as it is sent to a cleared terminal, and as a frame to `adopt`."""
        styles = self._reader.styles
        sheet = Grid(self._grid.columns, self._grid.lines)
        sheet.wanted = [list(row) for row in self._grid.wanted]
        sheet.dirty = set(range(sheet.lines))
        sheet.frail = set(self._grid.frail)
        encoder = Encoder(self._encoder.dialect)
        sent = encoder.difference(sheet, styles) + encoder.reset
        return sent, frame_of(self._grid.wanted, styles)

    def _draws(self, data: str) -> bool:
        """Draw the data if it is a frame."""
        if not data.startswith("\x1b["):
            return False
        try:
            self._grid.draw(self._reader.read(data))
        except NotUnderstood:
            return False
        return True

    def _passing(self, data: str) -> str:
        """What is no frame, or not understood, with what has to go before it."""
        if _HARMLESS.fullmatch(data):
            return data
        if _CLEARING.fullmatch(data):
            self.disturbed()
            return data
        before = self.difference()
        self._encoder.forget()
        self._grid.forget()
        return f"{before}\x1b[m{data}"

    def _try_again(self) -> None:
        """What went wrong may have been of a moment: all is drawn anew, by differences again."""
        if self._raw:
            self._raw = False
            self._grid = Grid(self._grid.columns, self._grid.lines)
            self._failed()

    def _give_up(self) -> str:
        self._raw = True
        self._failed()
        return "\x1b[m"
