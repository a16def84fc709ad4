"""`make moving-picture`: a verdict in the real console, as an SVG that plays by itself.

Seed, clock and port are fixed, as for the other pictures. A row of the screen is drawn once for
each time that it looks so, and shown for as long as it does.
"""

from __future__ import annotations

import os
import sys
import time
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from gerra_tui.demo.host import DemoHost
from tests.moment import CLOCK
from tests.screenshots import FOLDER, PORT
from tests.terminal.picture import FONTS, HEIGHT, MARGIN, PAPER, SIZE, WIDTH, row_shapes
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.terminal.emulator import Cell

T = TypeVar("T")
COLUMNS, LINES = 120, 36
NAME: Final = "verdict.svg"


class Step(NamedTuple):
    """A key, a text by which it is known to have been taken, and how long the picture stands."""

    key: str
    shows: str
    seconds: float
    told: str


STEPS: Final = (
    Step("", "DESCRIPTION", 2.0, "the next dataset"),
    Step("a", "y accept   n no", 1.6, "a  accept?"),
    Step("y", "ACC held", 1.6, "y  yes, held for ten seconds"),
    Step("r", "Enter reject   Esc keep draft", 2.0, "r  reject, and why?"),
    Step("2", "Sensor fault in", 1.4, "2  a reason, with details to fill in"),
    Step("thermal.t", "Sensor fault in thermal.t", 1.0, "where"),
    Step("Tab", "Sensor fault in thermal.t", 0.6, "Tab  the next detail"),
    Step("stuck", "thermal.t: stuck", 1.2, "what is wrong"),
    Step("Enter", "REJ held", 1.8, "Enter  held as well"),
    Step("u", "Taken back", 2.2, "u  take it back: nothing was sent"),
)


class Shot(NamedTuple):
    rows: tuple[tuple[Cell, ...], ...]
    seconds: float
    told: str


def shots(environ: Mapping[str, str]) -> Iterator[Shot]:
    with TemporaryDirectory() as home:
        folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "CACHE", "DATA")}
        terminal = {"TERM": "linux", "COLORTERM": "", "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-m", "tests.moment", "--hold", "10"]
        with Session(
            command, columns=COLUMNS, lines=LINES, environ={**environ, **folders, **terminal}
        ) as session:
            session.wait_for("as of")
            for step in STEPS:
                if step.key:
                    session.press(step.key)
                session.wait_for(step.shows)
                session.settle(0.4)
                yield Shot(tuple(map(tuple, session.emulator.cells)), step.seconds, step.told)


def moving(taken: Sequence[Shot]) -> str:
    """Each row and caption while it is so, over and over."""
    height = (LINES + 2) * HEIGHT + 2 * MARGIN
    width = COLUMNS * WIDTH + 2 * MARGIN
    spans: dict[tuple[int, int], list[str]] = {}
    for y in range(LINES):
        for first, last, row in _runs([shot.rows[y] for shot in taken]):
            spans.setdefault((first, last), []).extend(row_shapes(list(row), y))
    for first, last, told in _runs([shot.told for shot in taken]):
        spans.setdefault((first, last), []).append(_caption(told))
    ends = [sum(shot.seconds for shot in taken[:number]) for number in range(len(taken) + 1)]
    styles, groups = [], []
    for (first, last), shapes in spans.items():
        name = f"s{first}-{last}"
        later = ' visibility="hidden"' if first else ""  # what moves nothing shows the first shot
        groups.append(f'<g class="{name}"{later}>{"".join(shapes)}</g>')
        if (first, last) != (0, len(taken)):
            begin, end = (100 * ends[at] / ends[-1] for at in (first, last))
            hidden = "0%{visibility:hidden}" if first else ""
            over = f"{end:.3f}%,100%{{visibility:hidden}}" if last < len(taken) else ""
            styles.append(
                f"@keyframes {name}{{{hidden}{begin:.3f}%{{visibility:visible}}{over}}}"
                f".{name}{{animation:{name} {ends[-1]:g}s step-end infinite}}"
            )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">',
            f"<style>{''.join(styles)}</style>",
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            f'<g font-family="{FONTS}" font-size="{SIZE:g}" xml:space="preserve">',
            *groups,
            "</g>",
            "</svg>",
            "",
        ]
    )


def _runs(looks: Sequence[T]) -> Iterator[tuple[int, int, T]]:
    """From which shot to which, exclusive, it looks so."""
    at = 0
    for look, group in groupby(looks):
        count = len(list(group))
        yield at, at + count, look
        at += count


def _caption(told: str) -> str:
    y = MARGIN + (LINES + 1.3) * HEIGHT
    return f'<text x="{MARGIN:.2f}" y="{y:.2f}" fill="#ffffff">{escape(told)}</text>'


def main() -> int:
    os.environ["TZ"] = "UTC"
    time.tzset()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / NAME
    with DemoHost(["--seed", "1", "--clock", CLOCK, "--port", str(PORT)]) as demo:
        environ = {"GERRA_BASE_URL": demo.base_url, "GERRA_API_KEY": demo.api_key}
        target.write_text(moving(list(shots(environ))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
