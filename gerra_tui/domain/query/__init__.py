"""The query language: what a reviewer types after `/`."""

from gerra_tui.domain.query.completion import Completion, complete
from gerra_tui.domain.query.known import Known
from gerra_tui.domain.query.narrowing import Narrowing, Plan
from gerra_tui.domain.query.parsed import Located, Parsed, Problem
from gerra_tui.domain.query.parser import parse, term_at
from gerra_tui.domain.query.query import Query
from gerra_tui.domain.query.term import Term

__all__ = [
    "Completion",
    "Known",
    "Located",
    "Narrowing",
    "Parsed",
    "Plan",
    "Problem",
    "Query",
    "Term",
    "complete",
    "parse",
    "term_at",
]
