"""How columns are written."""

from __future__ import annotations

import pytest

from gerra_tui.domain.view import Column


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("name", Column("name")),
        ("name:40", Column("name", 40)),
        ("meta.sensor.type:16", Column("meta.sensor.type", 16)),
        ("meta.ratio 4:3:12", Column("meta.ratio 4:3", 12)),
        ("meta.a:b", Column("meta.a:b")),
        ("name:2", Column("name:2")),
        ("name:201", Column("name:201")),
        ("name:٤٠", Column("name:٤٠")),
    ],
)
def test_a_column_may_have_a_width_in_cells(text: str, column: Column) -> None:
    assert Column.of(text) == column
    assert str(column) == text
