"""The organization's counts as a reviewer sees them."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.statistics import Statistics
from gerra_tui.service.failures import Failure, ServiceUnavailable
from gerra_tui.ui.present.own_work import sparkline
from gerra_tui.ui.screens.statistics import StatisticsScreen, describe
from tests.fakes import ORIGIN, FakeService
from tests.ui.stage import Stage, lines_of, text_of
from tests.ui.workplaces import until, workplace_of
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from pathlib import Path

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
STATISTICS = Statistics(
    total_datasets=7_312,
    total_size_bytes=12_300_000_000_000,
    by_status={"pending": 1_987, "accepted": 4_900, "rejected": 425, "discarded": 0},
    by_data_type={"episode": 5_000, "synthetic_third_person": 2_312},
    daily_volume=(("2026-11-22", 40), ("2026-11-23", 80)),
    further={"total_hours_captured": 1234.56, "curated": True, "note": "\x1b[31mx"},
)


class Counting(FakeService):
    """Answers with what `answers` holds, one after the other."""

    def __init__(self, *answers: Statistics | Failure) -> None:
        super().__init__(0)
        self.answers = list(answers)
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def statistics(self) -> Statistics:
        await self.may_answer.wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Failure):
            raise answer
        return answer


def screen(service: Counting) -> StatisticsScreen:
    return StatisticsScreen(workplace_of(service))


@SIZES
async def test_counts_are_shown_with_bars_and_the_hour_they_were_read(
    size: tuple[int, int],
) -> None:
    stage = Stage(screen(Counting(STATISTICS)))
    async with stage.run_test(size=size) as pilot:
        await until(pilot, lambda: "BY STATUS" in text_of(stage))
        shown = text_of(stage)
        assert "Statistics   as of " in shown
        assert "Datasets  7,312" in shown
        assert "Size      12.3 TB" in shown
        assert all(len(line) <= size[0] for line in lines_of(stage))
        assert lines_of(stage)[-1] == "Tab you, or all   R refresh   ? help   Esc back"


async def test_the_rest_is_reached_by_scrolling() -> None:
    stage = Stage(screen(Counting(STATISTICS)))
    async with stage.run_test(size=(60, 15)) as pilot:
        await until(pilot, lambda: "BY STATUS" in text_of(stage))
        assert "total_hours_captured" not in text_of(stage)
        await pilot.press(*["j"] * 20)
        assert "total_hours_captured" in text_of(stage)
        await pilot.press(*["k"] * 20)
        assert "Datasets  7,312" in text_of(stage)


def test_everything_that_the_service_sends_is_shown() -> None:
    lines = [line.rstrip("# ") for line in describe(STATISTICS, 80, "#")]
    assert lines == [
        "Datasets  7,312",
        "Size      12.3 TB",
        "",
        "BY STATUS",
        "pending                           1,987   27%",
        "accepted                          4,900   67%",
        "rejected                            425    6%",
        "discarded                             0    0%",
        "",
        "BY TYPE",
        "episode                           5,000   68%",
        "synthetic_third_person            2,312   32%",
        "",
        "LAST 7 DAYS",
        "2026-11-22 Sun                       40",
        "2026-11-23 Mon                       80",
        "",
        "FURTHER",
        "total_hours_captured       1,234.6",
        "curated                    true",
        "note                       ^[[31mx",
    ]


def test_bars_are_as_long_as_their_counts_and_the_longest_fills_the_line() -> None:
    lines = [line for line in describe(STATISTICS, 80, "#") if line.startswith("2026")]
    assert [line.count("#") for line in lines] == [20, 39]
    assert len(lines[-1]) == 80


def test_nothing_is_shown_of_what_the_service_does_not_send() -> None:
    assert list(describe(Statistics(), 80, "#")) == []
    zero = Statistics(by_status={"pending": 0}, daily_volume=(("soon", 0),))
    assert "pending                               0    0%" in list(describe(zero, 80, "#"))


def test_hostile_names_stay_in_their_column() -> None:
    bad = Statistics(
        by_status={"\x1b[31m\u202e" + "長" * 300: 10**30}, further={"x" * 500: "y" * 500}
    )
    lines = list(describe(bad, 60, "#"))
    assert not {"\x1b", "\u202e"} & set("".join(lines))


def test_a_wide_screen_does_not_make_bars_longer_than_they_need_to_be() -> None:
    assert max(line.count("#") for line in describe(STATISTICS, 300, "#")) == 40


async def test_a_failure_is_said_and_r_tries_again() -> None:
    service = Counting(ServiceUnavailable("Cannot reach api.gerra.example."), STATISTICS)
    stage = Stage(screen(service))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Cannot reach" in text_of(stage))
        assert "Cannot reach api.gerra.example. Press R to try again." in text_of(stage)
        await pilot.press("R")
        await until(pilot, lambda: "BY STATUS" in text_of(stage))
        assert "Cannot reach" not in text_of(stage)


async def test_what_was_read_before_stays_after_a_failure() -> None:
    service = Counting(STATISTICS, ServiceUnavailable("Cannot reach api.gerra.example."))
    stage = Stage(screen(service))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "BY STATUS" in text_of(stage))
        await pilot.press("R")
        await until(pilot, lambda: "Cannot reach" in text_of(stage))
        assert "Datasets  7,312" in text_of(stage)


async def test_waiting_for_the_counts_is_said_and_can_be_left() -> None:
    service = Counting(STATISTICS)
    service.may_answer.clear()
    stage = Stage(screen(service))
    async with stage.run_test(size=(80, 24)) as pilot:
        assert "Reading the counts ..." in text_of(stage)
        await pilot.press("q")
        await pilot.pause()
        assert "Kitchen wipe, take 0" in text_of(stage)


def audit_line(number: int, ago: timedelta, **changes: Any) -> str:
    entry = {
        "time": (NOON - ago).isoformat(),
        "user": "",
        "base_url": ORIGIN.base_url,
        "decision_id": f"d{number}",
        "dataset_id": f"id-{number}",
        "verdict": "reject",
        "reason": "Sensor fault in ft.fz: clipped",
        "query": "status:pending type:telemetry",
        "seconds": 10.0,
        "result": "done",
        **changes,
    }
    return json.dumps(entry, separators=(",", ":"))


async def test_tab_shows_what_the_reviewer_has_done(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    accepted = {"verdict": "accept", "reason": None, "query": "status:pending type:episode"}
    log.write_text(
        "\n".join(
            [
                audit_line(1, timedelta(days=30)),
                audit_line(2, timedelta(days=3), reason="dark\x1b[31m"),
                audit_line(3, timedelta(minutes=9), seconds=200.0),
                audit_line(4, timedelta(minutes=5), **accepted),
                audit_line(5, timedelta(minutes=4), user="somebody else"),
                audit_line(6, timedelta(minutes=3), result="refused"),
                "no line",
                audit_line(7, timedelta(minutes=1), **accepted, seconds=None),
                "",
            ]
        )
    )
    place = workplace_of(Counting(STATISTICS), audit_files=lambda: (log,))
    stage = Stage(StatisticsScreen(place))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "BY STATUS" in text_of(stage))
        await pilot.press("tab")
        await until(pilot, lambda: "TODAY  3 decided" in text_of(stage))
        shown = text_of(stage)
        assert "TODAY  3 decided: 2 accepted, 1 rejected" in shown
        assert "105 s each" not in shown
        assert "2 min each (median), the slowest 3 min" in shown
        assert "TODAY BY HOUR" in shown
        assert sum(" Sensor fault in ft.fz" in line for line in lines_of(stage)) == 1
        assert "\x1b" not in shown
        assert all(len(line) <= 80 for line in lines_of(stage))
        await pilot.press("G")
        await pilot.pause()
        rows = [line.split() for line in lines_of(stage)]
        assert ["episode", "2", "0"] in rows
        assert ["telemetry", "0", "2"] in rows
        await pilot.press("tab")
        await until(pilot, lambda: "BY STATUS" in text_of(stage))


async def test_who_decided_nothing_is_told_so() -> None:
    stage = Stage(screen(Counting(STATISTICS)))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab")
        await until(pilot, lambda: "no verdict of yours took effect here" in text_of(stage))


def test_a_sparkline_has_a_cell_for_each_count_and_none_for_nothing() -> None:
    assert sparkline([0, 1, 4, 8]) == " ▁▄█"
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "  "
    assert len(sparkline([10**30, 1, 0])) == 3


async def test_bars_are_ascii_where_the_app_says_so() -> None:
    stage = Stage(screen(Counting(STATISTICS)))
    stage.add_class("-ascii")
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "BY STATUS" in text_of(stage))
        assert text_of(stage).isascii()
