"""What can be read of a dataset's JSON that nobody has checked: a line of standard input, a file
of an earlier start, a row that does not fit the model."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from gerra_tui.domain.moments import moment_of

LARGEST_NUMBER: Final = 2**63 - 1  # what a column of any database holds
DEEPEST: Final = 200  # levels of nesting; deeper ones are a danger to everything recursive

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "id": (str,),
    "status": (str,),
    "data_type": (str,),
    "name": (str,),
    "description": (str, type(None)),
    "link": (str, type(None)),
    "organization_id": (str, type(None)),
    "data_byte_size": (int, type(None)),
    "date_created": (datetime, type(None)),
    "date_updated": (datetime, type(None)),
    "metadata": (dict, type(None)),
}


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
    if name == "data_byte_size" and value is not None:
        return isinstance(value, int) and value is not True and 0 <= value <= LARGEST_NUMBER
    return isinstance(value, _TYPES[name])
