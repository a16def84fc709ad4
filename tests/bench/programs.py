"""The programs that are measured: how each is started, when it is ready, and its keys."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench.line import Line, Link
from tests.bench.world import DATASETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.world import Service, World

CONSOLE: Final = "console"
TEXTUAL: Final = "Textual"  # the console on Textual's own driver
DATATABLE: Final = "DataTable"
VISIDATA: Final = "VisiData"
NEOMUTT: Final = "neomutt"
PEERS: Final = (TEXTUAL, DATATABLE, VISIDATA, NEOMUTT)
ROWS: Final = 10_000  # of the peers' lists
LOADING: Final = 120.0  # seconds
_MUTT_SETTINGS: Final = "set menu_scroll folder=/ record='' sleep_time=0 mail_check=600\n"
_HERE: Final = Path(__file__).parent
_POSITION: Final = re.compile(r"^ ?[0-9][0-9,]*/[0-9?]", re.MULTILINE)  # in the status line


@dataclass(frozen=True, slots=True)
class Keys:
    """What to press for the same work; empty where a program cannot do it."""

    down: str = "Down"
    page: str = "PageDown"
    top: str = "Home"
    end: str = "End"
    dialog: str = ""
    close: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """`ready` is asked of the screen's text."""

    name: str
    command: list[str]
    environ: dict[str, str]
    ready: Callable[[str], bool]
    keys: Keys = field(default_factory=Keys)
    first: tuple[str, ...] = ()  # keys that bring it to where it is measured

    @contextmanager
    def running(self, link: Link | None = None) -> Iterator[Line]:
        """Started, ready and at rest."""
        with Line(self.command, environ=self.environ, link=link) as line:
            line.wait_until(lambda: self.ready(line.text), f"{self.name} is not ready", LOADING)
            line.settle(0.5)
            for name in self.first:
                line.key(name, quiet=0.5)
            yield line


def is_live(text: str) -> bool:
    """Whether the console shows rows that the service gave at this start, wherever it resumed."""
    return "as of" in text and shows_rows(text) and _POSITION.search(text) is not None


def shows_rows(text: str) -> bool:
    """Whether the console shows rows, be they kept ones of the last session."""
    return any(line.startswith(">") and " ... " not in line for line in text.split("\n"))


def console(
    world: World,
    service: Service | None = None,
    *,
    arguments: tuple[str, ...] = (),
    plain: bool = False,
    list_alone: bool = False,
    profile: dict[str, str] | None = None,
    ready: Callable[[str], bool] = is_live,
) -> Program:
    """The console; `plain` is on Textual's own driver, `list_alone` without the detail pane."""
    service = service or world.service(DATASETS)
    environ = {**service.environ, **(profile or world.profile())}
    if plain:
        environ["GERRA_RAW"] = "1"
    command = [sys.executable, "-m", "gerra_tui", *arguments]
    keys = Keys(top="g", end="G", dialog="a", close="n")
    first = ("p",) if list_alone else ()
    return Program(TEXTUAL if plain else CONSOLE, command, environ, ready, keys, first)


def consoles(world: World) -> list[Program]:
    """With both drivers, the list alone on the screen as the peers have it."""
    return [console(world, plain=plain, list_alone=True) for plain in (False, True)]


def in_tmux(world: World, program: Program) -> Program | None:
    """The same within tmux, with its default settings but one: it ends with its terminal."""
    if shutil.which("tmux") is None:
        return None
    settings = world.file("tmux.conf", "set -g destroy-unattached on\n")
    tmux = ["tmux", "-f", str(settings), "-S", str(settings.with_name("tmux"))]
    return replace(program, command=[*tmux, "new-session", shlex.join(program.command)])


def datatable(world: World, rows: int = ROWS) -> Program:
    command = [sys.executable, str(_HERE / "datatable_app.py"), str(world.table(rows))]
    keys = Keys(dialog="a", close="n", change="s")
    return Program(DATATABLE, command, world.profile(), lambda text: "pending" in text, keys)


def visidata(world: World, rows: int = ROWS) -> Program | None:
    """Null where it is not installed."""
    if find_spec("visidata") is None:
        return None
    command = [str(Path(sys.executable).with_name("vd")), str(world.table(rows))]
    keys = Keys(down="j", page="PageDown", top="gg", end="G")
    told = f"{rows} rows"
    return Program(VISIDATA, command, world.profile(), lambda text: told in text, keys)


def neomutt(world: World, rows: int = ROWS) -> Program | None:
    """Null where it is not installed."""
    if shutil.which("neomutt") is None:
        return None
    settings = world.file("neomuttrc", _MUTT_SETTINGS)
    command = ["neomutt", "-n", "-F", str(settings), "-R", "-f", str(world.mailbox(rows))]
    keys = Keys(down="j", page="PageDown", top="=", end="*")
    return Program(NEOMUTT, command, world.profile(), lambda text: "Msgs:" in text, keys)


def smallest(world: World) -> Program:
    """The least that a start in Textual costs."""
    command = [sys.executable, str(_HERE / "smallest_app.py")]
    return Program(TEXTUAL, command, world.profile(), lambda text: "ready" in text)


def peers(world: World, rows: int = ROWS, *, always: bool = False) -> list[Program]:
    """All that are installed; in a short run none but `always`."""
    if not (always or world.length.all_peers):
        return []
    found = [datatable(world, rows), visidata(world, rows), neomutt(world, rows)]
    return [program for program in found if program is not None]


def missing() -> list[str]:
    """A sentence for each peer that is not measured."""
    told = []
    if find_spec("visidata") is None:
        told.append("VisiData is not installed (pip install '.[bench]'): its column is empty.")
    if shutil.which("neomutt") is None:
        told.append("neomutt is not installed: its column is empty.")
    return told
