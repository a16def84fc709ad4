"""What stands above the list: tabs in any room, the pace, and the query where it says something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.view import SHIPPED_VIEWS
from gerra_tui.service.decisions.records import timestamp
from gerra_tui.ui.present.pace import duration, pace_words
from gerra_tui.ui.present.spans import cells
from gerra_tui.ui.present.tabs import Tab, tab_spans
from tests.fakes import ORIGIN, id_of
from tests.ui.reviewing import Console
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from pathlib import Path


def tabs(current: int = 1) -> list[Tab]:
    counts = (1_918, 845, 363, 239, 471)
    return [
        Tab(number, view.name, counts[number - 1] if number <= 5 else None, number == current)
        for number, view in enumerate(SHIPPED_VIEWS, 1)
    ]


def told(width: int, current: int = 1) -> str:
    return "".join(span.text for span in tab_spans(tabs(current), width)).rstrip()


def test_all_nine_tabs_are_there_at_80_columns() -> None:
    assert told(80) == (" 1 Pending 1,918  2 Epi  3 POV  4 3rd  5 Tel  6 Acc  7 Rej  8 Oth  9 All")


def test_tabs_have_their_names_and_counts_where_there_is_room() -> None:
    assert told(120) == (
        " 1 Pending 1,918  2 Episode 845  3 POV 363  4 Third 239  5 Telemetry 471  6 Accepted"
        "  7 Rejected  8 Other  9 All"
    )
    assert "  2 Episode 845  3 POV  4 Third  5" in told(100)


@pytest.mark.parametrize("current", range(1, 10))
def test_the_current_tab_keeps_its_name(current: int) -> None:
    assert f"{current} {SHIPPED_VIEWS[current - 1].name}" in told(80, current)
    assert cells(tab_spans(tabs(current), 80)) - 2 <= 80


@pytest.mark.parametrize(
    ("decided", "seconds", "left", "words"),
    [
        (0, None, 100, ()),
        (3, None, 100, ("3 today",)),
        (37, 14.2, 1_918, ("37 today", "14 s each", "~7.6 h left")),
        (37, 14.2, None, ("37 today", "14 s each")),
        (37, 14.2, 0, ("37 today", "14 s each")),
        (1_204, 2.0, 10**9, ("1,204 today", "2 s each", "~1000+ h left")),
    ],
)
def test_the_pace_is_told_as_far_as_it_is_known(
    decided: int, seconds: float | None, left: int | None, words: tuple[str, ...]
) -> None:
    assert pace_words(decided, seconds, left) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(40, "40 s"), (720, "12 min"), (27_000, "7.5 h"), (110_000, "31 h")]
)
def test_a_duration_has_one_unit(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def log_of(path: Path, count: int) -> Path:
    entry = {
        "time": timestamp(NOON),
        "user": "",
        "base_url": ORIGIN.base_url,
        "verdict": "reject",
        "reason": "dark",
        "seconds": 14.0,
        "result": "done",
    }
    lines = (
        entry | {"decision_id": f"d{number}", "dataset_id": id_of(900 + number)}
        for number in range(count)
    )
    path.write_text("".join(f"{json.dumps(one, separators=(',', ':'))}\n" for one in lines))
    return path


async def test_the_pace_stands_in_the_query_line(tmp_path: Path) -> None:
    log = log_of(tmp_path / "audit.jsonl", 37)
    async with Console(audit_log=log).opened() as console:
        await console.until_shown("37 today  14 s each  ~14 min left")
        assert "today" in console.lines[2]
        assert "today" not in console.header


async def test_on_a_narrow_screen_the_pace_stands_in_the_header(tmp_path: Path) -> None:
    log = log_of(tmp_path / "audit.jsonl", 37)
    async with Console(audit_log=log).opened(size=(80, 24)) as console:
        await console.until(lambda: "37 today ~14 min left" in console.header)


async def test_a_decision_that_took_effect_counts_at_once(tmp_path: Path) -> None:
    async with Console(hold=0).opened() as console:
        assert "today" not in console.text
        await console.press("a", "y")
        await console.until_shown("1 today")


async def test_below_30_lines_the_query_line_goes_while_it_is_the_views_own() -> None:
    async with Console().opened(size=(80, 24)) as console:
        assert "/ status:pending" not in console.text
        assert "NAME" in console.lines[2]
        await console.press("slash")
        await console.until_shown("/ status:pending")
        await console.press("escape")
        await console.until(lambda: "/ status:pending" not in console.text)
        await console.query("status:pending name~batch")
        await console.until_shown("/ status:pending name~batch")
