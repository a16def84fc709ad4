"""What the terminal can do, told by the environment alone: nothing is asked of the terminal."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What may be drawn.

    `colors`: 0, 16, 256 or 2**24. `unicode`: other characters than ASCII arrive. `mouse`: worth
    its reports; each movement is some, so not over SSH. `tmux`: inside it. `unusable`: why no
    screen can be drawn, as a sentence; None if one can.
    """

    colors: int
    unicode: bool
    mouse: bool
    tmux: bool
    unusable: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str], encoding: str, *, tty: bool = True) -> Capabilities:
        """By TERM, COLORTERM, NO_COLOR (no-color.org), TMUX, SSH_*, and the locale's encoding.

        `tty`: standard input and output are both a terminal.
        """
        term = environ.get("TERM", "")
        unusable = None
        if not tty:
            unusable = "Standard input or output is not a terminal: run it in one, without pipes."
        elif term in ("", "dumb", "unknown"):
            unusable = f"TERM={term or 'is not set'}: no screen can be drawn on such a terminal."
        return cls(
            colors=_colors(environ, term),
            unicode=_is_utf8(encoding),
            mouse=not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
            tmux=bool(environ.get("TMUX")),
            unusable=unusable,
        )

    @property
    def usable(self) -> bool:
        """A screen can be drawn."""
        return self.unusable is None


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _colors(environ: Mapping[str, str], term: str) -> int:
    if environ.get("NO_COLOR"):
        return 0
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return 2**24
    return 256 if "256color" in term or term.startswith("xterm-kitty") else 16
