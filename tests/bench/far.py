"""The same keys with a service that takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.bench import programs
from tests.bench.figures import Figure, figure
from tests.bench.programs import CONSOLE
from tests.bench.world import DATASETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.line import Line
    from tests.bench.world import World

FAR: Final = "far"
LATENCY_MS: Final = 300
LONGEST_MS: Final = 5_000
# What is pressed, and what takes it back. The page is last: its rows are on their way afterwards.
KEYS: Final = (
    ("Down", "Down", ""),
    ("dataset opens", "Enter", "Esc"),
    ("dialog opens", "a", "n"),
    ("PageDown", "PageDown", ""),
)
READING: Final = 1.0  # seconds without output: the reviewer looks, and neighbours are fetched
RESTED: Final = 150.0  # ms: the cursor rests 120 at most before the pane is drawn


def far(world: World) -> Iterator[Figure]:
    """Keys while each answer of the service takes 300 ms, in turns with one that answers at once.

    PageDown goes where no row has been fetched yet.
    """
    count = world.length.presses
    slow = programs.console(world, world.service(DATASETS, latency_ms=LATENCY_MS), list_alone=True)
    quick = programs.console(world, list_alone=True)
    with quick.running() as near, slow.running() as away:
        moves = _in_turns((near, away), "Down", min(count, 30))
        pages = _in_turns((near, away), "PageDown", count)
        away.press("p")
        away.settle(READING)
        pane = [away.key("Down", quiet=READING).last * 1000 for _ in range(max(count // 4, 3))]
    for what, (at_once, later), more in (("move", moves, 0.5), ("PageDown", pages, 2.5)):
        goal = figure(FAR, what, "ms", {CONSOLE: at_once}).console + more
        name = f"{what}, service 300 ms away"
        yield figure(FAR, name, "ms", {CONSOLE: later}, goal=goal, why=f"at once + {more}")
    yield figure(FAR, "pane of the next row, the same", "ms", {CONSOLE: pane}, goal=RESTED)


def opening(world: World) -> Iterator[Figure]:
    """Keys to their frame with a service that takes 0, 300 and 5,000 ms: none waits for it."""
    for latency in (0, LATENCY_MS, LONGEST_MS):
        service = world.service(DATASETS, latency_ms=latency)
        with programs.console(world, service, list_alone=True).running() as line:
            for what, key, back in KEYS:
                found = []
                for _ in range(world.length.presses):
                    found.append(line.key(key).last * 1000)
                    if back:
                        line.key(back)
                yield figure(FAR, f"{what}, service {latency:,} ms", "ms", {CONSOLE: found})


def _in_turns(lines: tuple[Line, Line], key: str, count: int) -> Sequence[list[float]]:
    """Milliseconds to the last byte, by line."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        for line, times in zip(lines, found, strict=True):
            times.append(line.key(key).last * 1000)
    return found
