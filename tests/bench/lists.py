"""A million rows: the jump to the end, and memory; and what the service is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.bench import programs
from tests.bench.figures import Figure, figure
from tests.bench.process import memory, spent
from tests.bench.programs import CONSOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.process import Memory
    from tests.bench.programs import Program
    from tests.bench.world import World

MILLION: Final = "million"
MEMORY: Final = "memory"
SERVICE: Final = "service"
FEW: Final = 1_000
TABLE_MOST: Final = 100_000  # rows of a DataTable: a million would take 1.4 GiB and 100 s
CALM: Final = 0.5  # seconds without output after which rows have arrived
WALKED: Final = 1_000  # rows


def everything(world: World, datasets: int) -> Program:
    """The console on the view of all datasets of a service of that size, the list alone."""
    console = programs.console(world, world.service(datasets))
    return replace(console, first=("9", "p"))


def jump(world: World) -> Iterator[Figure]:
    """To the end of a long list and back, its pages in memory; DataTable has 10,000 rows."""
    rows, count = world.length.million, world.length.presses
    measured = [everything(world, rows)]
    if world.length.all_peers:
        measured.append(programs.datatable(world))
        measured += filter(None, [programs.visidata(world, rows)])
    ends: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    for program in measured:
        with program.running() as line:
            for key in (program.keys.end, program.keys.top):
                line.key(key, quiet=CALM)
            found, used = list[float](), list[float]()
            for _ in range(count):
                before = spent(line.pid)
                found.append(line.key(program.keys.end).last * 1000)
                used.append((spent(line.pid) - before).cpu * 1000)
                line.key(program.keys.top)
            ends[program.name], cpu[program.name] = found, used
    yield figure(MILLION, f"to the end of {_short(rows)}", "ms", ends, goal=5)
    yield figure(MILLION, "CPU of that jump", "ms", cpu)


def sizes(world: World) -> Iterator[Figure]:
    """Memory with 1,000 rows and with a million (DataTable: 100,000), after the ends were seen."""
    most = world.length.million
    found = {CONSOLE: {rows: _memory(everything(world, rows)) for rows in (FEW, most)}}
    for rows in (FEW, most) if world.length.all_peers else ():
        table = programs.datatable(world, min(rows, TABLE_MOST))
        for program in filter(None, [table, programs.visidata(world, rows)]):
            found.setdefault(program.name, {})[rows] = _memory(program)
    for rows, goal in ((FEW, None), (most, 70.0)):
        rss = {name: [by_rows[rows].rss] for name, by_rows in found.items()}
        yield figure(MEMORY, f"memory, {_short(rows)} rows, RSS", "MiB", rss, goal=goal)
    pss = {name: [by_rows[most].pss] for name, by_rows in found.items()}
    yield figure(MEMORY, f"memory, {_short(most)} rows, PSS", "MiB", pss)
    more = {name: [by_rows[most].rss - by_rows[FEW].rss] for name, by_rows in found.items()}
    yield figure(MEMORY, f"{_short(most)} more than {_short(FEW)}", "MiB", more, goal=4)


def requests(world: World) -> Iterator[Figure]:
    """What the service is asked for by a jump to the end, and by a walk."""
    rows = world.length.million
    program, service = everything(world, rows), world.service(rows)
    with program.running() as line:
        service.forget_requests()
        line.key("G", quiet=CALM)
        jumped = service.asked()
        line.key("g", quiet=CALM)
    with program.running() as line:
        before, walked = spent(line.pid), 1
        service.forget_requests()
        while walked < WALKED:
            line.key("PageDown")
            walked += 35
        line.settle(CALM)
        asked, used = service.asked(), spent(line.pid) - before
    told = {"G": jumped, "walk": asked}
    for what, (count, size) in told.items():
        name = f"G in {_short(rows)}" if what == "G" else f"walk of {_short(WALKED)} rows"
        yield figure(SERVICE, f"{name}, requests", "", {CONSOLE: [count]})
        yield figure(SERVICE, f"{name}, fetched", "kB", {CONSOLE: [size / 1000]})
    yield figure(SERVICE, "CPU of that walk", "ms/row", {CONSOLE: [used.cpu * 1000 / walked]})


def scan(world: World) -> Iterator[Figure]:
    """A term that only the console can check looks at every row."""
    rows = world.length.scanned
    service = world.service(rows)
    program = programs.console(world, service, arguments=("status:pending",))
    with program.running() as line:
        service.forget_requests()
        line.press("/")
        line.wait_for("Enter")
        before = spent(line.pid)
        line.send(b"\x15name~nowhere-to-be-found\r")
        line.wait_for(f"looked at {rows:,} of {rows:,}", seconds=300)  # what is unreadable may fit
        used = spent(line.pid) - before
    count, _ = service.asked()
    yield figure(
        SERVICE, f"scan of {_short(rows)} rows, CPU", "us/row", {CONSOLE: [used.cpu * 1e6 / rows]}
    )
    yield figure(SERVICE, f"scan of {_short(rows)} rows, requests", "", {CONSOLE: [count]})


def _memory(program: Program) -> Memory:
    with program.running() as line:
        for key in (program.keys.end, program.keys.top, *[program.keys.page] * 5):
            line.key(key, quiet=CALM)
        return memory(line.pid)


def _short(count: int) -> str:
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1_000}k"
