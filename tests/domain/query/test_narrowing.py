"""What the service is asked to leave out: as much as possible, and never a row that is wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query import Narrowing, Query, Term, parse
from gerra_tui.domain.query.fields import META_PREFIX, WORD
from tests.domain.query.rows import NOW
from tests.domain.query.strategies import WORDS, datasets, queries


def query(text: str) -> Query:
    parsed = parse(text)
    assert parsed.query is not None, parsed.errors
    return parsed.query


@pytest.mark.parametrize(
    ("text", "narrowing"),
    [
        ("", Narrowing()),
        ("status:pending", Narrowing(status="pending")),
        ("status:PENDING", Narrowing(status="pending")),
        ("status=pending type:episode", Narrowing(status="pending", data_type="episode")),
        ("status:pending,Pending", Narrowing(status="pending")),
        ("status=Pending", Narrowing()),
        ("status:pending,accepted", Narrowing()),
        ("status:pending,archived", Narrowing()),
        ("status:archived", Narrowing()),
        ("status~pending", Narrowing()),
        ("-status:pending", Narrowing()),
        ("status:pending status:accepted", Narrowing(status="pending")),
        ("meta.sensor_type=thermal", Narrowing(metadata=(("sensor_type", "thermal"),))),
        ("meta.a=x meta.b=red meta.a=z", Narrowing(metadata=(("a", "x"), ("b", "red")))),
        ("meta.date=2026-11-20", Narrowing(metadata=(("date", "2026-11-20"),))),
        ('meta.site="lab 4/b.2"', Narrowing(metadata=(("site", "lab 4/b.2"),))),
        # `:` ignores case and looks into lists, a service may do neither
        ("meta.sensor_type:thermal", Narrowing()),
        ("-meta.sensor_type=thermal", Narrowing()),
        ("meta.sensor_type=thermal,rgb", Narrowing()),
        ("meta.sensor_type~thermal", Narrowing()),
        # nested, or a key with a dot in it
        ("meta.robot.arm=left", Narrowing()),
        ('meta."robot:arm"=left', Narrowing()),
        # what a backend may take for something else than a text
        *(
            (f'meta.k="{text}"', Narrowing())
            for text in (
                "5",
                "5.0",
                "-5",
                "05",
                "1e3",
                "1_000",
                "0x1F",
                "0b1",
                "nan",
                "Infinity",
                "true",
                "FALSE",
                "yes",
                "off",
                "null",
                "None",
                "",
                " x",
                "x ",
                "a:b",
                "a,b",
                "a%",
                "{x}",
                "[x]",
                "'x'",
                "ä",
                "a*",
                "(x)",
                "~x",
                "+5",
            )
        ),
        (r'meta.k="a\\b"', Narrowing()),
        # words, sizes and dates only here, unless the profile says otherwise
        ("mug size>1GB updated<7d name~arm id:77 org:x", Narrowing()),
    ],
)
def test_a_term_narrows_only_where_no_row_can_be_lost(text: str, narrowing: Narrowing) -> None:
    assert query(text).narrowing() == narrowing


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("mug", "mug"),
        ('"red mug" cups', "red mug"),
        ("mug,cup", None),
        ("-mug", None),
        ("name~mug", None),
        ("-cups mug,mug", "mug"),
        # a number or boolean may be written in another way there
        ("152", None),
        ("1e3", None),
        ("rue", None),
        ("5.0 x", "x"),
        ("ä", None),
        ('""', None),
        ('"50%"', None),
    ],
)
def test_words_are_searched_for_only_if_the_profile_vouches_for_it(
    text: str, search: str | None
) -> None:
    assert query(text).narrowing("substring").search == search
    assert query(text).narrowing("off").search is None


def test_the_query_line_can_say_which_terms_run_where() -> None:
    asked = query("status:pending type:episode,telemetry meta.a=x meta.a=y size>1GB red-mug cup")
    texts = [[term.text for term in terms] for terms in (asked.served_terms(), asked.local_terms())]
    assert texts == [
        ["status:pending", "meta.a=x"],
        ["type:episode,telemetry", "meta.a=y", "size>1GB", "red-mug", "cup"],
    ]
    assert [term.text for term in asked.served_terms("substring")] == [
        "status:pending",
        "meta.a=x",
        "red-mug",
    ]


def test_types_that_only_the_service_knows_narrow_once_they_are_known() -> None:
    asked = query("type:LIDAR status:archived")
    plan = asked.plan(types=["episode", "lidar"], statuses=["archived", "Archived"])
    assert plan.narrowing == Narrowing(data_type="lidar")
    assert [term.text for term in plan.local] == ["status:archived"]  # which of the two is open


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("", True),
        ("status:pending", True),
        ("status:pending type:episode", True),
        ("status:pending status=pending status:pending", True),
        ("status:pending status:accepted", False),
        ("status:pending,accepted", False),
        ("-status:pending", False),
        ("status:pending meta.k=x", False),
        ("status:pending size>1GB", False),
        ("mug", False),
    ],
)
def test_the_services_total_is_taken_only_where_it_is_the_querys(text: str, is_whole: bool) -> None:
    assert query(text).is_whole("substring") == is_whole


# Ways in which a backend may read `metadata=key:value`, all of them seen somewhere.
Compare = Callable[[Any, str], bool]


def as_json_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def converted(text: str) -> Any:
    try:
        return json.loads(text.lower())
    except ValueError:
        return text


BACKENDS: dict[str, Compare] = {
    "contains the text": lambda value, asked: value == asked,
    "compares JSON text": lambda value, asked: as_json_text(value) == asked,
    "compares Python text": lambda value, asked: str(value) == asked,
    "ignores case": lambda value, asked: as_json_text(value).lower() == asked.lower(),
    "trims": lambda value, asked: as_json_text(value).strip() == asked.strip(),
    "looks for a part": lambda value, asked: asked in as_json_text(value),
    "converts": lambda value, asked: value == converted(asked),
    "matches a pattern": lambda value, asked: as_json_text(value) == asked.replace("\\", ""),
}


def keeps(narrowing: Narrowing, dataset: Dataset, compare: Compare) -> bool:
    found = dataset.metadata or {}
    return (
        narrowing.status in (None, dataset.status)
        and narrowing.data_type in (None, dataset.data_type)
        and all(key in found and compare(found[key], value) for key, value in narrowing.metadata)
        and (narrowing.search is None or contains(dataset, narrowing.search))
    )


def contains(dataset: Dataset, search: str) -> bool:
    """A substring search that writes numbers and booleans in a way of its own."""
    texts = [dataset.name, dataset.description or "", *leaves(dataset.metadata)]
    return any(search.casefold() in text.casefold() for text in texts)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value if isinstance(value, str) else "#"]


likely = st.one_of(
    st.builds(
        Term,
        st.sampled_from([f"{META_PREFIX}{key}" for key in ("k", "j", "k.j")]),
        st.sampled_from([":", "="]),
        st.sampled_from(WORDS).map(lambda word: (word,)),
        st.booleans(),
    ),
    st.builds(Term, st.just(WORD), st.just(""), st.sampled_from(WORDS).map(lambda word: (word,))),
)


@settings(max_examples=300)
@given(st.one_of(queries, st.lists(likely, max_size=2).map(lambda t: Query(tuple(t)))), datasets())
def test_narrowing_never_loses_a_row(asked: Query, dataset: Dataset) -> None:
    if not asked.matches(dataset, NOW):
        return
    for search in ("off", "substring"):
        plan = asked.plan(search)
        for name, compare in BACKENDS.items():
            assert keeps(plan.narrowing, dataset, compare), name


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("value", [*WORDS, 5, 5.0, True, None, ["lab", "x"], {"k": "lab"}])
def test_no_backend_loses_a_metadata_value_that_fits(backend: str, value: Any) -> None:
    dataset = Dataset(id="", status="", data_type="", name="", metadata={"k": value})
    for sign, word in product((":", "="), WORDS):
        asked = Query((Term("meta.k", sign, (word,)),))
        if asked.matches(dataset, NOW):
            assert keeps(asked.narrowing(), dataset, BACKENDS[backend])


@given(queries, datasets())
def test_a_whole_narrowing_keeps_nothing_else(asked: Query, dataset: Dataset) -> None:
    if asked.is_whole():
        kept = keeps(asked.narrowing(), dataset, BACKENDS["compares JSON text"])
        assert kept == asked.matches(dataset, NOW)


@given(queries)
def test_every_term_runs_at_one_place_only(asked: Query) -> None:
    served, local = asked.served_terms("substring"), asked.local_terms("substring")
    assert {*served, *local} == {*asked.terms}
    assert not {*served} & {*local}
