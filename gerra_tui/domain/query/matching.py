"""Terms turned into quick tests of a dataset: they run for every row of a scan."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.evidence import Mark, Summary
from gerra_tui.domain.query import operands
from gerra_tui.domain.query.fields import CHECK_PREFIX, FIELDS, META_PREFIX, Kind
from gerra_tui.domain.query.metadata import contains_below, path_predicate, value_predicate
from gerra_tui.domain.query.operands import Age, Span

if TYPE_CHECKING:
    from gerra_tui.domain.query.term import Term

Looked = Callable[[Dataset], Summary | None]  # what is kept of a look at a dataset as it is now
Predicate = Callable[[Dataset, datetime, Looked], bool]
DatasetTest = Callable[[Dataset], bool]  # for the terms that need no clock

_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    ":": operator.eq,
    "=": operator.eq,
}
NONE: Final = "none"  # nothing is kept of a look
MARKS: Final = (*(mark.value for mark in (Mark.ODD, Mark.OK, Mark.UNCHECKED)), NONE)
# The dearest terms go last: most rows are out before they are reached.
_COST: Final = {
    Kind.CHOICE: 0,
    Kind.ID: 1,
    Kind.LOOK: 1,
    Kind.SIZE: 1,
    Kind.TEXT: 2,
    Kind.DATE: 2,
    Kind.META: 3,
}


def nothing_looked_at(_: Dataset) -> None:
    """`Looked`, where no looks are kept."""


def predicate_of_all(terms: Iterable[Term]) -> Predicate:
    """A test that every one of `terms` is fulfilled. Raises `operands.Malformed`."""
    ordered = sorted(dict.fromkeys(terms), key=lambda term: _COST.get(term.kind, 4))
    predicates = tuple(map(predicate_of, ordered))
    if len(predicates) == 1:
        return predicates[0]

    def fits_all(dataset: Dataset, now: datetime, looked: Looked) -> bool:
        for fits in predicates:  # noqa: SIM110 - a generator costs more than these tests do
            if not fits(dataset, now, looked):
                return False
        return True

    return fits_all


def predicate_of(term: Term) -> Predicate:
    """The test of one term. Raises `operands.Malformed` where a value does not suit the field."""
    if term.kind is Kind.DATE:
        fits_now = _date_predicate(term)
        if term.negated:
            return lambda dataset, now, _looked: not fits_now(dataset, now)
        return lambda dataset, now, _looked: fits_now(dataset, now)
    if term.kind is Kind.LOOK:
        word_of, wanted = _word_of_look(term), _wanted_of_look(term)
        return lambda dataset, _now, looked: (word_of(looked(dataset)) in wanted) != term.negated
    fits = _timeless_test(term)
    if term.negated:
        return lambda dataset, _now, _looked: not fits(dataset)
    return lambda dataset, _now, _looked: fits(dataset)


def _timeless_test(term: Term) -> DatasetTest:
    match term.kind:
        case Kind.SIZE:
            return _size_test(term)
        case Kind.META:
            return _meta_test(term)
        case Kind.WORD:
            return _word_test(term)
        case _:
            return _text_test(term)


def _text_test(term: Term) -> DatasetTest:
    text_of: Callable[[Dataset], str | None] = FIELDS[term.field].value
    if term.operator == "=":
        exact = frozenset(term.values)
        return lambda dataset: text_of(dataset) in exact
    folded = tuple(value.casefold() for value in term.values)
    fits: Callable[[str], bool]
    if term.operator == "~":
        fits = _contains_one_of(folded)
    elif term.kind is Kind.ID:
        fits = _starts_with_one_of(folded)
    else:
        fits = frozenset(folded).__contains__

    def test(dataset: Dataset) -> bool:
        text = text_of(dataset)
        return text is not None and fits(text.casefold())

    return test


def _size_test(term: Term) -> DatasetTest:
    compare, size_of = _COMPARISONS[term.operator], FIELDS[term.field].value
    bounds = tuple(map(operands.size, term.values))

    def test(dataset: Dataset) -> bool:
        size = size_of(dataset)
        return size is not None and any(compare(size, bound) for bound in bounds)

    return test


def _meta_test(term: Term) -> DatasetTest:
    fits = path_predicate(
        term.field.removeprefix(META_PREFIX), value_predicate(term.operator, term.values)
    )
    return lambda dataset: fits(dataset.metadata)


def _word_test(term: Term) -> DatasetTest:
    needles = tuple(word.casefold() for word in term.values)
    contains = _contains_one_of(needles)
    return lambda dataset: (
        contains(dataset.name.casefold())
        or (dataset.description is not None and contains(dataset.description.casefold()))
        or contains_below(dataset.metadata, needles)
    )


def _word_of_look(term: Term) -> Callable[[Summary | None], str]:
    """What a term can ask of a look: its kind, or a mark."""
    if term.field == "kind":
        return lambda found: NONE if found is None else found.kind
    check = term.field.removeprefix(CHECK_PREFIX) if term.field != "check" else None

    def mark(found: Summary | None) -> str:
        return (found.mark(check) if found is not None else None) or NONE

    return mark


def _wanted_of_look(term: Term) -> frozenset[str]:
    wanted = frozenset(value.casefold() for value in term.values)
    if term.field != "kind" and (unknown := wanted.difference(MARKS)):
        listed = ", ".join(f"`{word}`" for word in MARKS)
        raise operands.Malformed(f"`{min(unknown)}` is no mark of a check: it is one of {listed}.")
    return wanted


def _date_predicate(term: Term) -> Callable[[Dataset, datetime], bool]:
    date_of = FIELDS[term.field].value
    fits_one = tuple(_moment_predicate(term.operator, operands.moment(v)) for v in term.values)

    def test(dataset: Dataset, now: datetime) -> bool:
        date = date_of(dataset)
        return date is not None and any(fits(date, now) for fits in fits_one)

    return test


def _moment_predicate(sign: str, moment: Age | Span) -> Callable[[datetime, datetime], bool]:
    if isinstance(moment, Age):
        if sign in (":", "="):
            raise operands.Malformed("An age is a bound: compare it with `<` or `>`.")
        compare, length = _COMPARISONS[sign], moment.length
        return lambda date, now: compare(now - date, length)
    start, end = moment.start, moment.end
    match sign:
        case "<":
            return lambda date, _now: date < start
        case "<=":
            return lambda date, _now: date < end
        case ">":
            return lambda date, _now: date >= end
        case ">=":
            return lambda date, _now: date >= start
        case _:
            return lambda date, _now: start <= date < end


def _contains_one_of(needles: tuple[str, ...]) -> Callable[[str], bool]:
    if len(needles) == 1:
        needle = needles[0]
        return lambda text: needle in text
    return lambda text: any(needle in text for needle in needles)


def _starts_with_one_of(prefixes: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: text.startswith(prefixes)
