"""A queue that others work on too, decided on from top to bottom: what was shown, held against
what the service knows.

The line printed (`make test ARGS="tests/pty/test_a_long_queue.py -m slow -s -n 0"`: 5,000) counts
datasets that were pending before the walk and still are after it, without any line (skipped) or
with two (twice), and verdicts on another dataset than the dialog named (misdirected).
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gerra_tui.demo.host import DemoHost
from tests.patience import PATIENCE
from tests.pty.conftest import environ_of
from tests.pty.reviewing import UUID, posts
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pty

POSITION = re.compile(rf"^ ([\d,]+)/([\d,?]+) +({UUID})")
LISTED = re.compile(r"^[> ][* ]. \S+.* ([0-9a-f]{8})$")
PLACEHOLDER = re.compile(r"^[> ][* ]?\s*\.\.\.|  \.\.\.$")
VIEW = """
[[views]]
name = "Pending"
query = "status:pending"
columns = ["type", "name", "size", "id"]
"""
LIST_TOP = 4  # lines above the first row: header, tabs, query, titles


@dataclass
class Walk:
    """Where each dataset was seen, by the eight characters of its id that the list shows."""

    terminal: TerminalSession
    lines: dict[str, set[int]] = field(default_factory=dict)
    decided: list[str] = field(default_factory=list)

    def rows(self) -> tuple[list[str], int, str]:
        """The list's lines, the line under the cursor, from 1, and its full id; once all came.

        A long notice stands below the status line.
        """
        self.terminal.settle(0.04)
        deadline = time.monotonic() + PATIENCE
        while True:
            lines = self.terminal.text.splitlines()
            last = next((n for n in (-1, -2, -3) if POSITION.match(lines[n])), None)
            rows = lines[LIST_TOP:last]
            found = POSITION.match(lines[last]) if last else None
            # the id follows the cursor a moment later
            named = found and any(
                row.startswith(">") and row.endswith(found[3][:8]) for row in rows
            )
            if found and named and not any(map(PLACEHOLDER.search, rows)):
                return rows, int(found[1].replace(",", "")), found[3]
            assert time.monotonic() < deadline, f"rows never came:\n{self.terminal.text}"
            self.terminal.read_for(0.02)

    def look(self) -> int:
        """Note every row on the screen; gives the line under the cursor."""
        rows, at, dataset_id = self.rows()
        cursor = next(n for n, row in enumerate(rows) if row.startswith(">"))
        assert rows[cursor].endswith(dataset_id[:8])
        divider = next((n for n, row in enumerate(rows) if "found late" in row), None)
        for number, row in enumerate(rows):
            if (shown := LISTED.match(row)) is not None:
                between = divider is not None and min(number, cursor) < divider < max(
                    number, cursor
                )
                line = at + number - cursor
                line += (1 if number < cursor else -1) if between else 0
                self.lines.setdefault(shown[1], set()).add(line)
        return at

    def accept(self) -> None:
        _, _, dataset_id = self.rows()
        if not re.search(ROW, self.terminal.text):
            return  # the last one, decided already
        self.terminal.press("a")
        named = self.terminal.wait_for(rf"id ({UUID}) |Nothing pending")[1]
        if named is None:
            return  # decided elsewhere since it was looked at
        assert named == dataset_id
        self.terminal.press("y")
        self.terminal.wait_until_gone("y accept   n no")
        self.decided.append(dataset_id)
        self.terminal.wait_for(rf"\n [\d,]+/[\d,?]+ +(?!{dataset_id})[0-9a-f]{{8}}-|undecided")


def pending(demo: DemoHost) -> set[str]:
    """All ids, by pages that overlap, as the list moves meanwhile."""
    ids: set[str] = set()
    while True:
        answer = httpx.get(
            f"{demo.base_url}/datasets",
            headers={"Gerra-Api-Key": demo.api_key},
            params={"status": "pending", "limit": 1000, "offset": max(0, len(ids) - 100)},
        )
        page = {one["id"] for one in answer.raise_for_status().json()["datasets"]}
        if page <= ids:
            return ids
        ids |= page


def verdicts(demo: DemoHost) -> Iterator[dict[str, Any]]:
    answer = httpx.get(f"{demo.base_url}/_demo/state", headers={"Gerra-Api-Key": demo.api_key})
    yield from answer.raise_for_status().json()["verdicts"]


def walked_down(tmp_path: Path, datasets: int, on_each_page: int) -> str:
    """Decide from top to bottom while others do; gives the table's line."""
    record = tmp_path / "record.jsonl"
    options = ["--datasets", str(datasets), "--others", "5", "--arrivals", "2"]
    with DemoHost([*options, "--record", str(record)]) as demo:
        before = pending(demo)
        started = time.monotonic()
        environ = environ_of(demo, tmp_path)
        config = Path(environ["XDG_CONFIG_HOME"]) / "gerra-tui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(VIEW)
        with TerminalSession(gerra_tui("--hold", "0"), environ=environ, lines=50) as terminal:
            terminal.wait_for(ROW)
            terminal.press("p")
            terminal.wait_for(r"SIZE +ID")
            walk = Walk(terminal)
            _go_down(walk, on_each_page)
            # refused: decided by another in the moment between
            terminal.wait_for(r"outbox(?: empty|: \d+ refused)  ")
            seconds = time.monotonic() - started
            terminal.press("q")
            assert terminal.wait_for_end() == 0
        after = pending(demo)
        known = list(verdicts(demo))
    theirs = {one["dataset_id"] for one in known if one["by"] == "others"}
    stayed = before & after
    assert len({one[:8] for one in before}) == len(before), "told apart by eight characters"
    skipped = sorted(one for one in stayed if one[:8] not in walk.lines)
    twice = sorted(one for one in stayed if len(walk.lines.get(one[:8], ())) > 1)
    tried = [one["dataset_id"] for one in posts(record)]
    misdirected = sorted(set(tried) - set(walk.decided))
    done = [one["dataset_id"] for one in posts(record) if one["took_effect"]]
    table = (
        f"pending {len(before):,}, stayed {len(stayed):,}, decided here {len(done):,}, elsewhere "
        f"{len(theirs):,}, in {seconds:.0f} s: skipped {len(skipped)}, twice {len(twice)}, "
        f"misdirected {len(misdirected)}"
    )
    assert skipped + twice + misdirected == [], table
    assert len(set(done)) == len(done)
    assert set(walk.decided) <= set(done) | theirs
    return table


def _go_down(walk: Walk, on_each_page: int) -> None:
    """Until a page further nothing changes, and the last sweep has found what it finds."""
    terminal = walk.terminal
    still = 0
    while still < 3:
        at = walk.look()
        for _ in range(on_each_page):
            walk.accept()
        walk.look()
        terminal.press("PageDown")
        if walk.look() == at:
            still += 1
            terminal.read_for(1.0)
        else:
            still = 0


def test_a_queue_that_others_work_on_too_is_shown_whole_and_once(tmp_path: Path) -> None:
    print(walked_down(tmp_path, 1_100, on_each_page=2))  # noqa: T201 - the figures


@pytest.mark.slow
def test_a_long_queue_that_others_work_on_too_is_shown_whole_and_once(tmp_path: Path) -> None:
    print(walked_down(tmp_path, 18_400, on_each_page=20))  # noqa: T201 - the same
