"""What can be read of a dataset's JSON that nobody has checked: a line of standard input, a file
of an earlier start, a row that does not fit the model."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.fields import FIELDS, Kind
from gerra_tui.domain.moments import moment_of

LARGEST_NUMBER: Final = 2**63 - 1  # what a column of any database holds
DEEPEST: Final = 200  # levels of nesting; deeper ones are a danger to everything recursive

_OF_KIND: Final = {Kind.SIZE: int, Kind.DATE: datetime}
_TYPES: Final[dict[str, type]] = {
    field.source: _OF_KIND.get(field.kind, str) for field in FIELDS.values()
} | {"metadata": dict}
_NEVER_NULL: Final = frozenset(one.name for one in fields(Dataset) if one.default is MISSING)


def readable(raw: Any) -> dict[str, Any]:
    """The fields of `Dataset`, as it has them, that are there and of their kind."""
    if not isinstance(raw, dict):
        return {}
    values = {name: raw[name] for name in _TYPES if name in raw}
    for name in ("date_created", "date_updated"):
        if name in values:
            values[name] = moment_of(values[name]) or values[name]
    return {name: value for name, value in values.items() if _fits(name, value)}


def is_nested_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _fits(name: str, value: Any) -> bool:
    if value is None:
        return name not in _NEVER_NULL
    if _TYPES[name] is int:
        return isinstance(value, int) and value is not True and 0 <= value <= LARGEST_NUMBER
    return isinstance(value, _TYPES[name])
