"""The one registry: every key is a named command; footer, help, palette and README come from it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gerra_tui.ui.keys.commands import COMMANDS, CONTEXTS, LIST, Command
from gerra_tui.ui.keys.names import NoSuchKey, key_named, shown
from gerra_tui.ui.keys.side_commands import SIDE_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EVERYWHERE: Final = (*CONTEXTS, *SIDE_COMMANDS)

# tmux prefixes, flow control, and what terminals send for other keys: never bound.
FORBIDDEN: Final = frozenset(
    {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+h", "ctrl+j", "ctrl+k", "ctrl+l"}
    | {"ctrl+@", "ctrl+space", "ctrl+backslash"}
)


class WrongKeymap(Exception):
    """The keymap of the config cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Registry:
    """Commands and the keys that they have in each context.

    `commands` are those of the review's panes, which `:` knows; `side_commands` those of the
    screens beside it.
    """

    commands: tuple[Command, ...]
    side_commands: tuple[Command, ...] = ()
    _keys: Mapping[tuple[str, str], Command] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        keymap: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
        *,
        read_only: bool = False,
        commands: tuple[Command, ...] = COMMANDS,
    ) -> Registry:
        """The shipped keys with those of the config in their place. Raises `WrongKeymap`."""
        available = tuple(c for c in commands if not (read_only and c.decides))
        beside = tuple(command for mine in SIDE_COMMANDS.values() for command in mine)
        rebound = {
            context: _checked(context, wanted, SIDE_COMMANDS.get(context, commands))
            for context, wanted in (keymap or {}).items()
        }
        keys: dict[tuple[str, str], Command] = {}
        for context in EVERYWHERE:
            mine = rebound.get(context, {})
            # What the config binds takes a key away from the command that shipped with it.
            taken = {key for bound in mine.values() for key in bound}
            for command in (*available, *beside):
                if context not in command.contexts:
                    continue
                wanted = mine.get(command.name)
                for key in command.keys if wanted is None else wanted:
                    if wanted is not None or key not in taken:
                        keys[context, key] = command
        return cls(available, beside, keys)

    def command_for(self, context: str, key: str) -> Command | None:
        return self._keys.get((context, key))

    def named(self, name: str) -> Command | None:
        return next((command for command in self.commands if command.name == name), None)

    def keys_of(self, name: str, context: str = LIST) -> tuple[str, ...]:
        return tuple(
            key
            for (where, key), command in self._keys.items()
            if where == context and command.name == name
        )

    def in_context(self, context: str) -> tuple[Command, ...]:
        everything = (*self.commands, *self.side_commands)
        return tuple(command for command in everything if context in command.contexts)

    def footer(self, context: str) -> tuple[tuple[str, str], ...]:
        """Key and word of each hint, most important first."""
        return self._footers[context]

    @cached_property
    def _footers(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """The status line asks at every key."""
        return {context: self._footer(context) for context in EVERYWHERE}

    def _footer(self, context: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (shown(keys[0]), command.footer)
            for command in self.in_context(context)
            if command.footer and (keys := self.keys_of(command.name, context))
        )


def _checked(
    context: str, wanted: Mapping[str, tuple[str, ...]], commands: Iterable[Command]
) -> Mapping[str, tuple[str, ...]]:
    if context not in EVERYWHERE:
        raise WrongKeymap(f"keys.{context} is no context: there are {', '.join(EVERYWHERE)}.")
    names = {command.name for command in commands}
    owners: dict[str, str] = {}
    checked: dict[str, tuple[str, ...]] = {}
    for name, written in wanted.items():
        place = f"keys.{context}.{name}"
        if name not in names:
            near = difflib.get_close_matches(name, sorted(names), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise WrongKeymap(f"{place} is no command.{hint}")
        try:
            checked[name] = tuple(dict.fromkeys(map(key_named, written)))
        except NoSuchKey as problem:
            raise WrongKeymap(f"{place}: {problem}") from None
        for key in checked[name]:
            if key in FORBIDDEN:
                raise WrongKeymap(f"{place}: {shown(key)} is taken by tmux or terminals.")
            if key in owners:
                raise WrongKeymap(f"{place}: {shown(key)} is bound to {owners[key]} as well.")
            owners[key] = name
    return checked


def keymap_table(registry: Registry) -> str:
    """The README's table of keys, in Markdown."""
    rows = ["| key | command | does |", "|---|---|---|"]
    for command in registry.commands:
        context = command.contexts[0]
        keys = " ".join(f"`{shown(key)}`" for key in registry.keys_of(command.name, context))
        rows.append(f"| {keys or '(by `:` only)'} | `{command.name}` | {command.help} |")
    return "\n".join(rows)


if __name__ == "__main__":
    import sys

    sys.stdout.write(keymap_table(Registry.of()) + "\n")
