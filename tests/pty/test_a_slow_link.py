"""Typed by what a slow link still shows: decided is what the reviewer saw under the cursor."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from tests.bench.line import Line, Link, now
from tests.pty.reviewing import UUID, control, listed, posts
from tests.pty.session import gerra_tui

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

FAR: Final = Link(rtt=0.3)
PENDING: Final = re.compile(r" [ *!~]  [A-Z0-9]{3} ")  # a row without a state's letter
TYPING: Final = 0.03  # seconds between two keys of somebody in a hurry
# 500 in the long form; a sitting has that many of them, at most.
VERDICTS: Final = int(os.environ.get("GERRA_FAR_VERDICTS", "6"))
SITTING: Final = 100
TRAINS: Final = (["a", "y", "a", "y"], ["a", "y", "r", "1", "Enter"], ["r", "1", "Enter", "a", "y"])


class FarReviewer(Line):
    """Somebody at the far end of the link, who sees what has arrived there by now.

    `silent`: a terminal that answers nothing.
    """

    def __init__(self, environ: dict[str, str], *, silent: bool = False) -> None:
        self._silent = silent
        super().__init__(gerra_tui("--hold", "0"), environ=environ, link=FAR)

    def _send_from(self, moment: float, data: bytes) -> None:
        if not (self._silent and data.startswith(b"\x1b[1;1R")):
            super()._send_from(moment, data)

    def show(self) -> None:
        while self._unfed and self._unfed[0][0] <= now():
            self._feed_one()

    def wait_here(self, seconds: float) -> None:
        until = now() + seconds
        while (left := until - now()) > 0:
            self.pump(left)

    def under_cursor(self) -> str | None:
        """The id in the status line, as it is on the screen."""
        found = re.search(rf" [\d,]+/[\d,?]+ +({UUID})", self.text)
        return found[1] if found else None

    def next_undecided(self) -> int | None:
        """How many rows below the cursor's the next pending one stands on the screen."""
        rows = self.text.splitlines()
        at = next((y for y, row in enumerate(rows) if row.startswith(">")), None)
        if at is None:
            return None
        below = (y for y, row in enumerate(rows) if y > at and PENDING.match(row))
        return next((y - at for y in below), None)

    def type(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.press(key)
            self.wait_here(TYPING)

    def go_to(self, number: int) -> None:
        self.press(":")
        self.wait_for("Command")
        self.press(str(number), "Enter")
        self.wait_for(f" {number}/")


def effects(record: Path) -> list[dict[str, Any]]:
    return [one for one in posts(record) if one["took_effect"]]


def decided(record: Path) -> set[str]:
    return {one["dataset_id"] for one in effects(record)}


def arrive_before_the_news(reviewer: FarReviewer, demo: DemoHost, ids: Sequence[str]) -> int:
    """Go to a row whose next one a colleague has just decided, which is not on the screen yet.

    On a loaded machine both may come at once: then to another one.
    """
    for here in range(19, 36, 3):
        control(demo, "decide", {"id": ids[here + 1], "verdict": "accept"})
        reviewer.go_to(here + 1)
        if reviewer.next_undecided() == 1:
            return here
    raise AssertionError(f"the news was always there first:\n{reviewer.text}")


@pytest.mark.parametrize("silent", [False, True], ids=["reports", "no reports"])
def test_a_row_that_a_colleague_decided_does_not_hand_its_keys_to_the_next(
    demo: DemoHost, environ: dict[str, str], record: Path, silent: bool
) -> None:
    ids = listed(demo, 40)
    with FarReviewer(environ, silent=silent) as reviewer:
        reviewer.wait_for("pending ")
        reviewer.wait_here(2.5)  # one that never answers is asked for two seconds
        here = arrive_before_the_news(reviewer, demo, ids)
        reviewer.type("ayay")
        reviewer.wait_for("Nothing decided: ")
        reviewer.wait_until(lambda: reviewer.under_cursor() == ids[here + 2])
        reviewer.wait_here(1.2)
        assert decided(record) == {ids[here]}

        reviewer.type("ay")  # seen now
        reviewer.wait_until(lambda: decided(record) == {ids[here], ids[here + 2]})


def test_a_reason_typed_for_a_row_that_is_gone_is_no_command(
    demo: DemoHost, environ: dict[str, str], record: Path
) -> None:
    ids = listed(demo, 40)
    with FarReviewer(environ) as reviewer:
        reviewer.wait_for("pending ")
        reviewer.wait_here(1.0)
        control(demo, "decide", {"id": ids[20], "verdict": "accept"})
        reviewer.go_to(20)
        reviewer.type("ay")
        reviewer.type(["r", "0", *"a fuzzy day, ray by ray", "Enter"])
        reviewer.wait_for("Nothing decided: ")
        reviewer.wait_here(1.5)
        assert decided(record) == {ids[19]}
        assert reviewer.under_cursor() == ids[21]


def test_typing_ahead_goes_on_where_nothing_jumped(
    demo: DemoHost, environ: dict[str, str], record: Path
) -> None:
    ids = listed(demo, 8)
    with FarReviewer(environ) as reviewer:
        reviewer.wait_for("pending ")
        reviewer.wait_until(lambda: reviewer.under_cursor() == ids[0])
        reviewer.wait_here(0.3)
        reviewer.type("ayayayjay")
        reviewer.wait_until(lambda: len(effects(record)) == 4)
        assert decided(record) == {*ids[:3], ids[4]}


@pytest.mark.parametrize("silent", [False, True], ids=["reports", "no reports"])
@pytest.mark.parametrize("sitting", range(0, VERDICTS, SITTING))
def test_no_verdict_is_about_a_dataset_that_was_not_on_the_screen(
    demo: DemoHost, environ: dict[str, str], record: Path, sitting: int, silent: bool
) -> None:
    """A colleague decides the next row at every moment around the keys."""
    random = Random(sitting)
    ids = listed(demo, 800)
    seen: set[str] = set()
    rounds = iter(range(5, 790, 5))
    with FarReviewer(environ, silent=silent) as reviewer:
        reviewer.wait_for("pending ")
        reviewer.wait_here(2.5)
        while len(effects(record)) < min(SITTING, VERDICTS - sitting):
            at = next(rounds)
            meanwhile = random.choice((None, *range(-1, 5)))  # at which key; before the row came
            if meanwhile == -1:
                decide_elsewhere(demo, ids[at + 1])
            reviewer.go_to(at + 1)
            reviewer.wait_here(random.choice((0.0, 0.0, 0.05, 0.1, 0.2, 0.6)))
            below = reviewer.next_undecided()  # none where the cursor's row is the last one shown
            seen |= {ids[at]} | ({ids[at + below]} if below else set())
            for number, key in enumerate(random.choice(TRAINS)):
                if meanwhile == number:
                    decide_elsewhere(demo, ids[at + 1])
                reviewer.type([key])
            reviewer.wait_here(1.2)
            reviewer.press("Esc")  # its template may want a detail
            reviewer.wait_here(0.8)
        reviewer.press("q")
        assert reviewer.wait_for_end() == 0
    assert decided(record) <= seen


def decide_elsewhere(demo: DemoHost, dataset_id: str) -> None:
    with suppress(httpx.HTTPStatusError):  # it is decided already
        control(demo, "decide", {"id": dataset_id, "verdict": "accept"})
