"""Every column: in the dialog, in the order of a sort, on the screen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gerra_tui.domain.columns import COLUMNS, UNSORTED, UnknownColumn, check_column, value_of
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.fields import FIELDS
from gerra_tui.domain.view import SHIPPED_VIEWS, Column, Sort
from gerra_tui.service.listing.ordering import Ordering
from gerra_tui.ui.dialogs.columns import ColumnsDialog
from gerra_tui.ui.dialogs.sort import SortDialog
from gerra_tui.ui.present.columns import Around, kind_of
from gerra_tui.ui.present.columns import Column as Shown
from tests.ui.stage import Stage, boxed, text_of
from tests.virtual_time import NOON

EVERY = (*COLUMNS, "meta.rejection_reason", "meta.robot.arm")
AROUND = Around(NOON, "ACC held", "you", "ok")


def row(number: int) -> Dataset:
    return Dataset(
        id=f"{number:08d}",
        status=f"status {number}",
        data_type=f"type {number}",
        name=f"name {number}",
        description=f"description {number}",
        organization_id=f"org {number}",
        link=f"link {number}",
        data_byte_size=number * 10**6,
        date_created=datetime(2026, 11, number, tzinfo=UTC),
        date_updated=datetime(2026, 11, number, 6, tzinfo=UTC),
        metadata={"rejection_reason": f"reason {number}", "robot": {"arm": f"arm {number}"}},
    )


@pytest.mark.parametrize("column", EVERY)
async def test_every_column_is_in_the_dialog(column: str) -> None:
    stage = Stage(ColumnsDialog(("name",), [column] if column.startswith("meta.") else []))
    async with stage.run_test(size=(80, 60)) as pilot:
        if column not in COLUMNS:
            await pilot.press("G")
        assert f"] {column}" in text_of(stage)


@pytest.mark.parametrize("column", EVERY)
def test_every_column_paints(column: str) -> None:
    texts = [Shown(column, kind_of(column).width).text(row(number), AROUND) for number in (1, 2)]
    assert all(texts)
    assert "-" not in texts
    assert kind_of(column).title


@pytest.mark.parametrize("column", EVERY)
async def test_every_column_of_the_datasets_own_is_sorted_by(column: str) -> None:
    stage = Stage(SortDialog((column, "name"), None))
    async with stage.run_test(size=(80, 60)):
        offered = column in [line.strip() for line in boxed(stage)]
    assert offered is (column not in UNSORTED)
    if not offered:
        return
    ordering = Ordering(Sort(column=column, descending=True))
    ordering.note([row(2), row(3), row(1)])
    ordering.arrange()
    assert [ordering[line] for line in range(3)] == ["00000003", "00000002", "00000001"]


def test_every_field_of_a_query_is_a_column() -> None:
    assert set(FIELDS) <= set(COLUMNS)


def test_every_shipped_view_has_columns_that_there_are() -> None:
    for view in SHIPPED_VIEWS:
        for written in view.columns:
            check_column(Column.of(written).name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nmae", "did you mean 'name'?"),
        ("sensor.type", "metadata is written meta.PATH"),
        ("meta.", "metadata is written meta.PATH"),
    ],
)
def test_an_unknown_column_is_refused_and_not_taken_for_metadata(name: str, hint: str) -> None:
    with pytest.raises(UnknownColumn, match="There is no column") as problem:
        value_of(name)
    assert hint in str(problem.value)
    with pytest.raises(UnknownColumn):
        Ordering(Sort(column=name))
    with pytest.raises(UnknownColumn):
        kind_of(name)
