"""Rules of the reviewer's own, in the words of a query."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gerra_tui.domain.checks.rules import WrongRule, read_rule, ruled
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.evidence import Mark

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def marked(rule: str, metadata: dict[str, Any] | None, **more: Any) -> tuple[Mark, str] | None:
    fields = {"status": "pending", "data_type": "episode", "name": "a", **more}
    dataset = Dataset(id="a", metadata=metadata, **fields)
    checks = list(ruled(dataset, [read_rule(rule)], NOW))
    return (checks[0].mark, checks[0].text) if checks else None


def test_what_a_rule_describes_is_odd_and_anything_else_is_fine() -> None:
    assert marked("meta.fps < 10", {"fps": 5}) == (Mark.ODD, "meta.fps < 10 (meta.fps 5)")
    assert marked("meta.fps < 10", {"fps": 30}) == (Mark.OK, "not meta.fps < 10 (meta.fps 30)")


def test_a_rule_says_nothing_of_a_value_that_is_not_there() -> None:
    assert marked("meta.fps < 10", {}) is None
    assert marked("meta.fps < 10", None) is None


def test_a_missing_key_is_odd() -> None:
    rule = "missing meta.calibration"

    for metadata in ({}, None, {"calibration": None}, {"calibration": " "}):
        assert marked(rule, metadata) == (Mark.ODD, rule)
    present: list[Any] = [{"k": 1}, [], False]
    for value in present:
        assert marked(rule, {"calibration": value}) == (Mark.OK, f"not {rule}")


def test_a_rule_for_one_type_says_nothing_of_the_others() -> None:
    rule = "type:episode missing meta.task"

    assert marked(rule, {}) == (Mark.ODD, rule)
    assert marked(rule, {}, data_type="telemetry") is None


def test_spaces_within_quotes_are_kept() -> None:
    assert marked('meta.task = "a < b"', {"task": "a < b"}) is not None
    assert marked('meta.task = "a < b"', {"task": "a<b"}) == (
        Mark.OK,
        'not meta.task = "a < b" (meta.task a<b)',
    )


@pytest.mark.parametrize("text", ["", "  ", "missing", "missing fsp", "fsp < 10", "size < heavy"])
def test_a_rule_that_cannot_be_read_says_why(text: str) -> None:
    if text == "missing":  # a word like any other
        assert read_rule(text).query.text == "missing"
        return
    with pytest.raises(WrongRule, match=r"[.:?]"):
        read_rule(text)


def test_a_local_file_has_no_metadata_to_rule_on() -> None:
    assert list(ruled(None, [read_rule("missing meta.calibration")], NOW)) == []
