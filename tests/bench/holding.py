"""Nothing held down, and a key held down: idle cost, key repeat, and key repeat on a slow link."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from tests.bench import programs
from tests.bench.figures import Figure, figure
from tests.bench.line import Link
from tests.bench.process import spent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.programs import Keys, Program
    from tests.bench.world import Length, World

IDLE: Final = "idle"
REPEAT: Final = "repeat"
SLOW: Final = "slow"
PER_SECOND: Final = 30  # what a keyboard repeats
SLOW_LINK: Final = Link(rate=20_000, rtt=0.1)
CALM: Final = 3.0  # seconds after the start


def idle(world: World) -> Iterator[Figure]:
    """Nothing is pressed, and nothing arrives: the window ends before the first quiet poll."""
    seconds = world.length.idle_seconds
    sent: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    wakeups: dict[str, list[float]] = {}
    with ExitStack() as stack:
        consoles = [programs.console(world), programs.console(world, plain=True)]
        started = [*programs.peers(world, always=True), *consoles]
        running = [(program.name, stack.enter_context(program.running())) for program in started]
        for _, line in running:
            line.settle(CALM / len(running))
        before = {name: (len(line.raw), spent(line.pid)) for name, line in running}
        time.sleep(seconds)
        for name, line in running:
            size, used = before[name]
            used = spent(line.pid) - used
            while line.pump(0.0):
                pass
            sent[name] = [(len(line.raw) - size) / seconds]
            cpu[name] = [used.cpu * 1000 / seconds]
            wakeups[name] = [used.wakeups / seconds]
    yield figure(IDLE, "idle, bytes a second", "", sent, goal=0)
    yield figure(IDLE, "idle, CPU ms a second", "", cpu, goal=0.2)
    yield figure(IDLE, "idle, wakeups a second", "", wakeups, goal=1)


def repeat(world: World) -> Iterator[Figure]:
    """A key held down: how long the screen goes on after it is let go, and the CPU."""
    for what, key, most in (("Down", _down, 12), ("PageDown", _page, 30)):
        after: dict[str, list[float]] = {}
        share: dict[str, list[float]] = {}
        for program in _measured(world):
            late, used = _held(program, key, world.length)
            after[program.name] = [late * 1000]
            share[program.name] = [used * 100]
        yield figure(REPEAT, f"{what} held, settles after", "ms", after, goal=15)
        yield figure(REPEAT, f"{what} held, of a core", "%", share, goal=most)


def slow(world: World) -> Iterator[Figure]:
    """The same on 20 kB/s and 100 ms round trip."""
    goals = (
        ("Down", _down, SLOW_LINK.rtt + 0.06),
        ("PageDown", _page, 0.7),
    )
    for what, key, goal in goals:
        after = {
            program.name: [_held(program, key, world.length, SLOW_LINK)[0] * 1000]
            for program in _measured(world)
        }
        cap = world.length.patience * 1000
        yield figure(SLOW, f"slow link, {what} settles", "ms", after, goal=goal * 1000, cap=cap)
    inside = [programs.in_tmux(world, program) for program in programs.consoles(world)]
    for what, key, _ in goals:
        after = {
            program.name: [_held(program, key, world.length, SLOW_LINK)[0] * 1000]
            for program in inside
            if program is not None
        }
        if after:
            yield figure(SLOW, f"{what} in tmux on the far side", "ms", after, cap=cap)


def _measured(world: World) -> list[Program]:
    """In a short run the console alone."""
    consoles = programs.consoles(world)
    return [*consoles, *programs.peers(world)] if world.length.all_peers else consoles[:1]


def _held(
    program: Program, key: Callable[[Keys], str], length: Length, link: Link | None = None
) -> tuple[float, float]:
    """Seconds from the release to the screen at rest, and CPU seconds a second."""
    patience, seconds = length.patience, length.repeat_seconds
    with program.running(link) as line:
        before = spent(line.pid)
        late = line.repeat(key(program.keys), rate=PER_SECOND, seconds=seconds, patience=patience)
        return late, (spent(line.pid) - before).cpu / (seconds + late)


def _down(keys: Keys) -> str:
    return keys.down


def _page(keys: Keys) -> str:
    return keys.page
