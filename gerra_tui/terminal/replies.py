"""What arrives from the terminal, cut where one thing ends and the next begins.

A link may deliver anything in pieces, and a terminal answers in the same stream in which it sends
keys. Textual's parser takes a pause of 0.1 s within a sequence for its end and makes keys of the
pieces; here an incomplete sequence waits until it is whole, and reports that were asked for are
taken out, so that the parser is only ever given whole things.

Sequences are those of ECMA-48 (CSI, SS3, strings), X10 mouse reports, and the oddities of rxvt
(`ESC [ 23 $`) and the Linux console (`ESC [ [ A`).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

ESCAPE: Final = b"\x1b"
_PASTE: Final = b"\x1b[200~"
_PASTE_END: Final = b"\x1b[201~"

_WHOLE: Final = re.compile(
    rb"\x1b\[M[\x20-\xff]{3}"
    rb"|\x1b\[\[[@-~]"
    rb"|\x1b\[[0-9]+\$"
    rb"|\x1b\[(?!M|\[)[0-?]*[ -/]*[@-~]"
    rb"|\x1bO[0-9;]*[@-~]"
    rb"|(?P<string>\x1b(?:\][0-9]|P[0-9;<=>?!+$|]|_G)[^\x07\x1b]*(?:\x07|\x1b\\))"
    rb"|(?P<alt>\x1b(?:[\x00-\x1a\x1c-NQ-WYZ\\`-\x7f]"
    rb"|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}))",
    re.DOTALL,
)
# The longest beginning of any of these; the pattern always matches at an ESC.
_BEGUN: Final = re.compile(
    rb"\x1b(?:\[(?:M[\x20-\xff]{0,2}|\[|[0-?]*[ -/]*)"
    rb"|O[0-9;]*"
    rb"|(?:\][0-9]|P[0-9;<=>?!+$|]|_G)[^\x07\x1b]*(?:\x1b(?=\Z))?|[\]P_]"
    rb"|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})?",
    re.DOTALL,
)
_REPORT: Final = re.compile(rb"\x1b\[[0-9]+;[0-9]+R")
_REPORT_BEGUN: Final = re.compile(rb"\x1b(?:\[[0-9;]*)?\Z")

# How long, in seconds, an ESC waits for what may belong to it where the terminal does not answer.
LONE_ESCAPE: Final = 0.6
# And any other beginning of a sequence. It is dropped then: half a sequence is not a key.
INCOMPLETE: Final = 1.0
# Alt and a key arrive together; what comes later was typed after Escape. Textual's and ncurses'
# default, ESCDELAY.
ALT: Final = 0.1
# An answer to nothing asked here may be long; past this it is not one.
_LONGEST: Final = 65_536


class Passed(NamedTuple):
    """What came through.

    `pieces` are runs of text, and sequences each whole and by itself; a piece that is only ESC is
    the Escape key. `reports` is the number of cursor reports taken out. `doubtful`: an incomplete
    sequence is waiting and nothing is asked of the terminal. To ask for a cursor report then
    brings certainty, since the terminal writes its sequences whole: a report that follows directly
    upon an ESC proves that this was the Escape key.
    """

    pieces: list[bytes]
    reports: int = 0
    doubtful: bool = False


class InputFilter:
    """Cuts a terminal's input into whole pieces. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._held = b""
        self._since = 0.0
        self._late = False
        self._pasting = False
        self._orphans_until: float | None = None

    @property
    def deadline(self) -> float | None:
        """When `expire` is to be called, if nothing arrives before."""
        if not self._held or self._pasting:
            return None
        return self._since + (LONE_ESCAPE if self._held == ESCAPE else INCOMPLETE)

    def feed(self, data: bytes, now: float, awaited: int) -> Passed:
        """Take what arrived. `awaited` is how many cursor reports are yet to come."""
        rest = self._held + self._adopted(data, now)
        self._held = b""
        pieces: list[bytes] = []
        reports = 0
        while rest and not self._held:
            if self._pasting:
                rest, found = self._take_paste(rest, pieces, awaited - reports)
                reports += found
            elif not rest.startswith(ESCAPE):
                text, escape, rest = rest.partition(ESCAPE)
                pieces.append(text)
                rest = escape + rest
            elif (whole := _WHOLE.match(rest)) is None:
                rest = self._take_beginning(rest, pieces)
            else:
                rest = rest[whole.end() :]
                if awaited > reports and _REPORT.fullmatch(whole[0]):
                    reports += 1
                else:
                    self._take_sequence(whole, pieces)
                self._late = False
        if self._held:
            self._since = now
        return Passed(pieces, reports, bool(self._held) and awaited <= reports)

    def _adopted(self, data: bytes, now: float) -> bytes:
        """The data, with the ESC given back to it that was taken for the Escape key too early."""
        if self._held == ESCAPE:
            self._late = now - self._since > ALT
        if self._held:
            return data
        orphaned = self._orphans_until is not None and now < self._orphans_until
        self._orphans_until = None
        self._late = orphaned and data[:1] in (b"[", b"O")
        return ESCAPE + data if self._late else data

    def expire(self, now: float) -> list[bytes]:
        """The pieces that have waited long enough, if the deadline has passed."""
        if self.deadline is None or now < self.deadline:
            return []
        held, self._held = self._held, b""
        if held != ESCAPE:
            return []
        # What belongs to it may still come, and is not to be taken for typing.
        self._orphans_until = now + INCOMPLETE
        return [ESCAPE]

    def _take_sequence(self, whole: re.Match[bytes], pieces: list[bytes]) -> None:
        sequence = whole[0]
        if whole["string"] is not None:
            return  # an answer to something that was not asked from here
        if whole["alt"] is not None and self._late:
            pieces += [ESCAPE, sequence[1:]]
            return
        self._pasting = sequence == _PASTE
        pieces.append(sequence)

    def _take_beginning(self, rest: bytes, pieces: list[bytes]) -> bytes:
        """Hold an incomplete sequence, or drop a broken one; gives what follows it."""
        begun = _BEGUN.match(rest)
        length = begun.end() if begun is not None else len(ESCAPE)
        beginning, rest = rest[:length], rest[length:]
        if not rest and len(beginning) <= _LONGEST:
            self._held = beginning
            return b""
        if beginning == ESCAPE:
            pieces.append(ESCAPE)
        elif len(beginning) == 2:
            # Nothing of a sequence follows: it was Alt and a bracket or letter, or Escape before.
            pieces += [ESCAPE, beginning[1:]] if self._late else [beginning]
        self._late = False
        return rest

    def _take_paste(self, rest: bytes, pieces: list[bytes], awaited: int) -> tuple[bytes, int]:
        """Pass on pasted text, without the reports and the control of an ESC in it."""
        text, end, rest = rest.partition(_PASTE_END)
        found = 0
        if awaited > 0:
            text, found = _REPORT.subn(b"", text, count=awaited)
        if not end:
            held = _REPORT_BEGUN.search(text) if awaited > found else None
            start = held.start() if held is not None else _end_begins(text)
            text, self._held = text[:start], text[start:]
        if text := text.replace(ESCAPE, b""):
            pieces.append(text)
        if end:
            pieces.append(end)
            self._pasting = False
        return rest, found


def _end_begins(text: bytes) -> int:
    """Where the text's tail begins to look like the end of a paste; its length if nowhere."""
    for length in range(min(len(_PASTE_END) - 1, len(text)), 0, -1):
        if _PASTE_END.startswith(text[-length:]):
            return len(text) - length
    return len(text)
