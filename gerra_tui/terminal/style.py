"""How a cell looks, and the shortest way from one look to the next.

Styles and cells are interned: within one `Styles` table the same look is the same object, so that
grids are compared by identity. Two tables never share objects; cells of a dropped table merely
compare as different.

Codes are those of ECMA-48, "SELECT GRAPHIC RENDITION", with the colours of ISO 8613-6.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

BOLD: Final = 1 << 0
DIM: Final = 1 << 1
ITALIC: Final = 1 << 2
UNDERLINE: Final = 1 << 3
BLINK: Final = 1 << 4
RAPID_BLINK: Final = 1 << 5
REVERSE: Final = 1 << 6
CONCEAL: Final = 1 << 7
STRIKE: Final = 1 << 8
DOUBLE_UNDERLINE: Final = 1 << 9
FRAME: Final = 1 << 10
ENCIRCLE: Final = 1 << 11
OVERLINE: Final = 1 << 12

_ON: Final = {
    "1": BOLD,
    "2": DIM,
    "3": ITALIC,
    "4": UNDERLINE,
    "5": BLINK,
    "6": RAPID_BLINK,
    "7": REVERSE,
    "8": CONCEAL,
    "9": STRIKE,
    "21": DOUBLE_UNDERLINE,
    "51": FRAME,
    "52": ENCIRCLE,
    "53": OVERLINE,
}
_OFF: Final = {
    "22": BOLD | DIM,
    "23": ITALIC,
    "24": UNDERLINE | DOUBLE_UNDERLINE,
    "25": BLINK | RAPID_BLINK,
    "27": REVERSE,
    "28": CONCEAL,
    "29": STRIKE,
    "54": FRAME | ENCIRCLE,
    "55": OVERLINE,
}
_CODES: Final = {flag: code for code, flag in _ON.items()}
# Terminals disagree on these or on what ends them (21 is "not bold" to some), so they are always
# set after a full reset, as Textual does it.
_UNRELIABLE: Final = RAPID_BLINK | DOUBLE_UNDERLINE | FRAME | ENCIRCLE | OVERLINE
# What can be seen on a blank, beside the background.
_SEEN_ON_BLANK: Final = (
    UNDERLINE | BLINK | REVERSE | CONCEAL | STRIKE | _UNRELIABLE  # conceal: to be on the safe side
)
# Colours that change, as in pictures, make new styles and cells without end. At about 200 bytes
# each this many are some 3 MiB; past it the table is dropped, at the price of sending all once.
LARGEST_TABLE: Final = 16_384


class NotUnderstood(Exception):
    """Text or a sequence whose effect on the terminal's cells is not known."""


class Style:
    """One look. `fg` and `bg` are SGR parameters ("31", "38;2;9;9;9") or empty for the default.

    `cells` interns the cells of this look, by their text; `space` is its blank. Blanks that look
    alike are one cell, whatever the style of the text around them. `erasable` says that the blank
    is what the terminal leaves when it erases with this background.
    """

    __slots__ = ("_after", "_to", "bg", "cells", "erasable", "fg", "flags", "link", "space")

    def __init__(self, table: Styles, fg: str, bg: str, flags: int, link: str) -> None:
        self.fg = fg
        self.bg = bg
        self.flags = flags
        self.link = link
        self.erasable = not flags & _SEEN_ON_BLANK and not link
        self.cells = Cells(self, table)
        if self.erasable and (fg or flags):
            self.space: Cell = table.style("", bg, 0, "").space
        else:
            self.space = (" ", self)
        self.cells[" "] = self.space
        self._after: dict[str, Style] = {}
        self._to: dict[Style, str] = {}

    def __repr__(self) -> str:
        return f"Style({self._parameters()!r}, {self.link!r})"

    def after(self, parameters: str, table: Styles) -> Style:
        """The look after `ESC [ parameters m`.

        Raises `NotUnderstood` for parameters that are not known.
        """
        if (style := self._after.get(parameters)) is None:
            style = self._after[parameters] = _apply(self, parameters, table)
            table.size += 1
        return style

    def to(self, other: Style, table: Styles) -> str:
        """The shortest text that takes a terminal from this look to the other."""
        if (text := self._to.get(other)) is None:
            text = self._to[other] = _transition(self, other)
            table.size += 1
        return text

    def _parameters(self) -> list[str]:
        codes = [code for flag, code in _CODES.items() if self.flags & flag]
        return [*codes, *filter(None, (self.fg, self.bg))]


Cell = tuple[str, Style]
"""A grapheme and its look. The right half of a wide one is a cell with empty text."""

Row = list[Cell | None]
"""A row's cells from the left; None where nothing is known."""

# From here on are the pictures whose width terminals do not agree on.
_EMOJI: Final = "\U0001f000"


def is_frail(cell: Cell) -> bool:
    """Terminals may disagree on how wide this is: clusters, and pictures."""
    return len(cell[0]) > 1 or cell[0] >= _EMOJI


class Cells(dict[str, "Cell"]):
    """The cells of one style by their text, made when first asked for."""

    __slots__ = ("_style", "_table")

    def __init__(self, style: Style, table: Styles) -> None:
        super().__init__()
        self._style = style
        self._table = table

    def __missing__(self, text: str) -> Cell:
        if text and (text < " " or "\x7f" <= text < "\xa0"):
            raise NotUnderstood(f"control character {text!r}")
        self._table.size += 1
        cell = self[text] = (text, self._style)
        return cell


class Styles:
    """A table of styles. `size` counts what it and its styles hold."""

    __slots__ = ("_styles", "default", "size")

    def __init__(self) -> None:
        self.size = 0
        self._styles: dict[tuple[str, str, int, str], Style] = {}
        self.default = self.style("", "", 0, "")

    @property
    def is_full(self) -> bool:
        return self.size > LARGEST_TABLE

    def style(self, fg: str, bg: str, flags: int, link: str) -> Style:
        key = (fg, bg, flags, link)
        if (style := self._styles.get(key)) is None:
            self.size += 4  # a style with its tables weighs as much as a few cells
            style = self._styles[key] = Style(self, fg, bg, flags, link)
        return style


def _apply(style: Style, parameters: str, table: Styles) -> Style:
    fg, bg, flags = style.fg, style.bg, style.flags
    codes = iter(parameters.split(";"))
    for code in codes:
        if code in ("", "0"):
            fg, bg, flags = "", "", 0
        elif code in _ON:
            flags |= _ON[code]
        elif code in _OFF:
            flags &= ~_OFF[code]
        elif code == "38":
            fg = _extended(code, codes)
        elif code == "48":
            bg = _extended(code, codes)
        elif code == "39":
            fg = ""
        elif code == "49":
            bg = ""
        elif _is_colour(code, 30, 90):
            fg = code
        elif _is_colour(code, 40, 100):
            bg = code
        else:
            raise NotUnderstood(f"SGR {parameters!r}")
    return table.style(fg, bg, flags, style.link)


def _is_colour(code: str, dark: int, bright: int) -> bool:
    return code.isdecimal() and (0 <= int(code) - dark < 8 or 0 <= int(code) - bright < 8)


def _extended(kind: str, codes: Iterator[str]) -> str:
    """`38;5;INDEX` or `38;2;RED;GREEN;BLUE`."""
    form = next(codes, "")
    count = {"5": 1, "2": 3}.get(form, 0)
    parts = list(islice(codes, count))
    if not parts or len(parts) != count or not all(part.isdecimal() for part in parts):
        raise NotUnderstood(f"SGR {kind};{form}")
    return ";".join((kind, form, *parts))


def _transition(a: Style, b: Style) -> str:
    link = "" if a.link == b.link else f"\x1b]8;;{b.link}\x1b\\"
    if (a.fg, a.bg, a.flags) == (b.fg, b.bg, b.flags):
        return link
    whole = ";".join(("0", *b._parameters())) if b._parameters() else ""
    if (a.flags | b.flags) & _UNRELIABLE:
        return f"{link}\x1b[{whole}m"
    steps = _steps(a, b)
    return f"{link}\x1b[{min(whole, steps, key=len)}m"


def _steps(a: Style, b: Style) -> str:
    """The parameters that change only what differs."""
    codes = []
    kept = a.flags
    for code, flags in _OFF.items():
        if a.flags & flags & ~b.flags:
            codes.append(code)
            kept &= ~flags
    codes += [code for flag, code in _CODES.items() if b.flags & ~kept & flag]
    if a.fg != b.fg:
        codes.append(b.fg or "39")
    if a.bg != b.bg:
        codes.append(b.bg or "49")
    return ";".join(codes)
