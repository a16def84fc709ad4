"""Moments of the service, whatever they look like, and their age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gerra_tui.domain.moments import age, moment_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "odd",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "9999-06-01T00:00:00Z",
        "yesterday",
        "",
        5,
        None,
        ["2026-11-23"],
        "9" * 5000,
    ],
)
def test_what_cannot_be_told_in_every_zone_is_no_moment(odd: object) -> None:
    assert moment_of(odd) is None


@pytest.mark.parametrize("text", ["0002-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_every_moment_can_be_told_in_every_zone(text: str, zone: str) -> None:
    moment = moment_of(text)
    assert moment is not None
    assert moment.astimezone(ZoneInfo(zone)) == moment
    assert age(moment, NOW)


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=-2), "in 2 d"),
        (timedelta(days=800), "2 y ago"),
    ],
)
def test_an_age_is_one_unit(passed: timedelta, told: str) -> None:
    assert age(NOW - passed, NOW) == told


def test_a_change_of_clocks_makes_nothing_older() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    after = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert before.astimezone(berlin).hour == after.astimezone(berlin).hour
    assert age(before, after) == "1 h ago"
