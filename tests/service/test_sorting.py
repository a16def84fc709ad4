"""A sort of this side: typed, stable, and honest about rows without a value."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.view import Sort
from gerra_tui.service.sorting import sorted_rows

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Row


def row(name: str, **more: Any) -> Dataset:
    return Dataset(id=name, status="pending", data_type="episode", name=name, **more)


def names(rows: list[Row]) -> str:
    return "".join(str(one.id) for one in rows)


@pytest.mark.parametrize(
    ("column", "descending", "wanted"),
    [
        ("size", False, "cabd"),
        ("size", True, "bacd"),
        ("name", False, "abcd"),
        ("id", True, "dcba"),
        ("updated", False, "bcad"),
        ("meta.robot.joints", False, "bacd"),
        ("meta.mixed", False, "cbda"),
        ("desc", False, "abcd"),
        ("status", False, "abcd"),
    ],
)
def test_rows_are_ordered_by_typed_values(column: str, descending: bool, wanted: str) -> None:
    day = datetime(2026, 11, 23, tzinfo=UTC)
    rows: list[Row] = [
        row("a", data_byte_size=20, date_updated=day, metadata={"robot": {"joints": 14}}),
        row(
            "b",
            data_byte_size=100,
            date_created=day.replace(day=1),
            metadata={"robot": {"joints": 6}, "mixed": "Text"},
        ),
        row("c", data_byte_size=3, date_updated=day.replace(day=2), metadata={"mixed": 4}),
        row("d", metadata={"robot": 5, "mixed": ["x"]}),
    ]
    assert names(sorted_rows(rows, Sort(column=column, descending=descending))) == wanted


def test_rows_that_cannot_be_read_come_last() -> None:
    rows: list[Row] = [UnreadableRow(id="x", problem="broken"), row("a")]
    for descending in (False, True):
        assert names(sorted_rows(rows, Sort(column="name", descending=descending))) == "ax"
