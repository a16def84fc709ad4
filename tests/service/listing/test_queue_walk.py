"""In a walk from top to bottom, every dataset that stays pending is shown exactly once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gerra_tui.domain.query import Query, parse
from gerra_tui.service.failures import Failure
from gerra_tui.service.listing.queue import ReviewQueue
from tests.service.listing.shifting_list import ShiftingList, StillClock, Totals

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = 20
MOST_STEPS = 400


def query(text: str) -> Query:
    parsed = parse(text).query
    assert parsed is not None
    return parsed


async def at_rest(queue: ReviewQueue) -> None:
    """Until nothing is on its way any more."""
    for _ in range(5000):
        await asyncio.sleep(0)
        if queue.at_rest:
            return
    raise AssertionError("the queue never rests")


@dataclass
class Walk:
    """A reviewer who goes down a window at a time, while things happen between."""

    service: ShiftingList
    text: str = "status:pending"
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = ReviewQueue(self.service, StillClock())
        self.lines: dict[str, int] = {}
        self.top = 0

    async def begin(self) -> None:
        self.queue.show(query(self.text))
        self.queue.look_at(0, WINDOW)
        await at_rest(self.queue)

    def look(self) -> list[str]:
        """What is on the screen now."""
        shown = []
        for line in range(self.top, min(self.top + WINDOW, self.queue.length)):
            row = self.queue.row(line)
            if row is not None and row.id is not None:
                shown.append(row.id)
        return shown

    async def go_to(self, top: int) -> None:
        self.top = max(0, min(top, max(0, self.queue.length - WINDOW)))
        self.queue.look_at(self.top, self.top + WINDOW)
        await at_rest(self.queue)
        self.seen += self.look()

    async def to_the_end(self) -> None:
        for _ in range(MOST_STEPS):
            await self.go_to(self.top)
            at_bottom = self.top + WINDOW >= self.queue.length
            if at_bottom and self.queue.status.exhausted:
                return
            if self.queue.status.failure is not None:
                self.queue.retry_now()  # what its timer does
                await at_rest(self.queue)
            await self.go_to(self.top + WINDOW - 3)
        raise AssertionError(f"the walk never ends: {self.queue.status}")

    def all_lines(self) -> list[str]:
        ids = (self.queue.id_at(line) for line in range(self.queue.length))
        return [one for one in ids if one is not None]


def check(walk: Walk, stayed: Sequence[str]) -> None:
    lines = walk.all_lines()
    assert len(lines) == len(set(lines)), "a dataset stands on two lines"
    missing = set(stayed) - set(lines)
    assert not missing, f"{len(missing)} never shown"
    assert set(stayed) <= set(walk.seen), "on a line, but never on the screen"


@st.composite
def happenings(draw: st.DrawFn) -> list[tuple[str, int]]:
    kinds = ["decide_here", "decide_above", "decide_anywhere", "arrive", "touch", "fail"]
    kinds += ["jump", "find_end"]
    return draw(st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 10_000)), max_size=60))


async def walk_through(
    count: int,
    totals: Totals,
    ties: int,
    text: str,
    steps: Sequence[tuple[str, int]],
    pace: int,
    most: int = 1000,
    behind: int | None = None,
) -> None:
    service = ShiftingList(count, totals=totals, ties=ties, most=most, behind=behind)
    walk = Walk(service, text)
    existed = set(service.pending)
    touched: set[str] = set()
    await walk.begin()
    for number, (kind, value) in enumerate(steps):
        happen(service, walk, kind, value, touched)
        if kind == "find_end":
            with suppress(Failure):
                await walk.queue.find_end()
            await walk.go_to(walk.queue.length)
        elif kind == "jump" and walk.queue.length:
            await walk.go_to(value % walk.queue.length)
        elif number % pace == 0:
            await walk.go_to(walk.top + WINDOW - 3)
    walk.top = 0
    await walk.to_the_end()
    stayed = [one for one in service.pending if one in existed]
    wanted = "telemetry" if "telemetry" in text else None
    check(walk, [one for one in stayed if wanted in (None, service.entries[one].kind)])
    await walk.queue.close()


def happen(service: ShiftingList, walk: Walk, kind: str, value: int, touched: set[str]) -> None:
    pending = service.pending
    if kind == "arrive":
        service.arrive()
    elif kind == "fail":
        service.failing = 1
    elif kind == "touch" and pending:
        service.touch(pending[value % len(pending)])
        touched.add(pending[value % len(pending)])
    elif kind == "decide_anywhere" and pending:
        service.decide(pending[value % len(pending)])
    elif kind in ("decide_here", "decide_above"):
        shown = list(walk.look() if kind == "decide_here" else walk.seen)
        shown = [one for one in shown if service.entries[one].status == "pending"]
        for one in shown[value % (len(shown) or 1) :][:7]:
            service.decide(one)


@pytest.mark.parametrize("most", [1000, 50])
@pytest.mark.parametrize("totals", ["exact", "absent", "page"])
@pytest.mark.parametrize("count", [0, 1, 19, 20, 99, 100, 101, 250, 1000])
async def test_a_still_list_is_shown_whole_and_in_order(
    count: int, totals: Totals, most: int
) -> None:
    service = ShiftingList(count, totals=totals, most=most)
    walk = Walk(service)
    await walk.begin()
    await walk.to_the_end()
    assert walk.all_lines() == service.pending
    assert walk.queue.status.total == count
    await walk.queue.close()


CASES = given(
    count=st.integers(0, 450),
    totals=st.sampled_from(["exact", "absent", "page"]),
    ties=st.sampled_from([1, 1, 5, 40]),
    text=st.sampled_from(["status:pending", "status:pending type:telemetry,nothing"]),
    steps=happenings(),
    pace=st.integers(1, 4),
    most=st.sampled_from([1000, 1000, 200, 50]),
    behind=st.sampled_from([None, 404, 416, 422]),
)


@pytest.mark.no_cover  # the same lines thousands of times
@settings(max_examples=150)
@CASES
@example(168, "exact", 40, "status:pending", [], 1, 50, None)
@example(300, "exact", 1, "status:pending", [("decide_here", 0)] * 40, 1, 1000, None)
@example(400, "exact", 1, "status:pending", [("decide_above", 0)] * 50, 2, 1000, 416)
@example(
    300, "exact", 1, "status:pending", [("jump", 250), ("decide_anywhere", 3)] * 10, 1, 1000, None
)
@example(
    400, "absent", 1, "status:pending", [("find_end", 0), ("decide_here", 0)] * 10, 1, 1000, None
)
@example(
    400, "page", 5, "status:pending", [("decide_above", 0), ("find_end", 0)] * 10, 1, 1000, None
)
def test_whatever_stays_pending_is_shown_exactly_once(
    count: int,
    totals: Totals,
    ties: int,
    text: str,
    steps: list[tuple[str, int]],
    pace: int,
    most: int,
    behind: int | None,
) -> None:
    asyncio.run(walk_through(count, totals, ties, text, steps, pace, most, behind))


@pytest.mark.slow
@settings(max_examples=5000)
@CASES
def test_whatever_stays_pending_is_shown_exactly_once_in_thousands_of_cases(
    count: int,
    totals: Totals,
    ties: int,
    text: str,
    steps: list[tuple[str, int]],
    pace: int,
    most: int,
    behind: int | None,
) -> None:
    asyncio.run(walk_through(count, totals, ties, text, steps, pace, most, behind))
