"""What becomes of decisions when the console's end comes at the worst moment."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.patience import PATIENCE
from tests.pty.reviewing import control, posts, send_all, sent, under_cursor
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

ENDS = [(signal.SIGHUP, 129), (signal.SIGTERM, 143)]


@pytest.fixture
def soon_again(environ: dict[str, str]) -> dict[str, str]:
    """The same console, which sends a second time after a second already."""
    config = Path(environ["XDG_CONFIG_HOME"], "gerra-tui", "config.toml")
    config.parent.mkdir(parents=True)
    config.write_text("[decide]\nhold = 0\nresend_after = 1\n")
    return environ


def meet(demo: DemoHost, fault: str, **more: object) -> None:
    """The next verdict meets this fault."""
    match = {"method": "POST", "path": "/datasets/*"}
    control(demo, "faults", [{"fault": fault, "match": match, **more}])


def effects(record: Path) -> list[str]:
    """The datasets on which a verdict took effect, each time."""
    return [one["dataset_id"] for one in posts(record) if one["took_effect"]]


def accept(terminal: TerminalSession) -> str:
    """Accept what is under the cursor; gives its id."""
    terminal.wait_for(ROW)
    dataset_id = under_cursor(terminal)
    terminal.press("a")
    terminal.wait_for(f"id {dataset_id}")
    terminal.press("y")
    return dataset_id


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_signal_while_the_answer_is_awaited_is_settled_by_reading(
    demo: DemoHost, soon_again: dict[str, str], record: Path, number: signal.Signals, code: int
) -> None:
    with TerminalSession(gerra_tui(), environ=soon_again) as terminal:
        meet(demo, "slow:60")
        dataset_id = accept(terminal)
        sent(record, 1)
        terminal.wait_for("1 sending")
        terminal.process.send_signal(number)
        assert terminal.wait_for_end() == code
        assert terminal.modes_are_restored
    with TerminalSession(gerra_tui(), environ=soon_again) as terminal:
        terminal.wait_for("1 decision was kept: .* looks, sends or drops")
        terminal.wait_for("outbox empty")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert effects(record) == [dataset_id]


@pytest.mark.parametrize(("number", "code"), ENDS[1:])
def test_what_never_arrived_is_kept_and_sent_once_when_told(
    demo: DemoHost, soon_again: dict[str, str], record: Path, number: signal.Signals, code: int
) -> None:
    with TerminalSession(gerra_tui(), environ=soon_again) as terminal:
        meet(demo, "hang-before")
        dataset_id = accept(terminal)
        terminal.wait_for("1 sending")
        terminal.process.send_signal(number)
        assert terminal.wait_for_end() == code
        assert terminal.modes_are_restored
    with TerminalSession(gerra_tui(), environ=soon_again) as terminal:
        terminal.wait_for("1 decision was kept")
        terminal.wait_for("1 kept")
        assert effects(record) == []
        terminal.press("$")
        terminal.wait_for("ACC kept")
        send_all(terminal)
        terminal.wait_for("outbox empty")
        terminal.press("q")
        terminal.wait_for(ROW)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert effects(record) == [dataset_id]


def test_a_signal_waits_for_an_answer_that_is_on_its_way(
    demo: DemoHost, soon_again: dict[str, str], record: Path
) -> None:
    with TerminalSession(gerra_tui(), environ=soon_again) as terminal:
        meet(demo, "slow:2")
        accept(terminal)
        sent(record, 1)
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.wait_for_end() == 129
        assert terminal.modes_are_restored
        assert b"1 accepted, 0 rejected, outbox empty" in terminal.raw
    assert len(effects(record)) == 1


def test_a_dropped_connection_leaves_word_of_what_was_kept_and_how_to_go_on(
    environ: dict[str, str], record: Path
) -> None:
    with TerminalSession(gerra_tui("--hold", "60"), environ=environ) as terminal:
        accept(terminal)
        terminal.wait_for("outbox: 1 held")
        terminal.hang_up()
        assert terminal.process.wait(timeout=PATIENCE) == 129
    log = Path(environ["XDG_STATE_HOME"], "gerra-tui", "console.log").read_text()
    assert "hung up (SIGHUP): 0 accepted, 0 rejected, outbox: 1 kept. To go on" in log
    assert "Traceback" not in log
    assert posts(record) == []


def test_after_a_signal_the_last_line_says_how_to_go_on(environ: dict[str, str]) -> None:
    with TerminalSession(gerra_tui("--hold", "60"), environ=environ) as terminal:
        accept(terminal)
        terminal.wait_for("outbox: 1 held")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 143
        told = "0 accepted, 0 rejected, outbox: 1 kept. To go on where you were: gerra-tui"
        assert terminal.raw.decode().rstrip().endswith(told)


def test_a_reason_that_is_being_typed_outlives_a_dropped_connection(
    environ: dict[str, str],
) -> None:
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.press("r")
        terminal.wait_for("Reason:")
        terminal.press("Gripper leaves")
        terminal.wait_for("Gripper leaves")
        terminal.hang_up()
        assert terminal.process.wait(timeout=PATIENCE) == 129
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.wait_for("as of")
        terminal.settle()
        terminal.press("r")
        terminal.wait_for("Gripper leaves")


def test_while_the_console_is_stopped_holds_do_not_run(
    environ: dict[str, str], record: Path
) -> None:
    with TerminalSession(gerra_tui("--hold", "3"), environ=environ) as terminal:
        accept(terminal)
        terminal.wait_for("outbox: 1 held")
        terminal.process.send_signal(signal.SIGTSTP)
        terminal.wait_for_stop()
        time.sleep(3.5)  # longer than the hold
        terminal.process.send_signal(signal.SIGCONT)
        terminal.read_for(1.5)  # of the 5 s at least that are left
        assert "outbox: 1 held" in terminal.text
        assert posts(record) == []
