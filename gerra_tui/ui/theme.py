"""The colours: those of the terminal's own palette, so that every theme and 16 colours work."""

from __future__ import annotations

from typing import Final

from rich.style import Style
from textual.theme import Theme

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
TYPES: Final = {
    "TEL": Style(color="cyan"),
    "POV": Style(color="magenta"),
    "3RD": Style(color="magenta", bold=True),
}
# Rows that are decided step back.
SETTLED: Final = frozenset({"accepted", "rejected", "elsewhere"})


TERMINAL: Final = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "screen-selection-background": "ansi_default",
        "screen-selection-foreground": "ansi_default",
    },
)
