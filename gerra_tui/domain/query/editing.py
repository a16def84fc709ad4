"""Terms added by a key: only the value under the cursor, or everything but it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal

from gerra_tui.domain.query import operands
from gerra_tui.domain.query.fields import Kind, kind_of
from gerra_tui.domain.query.term import Term

Scalar = str | int | float | bool | datetime | None
Terms = tuple[Term, ...]
Equality = Literal[":", "="]

# A comparison that every value fulfils: its complement is the rows that have none.
_ANYTHING: Final = {Kind.SIZE: (">=", "0"), Kind.DATE: (">=", "0001-01-01")}


def with_only(terms: Terms, field: str, value: Scalar, operator: Equality) -> Terms:
    """`terms` with `field:value`, which takes the place of other values asked of that field.

    A null value asks for the rows without one. Metadata may be a list, so that a value that is
    left out and one that is wanted do not exclude each other there. Raises `KeyError`.
    """
    if value is None:
        return _replaced(terms, _has_value(field, negated=True), _same_field(terms, field))
    wanted = _asked(field, operator, value, negated=False)
    rivals = [
        term
        for term in _same_field(terms, field)
        if (
            term.is_equality
            and (not term.negated or kind_of(field) is not Kind.META or _names(term, wanted))
        )
        or term == _has_value(field, negated=True)
    ]
    return _replaced(terms, wanted, rivals)


def without(terms: Terms, field: str, value: Scalar, operator: Equality) -> Terms:
    """`terms` that no longer fit `value`: taken out of alternatives, or added to what is negated.

    A null value asks for the rows that have one. Raises `KeyError`.
    """
    if value is None:
        absent = _has_value(field, negated=True)
        present = _has_value(field, negated=False)
        return _replaced(terms, present, [term for term in terms if term == absent])
    unwanted = _asked(field, operator, value, negated=True)
    kept = tuple(less for term in terms if (less := _less(term, unwanted)) is not None)
    if len(kept) == len(terms) and kept != terms and kind_of(field) is not Kind.META:
        return kept  # the alternatives that are left do not fit the value
    for position, term in enumerate(kept):
        if term.field == field and term.negated and term.operator == operator:
            if _names(term, unwanted):
                return kept
            joined = replace(term, values=term.values + unwanted.values)
            return (*kept[:position], joined, *kept[position + 1 :])
    return (*kept, unwanted)


def _less(term: Term, unwanted: Term) -> Term | None:
    """A positive term without the unwanted value among its alternatives; null if none is left."""
    if term.field != unwanted.field or term.negated or not _names(term, unwanted):
        return term
    meaning = _meaning(unwanted)
    left = tuple(v for v in term.values if _meaning(replace(unwanted, values=(v,))) != meaning)
    return replace(term, values=left) if left else None


def _replaced(terms: Terms, new: Term, rivals: list[Term]) -> Terms:
    """`new` where it or the first rival was, else at the end; the rivals gone."""
    places = [at for at, term in enumerate(terms) if term == new or term in rivals]
    if not places:
        return (*terms, new)
    before, after = terms[: places[0]], terms[places[0] + 1 :]
    return (*before, new, *(term for term in after if term != new and term not in rivals))


def _same_field(terms: Terms, field: str) -> list[Term]:
    return [term for term in terms if term.field == field]


def _names(term: Term, other: Term) -> bool:
    """Claims that `term` is an equality, and the value of `other` one of those it names."""
    meaning = _meaning(other)
    return term.is_equality and any(
        _meaning(replace(other, values=(value,))) == meaning for value in term.values
    )


def _meaning(term: Term) -> object:
    """What the term's first value stands for: texts ignore case unless the term does not."""
    value = term.values[0]
    match term.kind:
        case Kind.SIZE:
            return operands.size(value)
        case Kind.DATE:
            return operands.moment(value)
        case Kind.META if (number := operands.number(value)) is not None:
            return number
        case _:
            return value if term.operator == "=" else value.casefold()


def _has_value(field: str, *, negated: bool) -> Term:
    operator, value = _ANYTHING.get(kind_of(field), ("~", ""))
    return Term(field, operator, (value,), negated)


def _asked(field: str, operator: Equality, value: Scalar, *, negated: bool) -> Term:
    """The term for a value as the query language writes it; a date as its UTC day."""
    if kind_of(field) is Kind.WORD:
        raise KeyError(field)
    if isinstance(value, datetime):
        text = value.astimezone(UTC).date().isoformat()
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = str(value)
    return Term(field, operator, (text,), negated)
