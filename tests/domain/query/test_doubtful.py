"""Rows that cannot be read are kept where they may fit, and left out where they plainly do not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.query import parse

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RAW: dict[str, Any] = {
    "id": "77aa01c9",
    "status": "pending",
    "data_type": None,
    "name": 5,
    "description": "A red mug",
    "data_byte_size": None,
    "date_updated": "2026-11-20T10:00:00Z",
    "date_created": "lately",
    "metadata": {"robot": "arm"},
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", True),
        ("status:pending", True),
        ("-status:pending", False),
        ("status:accepted", False),
        ("id:77", True),
        ("id:78", False),
        ("desc~mug", True),
        ("desc~cup", False),
        ("meta.robot:arm", True),
        ("meta.robot:leg", False),
        ("size>1GB", False),
        ("-size>1GB", True),
        ("updated<7d", True),
        ("updated<1d", False),
    ],
)
def test_what_can_be_read_is_compared(text: str, kept: bool) -> None:
    assert admits(text, RAW) is kept


@pytest.mark.parametrize(
    "text",
    ["type:episode", "-type:episode", "name~arm", "-name~arm", "created<7d", "link~zip", "mug"],
)
def test_what_is_missing_or_odd_is_not_held_against_a_row(text: str) -> None:
    assert admits(text, RAW)


@pytest.mark.parametrize("raw", ["a text", None, 3, [], {}])
def test_of_what_is_no_object_nothing_is_known(raw: Any) -> None:
    assert admits("status:pending size>1GB mug", raw)


def admits(text: str, raw: Any) -> bool:
    query = parse(text).query
    assert query is not None
    return query.admits(UnreadableRow(id="?", problem="odd", raw=raw), NOW)
