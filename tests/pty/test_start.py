"""The start: the frame that the last session kept, and only then what takes long to import."""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gerra_tui.cli.first_screen import NAME
from tests.pty.reviewing import LOOKED
from tests.pty.session import gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.demo.host import DemoHost
    from tests.terminal.emulator import Cell

pytestmark = pytest.mark.pty

IMPORTED = re.compile(rb"import time: +\d+ \| +\d+ \| +([\w.]+)")
ROWS = b"cached "
TEXTUAL = b"textual.app"
CLIENT = b"gerra_tui.api.client"
# Of this program, what the first frame is drawn with.
FIRST = {
    "gerra_tui",
    "gerra_tui.cli",
    "gerra_tui.cli.arguments",
    "gerra_tui.cli.first_screen",
    "gerra_tui.cli.main",
    "gerra_tui.settings",
    "gerra_tui.settings.kept_frame",
    "gerra_tui.settings.paths",
    "gerra_tui.terminal",
    "gerra_tui.terminal.capabilities",
    "gerra_tui.terminal.early",
}
OF_THE_INSTALLATION = {"sitecustomize", "usercustomize", "_distutils_hack", "org"}
STARTS = 3


def walk_once(home: dict[str, str]) -> None:
    """A first session, so that there are rows to begin the next with."""
    with Session(gerra_tui(), environ=home) as session:
        session.wait_for(" as of ")
        session.wait_until(lambda: re.search(LOOKED, session.text) is not None, "no look")
        session.settle()
        session.press("q")
        assert session.wait_for_end() == 0


def kept_frame(home: dict[str, str]) -> Path:
    from pathlib import Path

    return Path(home["XDG_CACHE_HOME"]) / "gerra-tui" / NAME


def imported(told: bytes) -> list[str]:
    return [name.decode() for name in IMPORTED.findall(told)]


def test_the_first_frame_stands_before_textual_is_imported(home: dict[str, str]) -> None:
    walk_once(home)
    python, *arguments = gerra_tui()
    with Session([python, "-X", "importtime", *arguments], environ=home) as session:
        session.wait_until(
            lambda: CLIENT in IMPORTED.findall(session.raw), "the client is never imported"
        )
        told = bytes(session.raw)
    before = imported(told[: told.index(ROWS)])
    assert TEXTUAL in IMPORTED.findall(told)
    ours = {name for name in before if name.startswith("gerra_tui")}
    assert ours <= FIRST
    foreign = {name.partition(".")[0] for name in before} - sys.stdlib_module_names
    assert {
        name
        for name in foreign - OF_THE_INSTALLATION - {"gerra_tui", "__main__"}
        if not name.startswith("__editable__")
    } == set()


def test_without_a_kept_frame_the_kept_rows_come_before_anything_heavy(
    home: dict[str, str],
) -> None:
    walk_once(home)
    kept_frame(home).unlink()
    python, *arguments = gerra_tui()
    with Session([python, "-X", "importtime", *arguments], environ=home) as session:
        session.wait_until(
            lambda: CLIENT in IMPORTED.findall(session.raw), "the client is never imported"
        )
        told = bytes(session.raw)
    before = imported(told[: told.index(ROWS)])
    assert "textual.app" in before
    heavy = ("gerra_tui.api.client", "gerra_tui.demo", "httpx", "pydantic")
    assert [name for name in before if name.startswith(heavy)] == []


def test_the_first_screen_is_sent_once_and_is_small(home: dict[str, str]) -> None:
    walk_once(home)
    with Session(gerra_tui(), environ=home) as session:
        session.wait_for(" as of ")
        session.settle()
        assert len(session.raw) <= 6_000


def test_no_cell_changes_and_changes_back_while_it_starts(home: dict[str, str]) -> None:
    for _ in range(STARTS):
        walk_once(home)
        with Session(gerra_tui(), environ=home) as session:
            seen: list[list[list[Cell]]] = []
            session.wait_until(lambda: ROWS in session.raw, "no kept frame was shown")

            def look() -> bool:
                seen.append([list(row) for row in session.emulator.cells])  # noqa: B023 - used here
                return " as of " in session.text

            session.wait_until(look, "never live")
            session.settle()
            look()
        assert flickering(seen) == set()


def flickering(seen: list[list[list[Cell]]]) -> set[tuple[int, int]]:
    """The cells of rows and pane that had a look, another one, and the first one again.

    Above them the tabs make room for counts, which come one by one.
    """
    found = set()
    for y, row in list(enumerate(seen[0]))[3:-1]:
        for x, first in enumerate(row):
            looks = [first]
            for screen in seen[1:]:
                if screen[y][x] != looks[-1]:
                    looks.append(screen[y][x])
            if len(looks) != len(set(looks)):
                found.add((y, x))
    return found


@pytest.mark.parametrize("after", [0.0, 0.1, 0.3, 0.6])
def test_keys_typed_at_a_start_decide_nothing_that_was_not_live(
    demo: DemoHost, environ: dict[str, str], record: Path, after: float
) -> None:
    walk_once(environ)
    with Session(gerra_tui("--hold", "0"), environ=environ) as session:
        session.wait_until(lambda: ROWS in session.raw, "no kept frame was shown")
        under = re.search(rb"[0-9a-f]{8}-[0-9a-f-]{27}", bytes(session.raw))
        assert under is not None
        time.sleep(after)
        session.press("a")
        time.sleep(0.01)
        session.press("y")
        session.wait_for(" as of ")
        session.settle()
        session.press("Esc")
        session.settle()
        session.press("q")
        session.wait_for_end()
    decided = [json.loads(line)["dataset_id"] for line in record.read_text().splitlines()]
    assert decided in ([], [under[0].decode()])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("after", [0.0, 0.1, 0.4])
def test_a_signal_at_any_moment_of_the_start_leaves_the_terminal_as_it_was(
    home: dict[str, str], number: signal.Signals, after: float
) -> None:
    walk_once(home)
    with Session(gerra_tui(), environ=home) as session:
        before = session.attributes
        session.wait_until(lambda: b"\x1b[?1049h" in session.raw, "nothing is shown")
        time.sleep(after)
        session.signal(number)
        code = session.wait_for_end()
        assert code in (-number, 128 + number)
        assert session.attributes_now == before
        entered, left = bytes(session.raw).rfind(b"\x1b[?1049h"), session.raw.rfind(b"\x1b[?1049l")
        assert left > entered
        assert session.raw.rfind(b"\x1b[?25h") > session.raw.rfind(b"\x1b[?25l")


def test_a_start_that_fails_leaves_the_terminal_and_says_why(home: dict[str, str]) -> None:
    from pathlib import Path

    walk_once(home)
    config = Path(home["XDG_CONFIG_HOME"]) / "gerra-tui" / "config.toml"
    broken = {**home, "GERRA_PROFILE": "nobody"}
    config.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Session(gerra_tui(), environ=broken) as session:
        before = session.attributes
        assert session.wait_for_end() == 2
        assert session.attributes_now == before
        assert "nobody" in session.text


def test_a_damaged_frame_is_a_start_as_any(home: dict[str, str]) -> None:
    walk_once(home)
    frame = kept_frame(home)
    frame.write_bytes(frame.read_bytes()[:-1] + b"\x1b]0;owned\x07")
    frame.chmod(0o600)
    with Session(gerra_tui(), environ=home) as session:
        session.wait_for(" as of ")
        session.press("q")
        assert session.wait_for_end() == 0
        assert b"owned" not in session.raw


def test_no_secret_is_kept_in_the_frame(service: DemoHost, home: dict[str, str]) -> None:
    walk_once(home)
    kept = kept_frame(home).read_bytes()
    assert kept_frame(home).stat().st_mode & 0o777 == 0o600
    assert service.api_key.encode() not in kept
    assert re.search(rb"https?://[^ ]*\?", kept) is None
    assert re.search(rb"\x1b[^\[]", kept) is None
