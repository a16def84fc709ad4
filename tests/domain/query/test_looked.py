"""Terms that ask what looks at the datasets' files found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.evidence import Mark, Summary
from gerra_tui.domain.query import parse
from gerra_tui.domain.query.completion import complete
from gerra_tui.domain.query.known import Known
from tests.headless.stage import dataset

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FINE = Summary("mcap", (("size", Mark.OK), ("topics", Mark.UNCHECKED)))
ODD = Summary("zip", (("size", Mark.OK), ("frames", Mark.ODD), ("frames", Mark.OK)))
UNCHECKED = Summary("zip", (("archive", Mark.UNCHECKED),))
FAILED = Summary("unknown", (("size", Mark.OK),), failed=True)
LOOKS = (None, FINE, ODD, UNCHECKED, FAILED)


def looked(row: Dataset) -> Summary | None:
    return LOOKS[row.metadata["take"]] if row.metadata else None


def fitting(text: str) -> list[int]:
    query = parse(text).query
    assert query is not None
    assert parse(query.text).query == query
    rows = [dataset(number) for number in range(len(LOOKS))]
    return [at for at, row in enumerate(rows) if query.matches(row, NOW, looked)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("check:odd", [2]),
        ("check:ok", [1]),
        ("check:unchecked", [3, 4]),
        ("check:none", [0]),
        ("-check:none", [1, 2, 3, 4]),
        ("-check:odd", [0, 1, 3, 4]),
        ("check:odd,none", [0, 2]),
        ("check=ODD", [2]),
        ("check.frames:odd", [2]),
        ("check.frames:ok", []),
        ("check.size:ok", [1, 2, 4]),
        ("check.topics:unchecked", [1]),
        ("check.frames:none", [0, 1, 3, 4]),
        ("kind:mcap", [1]),
        ("kind:ZIP,mcap", [1, 2, 3]),
        ("kind:none", [0]),
        ("-kind:zip", [0, 1, 4]),
        ("kind:zip -check:odd", [3]),
    ],
)
def test_a_query_asks_what_was_found(text: str, numbers: list[int]) -> None:
    assert fitting(text) == numbers


def test_without_any_look_nothing_was_looked_at() -> None:
    for text, fits in (("check:none", True), ("check:odd", False), ("kind:zip", False)):
        query = parse(text).query
        assert query is not None
        assert query.matches(dataset(2), NOW) is fits


def test_a_row_that_cannot_be_read_was_not_looked_at() -> None:
    row = UnreadableRow(id="1", raw={"id": "1"}, problem="no name")
    for text, fits in (("check:none", True), ("check:odd", False), ("-check:none", False)):
        query = parse(text).query
        assert query is not None
        assert query.admits(row, NOW, looked) is fits


@pytest.mark.parametrize(
    "text", ["check:bad", "check.frames:!", "check~odd", "check.:odd", "check>1"]
)
def test_what_no_look_can_have_found_is_an_error_at_its_word(text: str) -> None:
    parsed = parse(f"status:pending {text}")
    assert parsed.query is None
    (error,) = parsed.errors
    assert error.start >= len("status:pending ")


def test_the_words_for_a_mark_are_told() -> None:
    (error,) = parse("check:bad").errors
    assert error.message == (
        "`bad` is no mark of a check: it is one of `odd`, `ok`, `unchecked`, `none`."
    )


def test_such_terms_are_checked_on_this_side_alone() -> None:
    query = parse("status:pending check:odd").query
    assert query is not None
    plan = query.plan()
    assert [term.text for term in plan.local] == ["check:odd"]
    assert (plan.narrowing.status, plan.is_whole, query.asks_of_looks) == ("pending", False, True)


def offered(text: str) -> list[str]:
    known = Known(lambda: (FINE, ODD, UNCHECKED))
    return [completion.text for completion in complete(text, len(text), known)]


def test_tab_offers_marks_kinds_and_checks() -> None:
    assert offered("che") == ["check:", "check."]
    assert offered("check:") == ["none", "odd", "ok", "unchecked"]
    assert offered("check:o") == ["odd", "ok", "none"]
    assert offered("kind:") == ["zip", "mcap", "none"]
    assert offered("check.f") == ["check.frames:"]
    assert offered("-check.size:u") == ["unchecked"]
