"""What the terminal can do, told by the environment alone: nothing is asked of the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Known without a look into terminfo, which a far machine may lack an entry in.
_KNOWN: Final = ("xterm", "tmux", "screen", "linux", "rxvt", "kitty", "alacritty", "foot", "putty")
# Terminfo's names for what every screen here is drawn with, and how the sequences end.
_NEEDED: Final = (("cup", b"H"), ("hpa", b"G"), ("vpa", b"d"), ("csr", b"r"))
# PEP 538: a Python that is started in the C locale puts this into its own environment.
_COERCED: Final = frozenset({"C.UTF-8", "C.utf8"})
_C_LOCALE: Final = frozenset({"", "C", "POSIX"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What may be drawn.

    `colors`: 0, 16, 256 or 2**24. `unicode`: other characters than ASCII arrive. `faint`: faint
    text can be read. `tmux`: inside it. `light`: its background is, as far as
    COLORFGBG tells. `unusable`: why no screen can be drawn, as a sentence; None if one can.
    """

    colors: int
    unicode: bool
    faint: bool
    tmux: bool
    light: bool = False
    unusable: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Capabilities:
        """By TERM (and terminfo), COLORTERM, NO_COLOR (no-color.org), TMUX and the locale."""
        term = environ.get("TERM", "")
        unusable = None
        if not _has_a_screen(term):
            unusable = (
                f"{f'TERM={term}' if term else 'TERM is not set'}: no screen can be drawn on such "
                "a terminal. If yours is a newer one, say so: TERM=xterm gerra-tui."
            )
        return cls(
            colors=_colors(environ, term),
            unicode=_is_utf8(environ),
            faint=not term.startswith("linux"),  # dark grey on black
            tmux=bool(environ.get("TMUX")),
            light=_is_light(environ),
            unusable=unusable,
        )


def _is_utf8(environ: Mapping[str, str]) -> bool:
    """By the locale of the user, as POSIX finds it: LC_ALL, LC_CTYPE, then LANG."""
    lang, ctype = environ.get("LANG", ""), environ.get("LC_CTYPE", "")
    if ctype in _COERCED and lang in _C_LOCALE:
        ctype = ""
    locale = environ.get("LC_ALL") or ctype or lang
    return locale.partition("@")[0].lower().replace("-", "").endswith("utf8")


def _is_light(environ: Mapping[str, str]) -> bool:
    """By COLORFGBG, `FOREGROUND;BACKGROUND` in numbers of the palette: 7 and 15 are the whites.

    rxvt, Konsole and others set it; `COLORFGBG="0;default;15"` has the background last, too.
    """
    return environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")


def _has_a_screen(term: str) -> bool:
    """Claims that the cursor can be sent to any place, as ECMA-48 has it.

    A name that terminfo does not know is taken for a terminal newer than the database. Terminfo
    is read once in a process, for the first name asked for.
    """
    if term.startswith(_KNOWN):
        return True
    if term in ("", "dumb", "unknown"):
        return False
    import curses

    try:
        curses.setupterm(term, 1)
    except curses.error:
        return True
    sequences = ((curses.tigetstr(name) or b"", end) for name, end in _NEEDED)
    return all(
        sequence.startswith(b"\x1b[") and sequence.endswith(end) for sequence, end in sequences
    )


def _colors(environ: Mapping[str, str], term: str) -> int:
    if environ.get("NO_COLOR") or term.endswith(("-mono", "-m")):
        return 0
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return 2**24
    return 256 if "256color" in term or term.startswith("xterm-kitty") else 16
