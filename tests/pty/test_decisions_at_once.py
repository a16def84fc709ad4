"""A hundred verdicts at once, over a real service, with some that it does not take."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.pty.reviewing import UUID, control, listed, posts
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

SCATTERED = range(3, 34, 5)  # seven of the rows on the screen, no three of them in a row


def turn_down(demo: DemoHost, ids: Iterable[str]) -> None:
    """Verdicts on these are turned down for good."""
    control(
        demo,
        "faults",
        [
            {"fault": "400", "match": {"method": "POST", "path": f"/datasets/{one}/*"}}
            for one in ids
        ],
    )


def mark(terminal: TerminalSession, count: int) -> None:
    """So many rows from the cursor's on, as one range."""
    first = int(terminal.wait_for(rf" (\d+)/[\d,?]+ +{UUID}")[1])
    terminal.press("v")
    terminal.wait_for("Range: move")
    terminal.press(":")
    terminal.settle()
    terminal.press(str(first + count - 1), "Enter")
    terminal.wait_for(rf" {first + count - 1}/[\d,?]+ ")
    terminal.settle()
    terminal.press("v")
    terminal.wait_until_gone("Range: move")


def accept(terminal: TerminalSession, count: int) -> None:
    """So many, from the cursor's row on, by their marks."""
    mark(terminal, count)
    terminal.wait_for(f" {count} marked")
    terminal.press("a")
    terminal.wait_for(rf"Accept {count} datasets\?")
    terminal.wait_for(f"Type {count}, then Enter")
    terminal.press(str(count), "Enter")
    terminal.wait_until_gone(f"Type {count}")


def shown(terminal: TerminalSession, pattern: str) -> int:
    """So many times it is on the screen."""
    return len(re.findall(pattern, terminal.text, re.MULTILINE))


def audit(environ: dict[str, str]) -> list[dict[str, Any]]:
    path = Path(environ["XDG_STATE_HOME"], "gerra-tui", "audit.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_of_a_hundred_at_once_those_that_failed_stay_marked(
    demo: DemoHost, environ: dict[str, str], record: Path
) -> None:
    ids = listed(demo, 100)
    failing = {ids[at] for at in SCATTERED}
    turn_down(demo, failing)
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        accept(terminal, 100)
        terminal.wait_for("outbox: 7 failed  .* 7 marked")
        terminal.wait_for("100 settled: 93 done, 7 failed. 7 still marked")

        terminal.press("g")
        terminal.wait_for(r"(?m)^> A .* accepted ")
        terminal.wait_until(lambda: shown(terminal, r"^.\*! .* failed ") == 7)
        for _ in range(SCATTERED[0]):
            terminal.press("j")
        terminal.wait_for(f" {ids[SCATTERED[0]]} ")
        terminal.wait_for("accept at .*: failed")
        terminal.wait_for("Bad request")  # the reason, in the detail pane

        terminal.press("$")
        terminal.wait_for("> ACC failed")
        terminal.wait_until(lambda: shown(terminal, r"^. ACC failed ") == 7)
        terminal.wait_for(r"The service says \(400\): Bad request")
        terminal.press("q")
        terminal.wait_for("outbox empty .* 7 marked")  # they were looked at
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"93 accepted, 0 rejected, outbox empty" in terminal.raw
    effects = [one["dataset_id"] for one in posts(record) if one["took_effect"]]
    assert sorted(effects) == sorted(set(ids) - failing)
    lines = audit(environ)
    assert sorted(line["dataset_id"] for line in lines) == sorted(ids)
    assert {line["dataset_id"] for line in lines if line["result"] == "failed"} == failing


def test_three_failures_in_a_row_stop_the_rest_until_the_reviewer_says_so(
    demo: DemoHost, environ: dict[str, str], record: Path
) -> None:
    """Of four in flight the seventh starts when three have ended, so that six failures suffice."""
    ids = listed(demo, 100)
    first = {"fault": "400", "match": {"method": "POST", "path": "/datasets/*"}, "times": 6}
    control(demo, "faults", [first])
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        accept(terminal, 100)
        terminal.wait_for(r"outbox: 9\d waiting [3-6] failed")
        terminal.wait_for(r"Three in a row failed: the other 9\d wait for your word")
        terminal.settle(1)
        assert not [one for one in posts(record) if one["took_effect"]]

        terminal.press("$")
        terminal.wait_for("Three in a row failed: the rest of the batch waits for your word")
        terminal.wait_for(r"Batch of 100 paused .* 0 done [3-6] failed 9\d remaining")
        terminal.wait_for("o goes on, B takes back the rest")
        terminal.press("o")
        terminal.settle(0.5)
        terminal.press("y")
        terminal.wait_until_gone("Batch of 100")
        terminal.press("q")
        terminal.wait_for("outbox empty .* 6 marked")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    effects = [one["dataset_id"] for one in posts(record) if one["took_effect"]]
    assert len(effects) == len(set(effects)) == 94
    assert set(effects) < set(ids)
    assert sorted(line["dataset_id"] for line in audit(environ)) == sorted(ids)
