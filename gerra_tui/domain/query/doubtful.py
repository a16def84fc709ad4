"""Rows that do not fit the model, compared with a query as far as they can be read.

What is missing or odd in them could be anything: it is never held against them. What can be read
is compared as in any other row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query.fields import FIELDS, META_PREFIX, WORD, Kind
from gerra_tui.domain.query.matching import nothing_looked_at, predicate_of
from gerra_tui.domain.readable import readable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gerra_tui.domain.dataset import UnreadableRow
    from gerra_tui.domain.query.term import Term


def may_fit(terms: Iterable[Term], row: UnreadableRow, now: datetime) -> bool:
    """Claims that nothing that can be read of the row contradicts a term."""
    found = readable(row.raw)
    known = Dataset(**{"id": "", "status": "", "data_type": "", "name": "", **found})
    return all(
        predicate_of(term)(known, now, nothing_looked_at)
        for term in terms
        if all(field in found for field in _fields_of(term))
    )


def _fields_of(term: Term) -> tuple[str, ...]:
    if term.kind is Kind.LOOK:  # such a row is never looked at
        return ()
    if term.field.startswith(META_PREFIX):
        return ("metadata",)
    if term.field == WORD:
        return ("name", "description", "metadata")
    return (FIELDS[term.field].source,)
