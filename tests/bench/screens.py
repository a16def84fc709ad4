"""Bytes and milliseconds of single keys."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Final

from tests.bench import programs
from tests.bench.figures import Figure, figure
from tests.bench.process import spent
from tests.bench.programs import CONSOLE, DATATABLE, TEXTUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.line import Line, Press
    from tests.bench.programs import Keys, Program
    from tests.bench.world import World

BYTES: Final = "bytes"
KEYS: Final = "keys"
TO_THE_EDGE: Final = 45  # lines down that leave no program's first screen
FRAME_END: Final = b"\x1b[6n"  # the console asks whether its frame has arrived
PAINTED: Final = 100.0  # bytes: whatever sends fewer has not painted a row
RESTED: Final = 0.4  # seconds: longer than a pane waits for the cursor to rest


class Alongside:
    """Several programs on the same rows, asked the same in turns: one load for all of them."""

    def __init__(self, running: list[tuple[Program, Line]]) -> None:
        self._running = running

    def press(
        self, key: Callable[[Keys], str], times: int, *, quiet: float = 0.06
    ) -> dict[str, list[Press]]:
        """By program; those that have no such key are left out."""
        presses = defaultdict(list)
        for _ in range(times):
            for program, line in self._running:
                if name := key(program.keys):
                    presses[program.name].append(line.key(name, quiet=quiet))
        return dict(presses)

    def cpu(self) -> dict[str, float]:
        """Milliseconds that each has used since its start."""
        return {program.name: spent(line.pid).cpu * 1000 for program, line in self._running}

    def measured(
        self, key: Callable[[Keys], str], times: int
    ) -> tuple[dict[str, list[Press]], dict[str, list[float]]]:
        """The presses, and the milliseconds of CPU that one of them took."""
        before = self.cpu()
        presses = self.press(key, times)
        after = self.cpu()
        return presses, {name: [(after[name] - before[name]) / times] for name in presses}


def sizes(presses: dict[str, list[Press]]) -> dict[str, list[float]]:
    return {name: [press.size for press in found] for name, found in presses.items()}


def times(presses: dict[str, list[Press]]) -> dict[str, list[float]]:
    """In milliseconds."""
    return {name: [press.last * 1000 for press in found] for name, found in presses.items()}


def full_width(world: World) -> Iterator[Figure]:
    """The list alone on the screen, as the peers have it."""
    count = world.length.presses
    with ExitStack() as stack:
        started = [*programs.consoles(world), *programs.peers(world, always=True)]
        running = [(program, stack.enter_context(program.running())) for program in started]
        all_of_them = Alongside(running)
        moves, move_cpu = all_of_them.measured(lambda keys: keys.down, min(count, 30))
        all_of_them.press(lambda keys: keys.down, TO_THE_EDGE - min(count, 30), quiet=0.02)
        scrolls = all_of_them.press(lambda keys: keys.down, count)
        pages, page_cpu = all_of_them.measured(lambda keys: keys.page, count)
        few = max(count // 5, 2)
        dialogs: dict[str, list[float]] = defaultdict(list)
        for _ in range(few):
            opened = all_of_them.press(lambda keys: keys.dialog, 1, quiet=RESTED)
            closed = all_of_them.press(lambda keys: keys.close, 1, quiet=RESTED)
            for name, found in opened.items():
                dialogs[name].append(found[0].size + closed[name][0].size)
        changes = sizes(all_of_them.press(lambda keys: keys.change, 1, quiet=RESTED))
    changes |= state_changes(world, few)
    painted = PAINTED
    yield figure(BYTES, "cursor move", "bytes", sizes(moves), goal=48)
    yield figure(BYTES, "line scroll, full width", "bytes", sizes(scrolls), goal=250, least=painted)
    yield figure(BYTES, "PageDown, full width", "bytes", sizes(pages), goal=3_000, least=painted)
    yield figure(BYTES, "dialog open + close", "bytes", dialogs, goal=3_200, least=painted)
    yield figure(BYTES, "one row's state changes", "bytes", changes, goal=200, least=1)
    yield _beside(figure(KEYS, "key to last byte, move", "ms", times(moves)), 0.5)
    yield figure(KEYS, "CPU of a move", "ms", move_cpu)
    paged = {name for name, found in sizes(pages).items() if median(found) >= painted}
    of_pages = {name: found for name, found in times(pages).items() if name in paged}
    yield _beside(figure(KEYS, "key to last byte, PageDown", "ms", of_pages), 2.5)
    yield figure(KEYS, "CPU of a PageDown", "ms", {name: page_cpu[name] for name in of_pages})


def _beside(found: Figure, more: float) -> Figure:
    """With the goal of at most so many milliseconds more than on Textual's own driver."""
    return replace(found, goal=found.peers[TEXTUAL] + more, why=f"Textual + {more}")


def state_changes(world: World, count: int) -> dict[str, list[float]]:
    """A decision is held, then sent, then accepted: the last frame, of row and header."""
    found = []
    deciding = programs.console(world, arguments=("--hold", "2"), list_alone=True)
    with deciding.running() as line:
        for _ in range(count):
            line.key("a", quiet=RESTED)
            line.wait_for("Accept this dataset?")
            line.key("y", quiet=RESTED)
            line.wait_for("1 held")
            line.settle(RESTED)
            before = len(line.raw)
            line.wait_for("outbox empty")
            line.settle(RESTED)
            frames = bytes(line.raw[before:]).split(FRAME_END)
            found += [float(len(frame + FRAME_END)) for frame in frames if b"accepted" in frame]
    return {CONSOLE: found}


def beside_the_pane(world: World) -> Iterator[Figure]:
    """The list with the detail pane at its right, as the console opens."""
    count = world.length.presses
    table = programs.datatable(world)
    with programs.console(world).running() as console, table.running() as peer:
        peer.key("p", quiet=RESTED)
        lines = {CONSOLE: console, DATATABLE: peer}
        both = Alongside([(programs.console(world), console), (table, peer)])
        details = {name: [detail(line) for _ in range(10)] for name, line in lines.items()}
        changed = median(count for _, count in details[CONSOLE])
        both.press(lambda keys: keys.down, TO_THE_EDGE, quiet=0.02)
        scrolls = sizes(both.press(lambda keys: keys.down, count))
        pages = sizes(both.press(lambda keys: keys.page, count))
    panes = {name: [size for size, _ in found] for name, found in details.items()}
    yield figure(BYTES, "line scroll beside pane", "bytes", scrolls, goal=1_500)
    yield figure(BYTES, "PageDown beside pane", "bytes", pages, goal=3_000)
    yield figure(BYTES, "detail pane at rest", "bytes", panes, goal=1.2 * changed)


def detail(line: Line) -> tuple[float, int]:
    """Bytes of the pane that follows a move, and the characters that changed on the screen by it.

    The console moves the cursor first. What draws both at once is taken whole.
    """
    line.settle(RESTED)
    line.key("Down")
    moved = len(line.raw)
    before = characters(line)
    line.settle(RESTED)
    if len(line.raw) > moved:
        after = characters(line)
        changed = sum(one != other for one, other in zip(before, after, strict=True))
        return float(len(line.raw) - moved), changed
    return float(line.key("Down", quiet=RESTED).size), 0


def characters(line: Line) -> list[str]:
    """What each cell of the screen shows."""
    line.show()
    return [cell.data for row in line.emulator.cells for cell in row]
