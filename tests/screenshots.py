"""`make screenshots`: the pictures of the README, rebuilt identically from the demo.

Seed, clock, ports and sizes are fixed. Each picture is taken as SVG by Textual, and as PNG from
that by rsvg-convert (Debian's librsvg2-bin) where it is installed.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx

from gerra_tui.bootstrap import workplace
from gerra_tui.demo.host import DemoHost
from gerra_tui.settings.effective import Options, effective
from gerra_tui.settings.paths import Paths
from gerra_tui.ui.app import ReviewApp
from gerra_tui.ui.keys.quiet import QUIET_SECOND
from gerra_tui.ui.keys.registry import Registry
from tests.moment import CLOCK, DatedApi, FixedClock
from tests.terminal_screenshots import pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.pilot import Pilot

PORT = 18_431
SIZES = ((120, 40), (80, 24))
FOLDER = Path(__file__).parent.parent / "screenshots"


@dataclass(frozen=True)
class Listed:
    """The id of the dataset at that line of the list, from 0."""

    line: int


# Name of the picture, keys to get there, and a text that must be on it.
PICTURES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("review", ("j", "j"), "TYP"),
    ("detail", ("j", "enter"), "METADATA"),
    ("iterations", ("j", "j", "j", "i"), "BEFORE"),
    ("accept", ("j", "a"), "Accept this dataset?"),
    ("held", ("j", "a", "y"), "ACC held"),
    ("reject", ("2", "j", "r"), "Reject this dataset?"),
    ("reject-template", ("2", "j", "r", "5"), "Too little happens"),
    ("sorted", ("o", "j", "j", "j", "enter"), "sorted within"),
    ("many", ("space", "space", "space", "k", "a"), "Accept 3 datasets?"),
    ("which", ("space", "space", "a"), "Accept which?"),
    ("again", ("2", "r", "5", "enter", "full_stop"), "Reject this dataset?"),
    ("rejected", ("7",), "REASON"),
    ("compare", ("j", "j", "j", "equals_sign"), "COMPARED"),
    ("narrow", ("2", "comma"), "Only"),
    ("outbox", ("a", "y", "a", "y", "dollar_sign"), "held"),
    ("statistics", ("S",), "7,000"),
    ("help", ("question_mark",), "accept"),
    ("palette", ("colon",), ":"),
    ("copy", ("y",), "Copy"),
    ("query-error", ("slash", *" statsu:x"), "did you mean"),
    ("no-match", ("slash", *" name~nothing-like-it", "enter"), "No match"),
    ("quit", ("a", "y", "q"), "not sent"),
)
# The same while something goes on: what happens at the service before the keys, and a quiet look.
EVENTS: tuple[tuple[str, tuple[tuple[str, Any], ...], tuple[str, ...], str], ...] = (
    (
        "elsewhere",
        (
            ("decide", {"id": Listed(3), "verdict": "accept"}),
            ("decide", {"id": Listed(5), "verdict": "reject", "reason": "The mug vanishes"}),
            ("arrive", {"count": 12}),
        ),
        ("j",),
        "+12 new (R)",
    ),
    (
        "scanning",
        (
            (
                "faults",
                [{"fault": "hang-before", "match": {"path": "/datasets"}, "skip": 3, "times": 9}],
            ),
        ),
        ("slash", *" meta.robot.type:no-such-robot", "enter"),
        "looked at",
    ),
)
TROUBLES: tuple[tuple[str, dict[str, str], str], ...] = (
    ("no-key", {"GERRA_API_KEY": ""}, "needs an API key"),
    ("no-network", {"GERRA_BASE_URL": "http://127.0.0.1:9"}, "Cannot reach"),
)


@contextmanager
def console(environ: dict[str, str]) -> Iterator[ReviewApp]:
    with TemporaryDirectory() as directory:
        settings = effective(Options(), environ, Paths.within(Path(directory)))
        place = workplace(settings, environ, FixedClock())
        yield ReviewApp(place, Registry.of())


async def take(
    name: str,
    keys: tuple[str, ...],
    wanted: str,
    environ: dict[str, str],
    size: tuple[int, int],
    calls: tuple[tuple[str, Any], ...] = (),
) -> None:
    with console(environ) as app:
        async with app.run_test(size=size) as pilot:
            await rest(pilot, app)
            if calls:
                for call, content in calls:
                    await happen(environ, call, named(app, content))
                await app.review.workplace.queue.check_for_new()
            for key in keys:
                await pilot.press(key)
                await rest(pilot, app, least=0.05)
            await rest(pilot, app)
            if not keys:  # what opens by itself waits for a quiet second
                await rest(pilot, app, least=2 * QUIET_SECOND)
            svg = app.export_screenshot(title="gerra-tui", simplify=True)
            svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)  # rsvg drops leading blanks
            if wanted.replace(" ", "&#160;") not in svg:
                sys.stderr.write(f"{name} at {size[0]}x{size[1]} does not show {wanted!r}\n")
            path = FOLDER / f"{name}-{size[0]}x{size[1]}.svg"
            path.write_text(svg, encoding="utf-8")
            app.exit()
    convert(path)


def named(app: ReviewApp, content: Any) -> Any:
    """With the ids in the place of the lines."""
    if not isinstance(content, dict):
        return content
    row = app.review.workplace.queue.row
    ids = {
        name: one.id
        for name, value in content.items()
        if isinstance(value, Listed) and (one := row(value.line)) is not None
    }
    return {**content, **ids}


async def happen(environ: dict[str, str], call: str, content: Any) -> None:
    """One of the demo's own calls, as `gerra_tui.demo.calls.control` has them."""
    headers = {"Gerra-Api-Key": environ["GERRA_API_KEY"]}
    async with httpx.AsyncClient(base_url=environ["GERRA_BASE_URL"], headers=headers) as client:
        (await client.post(f"/_demo/{call}", json=content)).raise_for_status()


async def rest(pilot: Pilot[Any], app: ReviewApp, least: float = 0.25) -> None:
    """Until the services have answered and the detail has settled."""
    await pilot.pause(least)
    for _ in range(100):
        queue = app.review.workplace.queue
        if queue.at_rest and app.review.workplace.details.at_rest:
            break
        await pilot.pause(0.05)
    await pilot.pause(0.15)


def convert(svg: Path) -> None:
    program = shutil.which("rsvg-convert")
    if program:
        subprocess.run([program, "-o", str(svg.with_suffix(".png")), str(svg)], check=True)


async def take_all(environ: dict[str, str], only: set[str]) -> None:
    for size in SIZES:
        for name, keys, wanted in PICTURES:
            if not only or name in only:
                await take(name, keys, wanted, environ, size)
        for name, change, wanted in TROUBLES:
            if not only or name in only:
                await take(name, (), wanted, environ | change, size)


def main() -> int:
    os.environ["TZ"] = "UTC"
    time.tzset()
    FOLDER.mkdir(exist_ok=True)
    only = set(sys.argv[1:])
    arguments = ["--seed", "1", "--clock", CLOCK, "--port", str(PORT)]
    import gerra_tui.bootstrap

    gerra_tui.bootstrap.LateApi = DatedApi  # type: ignore[attr-defined]
    with DemoHost(arguments) as demo:
        environ = {"GERRA_BASE_URL": demo.base_url, "GERRA_API_KEY": demo.api_key}
        asyncio.run(take_all(environ, only))
        for name, svg in pictures(environ, only):
            path = FOLDER / f"{name}.svg"
            path.write_text(svg, encoding="utf-8")
            convert(path)
    for size in SIZES:
        for name, calls, keys, wanted in EVENTS:
            if only and name not in only:
                continue
            with DemoHost(arguments) as demo:
                environ = {"GERRA_BASE_URL": demo.base_url, "GERRA_API_KEY": demo.api_key}
                asyncio.run(take(name, keys, wanted, environ, size, calls))
    return 0


if __name__ == "__main__":
    sys.exit(main())
