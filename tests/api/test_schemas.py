"""No JSON, however odd, does more harm than to be called unreadable."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.api import decoding as schemas
from gerra_tui.domain.dataset import Dataset, UnreadableRow
from tests.api.bodies import ID, dataset, iteration

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["2026-11-21T10:00:00Z", "pending", ID, "9" * 400])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def changed(body: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """`body` with some fields missing and others replaced by anything."""
    fields = sorted(body)
    return st.builds(
        lambda dropped, replaced: {
            name: value for name, value in (body | replaced).items() if name not in dropped
        },
        st.sets(st.sampled_from(fields), max_size=3),
        st.dictionaries(st.sampled_from(fields), ANYTHING, max_size=4),
    )


ROWS = st.lists(changed(dataset()) | st.just(dataset()) | ANYTHING, max_size=5)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


@given(ROWS, ANYTHING)
def test_every_row_of_a_page_has_its_place(rows: list[Any], total: Any) -> None:
    read, count = schemas.read_page(as_json({"datasets": rows, "total": total}))
    assert len(read) == len(rows)
    assert count is None or count >= 0
    for sent, row in zip(rows, read, strict=True):
        assert as_json(row.raw) == as_json(sent)
        if isinstance(row, UnreadableRow):
            assert row.problem
        else:
            assert row.id == sent["id"]
            assert row.is_pending == (sent["status"] == "pending")


@given(ANYTHING | changed({"datasets": [dataset()], "total": 1}))
def test_any_json_for_a_page_is_read_or_named(body: Any) -> None:
    try:
        rows, _ = schemas.read_page(as_json(body))
    except schemas.Unfit:
        assert not isinstance(body, dict) or not isinstance(body.get("datasets"), list)
    else:
        assert len(rows) == len(body["datasets"])


@given(ANYTHING | changed(dataset()))
def test_any_json_for_a_dataset_is_read_or_named(body: Any) -> None:
    said = "read"
    try:
        assert isinstance(schemas.read_dataset(body), Dataset)
    except schemas.Unfit as problem:
        said = str(problem)
    assert 0 < len(said) <= 200


HISTORY = {
    "iteration_group_id": "g",
    "total_versions": 2,
    "latest_version": 1,
    "iterations": [iteration(1), iteration(0)],
}


@given(
    changed(HISTORY)
    | st.builds(
        lambda entries: HISTORY | {"iterations": entries},
        st.lists(changed(iteration(3)) | ANYTHING, max_size=4),
    )
    | ANYTHING
)
def test_any_json_for_iterations_is_read_or_named(body: Any) -> None:
    try:
        history = schemas.read_iterations(body)
    except schemas.Unfit:
        return
    versions = [it.version for it in history.versions]
    assert versions == sorted(versions)
    assert len(versions) <= len(body["iterations"])


STATISTICS = {
    "total_datasets": 3,
    "total_size_bytes": 4,
    "by_status": {"pending": 1},
    "by_data_type": {"episode": 1},
    "daily_volume_last_7_days": [{"date": "2026-11-21", "count": 1}],
    "hours": 2.5,
}


@given(changed(STATISTICS) | ANYTHING)
def test_any_json_for_statistics_is_read_or_named(body: Any) -> None:
    try:
        read = schemas.read_statistics(body)
    except schemas.Unfit:
        assert not isinstance(body, dict)
    else:
        assert read.raw == body or body != body  # noqa: PLR0124 (NaN)


@given(st.binary(max_size=40) | ANYTHING.map(as_json))
def test_any_bytes_are_json_or_named(body: bytes) -> None:
    said = "read"
    try:
        schemas.parse_json(body)
    except schemas.NotJson as problem:
        said = str(problem)
    assert 0 < len(said) <= 200


def nested(levels: int) -> Any:
    value: Any = "deep"
    for _ in range(levels):
        value = {"k": value}
    return value


@pytest.mark.parametrize("levels", [250, 400])
def test_a_row_nested_beyond_reason_does_not_spoil_its_page(levels: int) -> None:
    body = as_json({"datasets": [dataset(), dataset(metadata=nested(levels))], "total": 2})
    good, deep = schemas.read_page(body)[0]
    assert isinstance(good, Dataset)
    assert isinstance(deep, UnreadableRow)
    assert (deep.id, deep.problem) == (ID, "nested deeper than 200 levels")


def test_a_page_nested_beyond_every_limit_is_unparsable() -> None:
    with pytest.raises(schemas.NotJson):
        schemas.read_page(b"[" * 100_000)


def test_a_single_body_nested_beyond_reason_is_unparsable() -> None:
    with pytest.raises(schemas.NotJson, match="nested deeper than 200 levels"):
        schemas.parse_json(as_json(nested(300)))


def test_half_a_character_in_a_name_does_not_spoil_its_page() -> None:
    body = b'{"datasets": [' + as_json(dataset(name="x")).replace(b'"x"', b'"\\ud83d"') + b"]}"
    (row,) = schemas.read_page(body)[0]
    assert row.raw["name"] == "\ud83d"


def test_an_integer_beyond_all_bounds_spoils_its_row_alone() -> None:
    body = as_json({"datasets": [dataset(), dataset(data_byte_size=7)], "total": 2})
    good, odd = schemas.read_page(body.replace(b": 7,", b": " + b"9" * 5000 + b","))[0]
    assert isinstance(good, Dataset)
    assert isinstance(odd, UnreadableRow)
    assert (odd.id, odd.problem) == (ID, "data_byte_size is not a number")


def test_a_bad_byte_in_a_name_does_not_spoil_its_page() -> None:
    body = as_json({"datasets": [dataset(name="bad: x")], "total": 1}).replace(b"bad: x", b"\xff!")
    (row,) = schemas.read_page(body)[0]
    assert isinstance(row, Dataset)
    assert row.name == "\ufffd!"


@pytest.mark.parametrize("version", [-1, 2**63, int("9" * 310), True, None, 1.5])
def test_a_version_that_is_no_number_of_one_is_left_out(version: Any) -> None:
    odd = iteration(0) | {"version": version}
    history = schemas.read_iterations(HISTORY | {"iterations": [odd, iteration(1)]})
    assert [one.version for one in history.versions] == [1]


@pytest.mark.parametrize(("field", "length"), [("id", 129), ("status", 1001), ("data_type", 1001)])
def test_a_text_beyond_its_bounds_makes_its_row_unreadable(field: str, length: int) -> None:
    (row,) = schemas.read_page(as_json({"datasets": [dataset(**{field: "x" * length})]}))[0]
    assert isinstance(row, UnreadableRow)
    assert row.problem == f"{field} is too long"
    assert len(row.id) <= 128
