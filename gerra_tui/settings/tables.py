"""Tables of a config file, read value by value: what is none of its kind is told with its place."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class WrongConfig(Exception):
    """The file cannot be used; the text says where and why."""


def check_names(table: Mapping[str, Any], names: Iterable[str], place: str) -> None:
    names = tuple(names)
    for name in table:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f" Did you mean {place}{near[0]}?" if near else f" Known: {', '.join(names)}."
            raise WrongConfig(f"{place}{name} is not a setting.{hint}")


def table_of(table: Mapping[str, Any], name: str, place: str = "") -> Mapping[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise WrongConfig(f"{place}{name} must be a table, written as [{place}{name}].")
    return value


def text_of(table: Mapping[str, Any], name: str, place: str, *, secret: bool = False) -> str | None:
    value = table.get(name)
    if value is None or isinstance(value, str):
        return value
    shown = "" if secret else f" not {value!r}"
    raise WrongConfig(f"{place}{name} must be a text in quotes,{shown or ' and is not'}.")


def texts_of(table: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    value = table.get(name)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongConfig(f'{place}{name} must be a list of texts, like ["a", "b"].')
    return tuple(value)


def flag_of(table: Mapping[str, Any], name: str, place: str) -> bool | None:
    value = table.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise WrongConfig(f"{place}{name} must be true or false, not {value!r}.")
