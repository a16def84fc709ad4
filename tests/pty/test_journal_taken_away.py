"""The state directory goes away under a running console: nothing is sent, lost or doubled."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pty.reviewing import control, posts, sent, under_cursor
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty


def removed(state: Path) -> None:
    shutil.rmtree(state)


def moved(state: Path) -> None:
    state.rename(state.with_name("elsewhere"))


def restored(state: Path) -> None:
    shutil.rmtree(state)
    shutil.copytree(state.with_name("backup"), state)


def truncated(state: Path) -> None:
    os.truncate(state / "journal.db", 0)


FATES: dict[Callable[[Path], None], str] = {
    removed: "was removed or moved",
    moved: "was removed or moved",
    restored: "was replaced by another file",
    truncated: "was truncated",
}
fates = pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.__name__)


@pytest.fixture
def state(environ: dict[str, str]) -> Path:
    """A state directory with a past, of which there is an old copy."""
    state = Path(environ["XDG_STATE_HOME"], "gerra-tui")
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    shutil.copytree(state, state.with_name("backup"))
    return state


def accept(terminal: TerminalSession) -> str:
    terminal.wait_for(ROW)
    dataset_id = under_cursor(terminal)
    terminal.press("a")
    terminal.wait_for(f"id {dataset_id}")
    terminal.press("y")
    return dataset_id


def kept_at_the_next_start(environ: dict[str, str]) -> str:
    """What the header of the next console says."""
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.wait_for(" as of ")
        terminal.settle(1.0)
        return terminal.wait_for(r"outbox: \d [a-z]+|outbox empty")[0]


@fates
def test_what_is_held_is_neither_sent_nor_lost(
    environ: dict[str, str], state: Path, record: Path, fate: Callable[[Path], None]
) -> None:
    with TerminalSession(gerra_tui("--hold", "4"), environ=environ) as terminal:
        accept(terminal)
        terminal.wait_for("outbox: 1 held")
        fate(state)
        terminal.settle()
        second = accept(terminal)
        terminal.wait_for("Not decided: ")
        terminal.wait_for(FATES[fate].replace(" ", r"\s+"))
        assert under_cursor(terminal)
        time.sleep(4.5)  # longer than the hold
        terminal.settle()
        assert posts(record) == []
        terminal.press("q")
        terminal.wait_for("1 decision is not sent")
        terminal.press("k")
        assert terminal.wait_for_end() == 0
    assert kept_at_the_next_start(environ) == "outbox: 1 kept"
    assert second not in {one["dataset_id"] for one in posts(record)}


@fates
def test_a_verdict_under_way_is_settled_and_not_sent_again(
    demo: DemoHost,
    environ: dict[str, str],
    state: Path,
    record: Path,
    fate: Callable[[Path], None],
) -> None:
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ) as terminal:
        match = {"method": "POST", "path": "/datasets/*"}
        control(demo, "faults", [{"fault": "slow:2", "match": match}])
        dataset_id = accept(terminal)
        sent(record, 1)
        fate(state)
        terminal.wait_for("outbox empty")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"1 accepted" in terminal.raw
    assert kept_at_the_next_start(environ) == "outbox empty"
    assert [one["dataset_id"] for one in posts(record)] == [dataset_id]


@fates
def test_quitting_by_sending_keeps_what_can_no_longer_be_sent(
    environ: dict[str, str], state: Path, record: Path, fate: Callable[[Path], None]
) -> None:
    with TerminalSession(gerra_tui("--hold", "manual"), environ=environ) as terminal:
        accept(terminal)
        terminal.wait_for("outbox: 1 held")
        fate(state)
        terminal.press("q")
        terminal.wait_for("1 decision is not sent")
        terminal.press("s")
        assert terminal.wait_for_end() == 0
    assert posts(record) == []
    assert kept_at_the_next_start(environ) == "outbox: 1 kept"


@fates
def test_a_console_that_is_killed_after_that_loses_nothing(
    environ: dict[str, str], state: Path, record: Path, fate: Callable[[Path], None]
) -> None:
    with TerminalSession(gerra_tui("--hold", "3"), environ=environ) as terminal:
        accept(terminal)
        terminal.wait_for("outbox: 1 held")
        fate(state)
        time.sleep(4)  # the hold's end finds out
        terminal.settle()
        terminal.process.kill()
        terminal.process.wait()
    assert posts(record) == []
    assert kept_at_the_next_start(environ) == "outbox: 1 kept"
