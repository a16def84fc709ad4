"""What reading a query text gives.

Named tuples here and there in this package: a frozen dataclass takes a millisecond longer to be
made, and the first screen waits for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gerra_tui.domain.query.query import Query
    from gerra_tui.domain.query.term import Term


class Problem(NamedTuple):
    """A mistake or a doubt at `start`..`end` of the text. `message` is a sentence.

    `suggestion` is what the marked text was most likely meant to be.
    """

    start: int
    end: int
    message: str
    suggestion: str | None = None


class Located(NamedTuple):
    """A term and where it stands; `values` are the places of its values, quotes included."""

    term: Term
    start: int
    end: int
    values: tuple[tuple[int, int], ...]


class Parsed(NamedTuple):
    """`query` is null if there are errors; `located` are the terms that could be read."""

    query: Query | None
    located: tuple[Located, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
