"""A sort of this side: typed, stable, and honest about rows without a value."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.view import Sort
from gerra_tui.service.listing.ordering import Ordering

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Row


def row(name: str, **more: Any) -> Dataset:
    return Dataset(id=name, status="pending", data_type="episode", name=name, **more)


def ordered(rows: list[Row], sort: Sort) -> str:
    ordering = Ordering(sort)
    ordering.note(rows)
    ordering.arrange()
    return "".join(ordering[line] for line in range(len(ordering)))


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
    assert ordered(rows, Sort(column=column, descending=descending)) == wanted


def test_rows_that_cannot_be_read_come_last() -> None:
    rows: list[Row] = [UnreadableRow(id="x", problem="broken"), row("a")]
    for descending in (False, True):
        assert ordered(rows, Sort(column="name", descending=descending)) == "ax"


def test_each_row_knows_its_line_in_either_direction() -> None:
    ordering = Ordering(Sort(column="size"))
    rows: list[Row] = [
        row(name, data_byte_size=size) for name, size in zip("abcd", (3, 1, 3, 2), strict=True)
    ]
    ordering.note(rows)
    ordering.note(rows[:2])
    assert (len(ordering), ordering.line_of("a")) == (0, None)
    ordering.arrange()
    assert [ordering.line_of(one) for one in "bdac"] == [0, 1, 2, 3]
    ordering.turn(Sort(column="size", descending=True))
    assert [ordering.line_of(one) for one in "acdb"] == [0, 1, 2, 3]
    assert ordering.line_of("x") is None


def test_what_was_read_before_is_not_lost_when_it_is_read_again() -> None:
    before, again = Ordering(Sort(column="size")), Ordering(Sort(column="size"))
    before.note([row("a", data_byte_size=5), row("b", data_byte_size=1)])
    again.note([row("c", data_byte_size=3), row("b", data_byte_size=9)])
    again.take(before)
    again.arrange()
    assert [again[line] for line in range(3)] == ["c", "a", "b"]


def test_a_long_text_is_not_kept() -> None:
    ordering = Ordering(Sort(column="desc"))
    tracemalloc.start()
    texts = ("x" * 1_000_000 + str(number) for number in range(20))
    ordering.note(row(str(number), description=text) for number, text in enumerate(texts))
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    ordering.arrange()
    assert used < 100_000
    assert len(ordering) == 20
