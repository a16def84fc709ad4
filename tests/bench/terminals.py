"""`make bench ARGS="--terminals"`: what each kind of terminal is sent, as a table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from tests.bench import programs
from tests.bench.line import Line
from tests.bench.programs import is_live
from tests.bench.report import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.bench.world import World

TITLES: Final = (
    "terminal", "what is different", "first screen", "cursor down", "PageDown", "dialog",
)  # fmt: skip
RESTED: Final = 0.4  # seconds
PRESSES: Final = 7
TMUX: Final = {"TMUX": "/nowhere,1,0"}
OLDER: Final = "moves and erases as the terminal has them; no query that it would print"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of terminal: how it is told, and what a reader should know of it."""

    name: str
    different: str
    environ: Mapping[str, str] = field(default_factory=dict)
    within_tmux: bool = False


KINDS: Final = (
    Kind("`xterm-256color`", "nothing: sixteen colours, the terminal's own"),
    Kind("the same, `COLORTERM=truecolor`", "nothing", {"COLORTERM": "truecolor"}),
    Kind("`xterm`", "nothing", {"TERM": "xterm"}),
    Kind("`linux`", f"{OLDER}; nothing faint; the screen is cleared at the end", {"TERM": "linux"}),
    Kind("`screen` (GNU screen)", f"{OLDER}; no clipboard", {"TERM": "screen"}),
    Kind("`tmux-256color`", "the clipboard by `tmux load-buffer`",
         {"TERM": "tmux-256color", **TMUX}),
    Kind("what a real tmux sends on", "tmux draws again in its own way", within_tmux=True),
    Kind("`NO_COLOR=1`", "bold, faint and reverse alone", {"NO_COLOR": "1"}),
    Kind("`LC_ALL=C`", "ASCII signs for lines, dots and accents", {"LC_ALL": "C"}),
    Kind("`linux`, `LC_ALL=C`", "both", {"TERM": "linux", "LC_ALL": "C"}),
)  # fmt: skip
REFUSED: Final = ("`dumb`, `vt100`, none", "a sentence that says why and what to do, exit code 2")


def table(world: World) -> str:
    """In Markdown. Bytes at 120x40: what is sent till live rows rest, then medians of presses."""
    lines = [TITLES, ("---", "---", *("--:" for _ in TITLES[2:]))]
    lines += [(kind.name, kind.different, *sizes) for kind, sizes in _measured(world)]
    lines.append((*REFUSED, *("" for _ in TITLES[2:])))
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), ""])


def _measured(world: World) -> Iterator[tuple[Kind, Sequence[str]]]:
    for kind in KINDS:
        program = programs.console(world, list_alone=True)
        program = replace(program, environ={**program.environ, "COLORTERM": "", **kind.environ})
        found = programs.in_tmux(world, program) if kind.within_tmux else program
        if found is None:
            yield kind, ("not installed", *("" for _ in TITLES[3:]))
            continue
        with Line(found.command, environ=found.environ) as line:
            yield kind, [number(size) for size in _sizes(line)]


def _sizes(line: Line) -> Iterator[float]:
    line.wait_until(lambda: is_live(line.text) and "METADATA" in line.text, "it never starts")
    line.settle(RESTED)
    yield len(line.raw)
    line.key("p", quiet=RESTED)
    yield median(line.key("Down").size for _ in range(PRESSES))
    line.key("PageDown", quiet=RESTED)
    yield median(line.key("PageDown", quiet=RESTED).size for _ in range(PRESSES))
    yield median(
        line.key("a", quiet=RESTED).size + line.key("n", quiet=RESTED).size for _ in range(PRESSES)
    )
