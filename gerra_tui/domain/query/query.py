"""A query: terms that a dataset must all fulfil."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from gerra_tui.domain.dataset import KNOWN_STATUSES, KNOWN_TYPES, UnreadableRow
from gerra_tui.domain.query import editing
from gerra_tui.domain.query.doubtful import may_fit
from gerra_tui.domain.query.fields import Kind
from gerra_tui.domain.query.matching import (
    Looked,
    Predicate,
    nothing_looked_at,
    predicate_of_all,
)
from gerra_tui.domain.query.narrowing import Narrowing, Plan, Search, plan

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.query.editing import Scalar
    from gerra_tui.domain.query.term import Term


@dataclass(frozen=True)  # no slots: the compiled test is kept in the instance
class Query:
    """What is shown of the list. Equal terms are equal queries; none at all fits everything."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def text(self) -> str:
        """The canonical text: parsing it gives an equal query."""
        return " ".join(term.text for term in self.terms)

    def __str__(self) -> str:
        return self.text

    @cached_property
    def _fits(self) -> Predicate:
        return predicate_of_all(self.terms)

    @cached_property
    def asks_of_looks(self) -> bool:
        """Claims that some term speaks of what looks found."""
        return any(term.kind is Kind.LOOK for term in self.terms)

    def matches(self, dataset: Dataset, now: datetime, looked: Looked = nothing_looked_at) -> bool:
        """Claims that the dataset fulfils every term. `now` is aware; ages count back from it.

        `looked` gives what is kept of a look at a dataset. Raises `operands.Malformed` for terms
        that no parser made.
        """
        return self._fits(dataset, now, looked)

    def admits(self, row: Row, now: datetime, looked: Looked = nothing_looked_at) -> bool:
        """Claims that the row fulfils every term, as far as it can be read."""
        if isinstance(row, UnreadableRow):
            return may_fit(self.terms, row, now)
        return self.matches(row, now, looked)

    def plan(
        self,
        search: Search = "off",
        *,
        statuses: Collection[str] = KNOWN_STATUSES,
        types: Collection[str] = KNOWN_TYPES,
    ) -> Plan:
        """What the service can leave out, and which terms that covers (see `narrowing`)."""
        return plan(self.terms, search, statuses=statuses, types=types)

    def narrowing(self, search: Search = "off") -> Narrowing:
        return self.plan(search).narrowing

    def served_terms(self, search: Search = "off") -> tuple[Term, ...]:
        """The terms that narrow at the service. They are checked here all the same."""
        return self.plan(search).served

    def local_terms(self, search: Search = "off") -> tuple[Term, ...]:
        """The terms that only this side checks."""
        return self.plan(search).local

    def is_whole(self, search: Search = "off") -> bool:
        """Claims that the service's total for the narrowed listing is the query's own."""
        return self.plan(search).is_whole

    def with_only(self, field: str, value: Scalar, operator: Literal[":", "="] = ":") -> Query:
        """This query for that value of `field` alone (see `editing`). Raises `KeyError`."""
        return Query(editing.with_only(self.terms, field, value, operator))

    def without(self, field: str, value: Scalar, operator: Literal[":", "="] = ":") -> Query:
        """This query less that value of `field` (see `editing`). Raises `KeyError`."""
        return Query(editing.without(self.terms, field, value, operator))
