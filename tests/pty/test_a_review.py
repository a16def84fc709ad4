"""A whole review with keys only, in a real terminal, over a real service: the record tells."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.pty.reviewing import posts, send_all, sent, under_cursor
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty


def test_make_demos_command_opens_and_q_ends_it() -> None:
    with TerminalSession(gerra_tui("--demo")) as terminal:
        terminal.wait_for(r"DEMO .*outbox empty")
        terminal.wait_for(ROW)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"0 accepted, 0 rejected, outbox empty" in terminal.raw


def test_a_review_by_keys_sends_exactly_what_was_decided(  # noqa: PLR0915 - one long walk
    environ: dict[str, str], record: Path
) -> None:
    with TerminalSession(gerra_tui("--hold", "2"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.press("/")
        terminal.settle()
        terminal.press(" type:episode", "Enter")
        terminal.wait_for(r"service: status:pending type:episode")
        count = terminal.wait_for(r"2 Episode ([\d,]+)")[1]
        terminal.wait_for(f" 1/{count} ")
        for _ in range(9):
            terminal.press("PageDown", pause=0.05)
        terminal.wait_for(r" 3\d\d/[\d,]+ ")
        terminal.wait_for(ROW)

        accepted = under_cursor(terminal)
        terminal.press("Enter", "i")
        terminal.wait_for(r"BEFORE  \d")
        terminal.press("Esc")
        terminal.wait_for(ROW)
        terminal.press("a")
        terminal.wait_for(r"Accept this dataset\?")
        terminal.wait_for(f"id {accepted}")
        terminal.wait_for("y accept   n no")
        terminal.press("y")
        terminal.wait_for("ACC held")
        terminal.wait_for("outbox: 1 held")

        by_template = under_cursor(terminal)
        assert by_template != accepted
        terminal.press("r")
        terminal.wait_for(r"Reject this dataset\?")
        terminal.press("1")
        terminal.wait_for("File damaged or incomplete")
        terminal.press("Enter")
        terminal.wait_for("REJ held")

        in_words = under_cursor(terminal)
        terminal.press("r")
        terminal.wait_for("Reason:")
        terminal.press("Gripper leaves the frame at 0:12")
        terminal.wait_for("Gripper leaves the frame at 0:12")
        terminal.press("Enter")
        terminal.wait_until_gone("Reason:")

        taken_back = under_cursor(terminal)
        terminal.press("a")
        terminal.wait_for(f"id {taken_back}")
        terminal.press("y")
        terminal.wait_until_gone("Accept this dataset")
        terminal.press("u")
        terminal.wait_for(f"Taken back: {taken_back[:8]}")

        verdicts = sent(record, 3)
        terminal.wait_for("outbox empty")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"1 accepted, 2 rejected, outbox empty" in terminal.raw
    told = {(one["dataset_id"], one["verdict"], one["reason"]) for one in verdicts}
    assert told == {
        (accepted, "accept", None),
        (by_template, "reject", "File damaged or incomplete"),
        (in_words, "reject", "Gripper leaves the frame at 0:12"),
    }
    assert len(posts(record)) == 3
    assert all(one["took_effect"] for one in verdicts)


def test_a_held_key_never_accepts(environ: dict[str, str], record: Path) -> None:
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.press(*["a"] * 3, pause=0.06)
        terminal.wait_for(r"Accept this dataset\?")
        terminal.press("Enter", "Space", "a", pause=0.06)
        terminal.settle()
        assert "Accept this dataset?" in terminal.text
        terminal.press("n")
        terminal.wait_until_gone("Accept this dataset")
        terminal.press("q")
        terminal.wait_for_end()
    assert posts(record) == []


def test_pasted_text_decides_nothing(environ: dict[str, str], record: Path) -> None:
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        first = under_cursor(terminal)
        terminal.paste("ayayay\nry\njjq")
        terminal.settle()
        assert under_cursor(terminal) == first
        terminal.send(b"ayayayayayayay")  # the same from a terminal without brackets
        terminal.settle()
        assert "Accept this dataset?" not in terminal.text
        terminal.press("q")
        terminal.wait_for_end()
    assert len(posts(record)) <= 1  # the keys of a fast hand, before the burst is a burst


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_dropped_connection_keeps_what_is_held(
    environ: dict[str, str], record: Path, number: signal.Signals, code: int
) -> None:
    with TerminalSession(gerra_tui("--hold", "60"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        dataset_id = under_cursor(terminal)
        terminal.press("a")
        terminal.wait_for(f"id {dataset_id}")
        terminal.press("y")
        terminal.wait_for("outbox: 1 held")
        terminal.process.send_signal(number)
        assert terminal.wait_for_end() == code
        assert b"\x1b[?1049l" in terminal.raw
    assert posts(record) == []
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for("1 decision was kept: .* looks, sends or drops")
        time.sleep(0.5)
        assert posts(record) == []
        terminal.press("$")
        terminal.wait_for("ACC kept")
        send_all(terminal)
        (verdict,) = sent(record, 1)
        assert (verdict["dataset_id"], verdict["verdict"]) == (dataset_id, "accept")
        terminal.wait_for("outbox empty")
        terminal.press("q")
        terminal.wait_for("/ status:pending")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_quitting_with_decisions_unsent_asks(environ: dict[str, str], record: Path) -> None:
    with TerminalSession(gerra_tui("--hold", "manual"), environ=environ) as terminal:
        terminal.wait_for(ROW)
        for _ in range(2):
            dataset_id = under_cursor(terminal)
            terminal.press("a")
            terminal.wait_for(f"id {dataset_id}")
            terminal.press("y")
            terminal.wait_until_gone("Accept this dataset")
        terminal.wait_for("outbox: 2 held")
        terminal.press("q")
        terminal.wait_for("2 decisions are not sent")
        terminal.wait_for("s send now   k keep   d drop   Esc stay")
        terminal.press("Esc")
        terminal.wait_until_gone("2 decisions are not sent")
        terminal.press("q")
        terminal.wait_for("2 decisions are not sent")
        terminal.press("s")
        assert terminal.wait_for_end() == 0
        assert b"2 accepted, 0 rejected, outbox empty" in terminal.raw
    assert len(sent(record, 2)) == 2


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (60, 15), (200, 50)])
def test_every_size_shows_what_is_needed(environ: dict[str, str], columns: int, lines: int) -> None:
    with TerminalSession(gerra_tui(), environ=environ, columns=columns, lines=lines) as terminal:
        terminal.wait_for(ROW)
        terminal.wait_for("@ 127.0.0.1")
        terminal.wait_for("outbox empty")
        dataset_id = under_cursor(terminal)
        terminal.press("a")
        terminal.wait_for(f"id {dataset_id}")
        terminal.wait_for("y accept   n no")
        terminal.press("n")
        terminal.wait_until_gone("Accept this dataset")
        terminal.press("r")
        terminal.wait_for("Enter reject   Esc keep draft")
        terminal.press("Esc")
        terminal.resize(59, 14)
        terminal.wait_for(r"Terminal too small \(59x14\)")
        terminal.resize(columns, lines)
        terminal.wait_for(ROW)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_no_key_is_asked_for_once_and_checked(environ: dict[str, str], demo: DemoHost) -> None:
    with TerminalSession(gerra_tui(), environ=environ | {"GERRA_API_KEY": ""}) as terminal:
        terminal.wait_for("needs an API key")
        terminal.press("wrong-key", "Enter")
        terminal.wait_for(r"Key refused \(401\)")
        terminal.press(demo.api_key, "Enter")
        terminal.wait_for(ROW)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert demo.api_key.encode() not in terminal.raw


def test_without_a_network_it_says_so(environ: dict[str, str]) -> None:
    away = environ | {"GERRA_BASE_URL": "http://127.0.0.1:9"}
    with TerminalSession(gerra_tui(), environ=away) as terminal:
        terminal.wait_for("Cannot reach 127.0.0.1:9")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
