"""What reading a query text gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gerra_tui.domain.query.query import Query
    from gerra_tui.domain.query.term import Term


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake or a doubt at `start`..`end` of the text. `message` is a sentence.

    `suggestion` is what the marked text was most likely meant to be.
    """

    start: int
    end: int
    message: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A term and where it stands; `values` are the places of its values, quotes included."""

    term: Term
    start: int
    end: int
    values: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """`query` is null if there are errors; `located` are the terms that could be read."""

    query: Query | None
    located: tuple[Located, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
