"""Query texts read into terms, every mistake with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import KNOWN_STATUSES, KNOWN_TYPES
from gerra_tui.domain.query.fields import Kind
from gerra_tui.domain.query.parsed import Located, Parsed, Problem
from gerra_tui.domain.query.query import Query
from gerra_tui.domain.query.reader import Mistake, TermReader, skip_space

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def parse(
    text: str,
    *,
    statuses: Collection[str] = KNOWN_STATUSES,
    types: Collection[str] = KNOWN_TYPES,
) -> Parsed:
    """Read a query; never raises. `statuses` and `types` are those that raise no warning.

    A term that cannot be read is one error, and the terms behind it are read all the same.
    """
    located: list[Located] = []
    errors: list[Problem] = []
    position = skip_space(text, 0)
    while position < len(text):
        try:
            place = TermReader(text, position).read()
        except Mistake as mistake:
            errors.append(mistake.problem)
            position = mistake.resume
        else:
            located.append(place)
            position = place.end
        position = skip_space(text, position)
    warnings = [
        problem
        for place in located
        for problem in _doubts(text, place, {"status": statuses, "type": types})
    ]
    return Parsed(
        query=None if errors else Query(tuple(place.term for place in located)),
        located=tuple(located),
        errors=tuple(errors),
        warnings=tuple(warnings),
    )


def term_at(text: str, position: int) -> Located | None:
    """The term that `position` lies in or right behind; null between terms and in mistakes."""
    return next(
        (place for place in parse(text).located if place.start <= position <= place.end), None
    )


def _doubts(text: str, place: Located, known: dict[str, Collection[str]]) -> Iterator[Problem]:
    """Values of a status or type that the service is not known to have."""
    term = place.term
    if term.kind is not Kind.CHOICE or not term.is_equality:
        return
    import difflib  # not needed for the first screen

    exact = term.operator == "="
    names = {name if exact else name.casefold() for name in known[term.field]}
    for value, (start, end) in zip(term.values, place.values, strict=True):
        if (value if exact else value.casefold()) in names:
            continue
        near = difflib.get_close_matches(value.casefold()[:40], sorted(names), n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        message = f"No {term.field} {text[start:end]} is known.{hint}"
        yield Problem(start, end, message, near[0] if near else None)
