"""From the command to the screen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.bench import programs
from tests.bench.figures import Figure, figure
from tests.bench.line import Line
from tests.bench.process import spent
from tests.bench.programs import TEXTUAL, is_live, shows_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.world import World

START: Final = "start"
ROWS: Final = 1_000
RESTED: Final = 0.7  # seconds


def start(world: World) -> Iterator[Figure]:
    """The console with rows kept from the session before, in turns with the others."""
    console = programs.console(world)
    with console.running() as line:  # the first session, which keeps its rows at its end
        line.press("q")
        line.wait_for_end()
    least = programs.smallest(world)
    others = programs.peers(world, ROWS)
    useful: dict[str, list[float]] = defaultdict(list)
    live: dict[str, list[float]] = defaultdict(list)
    first: dict[str, list[float]] = defaultdict(list)
    rested: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)
    for number in range(world.length.starts + 1):
        for program in (least, console, *others):
            shows = shows_rows if program is console else program.ready
            with Line(program.command, environ=program.environ) as line:
                seen = line.moment(shows)
                answered = line.moment(is_live) if program is console else seen
                used = spent(line.pid).cpu * 1000
                line.settle(RESTED)
                if number == 0:
                    continue  # the first start reads the files into the system's cache
                useful[program.name].append(seen.after * 1000)
                live[program.name].append(answered.after * 1000)
                cpu[program.name].append(used)
                if program is not least:
                    first[program.name].append(seen.size)
                    rested[program.name].append(len(line.raw))
    yield _times(figure(START, "start to first useful screen", "ms", useful), 0.35)
    yield _times(figure(START, "start to live rows", "ms", live), 2.0)
    yield _times(figure(START, "CPU until live rows", "ms", cpu), 2.6)
    yield figure(START, "first useful screen", "bytes", first, goal=6_000)
    yield figure(START, "start until at rest", "bytes", rested)


def _times(found: Figure, factor: float) -> Figure:
    """With the goal of at most so many times the smallest Textual program."""
    return replace(found, goal=found.peers[TEXTUAL] * factor, why=f"{factor} x Textual")
