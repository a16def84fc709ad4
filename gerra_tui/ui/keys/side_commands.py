"""The commands of the screens beside the review, by context, with the keys that they ship with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.ui.keys.commands import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTBOX: Final = "outbox"
AUDIT: Final = "audit"
STATISTICS: Final = "statistics"
HELP: Final = "help"


def _of(context: str, *commands: tuple[str, str, str, str, str | None]) -> tuple[Command, ...]:
    """From key, name, title, help and the footer's word; back and help are among them."""
    own = tuple(
        Command(name=name, title=title, help=told, keys=(key,), contexts=(context,), footer=word)
        for key, name, title, told, word in commands
    )
    return (
        *own,
        Command(
            name="help",
            title="Help",
            help="The keys of this screen.",
            keys=("?", "f1"),
            contexts=(context,),
            footer="help",
        ),
        Command(
            name="leave",
            title="Back",
            help="Back to the list.",
            keys=("escape", "q"),
            contexts=(context,),
            footer="back",
        ),
    )


SIDE_COMMANDS: Final[Mapping[str, tuple[Command, ...]]] = {
    OUTBOX: _of(
        OUTBOX,
        ("n", "send_now", "Send now", "Send the decision under the cursor now.", "send"),
        ("N", "send_all", "Send all", "Send all that is held, kept or waiting now.", None),
        ("t", "take_back", "Take back", "Take back the one under the cursor.", "take back"),
        ("u", "take_back_latest", "Take back the latest", "Take back the latest held one.", None),
        ("d", "drop", "Drop", "Never send it; what was refused or failed leaves the list.", "drop"),
        ("x", "try_again", "Try again", "Decide again what was refused or failed.", "retry"),
        ("o", "go_on", "Go on", "Go on after a pause that waits for your word.", None),
        ("b", "pause_batch", "Pause the batch", "Pause the batch, or let it go on.", None),
        ("B", "end_batch", "End the batch", "Take back what of the batch has not left.", None),
        ("c", "clear", "Clear", "Take what has ended off the list.", None),
        ("K", "type_key", "Type a key", "Type another API key, for this session only.", None),
    ),
    AUDIT: _of(
        AUDIT,
        ("/", "search", "Search", "Show only the entries that have these words.", "search"),
        ("x", "export", "Export", "Write what is found to a new CSV or JSON lines file.", "export"),
        ("R", "refresh", "Refresh", "Read the log again.", "refresh"),
    ),
    STATISTICS: _of(
        STATISTICS,
        ("tab", "other_page", "You", "What you decided; again: the counts.", "you, or all"),
        ("R", "refresh", "Refresh", "Read the counts again.", "refresh"),
    ),
    HELP: _of(
        HELP,
        ("enter", "run", "Run", "Run the command under the cursor, or open its page.", "run"),
        ("/", "search", "Search", "Show only what has these words.", "search"),
    ),
}
