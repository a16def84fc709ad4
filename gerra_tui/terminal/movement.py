"""The shortest way for the cursor, and how much of a terminal's repertoire may be used."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

_FULL: Final = (
    "xterm", "tmux", "kitty", "alacritty", "foot", "wezterm", "ghostty", "konsole", "vte", "gnome",
    "rxvt", "st-", "iterm", "contour", "mintty", "putty",
)  # fmt: skip
# Queries of modes, kitty's keyboard, synchronized output, sizes in the input, and OSC: others
# print their ends, or wait for the end of a string. Who sends to the clipboard has asked first.
_OF_XTERM: Final = re.compile(
    r"\x1b\[\?[0-9]+\$p|\x1b\[[<=>?][0-9;]*u|\x1b\[\?20(?:26|48)[hl]"
    r"|\x1b\](?!52;)[0-9]+;[^\x07\x1b]*(?:\x07|\x1b\\)"
)


class Dialect(NamedTuple):
    """What the terminal may be sent.

    `full`: erasing takes on the background (bce), scrolling by SU and SD, and all that is newer, as
    xterm has them. Without: no erasing of coloured cells, DL and IL, and no alternate screen to
    rely on, as the Linux console and GNU screen. `ech`: cells can be erased within a row.
    `newline` takes the cursor to the first column of the next row, `down` to the same column of
    it: VT is a line feed (DEC's VT100 User Guide, table 3-10) that no tty translates.
    """

    full: bool = True
    newline: str = "\r\n"
    down: str = "\v"
    ech: bool = True

    @classmethod
    def of(cls, environ: Mapping[str, str], *, translates_newline: bool = False) -> Self:
        """By TERM. Within tmux TERM may be screen's, but the terminal is tmux.

        `translates_newline`: the tty makes CR LF of LF (OPOST and ONLCR of termios).
        """
        term = environ.get("TERM", "")
        tmux = term.startswith("screen") and "TMUX" in environ and "STY" not in environ
        newline = "\n" if translates_newline else "\r\n"
        full = tmux or term.startswith(_FULL)
        down = "\v" if full else "\x1b[B"
        return cls(full, newline, down, ech=full or term.startswith("linux"))

    def known(self, data: str) -> str:
        """The text without modes, queries and links that only xterm's kin know."""
        return data if self.full else _OF_XTERM.sub("", data)

    @property
    def leaving(self) -> str:
        """What goes before the end of the alternate screen: there may be none to be left."""
        return "\x1b[m" if self.full else "\x1b[m\x1b[r\x1b[H\x1b[J"


@lru_cache(maxsize=4096)
def move(x: int | None, y: int | None, to_x: int, to_y: int, newline: str, one_down: str) -> str:
    """What takes the cursor from (x, y) to (to_x, to_y); None where it is not known.

    Line feeds are used only downwards, so the target must lie on the screen and no margins may be
    set.
    """
    absolute = f"\x1b[{to_y + 1};{to_x + 1}H" if to_x else f"\x1b[{to_y + 1}H" if to_y else "\x1b[H"
    if y is None:
        return absolute
    if (x, y) == (to_x, to_y):
        return ""
    ways = [absolute]
    down = to_y - y
    if down > 0:
        ways += [newline * down + horizontal for horizontal in _horizontals(0, to_x)]
    vertical = _vertical(down, to_y, one_down)
    ways += [vertical + horizontal for horizontal in _horizontals(x, to_x)]
    return min(ways, key=_wire_length)


def _wire_length(text: str) -> int:
    return len(text) + text.count("\n") - text.count("\r\n")


def _count(number: int) -> str:
    return str(number) if number > 1 else ""


def _vertical(down: int, to_y: int, one_down: str) -> str:
    if down == 0:
        return ""
    relative = f"\x1b[{_count(abs(down))}{'B' if down > 0 else 'A'}"
    return min(one_down * down or relative, relative, f"\x1b[{to_y + 1}d", key=len)


def _horizontals(x: int | None, to_x: int) -> list[str]:
    if x == to_x:
        return [""]
    ways = [f"\x1b[{_count(to_x + 1)}G", "\r" + (f"\x1b[{_count(to_x)}C" if to_x else "")]
    if x is not None and x < to_x:
        ways.append(f"\x1b[{_count(to_x - x)}C")
    elif x is not None:
        ways += ["\b" * (x - to_x), f"\x1b[{_count(x - to_x)}D"]
    return ways
