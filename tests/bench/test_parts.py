"""The parts of `make bench`; what it measures is told by it alone."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from tests.bench import compare, quiet, report
from tests.bench.__main__ import MEASUREMENTS, _measured, main
from tests.bench.figures import Figure, figure
from tests.bench.line import Line, Link
from tests.bench.process import memory, spent
from tests.bench.programs import CONSOLE, DATATABLE, NEOMUTT, TEXTUAL, is_live
from tests.bench.quiet import Reference, disquiet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.world import World

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
MOVE = figure(
    "keys", "cursor move", "bytes", {CONSOLE: [58, 60, 59], NEOMUTT: [234], TEXTUAL: [503]}, goal=64
)
LATE = Figure(
    group="slow", what="PageDown", unit="ms", console=900.0, peers={DATATABLE: 60_000.0},
    goal=700.0, cap=60_000.0,
)  # fmt: skip
ECHO = (
    "import sys, termios, tty; tty.setraw(0); sys.stdout.write('ready'); sys.stdout.flush()\n"
    "while key := sys.stdin.read(1): sys.stdout.write(key * 500); sys.stdout.flush()"
)
ASKING = (
    "import sys, tty; tty.setraw(0); sys.stdout.write('\\x1b[6n'); sys.stdout.flush()\n"
    "answer = sys.stdin.read(6); sys.stdout.write(f'got {answer[1:]}'); sys.stdout.flush()\n"
    "sys.stdin.read(1)"
)


def echo(link: Link | None = None) -> Line:
    return Line([sys.executable, "-c", ECHO], link=link)


def test_a_figure_is_the_median_and_says_whether_its_goal_is_met() -> None:
    assert (MOVE.console, MOVE.met) == (59, True)
    assert LATE.met is False
    assert figure("keys", "x", "", {CONSOLE: [1]}).met is None


def test_the_ratio_is_to_the_best_peer() -> None:
    assert MOVE.ratio == pytest.approx(234 / 59)
    assert figure("idle", "x", "", {CONSOLE: [0], NEOMUTT: [0]}).ratio is None


def test_the_table_has_a_hundred_columns() -> None:
    text = report.plain([MOVE, LATE], ["A remark."])
    assert max(map(len, text.splitlines())) == report.WIDTH
    assert "cursor move, bytes" in text
    assert ">60,000" in text, "what was not waited for"
    assert "NO" in text
    assert text.endswith("A remark.\n")


def test_the_pages_block_is_replaced_and_nothing_else() -> None:
    page = "before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n"
    block = report.markdown([MOVE], ["Dated."])
    assert report.into_page(page, block) == (
        f"before\n<!-- bench -->\n{block}<!-- /bench -->\nafter\n"
    )
    with pytest.raises(ValueError, match="no block"):
        report.into_page("without", block)


def test_what_is_kept_can_be_read_again() -> None:
    kept = json.loads(json.dumps(report.document([MOVE, LATE], ["A remark."], AT)))
    assert [row["console"] for row in kept["figures"]] == [59, 900.0]
    assert kept["machine"]["cores"] == os.cpu_count()


def test_a_measurement_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "idle,speed"])
    assert "there is no speed" in capsys.readouterr().err
    assert "idle" in MEASUREMENTS


def test_the_page_gets_the_whole_table_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "idle", "--docs"])
    assert "the whole table" in capsys.readouterr().err


@pytest.mark.pty
def test_a_key_is_measured_to_its_last_byte() -> None:
    with echo() as line:
        line.wait_for("ready")
        press = line.key("x")
        assert press.size == 500
        assert press.last > 0
        assert "x" * 100 in line.text


@pytest.mark.pty
def test_a_slow_link_delays_by_its_rate_and_its_round_trip() -> None:
    with echo(Link(rate=5_000, rtt=0.05)) as line:
        line.wait_for("ready")
        assert line.key("x").last >= 500 / 5_000 + 0.05


@pytest.mark.pty
def test_what_goes_on_too_long_is_not_waited_for() -> None:
    with echo(Link(rate=500)) as line:
        line.wait_for("ready")
        assert line.repeat("x", rate=100, seconds=0.05, patience=0.5) == 0.5


@pytest.mark.pty
def test_queries_are_answered() -> None:
    with Line([sys.executable, "-c", ASKING]) as line:
        line.wait_for("got [1;1R")


@pytest.mark.pty
def test_the_moment_of_a_screen_is_that_of_its_piece_of_output() -> None:
    with echo() as line:
        moment = line.moment(lambda text: "ready" in text)
        assert moment.size == len("ready")
        assert moment.after > 0


def test_a_process_is_measured_from_outside() -> None:
    before = spent(os.getpid())
    sum(range(1_000_000))
    assert (spent(os.getpid()) - before).cpu > 0
    assert 0 < memory(os.getpid()).pss <= memory(os.getpid()).rss


def test_a_peer_that_did_not_do_the_work_is_left_out() -> None:
    found = figure("keys", "PageDown", "bytes", {CONSOLE: [3000], NEOMUTT: [23]}, least=100)
    assert found.peers == {}
    assert found.ratio is None


def test_a_row_that_fails_says_so_and_loses_no_other(caplog: pytest.LogCaptureFixture) -> None:
    def measure(_: object) -> Iterator[Figure]:
        yield MOVE
        raise AssertionError("console is not ready\nand its screen")

    figures: list[Figure] = []
    told = _measured(measure, cast("World", None), figures)
    assert figures == [MOVE]
    assert [line.partition("measure: ")[2] for line in told] == [
        "AssertionError: console is not ready"
    ]
    assert "and its screen" in caplog.text


def test_a_busy_machine_is_told() -> None:
    calm = Reference(wall=300, cpu=290, load=0.1)
    assert disquiet(calm, calm) is None
    assert "quiet:" in quiet.told(calm, calm)
    for restless in (calm._replace(load=3.0), calm._replace(wall=600), calm._replace(wall=360)):
        assert disquiet(restless, calm) is not None
        assert quiet.told(restless, calm).startswith("NOT QUIET")


def test_it_ends_with_what_got_better_and_worse(tmp_path: Path) -> None:
    assert compare.latest(tmp_path, "quick") is None
    assert "Nothing to compare with" in "".join(compare.lines(None, [MOVE]))
    older = report.document([replace(MOVE, console=48.0), replace(LATE, console=1_800.0)], [], AT)
    (tmp_path / "a.json").write_text(json.dumps(older | {"length": "quick"}))
    (tmp_path / "b.json").write_text(json.dumps(older | {"length": "whole"}))
    (tmp_path / "c.json").write_text("not JSON")
    found = compare.latest(tmp_path, "quick")
    assert found is not None
    assert found["length"] == "quick"
    told = list(compare.lines(found, [MOVE, LATE]))
    assert told[1:] == [
        "worse   cursor move: 48.0 -> 59.0 bytes",
        "better  PageDown: 1,800 -> 900 ms",
    ]


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("as of 14:02\n>   EPI a name\n 46/11,000  id", True),
        ("as of 14:02\n> pending a name\n 1/? id", True),
        ("cached 14:02\n>   EPI a name\n 46/11,000  id", False),
        ("as of 14:02\n>   ... \n 46/11,000  id", False),
    ],
)
def test_a_console_is_ready_wherever_it_resumed(text: str, *, live: bool) -> None:
    assert is_live(text) is live
