"""`gerra-tui help` and `gerra-tui keys`: the pages, and the effective keymap."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from gerra_tui import docs
from gerra_tui.ui.keys.names import shown
from gerra_tui.ui.keys.registry import EVERYWHERE, Registry, WrongKeymap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.settings.effective import Settings

KEYS = 16  # cells
NAMES = 22


class NoSuchPage(Exception):
    """There is no page of that name; the text says which there are."""


def help_lines(topic: str | None) -> Iterator[str]:
    """The page, or without a topic what each page is about. Raises `NoSuchPage`."""
    topics = docs.topics()
    if topic is None:
        yield "gerra-tui help TOPIC shows a page:"
        for name in topics:
            yield f"  {name:<14} {docs.about(name)}"
    elif topic in topics:
        yield from docs.page(topic).splitlines()
    else:
        near = difflib.get_close_matches(topic, topics, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise NoSuchPage(f"There is no page {topic[:40]!r}.{meant} There are {', '.join(topics)}.")


def key_lines(settings: Settings) -> Iterator[str]:
    """Every command with its keys as they are in force, by context. Raises `WrongKeymap`."""
    preferences = settings.preferences
    try:
        registry = Registry.of(preferences.keymap, read_only=preferences.read_only)
    except WrongKeymap as problem:
        raise WrongKeymap(f"{settings.config_file}: {problem}") from None
    for number, context in enumerate(EVERYWHERE):
        yield from [""] if number else []
        yield f"[{context}]"
        for command in registry.in_context(context):
            keys = " ".join(shown(key) for key in registry.keys_of(command.name, context)) or "-"
            yield f"{keys:<{KEYS}} {command.name:<{NAMES}} {command.help}"
