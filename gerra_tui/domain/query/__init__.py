"""The query language: what a reviewer types after `/`.

`completion` and `known` are imported from their own modules, once someone presses Tab.
"""

from gerra_tui.domain.query.narrowing import Narrowing, Plan
from gerra_tui.domain.query.parsed import Located, Parsed, Problem
from gerra_tui.domain.query.parser import parse, term_at
from gerra_tui.domain.query.query import Query
from gerra_tui.domain.query.term import Term

__all__ = [
    "Located",
    "Narrowing",
    "Parsed",
    "Plan",
    "Problem",
    "Query",
    "Term",
    "parse",
    "term_at",
]
