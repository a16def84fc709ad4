"""Whatever is typed at whatever moment of the start: what was kept is not sent, and typed text
arrives whole where it belongs."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pty.reviewing import posts, under_cursor
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

TEXTS = {  # typed, and what then stands on the screen
    "/sensor": "sensor",
    "/ send": "status:pending send",
    "/ dark sky": "status:pending dark sky",
    "/ type:episode s": "type:episode s",
    ":refresh": "refresh",
    ":outbox": "outbox",
    ":statistics": "statistics",
    ":send": "send",
}
KEYS = (
    "s",
    "sss",
    "l",
    "d",
    "n",
    "N",
    "y",
    "ay",
    "ss",
    "sdrop",
    "jjs",
    "$s",
    "$n",
    "$N",
    "$many",
    "$drop",
    "$send",
    "S",
    "?s",
    "csk",
    "Enter",
    "osd",
)
MOMENTS = [0.02 * step for step in range(50)]  # seconds after the start


@pytest.fixture
def kept(environ: dict[str, str]) -> dict[str, str]:
    """Two decisions were kept."""
    with TerminalSession(gerra_tui("--hold", "60"), environ=environ) as terminal:
        for count in (1, 2):
            terminal.wait_for(ROW)
            dataset_id = under_cursor(terminal)
            terminal.press("a")
            terminal.wait_for(f"id {dataset_id}")
            terminal.press("y")
            terminal.wait_for(f"outbox: {count} held")
        terminal.process.terminate()
        assert terminal.wait_for_end() == 143
    return environ


def start_and_type(environ: dict[str, str], record: Path, moment: float, typed: str) -> None:
    """With what was kept as it was before: nothing is sent, and all of it is told of."""
    state = Path(environ["XDG_STATE_HOME"])
    before = state.with_name("before")
    if not before.exists():
        shutil.copytree(state, before)
    shutil.rmtree(state)
    shutil.copytree(before, state)
    with TerminalSession(gerra_tui("--fresh"), environ=environ) as terminal:
        terminal.read_for(moment)
        terminal.press(*([typed] if len(typed) > 1 and typed.istitle() else typed))
        if typed in TEXTS:
            terminal.wait_for(re.escape(TEXTS[typed]))
        terminal.wait_for("outbox: 2 kept")
        terminal.settle()
        if typed in TEXTS:
            assert TEXTS[typed] in terminal.text
    assert posts(record) == []


@pytest.mark.parametrize("typed", ["/sensor", ":refresh", "s", "$send"])
def test_what_was_kept_is_not_sent_by_what_is_typed_at_the_start(
    kept: dict[str, str], record: Path, typed: str
) -> None:
    for moment in MOMENTS[10::20]:
        start_and_type(kept, record, moment, typed)


@pytest.mark.slow
@pytest.mark.parametrize("typed", [*TEXTS, *KEYS])
def test_what_was_kept_is_not_sent_by_anything_typed_at_any_moment_of_the_start(
    kept: dict[str, str], record: Path, typed: str
) -> None:
    for moment in MOMENTS:
        start_and_type(kept, record, moment, typed)


def test_what_was_kept_is_not_sent_by_what_is_typed_while_the_journal_is_locked(
    kept: dict[str, str], record: Path
) -> None:
    journal = Path(kept["XDG_STATE_HOME"], "gerra-tui", "journal.db")
    with TerminalSession(gerra_tui("--fresh"), environ=kept) as terminal:
        with sqlite3.connect(journal, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            terminal.wait_for(ROW)
            terminal.press("/", *" sensor", pause=0.2)
            time.sleep(1)
            other.execute("ROLLBACK")
        other.close()
        terminal.press(*" still", pause=0.2)
        terminal.wait_for("outbox: 2 kept")
        terminal.settle()
        assert "status:pending sensor still" in terminal.text
        assert "2 decisions were kept: $ looks, sends or drops" in terminal.text
    assert posts(record) == []


def test_nothing_typed_at_the_start_is_sent_as_the_key(
    environ: dict[str, str], demo: DemoHost
) -> None:
    with TerminalSession(gerra_tui(), environ=environ | {"GERRA_API_KEY": ""}) as terminal:
        terminal.wait_for("needs an API key")
        terminal.press(*"/sensor", "Enter")
        terminal.wait_for("pending.*sensor")
        terminal.wait_for("needs an API key")
        assert "refused" not in terminal.text
        terminal.press(demo.api_key, "Enter")
        terminal.wait_for("No match|pending ")


def test_the_key_in_use_outlives_another_that_is_refused(environ: dict[str, str]) -> None:
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.press(":", "key", "Enter")
        terminal.wait_for("needs an API key")
        terminal.press("sensor", "Enter")
        terminal.wait_for(r"Key refused \(401\)")
        terminal.press("Esc")
        terminal.wait_until_gone("needs an API key")
        terminal.press("R")
        terminal.wait_for("Refreshed")
