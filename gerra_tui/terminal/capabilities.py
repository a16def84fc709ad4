"""What the terminal can do, told by the environment alone: nothing is asked of the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """`colors`: 0, 16, 256 or 2**24. `unusable`: why no screen can be drawn, null if one can."""

    colors: int
    unicode: bool
    tmux: bool
    unusable: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str], encoding: str) -> Capabilities:
        """By TERM, COLORTERM, NO_COLOR (no-color.org), TMUX and the locale's encoding."""
        term = environ.get("TERM", "")
        unusable = None
        if term in ("", "dumb", "unknown"):
            unusable = f"TERM={term or 'is not set'}: no screen can be drawn on such a terminal."
        return cls(
            colors=_colors(environ, term),
            unicode=encoding.lower().replace("-", "") in ("utf8", "utf8mb4"),
            tmux="TMUX" in environ,
            unusable=unusable,
        )


def _colors(environ: Mapping[str, str], term: str) -> int:
    if environ.get("NO_COLOR"):
        return 0
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return 2**24
    return 256 if "256color" in term else 16
