"""Rows that do not fit the model, compared with a query as far as they can be read.

What is missing or odd in them could be anything: it is never held against them. What can be read
is compared as in any other row.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.moments import moment_of
from gerra_tui.domain.query.fields import FIELDS, META_PREFIX, WORD
from gerra_tui.domain.query.matching import predicate_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gerra_tui.domain.dataset import UnreadableRow
    from gerra_tui.domain.query.term import Term

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


def may_fit(terms: Iterable[Term], row: UnreadableRow, now: datetime) -> bool:
    """Claims that nothing that can be read of the row contradicts a term."""
    readable = _readable(row.raw)
    known = Dataset(**{"id": "", "status": "", "data_type": "", "name": "", **readable})
    return all(
        predicate_of(term)(known, now)
        for term in terms
        if all(field in readable for field in _fields_of(term))
    )


def _fields_of(term: Term) -> tuple[str, ...]:
    if term.field.startswith(META_PREFIX):
        return ("metadata",)
    if term.field == WORD:
        return ("name", "description", "metadata")
    return (FIELDS[term.field].source,)


def _readable(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        return {}
    values = {name: raw[name] for name in _TYPES if name in raw}
    for name in ("date_created", "date_updated"):
        if name in values:
            values[name] = moment_of(values[name]) or values[name]
    return {name: value for name, value in values.items() if isinstance(value, _TYPES[name])}
