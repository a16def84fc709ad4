"""Reading and printing queries: what is wrong is said at its place, what is right survives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gerra_tui.domain.query import Query, Term, parse, term_at
from gerra_tui.domain.query.operands import Malformed
from tests.domain.query.rows import NOW, row
from tests.domain.query.strategies import datasets, queries, terms

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset

EXAMPLE = (
    "status:pending type:episode,telemetry meta.sensor_type:thermal size>1GB updated<7d"
    ' name~arm -meta.location:lab "red mug"'
)


@pytest.mark.parametrize(
    ("text", "marked", "words", "suggestion"),
    [
        ("updatd<7d", "updatd", "did you mean `updated`?", "updated"),
        ("a -statsu:pending", "statsu", "did you mean `status`?", "status"),
        ("data_type:episode", "data_type", "did you mean `type`?", "type"),
        ("Description~arm", "Description", "did you mean `desc`?", "desc"),
        ("data_byte_siz>1", "data_byte_siz", "did you mean `size`?", "size"),
        ("metadata.fps:30", "metadata.fps", "did you mean `meta.fps`?", "meta.fps"),
        ("metadata:30", "metadata", "did you mean `meta.`?", "meta."),
        ("meta:30", "meta", "`meta` needs a path", "meta."),
        ("zzz:30", "zzz", "in quotes it is looked for as a word", None),
        ("12:30", "12", "in quotes it is looked for as a word", None),
        ("status!=pending", "status!", "write `-status:VALUE`", "-status"),
        ("meta.:5", "meta.:5", "path is missing", None),
        (
            "meta." + ".".join("a" * 33) + ":5",
            "meta." + ".".join("a" * 33) + ":5",
            "32 steps",
            None,
        ),
        (":pending", ":", "A field is missing", None),
        ("a ~x", "~", "A field is missing", None),
        ("-", "-", "A term is missing", None),
        ("a - b", "-", "A term is missing", None),
        ("name:", ":", "A value is missing", None),
        ("name: x", ":", "A value is missing", None),
        ("type:episode,", ",", "A value is missing", None),
        ("type:a,,b", ",,", "A value is missing", None),
        (",", ",", "A value is missing", None),
        ("mug,", ",", "A value is missing", None),
        ('a "red mug', '"red mug', "not closed", None),
        ('name:"red', '"red', "not closed", None),
        ('meta."red', '"red', "not closed", None),
        ('"red\\', '"red\\', "not closed", None),
        ('"a\\qb"', "\\q", "A backslash", None),
        ('"\\u{110000}"', "\\u", "A backslash", None),
        ('"red"mug x', '"red"mug', "behind the closing quote", None),
        ('name:re"d x', 're"d', "put the whole value in quotes", None),
        ("mug,status:pending", "status:pending", "put the word in quotes", None),
        ("name<", "name<", "`name` has no `<`", None),
        ("size<", "<", "A value is missing", None),
        ("name<5", "name<", "`name` has no `<`: it takes `:`, `=`, `~`.", None),
        ("size~5", "size~", "`size` has no `~`", None),
        ("type>=x", "type>=", "`type` has no `>=`", None),
        ("size>big", "big", "`big` is not a size", None),
        ("size>-1", "-1", "not a size", None),
        ("size>5XB", "5XB", "not a size", None),
        ("size>1GB,big", "1GB,big", "`big` is not a size", None),
        ("updated<soon", "soon", "neither an age", None),
        ("updated<7m", "7m", "neither an age", None),
        ("updated<999999999w", "999999999w", "neither an age", None),
        ("updated>2026-13-01", "2026-13-01", "neither an age", None),
        ("updated>9999-12-31", "9999-12-31", "neither an age", None),
        ("updated>2026-11-20T25:00", "2026-11-20T25:00", "neither an age", None),
        ("updated>20261120", "20261120", "neither an age", None),
        ("created:7d", "7d", "compare it with `<` or `>`", None),
        ("meta.k>x", "x", "`x` is not a number", None),
        ("meta.k<1e999", "1e999", "is not a number", None),
        ("meta.k<" + "9" * 401, "9" * 401, "is not a number", None),
        ("meta.k<٣", "٣", "is not a number", None),
    ],
)
def test_a_mistake_is_marked_where_it_stands(
    text: str, marked: str, words: str, suggestion: str | None
) -> None:
    parsed = parse(text)
    assert parsed.query is None
    [problem] = parsed.errors
    assert text[problem.start : problem.end] == marked
    assert words in problem.message
    assert problem.message.endswith((".", "?"))
    assert problem.suggestion == suggestion


def test_every_mistake_is_found_and_the_rest_is_read() -> None:
    parsed = parse('updatd<7d status:pending siz>1 "a b" name:x"y z" mug')
    assert [problem.start for problem in parsed.errors] == [0, 25, 42]
    assert [place.term.text for place in parsed.located] == ["status:pending", '"a b"', "mug"]


@pytest.mark.parametrize(
    ("text", "marked", "suggestion"),
    [
        ("status:pendign", "pendign", "pending"),
        ("-type:episode,telemetri", "telemetri", "telemetry"),
        ("status=Pending", "Pending", "pending"),
        ('type:"zz zz"', '"zz zz"', None),
    ],
)
def test_an_unknown_status_or_type_is_a_doubt_and_no_mistake(
    text: str, marked: str, suggestion: str | None
) -> None:
    parsed = parse(text)
    assert parsed.query is not None
    [problem] = parsed.warnings
    assert text[problem.start : problem.end] == marked
    assert problem.suggestion == suggestion
    assert problem.message.startswith(f"No {parsed.query.terms[0].field} {marked} is known.")
    assert (suggestion or "") in problem.message


def test_what_is_known_or_only_a_part_raises_no_doubt() -> None:
    assert not parse("status:PENDING type=episode status~pendign name:pendign pendign").warnings
    assert not parse("status:archived type:lidar", statuses=["archived"], types=["Lidar"]).warnings
    assert len(parse("status:pending,archived", statuses=["archived"]).warnings) == 1


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (EXAMPLE, EXAMPLE),
        ("  a \t b\n", "a b"),
        ("STATUS:Pending", "status:Pending"),
        ('"mug"', "mug"),
        ('name:"mug"', "name:mug"),
        ('-"-x"', '-"-x"'),
        ("--x", '-"-x"'),
        ('"a:b"', '"a:b"'),
        ("link:s3://x", "link:s3://x"),
        ('name:"=x"', 'name:"=x"'),
        ('""', '""'),
        ('meta."a b"."c:d".e:1', 'meta."a b.c:d.e":1'),
        ("Meta.K:1", "meta.K:1"),
        ("name:a\\b", "name:a\\b"),
        ('name:"a\\\\b"', "name:a\\b"),
        ('"\\u{202E}\\u{1f916}\u200b\\n"', '"\\u{202e}🤖\\u{200b}\\n"'),
        ("a\u00a0b", "a b"),
    ],
)
def test_a_query_is_printed_in_one_way(text: str, printed: str) -> None:
    query = parse(text).query
    assert query is not None
    assert query.text == str(query) == printed


@given(queries)
def test_what_is_printed_reads_as_the_same_query(query: Query) -> None:
    parsed = parse(query.text)
    assert parsed.errors == ()
    assert parsed.query == query
    assert [query.text[place.start : place.end] for place in parsed.located] == [
        term.text for term in query.terms
    ]


FRAGMENTS = [
    "status", "meta.", "size", "updated", ":", "=", "~", "<", ">", "<=", ",", "-", '"', "\\", " ",
    "7d", "1GB", "x", "\\u{", "}", ".", "\n", "\ud800",
]  # fmt: skip


@given(
    st.one_of(st.text(max_size=40), st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
)
@example('a"')
@example('\\"\\')
def test_no_text_breaks_the_parser(text: str) -> None:
    parsed = parse(text)
    assert (parsed.query is None) == bool(parsed.errors)
    for problem in (*parsed.errors, *parsed.warnings):
        assert 0 <= problem.start < problem.end <= len(text)
    read = Query(tuple(place.term for place in parsed.located))
    assert parse(read.text).query == read
    assert all(a.end <= b.start for a, b in zip(parsed.located, parsed.located[1:], strict=False))


@given(terms(), datasets())
def test_either_a_term_fits_or_its_negation(term: Term, dataset: Dataset) -> None:
    opposite = Term(term.field, term.operator, term.values, not term.negated)
    found = [Query((side,)).matches(dataset, NOW) for side in (term, opposite)]
    assert sorted(found) == [False, True]


@given(queries, datasets())
def test_a_query_fits_what_each_of_its_terms_fits(query: Query, dataset: Dataset) -> None:
    each = [Query((term,)).matches(dataset, NOW) for term in query.terms]
    assert query.matches(dataset, NOW) == all(each)


def test_the_term_under_the_cursor_is_found() -> None:
    text = 'status:pending  -type:a,"b c" siz:1'
    assert [place and place.term.text for place in (term_at(text, at) for at in (0, 14, 15))] == [
        "status:pending",
        "status:pending",
        None,
    ]
    place = term_at(text, 20)
    assert place is not None
    assert (place.start, place.end) == (16, 29)
    assert [text[start:end] for start, end in place.values] == ["a", '"b c"']
    assert term_at(text, 32) is None
    assert term_at("", 0) is None


def test_a_term_names_itself_in_the_query_line() -> None:
    parsed = parse('status:pending meta."a b":1 "red mug" -x,y')
    assert [place.term.label for place in parsed.located] == [
        "status", 'meta."a b"', '"red mug"', "-x,y",
    ]  # fmt: skip


def test_a_term_that_no_parser_made_is_refused_when_it_is_used() -> None:
    with pytest.raises(Malformed, match="not a size"):
        Query((Term("size", ">", ("big",)),)).matches(row(), NOW)
    with pytest.raises(KeyError):
        Query((Term("colour", ":", ("red",)),)).matches(row(), NOW)
