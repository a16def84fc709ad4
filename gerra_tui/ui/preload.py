"""What the next keys need, imported while the reviewer reads the first rows."""

from __future__ import annotations

from importlib import import_module
from typing import Final

# The dialogs of deciding first: a text area alone takes as long as all of a dialog's painting.
NEEDED_SOON: Final = (
    "gerra_tui.ui.dialogs.accept",
    "gerra_tui.ui.dialogs.reject",
    "gerra_tui.ui.screens.outbox",
    "gerra_tui.ui.screens.help",
    "gerra_tui.ui.dialogs.command_line",
    "gerra_tui.ui.dialogs.copy",
    "gerra_tui.ui.dialogs.many",
    "gerra_tui.ui.dialogs.leaving",
)


def import_ahead() -> None:
    """Import them. Runs in a thread; whoever needs one meanwhile waits for it alone."""
    for name in NEEDED_SOON:
        import_module(name)
