"""Queries and datasets for property tests: few words, so that they meet often."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from gerra_tui.domain.dataset import KNOWN_STATUSES, KNOWN_TYPES
from gerra_tui.domain.query import Query, Term
from gerra_tui.domain.query.fields import FIELDS, META_PREFIX, OPERATORS, ORDERING, WORD, Kind
from tests.domain.query.rows import NOW, row

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from gerra_tui.domain.dataset import Dataset

WORDS = [
    "lab",
    "Lab",
    "LAB",
    "arm",
    "red mug",
    "5",
    "5.0",
    "05",
    "1e3",
    "true",
    "True",
    "null",
    "x",
]
KEYS = ["k", "j", "k.j", "a b", "K"]

texts = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
numbers = st.sampled_from(["5", "5.0", "-1", "0", "1e3", "4.99"])
sizes = st.sampled_from(["0", "5", "1kB", "1KiB", "1.5GB", "2 GiB"])
ages = st.sampled_from(["7d", "12h", "2w", "30min", "0.5 d"])
dates = st.sampled_from(["2026-11-20", "2026-11-20T12:00", "2026-11-20T12:00:00Z", "0001-01-01"])
paths = st.one_of(st.sampled_from(KEYS), st.text(min_size=1, max_size=6))


def _values_for(kind: Kind, sign: str, field: str) -> SearchStrategy[str]:
    if kind is Kind.CHOICE:
        return st.sampled_from([*(KNOWN_STATUSES if field == "status" else KNOWN_TYPES), "Pending"])
    if kind is Kind.SIZE:
        return sizes
    if kind is Kind.DATE:
        return st.one_of(ages, dates) if sign in ORDERING else dates
    if kind is Kind.META and sign in ORDERING:
        return numbers
    return texts


@st.composite
def terms(draw: st.DrawFn) -> Term:
    """Any term that the parser can make."""
    name = draw(st.sampled_from([*FIELDS, "meta", "meta", WORD, WORD]))
    field = META_PREFIX + draw(paths) if name == "meta" else name
    kind = Kind.WORD if field == WORD else Kind.META if name == "meta" else FIELDS[name].kind
    sign = "" if field == WORD else draw(st.sampled_from(OPERATORS[kind]))
    values = st.lists(_values_for(kind, sign, field), min_size=1, max_size=3)
    return Term(field, sign, tuple(draw(values)), draw(st.booleans()))


queries = st.lists(terms(), max_size=4).map(lambda found: Query(tuple(found)))

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([5, 5.0, -1, 0, 1000]),
    texts,
    st.floats(),
    st.integers(),
)
metadata = st.dictionaries(
    st.sampled_from(KEYS),
    st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=2)
        ),
        max_leaves=5,
    ),
    max_size=3,
)
moments = st.one_of(
    st.none(),
    st.integers(-10, 30 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
)


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    changes: dict[str, Any] = {
        "id": draw(st.uuids().map(str)),
        "status": draw(st.sampled_from([*KNOWN_STATUSES, "new_status"])),
        "data_type": draw(st.sampled_from([*KNOWN_TYPES, "new_type"])),
        "name": draw(texts),
        "description": draw(st.one_of(st.none(), texts)),
        "organization_id": draw(st.one_of(st.none(), texts)),
        "link": draw(st.one_of(st.none(), texts)),
        "data_byte_size": draw(st.one_of(st.none(), st.sampled_from([0, 5, 1024, 1500000000]))),
        "date_created": draw(moments),
        "date_updated": draw(moments),
        "metadata": draw(st.one_of(st.none(), metadata)),
    }
    return row(**changes)
