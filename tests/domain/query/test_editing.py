"""Only, or without, the value under the cursor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.query import Query, Term, parse
from tests.domain.query.rows import NOW, row
from tests.domain.query.strategies import datasets, queries

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.query.editing import Scalar

DAY = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def query(text: str) -> Query:
    parsed = parse(text)
    assert parsed.query is not None, parsed.errors
    return parsed.query


@pytest.mark.parametrize(
    ("before", "field", "value", "after"),
    [
        ("", "type", "episode", "type:episode"),
        ("status:pending", "type", "episode", "status:pending type:episode"),
        ("type:episode mug", "type", "episode", "type:episode mug"),
        ("type:Episode mug", "type", "episode", "type:episode mug"),
        ("type:telemetry,episode mug", "type", "episode", "type:episode mug"),
        ("mug -type:telemetry x", "type", "episode", "mug type:episode x"),
        ("-type:episode", "type", "episode", "type:episode"),
        ("type=x a type:y b type:z", "type", "episode", "type:episode a b"),
        ("-status:pending,accepted", "status", "superseded", "status:superseded"),
        ("name~arm", "name", 'the "arm"', 'name~arm name:"the \\"arm\\""'),
        ("", "name", "a\x1bb", 'name:"a\\u{1b}b"'),
        ("id:77", "id", "77aa01c9", "id:77aa01c9"),
        ("size>1GB size:2GB", "size", 3_000_000_000, "size>1GB size:3000000000"),
        ("updated<7d", "updated", DAY, "updated<7d updated:2026-11-20"),
        ("", "meta.fps", 30.0, "meta.fps:30.0"),
        ("", "meta.ok", True, "meta.ok:true"),
        ("", "meta.ok", False, "meta.ok:false"),
        ("", "meta.a b", "x", 'meta."a b":x'),
        ("meta.tags:a", "meta.tags", "b", "meta.tags:b"),
        # a list can have one value and lack another
        ("-meta.tags:a", "meta.tags", "b", "-meta.tags:a meta.tags:b"),
        ("-meta.tags:b", "meta.tags", "b", "meta.tags:b"),
        # no value at all
        ("", "desc", None, '-desc~""'),
        ("desc:x desc~y", "desc", None, '-desc~""'),
        ("", "size", None, "-size>=0"),
        ("", "updated", None, "-updated>=0001-01-01"),
        ("", "meta.k", None, '-meta.k~""'),
        ("-size>=0", "size", 5, "size:5"),
    ],
)
def test_only_the_value_under_the_cursor(
    before: str, field: str, value: Scalar, after: str
) -> None:
    assert query(before).with_only(field, value).text == after


@pytest.mark.parametrize(
    ("before", "field", "value", "after"),
    [
        ("", "type", "episode", "-type:episode"),
        ("type:telemetry", "type", "episode", "type:telemetry -type:episode"),
        ("type:telemetry,episode x", "type", "episode", "type:telemetry x"),
        ("type:Episode x", "type", "episode", "x -type:episode"),
        ("-type:telemetry x", "type", "episode", "-type:telemetry,episode x"),
        ("-type:telemetry,Episode", "type", "episode", "-type:telemetry,Episode"),
        ("-type~epi", "type", "episode", "-type~epi -type:episode"),
        ("size:1GB,2GB", "size", 1_000_000_000, "size:2GB"),
        ("size:1GB", "size", 1_000_000_000, "-size:1000000000"),
        ("updated:2026-11-20,2026-11-21", "updated", DAY, "updated:2026-11-21"),
        ("meta.fps:30,60", "meta.fps", 30.0, "meta.fps:60 -meta.fps:30.0"),
        ("meta.tags:a,b", "meta.tags", "a", "meta.tags:b -meta.tags:a"),
        ("name=Foo,foo", "name", "foo", "-name:foo"),
        # no value at all
        ("", "desc", None, 'desc~""'),
        ('-desc~"" x', "desc", None, 'desc~"" x'),
        ('desc~""', "desc", None, 'desc~""'),
        ("", "size", None, "size>=0"),
    ],
)
def test_everything_without_the_value_under_the_cursor(
    before: str, field: str, value: Scalar, after: str
) -> None:
    assert query(before).without(field, value).text == after


def test_the_very_value_can_be_asked_for_so_that_the_service_can_narrow() -> None:
    asked = query("").with_only("meta.sensor_type", "thermal", "=")
    assert asked.text == "meta.sensor_type=thermal"
    assert asked.narrowing().metadata == (("sensor_type", "thermal"),)
    assert query("name=Foo,foo").without("name", "foo", "=").text == "name=Foo"


def test_a_column_that_is_no_field_is_refused() -> None:
    with pytest.raises(KeyError):
        query("").with_only("state", "held")
    with pytest.raises(KeyError):
        query("").without("meta.", "x")
    with pytest.raises(KeyError):
        query("").with_only("", "mug")
    with pytest.raises(KeyError):
        query("").without("state", None)


def _values(dataset: Dataset) -> dict[str, Scalar]:
    metadata = dataset.metadata or {}
    return {
        "status": dataset.status,
        "type": dataset.data_type,
        "name": dataset.name,
        "desc": dataset.description,
        "id": dataset.id,
        "link": dataset.link,
        "org": dataset.organization_id,
        "size": dataset.data_byte_size,
        "created": dataset.date_created,
        "updated": dataset.date_updated,
        **{
            f"meta.{key}": value
            for key in ("k", "a b", "K")
            if not isinstance(value := metadata.get(key), dict | list)
        },
    }


@given(queries, datasets(), datasets(), st.data())
def test_only_keeps_the_row_under_the_cursor_and_none_with_another_value(
    asked: Query, here: Dataset, other: Dataset, data: st.DataObject
) -> None:
    field, value = data.draw(st.sampled_from([*_values(here).items()]))
    only = asked.with_only(field, value)
    if asked.matches(here, NOW):
        assert only.matches(here, NOW)
    if only.matches(other, NOW):
        assert query("").with_only(field, value).matches(other, NOW)
    assert parse(only.text).query == only
    assert only.with_only(field, value) == only


@given(queries, datasets(), datasets(), st.data())
def test_without_leaves_out_every_row_with_the_value_and_no_other(
    asked: Query, here: Dataset, other: Dataset, data: st.DataObject
) -> None:
    field, value = data.draw(st.sampled_from([*_values(here).items()]))
    without = asked.without(field, value)
    assert not without.matches(here, NOW)
    if asked.matches(other, NOW) and query("").without(field, value).matches(other, NOW):
        assert without.matches(other, NOW)
    assert parse(without.text).query == without


def test_a_query_that_changed_is_another_query() -> None:
    asked = query("type:episode")
    assert asked.with_only("type", "episode") == asked
    assert asked.without("type", "episode") != asked
    assert asked == Query((Term("type", ":", ("episode",)),))
    assert asked.matches(row(), NOW)
    assert hash(asked) == hash(query("type:episode"))
