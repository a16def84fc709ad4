"""Free text and metadata filters, row by row: the part of a listing that no index answers.

`search` is a case-insensitive substring of name, description and the metadata values named below.
`metadata=key:value` compares text with text, exactly, as a backend does that asks its database for
JSON containment: a number, a boolean or a list in the metadata never matches, whatever the value
looks like. A dot in a key leads into an object, unless a key of that whole name exists.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gerra_tui.demo.world.catalogue import Catalogue

_SEARCHED = ("task", "operator", "robot_type", "sensor_type", "location", "tags", "scene")
_AT_ONCE = 100  # rows looked at before other requests get their turn: a few milliseconds
_REMEMBERED = 4  # filters: a mask is one byte a row

_UNSEEN, _NO, _YES = range(3)


@dataclass(frozen=True, slots=True)
class TextFilter:
    search: str = ""
    metadata: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.search or self.metadata)

    def matches(self, body: dict[str, Any]) -> bool:
        metadata = body.get("metadata")
        given = metadata if isinstance(metadata, dict) else {}
        return all(_value(given, key) == text for key, text in self.metadata) and (
            not self.search or self._found(body, given)
        )

    def _found(self, body: dict[str, Any], metadata: dict[str, Any]) -> bool:
        wanted = self.search.casefold()
        places = [body.get("name"), body.get("description")]
        places += [metadata.get(key) for key in _SEARCHED]
        return any(wanted in text.casefold() for place in places for text in _texts(place))


def metadata_filter(pairs: list[str]) -> tuple[tuple[str, str], ...]:
    """Parses `key:value` texts; the value may hold further colons. Raises ValueError."""
    parsed = []
    for pair in pairs:
        key, colon, value = pair.partition(":")
        if not key or not colon:
            raise ValueError(f"metadata filter must be key:value, got {pair!r}")
        parsed.append((key, value))
    return tuple(parsed)


def _value(metadata: dict[str, Any], path: str) -> Any:
    if path in metadata:
        return metadata[path]
    value: Any = metadata
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []


class Finder:
    """Looks through the catalogue; what was found out about unchanged rows is remembered."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._masks: OrderedDict[TextFilter, bytearray] = OrderedDict()

    async def find(self, status: str | None, data_type: str | None, by: TextFilter) -> array[int]:
        """Row numbers that match, newest first."""
        order = self._catalogue.order(status, data_type)
        if not by:
            return order
        mask = self._masks.pop(by, None) or bytearray(self._catalogue.population.size)
        self._masks[by] = mask
        if len(self._masks) > _REMEMBERED:
            self._masks.popitem(last=False)
        found = array("I")
        unseen = 0
        for row in order[:]:
            if self._catalogue.changed(row):
                matches = by.matches(self._catalogue.body(row))
            else:
                if mask[row] == _UNSEEN:
                    mask[row] = _YES if by.matches(self._catalogue.body(row)) else _NO
                    unseen += 1
                    if unseen % _AT_ONCE == 0:
                        await asyncio.sleep(0)
                matches = mask[row] == _YES
            if matches:
                found.append(row)
        return found
