"""What each kind of term fits and leaves out: queries beside datasets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.query import Query, parse
from gerra_tui.domain.query.metadata import scalars_at
from tests.domain.query.rows import NOW, row, with_metadata

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset


def query(text: str) -> Query:
    parsed = parse(text)
    assert parsed.query is not None, parsed.errors
    return parsed.query


def ago(**length: float) -> Dataset:
    return row(date_updated=NOW - timedelta(**length))


def on(moment: str) -> Dataset:
    return row(date_updated=datetime.fromisoformat(moment).replace(tzinfo=UTC))


BARE = row(name="", description=None, link=None, data_byte_size=None, date_updated=None)
NESTED = with_metadata(
    robot={"arm": {"side": "Left"}, "joints": [{"name": "wrist"}, {"name": "elbow"}]},
    **{"calib.date": "2026-11-20", "a.b": {"c": 1}, "key with space": "x"},
)

FITS = [
    ("", BARE),
    ("   ", row()),
    ("status:pending", row()),
    ("status:PENDING", row()),
    ("STATUS:pending", row()),
    ("status=pending", row()),
    ("status~end", row()),
    ("status:accepted,pending", row()),
    ("type:telemetry,episode", row()),
    ("type:episode", row(data_type="Episode")),
    ("-status:accepted", row()),
    ("id:77aa01", row()),
    ("id:77AA01C9", row()),
    ("id~0044", row()),
    ("id=77aa01c9-0000-4000-8000-000000000044", row()),
    ('name:"so-101 STACK cups, batch 44"', row()),
    ('name="SO-101 stack cups, batch 44"', row()),
    ("name~CUPS", row()),
    ("name~arm,stack", row()),
    ("-desc~arm", BARE),
    ("-link:x", BARE),
    ("org:5E1F0000-0000-4000-8000-00000000000A", row()),
    ("link~batch", row()),
    ("link:s3://x/y", row(link="S3://x/Y")),
    ("name:straße", row(name="STRASSE")),
    # sizes: decimal and binary units, alternatives
    ("size>2GB", row()),
    ("size>=2.1GB", row()),
    ("size:2.1GB", row()),
    ("size=2100000000", row()),
    ("size<2GiB", row()),
    ("size<2gib", row()),
    ("size>1.9GiB", row()),
    ('size<"2200 MB"', row()),
    ("size:1,2100MB", row()),
    ("size:0", row(data_byte_size=0)),
    ("size>0.5", row(data_byte_size=1)),
    ("-size>0", BARE),
    # ages and days
    ("updated<7d", ago(days=6, hours=23)),
    ("updated<=7d", ago(days=7)),
    ("updated>7d", ago(days=7, seconds=1)),
    ("updated>=1w", ago(days=7)),
    ("updated<12h", ago(hours=11)),
    ("updated<2w", ago(days=13)),
    ("updated<30min", ago(minutes=29)),
    ("updated<1.5h", ago(minutes=89)),
    ("updated<1h", ago(hours=-5)),  # the service's clock is ahead
    ("updated:2026-11-20", on("2026-11-20 00:00")),
    ("updated=2026-11-20", on("2026-11-20 23:59:59")),
    ("updated<2026-11-20", on("2026-11-19 23:59:59")),
    ("updated<=2026-11-20", on("2026-11-20 23:59:59")),
    ("updated>2026-11-20", on("2026-11-21")),
    ("updated>=2026-11-20", on("2026-11-20")),
    ("updated:2026-11-19,2026-11-21", on("2026-11-21 05:00")),
    ("updated:2026-11-20T14:02", on("2026-11-20 14:02:59")),
    ("updated:2026-11-20T14:02:30Z", on("2026-11-20 14:02:30.000999")),
    ("updated>=2026-11-20T15:02+01:00", on("2026-11-20 14:02")),
    ("updated:2026-11-20T14:02:30.25", on("2026-11-20 14:02:30.250000")),
    ("created>2d created<4d", row()),
    ("-updated<7d", BARE),
    ("-updated>7d", BARE),
    # metadata: numbers, booleans, texts, lists, paths
    ("meta.k:5", with_metadata(k=5)),
    ("meta.k:5", with_metadata(k=5.0)),
    ("meta.k:5", with_metadata(k="5")),
    ("meta.k=5", with_metadata(k=5.0)),
    ("meta.k=5", with_metadata(k="5")),
    ("meta.k:5.0", with_metadata(k=5)),
    ("meta.k:1e3", with_metadata(k=1000)),
    ("meta.k:1E3", with_metadata(k="1e3")),
    ("meta.k:true", with_metadata(k=True)),
    ("meta.k:TRUE", with_metadata(k="true")),
    ("meta.k=false", with_metadata(k=False)),
    ("meta.k:LAB", with_metadata(k="lab")),
    ("meta.k=Lab", with_metadata(k="Lab")),
    ("meta.k~a", with_metadata(k="LAB")),
    ("meta.k~5", with_metadata(k=152)),
    ("meta.k>4", with_metadata(k=4.5)),
    ("meta.k>4", with_metadata(k="5")),
    ("meta.k<=-1", with_metadata(k=-1)),
    ("meta.k>1,100", with_metadata(k=50)),
    ("meta.k:b", with_metadata(k=["a", "B"])),
    ("meta.k:b", with_metadata(k=["a", ["B"]])),
    ("meta.k:2", with_metadata(k=[1, 2])),
    ("meta.k>1", with_metadata(k=[1, "2"])),
    ("-meta.k=b", with_metadata(k=["a", "b"])),  # `=` is the value itself, not an element
    ("meta.k~le", with_metadata(k={"side": ["left"]})),
    ("-meta.k:x", with_metadata(other="x")),
    ("-meta.k:x", row()),
    ("-meta.k:null", with_metadata(k=None)),
    ("-meta.k<5", with_metadata(k=None)),
    ("meta.robot.arm.side:left", NESTED),
    ("meta.robot.joints.name:elbow", NESTED),
    ("meta.calib.date:2026-11-20", NESTED),
    ("meta.a.b.c:1", NESTED),
    ('meta."key with space":x', NESTED),
    ('meta."calib.date"~2026', NESTED),
    ('meta.a."b.c":1', NESTED),
    ('META.k:"a b"', with_metadata(k="a b")),
    # an empty text written out
    ('desc:""', row(description="")),
    ('desc~""', row(description="")),
    ('-desc~""', row(description=None)),
    # words
    ("mugs", row()),
    ("STACK", row()),
    ('"red mug"', row()),
    ("stack mugs", row()),
    ("left", NESTED),
    ("elbow", NESTED),
    ("2026-11-20", NESTED),
    ("152", with_metadata(k=[{"n": 152}])),
    ("true", with_metadata(k=True)),
    ("nothing,mugs", row()),
    ("-zebra", row()),
    ("-zebra", BARE),
    ('"-"', row()),
    ('"status:pending"', with_metadata(note="see status:pending")),
    ('"\\u{1f916}\\"\\\\"', row(name='🤖"\\')),
    ('"a\\tb\\nc\\r"', row(name="a\tb\nc\r")),
]

LEAVES_OUT = [
    ("status:accepted", row()),
    ("status=Pending", row()),
    ("-status:accepted,pending", row()),
    ("status:pending type:telemetry", row()),
    ("id:7aa01", row()),
    ("id=77aa01c9", row()),
    ("id=77AA01C9-0000-4000-8000-000000000044", row()),
    ("name:cups", row()),
    ("name=so-101", row()),
    ("desc~arm", BARE),
    ("link:x", BARE),
    ('desc~""', BARE),
    ("size>2.1GB", row()),
    ("size<2.1GB", row()),
    ("size>2GiB", row()),
    ("size:1.00000000001", row(data_byte_size=1)),
    ("size>=0", BARE),
    ("size<1TB", BARE),
    ("updated<7d", ago(days=7)),
    ("updated>7d", ago(days=7)),
    ("updated:2026-11-20", on("2026-11-21")),
    ("updated:2026-11-20", on("2026-11-19 23:59:59")),
    ("updated<2026-11-20", on("2026-11-20")),
    ("updated>2026-11-20", on("2026-11-20 23:59:59")),
    ("updated<=2026-11-20", on("2026-11-21")),
    ("updated>=2026-11-20", on("2026-11-19 23:59:59")),
    ("updated:2026-11-20T14:02", on("2026-11-20 14:03")),
    ("updated<7d", BARE),
    ("updated>7d", BARE),
    ("meta.k:5", with_metadata(k="5.0")),
    ("meta.k:5", with_metadata(k="05")),
    ("meta.k:1", with_metadata(k=True)),
    ("meta.k=1", with_metadata(k=True)),
    ("meta.k>0", with_metadata(k=True)),
    ("meta.k:true", with_metadata(k=1)),
    ("meta.k=true", with_metadata(k="True")),
    ("meta.k=lab", with_metadata(k="Lab")),
    ("meta.k:la", with_metadata(k="lab")),
    ("meta.k:null", with_metadata(k=None)),
    ("meta.k>4", with_metadata(k="5 cm")),
    ("meta.k<5", with_metadata(k={"n": 1})),
    ("meta.k>4", with_metadata(k=None)),
    ("meta.k:x", row()),
    ("meta.k.j:x", row()),
    ('meta.k~""', with_metadata(k=None)),
    ("meta.K:x", with_metadata(k="x")),
    ("meta.k:x", with_metadata(k={"k": "x"})),
    ("-meta.k:b", with_metadata(k=["a", "b"])),
    ("meta.robot.side:left", NESTED),
    ("meta.robot.arm:left", NESTED),
    ("zebra", row()),
    ("mugs zebra", row()),
    ("-mugs", row()),
    ("zebra", with_metadata(zebra=1)),  # keys are no values
    ("pending", row()),
]


@pytest.mark.parametrize(("text", "dataset"), FITS)
def test_a_dataset_is_shown(text: str, dataset: Dataset) -> None:
    assert query(text).matches(dataset, NOW)


@pytest.mark.parametrize(("text", "dataset"), LEAVES_OUT)
def test_a_dataset_is_left_out(text: str, dataset: Dataset) -> None:
    assert not query(text).matches(dataset, NOW)


@pytest.mark.parametrize(("text", "dataset"), [*FITS, *LEAVES_OUT])
def test_exactly_one_of_a_term_and_its_negation_fits(text: str, dataset: Dataset) -> None:
    for term in query(text).terms:
        sides = [Query((term,)), query(term.text[1:] if term.negated else f"-{term.text}")]
        assert [side.matches(dataset, NOW) for side in sides].count(True) == 1


@pytest.mark.parametrize("text", [text for text, _ in [*FITS, *LEAVES_OUT]])
def test_the_canonical_text_means_the_same(text: str) -> None:
    assert query(query(text).text) == query(text)


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        (None, []),
        ({"a": {"b": 5}}, [5]),
        ({"a.b": "x"}, ["x"]),
        ({"a": [{"b": ["x", [True]]}, {"b": None}]}, ["x", True]),
        ({"a": {"b": {"c": 1}}}, []),
    ],
)
def test_what_a_path_leads_to_are_the_values_that_a_query_for_it_fits(
    metadata: dict[str, Any] | None, found: list[Any]
) -> None:
    assert list(scalars_at(metadata, "a.b")) == found
