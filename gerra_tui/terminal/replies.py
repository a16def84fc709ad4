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
from itertools import islice
from typing import Final, NamedTuple

from gerra_tui.terminal.background import BEGINNING, FOREIGN, LONGEST, is_light

ESCAPE: Final = b"\x1b"
# Stands among the pieces where a cursor report was taken out.
REPORT: Final = b""
PASTE: Final = b"\x1b[200~"
PASTE_END: Final = b"\x1b[201~"

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
_REPORTS: Final = re.compile(rb"(?:\x1b\[[0-9]+;[0-9]+R)+")
_REPORT_BEGUN: Final = re.compile(rb"\x1b(?:\[[0-9;]*)?\Z")
# A report directly behind what may be a key by itself.
_CONFIRMED: Final = re.compile(rb"\x1b[\[O\]P_]?\x1b\[[0-9]+;[0-9]+R\Z")

# Alt and a key arrive together; what comes later was typed after Escape. Textual's and ncurses'
# default, ESCDELAY.
ALT: Final = 0.1
# How long, in seconds, an ESC waits for what may belong to it where the terminal does not answer.
LONE_ESCAPE: Final = 0.6
# And any longer beginning of a sequence. It is dropped then: half a sequence is not a key.
INCOMPLETE: Final = 1.0
# And an answer to the question for the background, whose rest would be letters.
COLOUR: Final = 20.0
# An answer to nothing asked here may be long; past this it is not one.
_LONGEST: Final = 65_536


class Passed(NamedTuple):
    """What came through.

    `pieces` are runs of text, and sequences each whole and by itself; a piece that is only ESC is
    the Escape key, and `REPORT` one of the `reports` that were taken out: what was typed before the
    terminal sent it stands before it. `doubtful`: what waits may
    be a key by itself, and nothing is asked of the terminal. To ask for a cursor report then
    brings certainty, since a terminal writes its sequences whole: a report that follows directly
    upon an ESC proves that this was the Escape key.
    """

    pieces: list[bytes]
    reports: int = 0
    doubtful: bool = False


class InputFilter:
    """Cuts a terminal's input into whole pieces. Times are seconds of one monotonic clock.

    `awaits_colour` from when the background was asked for until `light` tells what was answered.
    """

    def __init__(self) -> None:
        self.awaits_colour = False
        self.light: bool | None = None
        self._held = b""
        self._since = 0.0
        self._pasting = False
        # Of what is held: its ESC came well before the rest; was taken for the Escape key already;
        # has been followed by a report.
        self._late = False
        self._escaped = False
        self._confirmed = False
        self._orphans_until: float | None = None

    @property
    def deadline(self) -> float | None:
        """When `expire` is to be called, if nothing arrives before."""
        if not self._held or self._pasting:
            return None
        if self._is_of_colour:
            return self._since + COLOUR
        if self._held == ESCAPE:
            return self._since + (ALT if self._confirmed else LONE_ESCAPE)
        return self._since + (LONE_ESCAPE if len(self._held) == 2 else INCOMPLETE)

    def feed(self, data: bytes, now: float, awaited: int) -> Passed:
        """Take what arrived. `awaited` is how many cursor reports are yet to come."""
        if self._is_of_colour:
            data = self._without_broken_colour(data)
        if self._held == ESCAPE:
            self._late = now - self._since > ALT
        rest, confirmed = self._held + data, False
        told: list[int] = []  # how much of the rest had come before each report
        if awaited > 0:
            # Wherever they have come between: some emulators answer in the middle of a key.
            confirmed = _CONFIRMED.search(rest) is not None
            rest, told = _without_reports(rest, awaited)
        reports = len(told)
        if rest and not self._held and not self._pasting:
            adopted = self._adopted(rest, now)
            told = [at + len(adopted) - len(rest) for at in told]
            rest = adopted
        if not _REPORTS.fullmatch(data):
            self._since = now
        self._held = b""
        pieces: list[bytes] = []
        while rest and not self._held:
            while told and told[0] <= 0:
                told.pop(0)
                pieces.append(REPORT)
            length = len(rest)
            if self._pasting:
                rest = self._take_paste(rest, pieces, awaited > reports)
            elif not rest.startswith(ESCAPE):
                text, _, _ = rest[: told[0] if told else None].partition(ESCAPE)
                pieces.append(text)
                rest = rest[len(text) :]
            elif (whole := _WHOLE.match(rest)) is not None:
                rest = rest[whole.end() :]
                self._take_sequence(whole, pieces)
                self._begin()
            else:
                rest = self._take_beginning(rest, pieces, awaited > reports)
            told = [at - (length - len(rest)) for at in told]
        pieces += [REPORT] * len(told)
        self._confirmed |= confirmed and bool(self._held)
        return Passed(pieces, reports, 0 < len(self._held) <= 2 and awaited <= reports)

    def expire(self, now: float) -> list[bytes]:
        """The pieces that have waited long enough, if the deadline has passed."""
        if self.deadline is None or now < self.deadline:
            return []
        held, self._held = self._held, b""
        if held == ESCAPE:
            # What belongs to it may still come, and is not to be taken for typing.
            self._orphans_until = now + INCOMPLETE
            pieces = [ESCAPE]
        elif len(held) == 2 and (self._late or self._confirmed):
            pieces = self._typed(held)
        else:
            pieces = []
        self._begin()
        return pieces

    @property
    def _is_of_colour(self) -> bool:
        """Whether what waits begins as the answer that is awaited."""
        if not self.awaits_colour or len(self._held) < 2:
            return False
        return self._held.startswith(BEGINNING) or BEGINNING.startswith(self._held)

    def _without_broken_colour(self, data: bytes) -> bytes:
        """Where an answer breaks off, what was typed since is no part of it."""
        foreign = FOREIGN.search(data)
        ends = foreign is not None and foreign[0] in (b"\x07", ESCAPE)
        broken = foreign is not None and not ends and not self._held.endswith(ESCAPE)
        if broken or len(self._held) + len(data) > LONGEST:
            self._held = b""
            return data[foreign.start() :] if foreign is not None else b""
        return data

    def _begin(self) -> None:
        self._late = self._escaped = self._confirmed = False

    def _adopted(self, data: bytes, now: float) -> bytes:
        """The data, with the ESC given back to it that was taken for the Escape key too early."""
        orphaned = self._orphans_until is not None and now < self._orphans_until
        self._orphans_until = None
        beginnings = (b"[", b"O", b"]") if self.awaits_colour else (b"[", b"O")
        self._late = self._escaped = orphaned and data[:1] in beginnings
        return ESCAPE + data if self._escaped else data

    def _take_sequence(self, whole: re.Match[bytes], pieces: list[bytes]) -> None:
        sequence = whole[0]
        if whole["string"] is not None:
            if self.awaits_colour and sequence.startswith(BEGINNING):
                self.awaits_colour, self.light = False, is_light(sequence)
            return  # or an answer to something that was not asked from here
        if whole["alt"] is not None and self._late:
            pieces += self._typed(sequence)
            return
        self._pasting = sequence == PASTE
        pieces.append(sequence)

    def _take_beginning(self, rest: bytes, pieces: list[bytes], awaiting: bool) -> bytes:
        """Hold an incomplete sequence, or drop a broken one; gives what follows it."""
        begun = _BEGUN.match(rest)
        length = begun.end() if begun is not None else len(ESCAPE)
        beginning, after = rest[:length], rest[length:]
        if len(rest) <= _LONGEST and (not after or (awaiting and _REPORT_BEGUN.fullmatch(after))):
            self._held = rest
            return b""
        if length <= 2:
            # Nothing of a sequence follows: it was Escape, or Alt and a bracket or letter.
            pieces += self._typed(beginning)
        self._begin()
        return after

    def _typed(self, keys: bytes) -> list[bytes]:
        """An ESC, or an ESC and a character, that are no sequence."""
        if not self._late:
            return [keys]
        return [keys[1:]] if self._escaped else [ESCAPE, keys[1:]]

    def _take_paste(self, rest: bytes, pieces: list[bytes], awaiting: bool) -> bytes:
        """Pass on pasted text, without the control of an ESC in it."""
        text, end, rest = rest.partition(PASTE_END)
        if not end:
            report = _REPORT_BEGUN.search(text) if awaiting else None
            start = report.start() if report is not None else _end_begins(text)
            text, self._held = text[:start], text[start:]
        if text := text.replace(ESCAPE, b""):
            pieces.append(text)
        if end:
            pieces.append(end)
            self._pasting = False
        return rest


def _without_reports(data: bytes, most: int) -> tuple[bytes, list[int]]:
    """The data without up to so many reports, and how much of it stood before each."""
    kept, told, done = b"", [], 0
    for report in islice(_REPORT.finditer(data), most):
        kept += data[done : report.start()]
        told.append(len(kept))
        done = report.end()
    return kept + data[done:], told


def _end_begins(text: bytes) -> int:
    """Where the text's tail begins to look like the end of a paste; its length if nowhere."""
    for length in range(min(len(PASTE_END) - 1, len(text)), 0, -1):
        if PASTE_END.startswith(text[-length:]):
            return len(text) - length
    return len(text)
