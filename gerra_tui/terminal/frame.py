"""Reading a frame's text back into cells.

A frame is what Textual writes for one update: a cursor position (CUP) before each stretch of a
row, the stretch as text with SGR and OSC 8, a line feed after a row, and the place of the cursor
at the end. Reading the text is cheaper than taking Textual's strips, and needs nothing of
Textual's that is not public.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import get_character_cell_size, split_graphemes

from gerra_tui.terminal.spans import runs
from gerra_tui.terminal.style import NotUnderstood, Styles, is_frail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.terminal.style import Row, Style

_CUP: Final = re.compile(r"\x1b\[(\d+);(\d+)H")
_LINK: Final = re.compile(r"\x1b\]8;[^;\x1b\x07]*;([^\x00-\x1f\x7f]*)(?:\x1b\\|\x07)")
# Twelve screens of 40 rows: scrolling back and forth finds its rows here. Some 2 MiB at most.
_KEPT_PIECES: Final = 512
# Past this the widths known of a session's characters are looked up anew.
_KEPT_WIDTHS: Final = 8_192


class Piece(NamedTuple):
    """A stretch of a row. It is `frail` when terminals may disagree on how wide it is."""

    cells: Row
    frail: bool


class Frame(NamedTuple):
    """What a frame draws, as (row, column, piece), and where (column, row) it leaves the cursor."""

    pieces: list[tuple[int, int, Piece]]
    cursor: tuple[int, int]


class FrameReader:
    """Turns frames into cells.

    `encoding` is the terminal's: characters that it lacks become question marks, as many as they
    are wide.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self.styles = Styles()
        self._encoding = encoding
        self._pieces: dict[str, Piece] = {}
        self._narrow: set[str] = set()

    def read(self, text: str) -> Frame:
        """The frame that is written as `text`.

        Raises `NotUnderstood` if anything in it does more than to set cells.
        """
        if self.styles.is_full:
            self.styles = Styles()
            self._pieces = {}
        parts = _CUP.split(text)
        if parts[0] or len(parts) == 1:
            raise NotUnderstood("a frame that does not begin with a position")
        known = self._pieces
        pieces = []
        y = x = 0
        for index in range(1, len(parts), 3):
            y, x, source = int(parts[index]) - 1, int(parts[index + 1]) - 1, parts[index + 2]
            if source:
                if (piece := known.get(source)) is None:
                    piece = self._read_piece(source)
                pieces.append((y, x, piece))
        if parts[-1]:
            raise NotUnderstood("a frame that does not end with the place of the cursor")
        return Frame(pieces, (x, y))

    def _read_piece(self, source: str) -> Piece:
        style = default = self.styles.default
        cells: Row = []
        line = source.removesuffix("\n")
        if "\x1b]" in line:
            first, *rest = _LINK.split(line)
            style = self._read_runs(first, style, cells)
            for link, runs in zip(rest[::2], rest[1::2], strict=True):
                linked = self.styles.style(style.fg, style.bg, style.flags, link)
                style = self._read_runs(runs, linked, cells)
        else:
            style = self._read_runs(line, style, cells)
        if style is not default:
            raise NotUnderstood("a stretch that does not end with a reset")
        frail = False
        if not source.isascii():
            frail = any(cell is not None and is_frail(cell) for cell in cells)
        if len(self._pieces) >= _KEPT_PIECES:
            self._pieces = {}
        piece = self._pieces[source] = Piece(cells, frail)
        return piece

    def _read_runs(self, text: str, style: Style, cells: Row) -> Style:
        """Append the cells of text with SGR in it; gives the style at its end."""
        plain, *runs = text.split("\x1b[")
        if plain:
            self._append(plain, style, cells)
        styles = self.styles
        for run in runs:
            parameters, end, plain = run.partition("m")
            if not end:
                raise NotUnderstood(f"sequence ESC [ {parameters[:20]!r}")
            style = style.after(parameters, styles)
            if plain:
                self._append(plain, style, cells)
        return style

    def _append(self, plain: str, style: Style, cells: Row) -> None:
        if plain.isascii() or self._narrow.issuperset(plain):
            cells.extend(map(style.cells.__getitem__, plain))
            return
        cell = style.cells.__getitem__
        for start, end, width in split_graphemes(plain)[0]:
            grapheme = plain[start:end]
            if not self._encodes(grapheme):
                cells.extend([cell("?")] * width)
            elif width == 0:
                self._append_mark(grapheme, cells)
            else:
                cells.append(cell(grapheme))
                cells.extend([cell("")] * (width - 1))
                if width == len(grapheme) == 1:
                    self._remember_narrow(grapheme)

    def _append_mark(self, mark: str, cells: Row) -> None:
        """A mark without a character to sit on: on the cell before it, or nowhere."""
        if mark < "\xa0":
            raise NotUnderstood(f"control character {mark!r}")
        for index in range(len(cells) - 1, -1, -1):
            if (cell := cells[index]) is not None and cell[0]:
                cells[index] = cell[1].cells[cell[0] + mark]
                return

    def _encodes(self, text: str) -> bool:
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True

    def _remember_narrow(self, character: str) -> None:
        if len(self._narrow) >= _KEPT_WIDTHS:
            self._narrow = set()
        if get_character_cell_size(character) == 1:
            self._narrow.add(character)


def frame_of(rows: Sequence[Row], styles: Styles) -> str:
    """The cells as a frame that `FrameReader` reads back; what is not known is left out."""
    parts: list[str] = []
    default = styles.default
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if row[x] is None:
                x += 1
                continue
            end = x
            while end < len(row) and row[end] is not None:
                end += 1
            parts.append(f"\x1b[{y + 1};{x + 1}H")
            for left, right, style in runs(row, x, end):
                text = "".join([cell[0] for cell in row[left:right] if cell is not None])
                parts.append(text if style is default else _styled(text, style, styles))
            x = end
    return "".join([*parts, "\x1b[1;1H"])


def _styled(text: str, style: Style, styles: Styles) -> str:
    plain = styles.style(style.fg, style.bg, style.flags, "")
    told = f"{styles.default.to(plain, styles)}{text}\x1b[0m"
    return f"\x1b]8;;{style.link}\x1b\\{told}\x1b]8;;\x1b\\" if style.link else told
