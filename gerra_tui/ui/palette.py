"""The colours: those of the terminal's own palette, so that every theme and 16 colours work."""

from __future__ import annotations

from typing import Final

from rich.style import Style

PLAIN: Final = Style()
BOLD: Final = Style(bold=True)
DIM: Final = Style(dim=True)
TITLE: Final = Style(bold=True, color="cyan")
CURSOR: Final = Style(reverse=True)
WARNING: Final = Style(bold=True, color="yellow")
PROBLEM: Final = Style(bold=True, color="red")
WRONG: Final = Style(bold=True, underline=True, color="red")
ACCEPTED: Final = Style(color="green")
REJECTED: Final = Style(color="red")
UNDER_WAY: Final = Style(color="yellow")
KEY: Final = Style(bold=True)

STATES: Final = {
    "accepted": ACCEPTED,
    "rejected": REJECTED,
    "ACC held": UNDER_WAY,
    "REJ held": UNDER_WAY,
    "ACC kept": WARNING,
    "REJ kept": WARNING,
    "saving": UNDER_WAY,
    "waiting": UNDER_WAY,
    "sending": UNDER_WAY,
    "unknown": WARNING,
    "refused": PROBLEM,
    "failed": PROBLEM,
    "elsewhere": DIM,
    "unreadable": PROBLEM,
}
# Rows that are decided step back.
SETTLED: Final = frozenset({"accepted", "rejected", "elsewhere"})
