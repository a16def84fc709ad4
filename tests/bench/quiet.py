"""Whether the machine was quiet: told by the smallest Textual program, before and after."""

from __future__ import annotations

import os
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.bench import programs
from tests.bench.line import Line
from tests.bench.process import spent

if TYPE_CHECKING:
    from tests.bench.world import World

STARTS: Final = 5
WAITED: Final = 1.35  # times its CPU: a start waits for nothing but the processor
DRIFT: Final = 1.15
BUSY: Final = 0.5  # processes that wanted to run, by the minute before


class Reference(NamedTuple):
    """Medians of its starts in milliseconds, and the machine's load before them."""

    wall: float
    cpu: float
    load: float


def reference(world: World) -> Reference:
    """Start it some times; the first start reads the files into the system's cache."""
    load = os.getloadavg()[0]
    program = programs.smallest(world)
    walls, cpus = list[float](), list[float]()
    for _ in range(STARTS + 1):
        with Line(program.command, environ=program.environ) as line:
            walls.append(line.moment(program.ready).after * 1000)
            cpus.append(spent(line.pid).cpu * 1000)
    return Reference(median(walls[1:]), median(cpus[1:]), load)


def disquiet(before: Reference, after: Reference) -> str | None:
    """Why times of this run are not to be believed; None where the machine was quiet."""
    if before.load > BUSY:
        return f"the machine's load was {before.load:.1f} before the start"
    for when, found in (("before", before), ("after", after)):
        if found.wall > WAITED * found.cpu:
            return (
                f"the smallest Textual program took {found.wall:.0f} ms {when} all else, "
                f"for {found.cpu:.0f} ms of CPU"
            )
    slow, fast = max(before.wall, after.wall), min(before.wall, after.wall)
    if slow > DRIFT * fast:
        return (
            f"the smallest Textual program took {before.wall:.0f} ms before, {after.wall:.0f} after"
        )
    return None


def told(before: Reference, after: Reference) -> str:
    """A sentence for the table's foot."""
    if why := disquiet(before, after):
        return f"NOT QUIET: {why}. Bytes hold, times do not."
    return (
        f"The machine was quiet: the smallest Textual program took {before.wall:.0f} ms before all "
        f"else and {after.wall:.0f} after."
    )
