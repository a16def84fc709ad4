"""What the help says: the keys of a pane and of the others, states, signs, queries, the pages."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final, NamedTuple

from gerra_tui import docs
from gerra_tui.ui.keys.commands import CONTEXTS
from gerra_tui.ui.keys.names import shown
from gerra_tui.ui.keys.side_commands import HELP, SIDE_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gerra_tui.ui.keys.commands import Command
    from gerra_tui.ui.keys.registry import Registry

KEYS: Final = 13  # cells
NAMES: Final = 20
TERMS: Final = 24
TABLES: Final = (  # title, page, and which of its tables
    ("STATES", "decisions", 0),
    ("SIGNS", "keys", 0),
    ("QUERIES", "queries", 0),
)


class HelpLine(NamedTuple):
    """A line, and what Enter does on it: a command by its name, or a page by its topic."""

    text: str
    command: str | None = None
    topic: str | None = None


def help_lines(registry: Registry, context: str, words: str, width: int) -> Iterator[HelpLine]:
    """What has each of `words`, in sections: the pane's own keys first, which need no title. What
    other panes have can be run, what other screens have is only told."""
    here = registry.in_context(context)
    in_review = context in CONTEXTS
    elsewhere = [one for one in registry.commands if in_review and one not in here]
    screens = [one for one in SIDE_COMMANDS if in_review and one != HELP]
    sections = [
        ("", _commands(registry, here, context, width)),
        ("ELSEWHERE", _commands(registry, elsewhere, None, width)),
        *(
            (
                one.upper(),
                map(_only_told, _commands(registry, registry.in_context(one), one, width)),
            )
            for one in screens
        ),
        *((title, _table(topic, at, width)) for title, topic, at in TABLES),
        ("PAGES", _pages(width)),
    ]
    for title, entries in sections:
        found = [line for entry in entries if _has(entry, words) for line in entry]
        if found and title:
            yield from (HelpLine(""), HelpLine(title))
        yield from found


Entry = list[HelpLine]


def _has(entry: Entry, words: str) -> bool:
    text = " ".join(" ".join(line.text for line in entry).split())
    return all(word in text or word in text.casefold() for word in words.split())


def _commands(
    registry: Registry, commands: Iterable[Command], context: str | None, width: int
) -> Iterator[Entry]:
    """`context` is null for each command's own."""
    for command in commands:
        keys = registry.keys_of(command.name, context or command.contexts[0])
        head = f"{' '.join(map(shown, keys)):<{KEYS}} {command.name:<{NAMES}} "
        yield [HelpLine(text, command=command.name) for text in _beside(head, command.help, width)]


def _only_told(entry: Entry) -> Entry:
    return [HelpLine(line.text) for line in entry]


def _table(topic: str, at: int, width: int) -> Iterator[Entry]:
    for name, *told in docs.table(topic, at):
        head = f"{name:<{TERMS}} "
        yield [HelpLine(text, topic=topic) for text in _beside(head, " ".join(told), width)]


def _pages(width: int) -> Iterator[Entry]:
    for topic in docs.topics():
        head = f":help {topic:<{TERMS - 6}} "
        yield [HelpLine(text, topic=topic) for text in _beside(head, docs.about(topic), width)]


def _beside(head: str, text: str, width: int) -> Iterator[str]:
    first, *more = wrap(text, max(20, width - len(head))) or [""]
    yield head + first
    yield from (" " * len(head) + line for line in more)
