"""The columns that a list can have and be sorted by, and the value that each shows."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.fields import FIELDS, META_PREFIX, is_path
from gerra_tui.domain.query.metadata import scalars_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gerra_tui.domain.dataset import Dataset

STATE: Final = "state"  # what became of it here, else its status
CHECK: Final = "check"  # what a look at its file found
BY: Final = "by"  # who decided it, as far as the audit log knows
REASON: Final = f"{META_PREFIX}rejection_reason"
_FIRST: Final = (
    "name",
    "type",
    "size",
    "updated",
    "created",
    "id",
    "status",
    "desc",
    "org",
    "link",
)
# Every field, in the order of the menu, with what only this side knows.
COLUMNS: Final = (STATE, *_FIRST, *(name for name in FIELDS if name not in _FIRST), CHECK, BY)
UNSORTED: Final = frozenset({STATE, CHECK, BY})  # no value of the dataset's own


class UnknownColumn(LookupError):
    """There is no such column; the text says so, and which one may be meant."""


def check_column(name: str) -> None:
    """Raises `UnknownColumn`."""
    if name in COLUMNS or is_path(name):
        return
    near = difflib.get_close_matches(name, COLUMNS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"metadata is written {META_PREFIX}PATH."
    raise UnknownColumn(f"There is no column {name!r}: {hint}")


def value_of(column: str) -> Callable[[Dataset], Any]:
    """What the column shows of a dataset and sorts it by; the state by its status.

    Raises `UnknownColumn`.
    """
    check_column(column)
    if is_path(column):
        path = column.removeprefix(META_PREFIX)
        return lambda row: metadata_at(row.metadata, path)
    if column == "updated":
        return lambda row: row.date_updated or row.date_created
    if column in (CHECK, BY):
        return lambda _: None
    return FIELDS["status" if column == STATE else column].value


def metadata_at(metadata: Mapping[str, Any] | None, path: str) -> Any:
    """The value at a dotted path; else what a query finds there, through lists and keys with dots:
    one scalar, a list of several, or null."""
    value: Any = metadata
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is not None:
        return value
    found = list(scalars_at(metadata, path))
    return found if len(found) > 1 else found[0] if found else None
