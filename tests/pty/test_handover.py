"""While another program has the terminal, and when the console is stopped or ended by a signal."""

from __future__ import annotations

import os
import re
import shlex
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.patience import PATIENCE
from tests.pty.reviewing import posts
from tests.pty.session import TerminalSession, gerra_tui

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.pty


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    def write(script: str) -> str:
        file = tmp_path / f"program{len(list(tmp_path.iterdir()))}"
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o700)
        return str(file)

    return write


def opened(environ: dict[str, str], **more: str) -> TerminalSession:
    terminal = TerminalSession(gerra_tui("--hold", "60"), environ=environ | more)
    terminal.wait_for(">   ")
    terminal.wait_for("as of")
    terminal.settle(0.3)
    return terminal


def reason(terminal: TerminalSession, text: str) -> None:
    terminal.press("r")
    terminal.wait_for("Reason:")
    terminal.press("0", pause=0.3)
    terminal.press(text)
    terminal.wait_for(re.escape(text))
    terminal.settle(0.2)


def await_file(file: Path) -> None:
    """Nothing is read meanwhile: half a frame would be waited for."""
    deadline = time.monotonic() + PATIENCE
    while not file.exists():
        assert time.monotonic() < deadline, f"{file} never came"
        time.sleep(0.01)


def shell(environ: dict[str, str], **more: str) -> TerminalSession:
    """A console that a shell with job control has started."""
    terminal = TerminalSession(
        ["bash", "--norc", "--noprofile", "-i"], environ=environ | {"PS1": "shell> "} | more
    )
    terminal.wait_for("shell>")
    return terminal


@pytest.mark.parametrize("pager", ["nosuchpager", "/", "less 'x", "true", "exit 3", "kill -9 $$"])
def test_whatever_the_pager_is_the_screen_comes_back(environ: dict[str, str], pager: str) -> None:
    with opened(environ, PAGER=pager) as terminal:
        terminal.press("e")
        terminal.read_for(1.0)
        if "any key goes back" in terminal.text:
            terminal.press("x")
        terminal.wait_for(">   ")
        terminal.settle(0.3)
        if pager != "true":
            assert re.search("cannot be started|ended with", terminal.text)
        terminal.press("j")
        terminal.wait_for(r" 2/\d")


@pytest.mark.parametrize("editor", ["nosucheditor", "/", "vi 'x", "rm", "false", " "])
def test_whatever_the_editor_is_the_text_stays_in_the_dialog(
    environ: dict[str, str], program: Callable[[str], str], editor: str
) -> None:
    path = os.environ["PATH"]
    if editor == " ":  # blank: the default, which is replaced here
        vi = Path(program('echo "by vi" > "$1"'))
        vi = vi.rename(vi.with_name("vi"))
        path = f"{vi.parent}:{path}"
    with opened(environ, EDITOR=editor, PATH=path) as terminal:
        reason(terminal, "Gripper leaves")
        terminal.press("C-o")
        if editor == " ":
            terminal.wait_for("by vi")
        terminal.settle(0.6)
        terminal.wait_for("Reject this dataset")
        if editor != " ":
            terminal.wait_for("Gripper leaves")


def test_a_pipeline_is_a_pager(environ: dict[str, str]) -> None:
    with opened(environ, PAGER="grep data_type | tr a-z A-Z") as terminal:
        terminal.press("e")
        terminal.wait_until(lambda: b'"DATA_TYPE"' in terminal.raw)
        terminal.wait_until(lambda: b"any key goes back" in terminal.raw)
        terminal.press("x")
        terminal.wait_for(">   ")


def test_no_room_for_the_editors_file_is_a_notice(
    environ: dict[str, str], program: Callable[[str], str]
) -> None:
    state = Path(environ["XDG_STATE_HOME"])
    with opened(environ, EDITOR=program("exit 0")) as terminal:
        (state / "gerra-tui" / "editing").write_text("in the way")
        reason(terminal, "Gripper leaves")
        terminal.press("C-o")
        terminal.wait_for("cannot be written for an editor")
        terminal.wait_for("Gripper leaves")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
def test_an_interrupt_is_the_other_programs(
    environ: dict[str, str], tmp_path: Path, program: Callable[[str], str], number: signal.Signals
) -> None:
    here = tmp_path / "here"
    pager = program(f"trap : INT QUIT; touch {here}; sleep 2; sleep 2")
    with opened(environ, PAGER=pager) as terminal:
        terminal.press("e")
        await_file(here)
        os.killpg(terminal.process.pid, number)
        terminal.wait_until(lambda: terminal.raw.count(b"\x1b[?1049h") == 2)
        terminal.settle(0.5)
        terminal.press("j")
        terminal.wait_for(r" 2/\d")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_the_editor_saved_becomes_the_draft_when_the_console_is_told_to_end(
    environ: dict[str, str], program: Callable[[str], str], number: signal.Signals
) -> None:
    editor = program('echo "saved by :w" > "$1"; echo editing; sleep 60')
    with opened(environ, EDITOR=editor) as terminal:
        reason(terminal, "typed")
        terminal.press("C-o")
        terminal.wait_for("editing")
        terminal.process.send_signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert terminal.modes_are_restored
    with opened(environ) as terminal:
        terminal.press("r")
        terminal.wait_for("saved by :w")


def test_what_the_editor_saved_becomes_the_draft_when_the_console_is_killed(
    environ: dict[str, str], program: Callable[[str], str]
) -> None:
    editor = program('echo "saved by :w" > "$1"; echo editing; sleep 5')
    with opened(environ, EDITOR=editor) as terminal:
        reason(terminal, "typed")
        terminal.press("C-o")
        terminal.wait_for("editing")
        terminal.process.kill()
        terminal.process.wait()
    with opened(environ) as terminal:
        terminal.press("r")
        terminal.wait_for("saved by :w")
    assert not list(Path(environ["XDG_STATE_HOME"], "gerra-tui", "editing").glob("*.txt"))


def test_a_held_verdict_is_not_sent_while_another_program_has_the_terminal(
    environ: dict[str, str], program: Callable[[str], str], record: Path
) -> None:
    pager = program("echo the pager is here; sleep 4; exit 3")
    terminal = TerminalSession(gerra_tui("--hold", "3"), environ=environ | {"PAGER": pager})
    with terminal:
        terminal.wait_for(">   ")
        terminal.wait_for("as of")
        terminal.settle(0.3)
        terminal.press("a", pause=0.3)
        terminal.press("y")
        terminal.wait_for("1 held")
        terminal.press("e")
        terminal.wait_until(lambda: b"the pager is here" in terminal.raw)
        terminal.wait_for("ended with exit code 3")
        terminal.press("u")
        terminal.wait_for("Taken back")
    assert posts(record) == []


@pytest.mark.parametrize("where", ["", "S", "$", "L", "?", "a", "r0", "/"])
def test_the_console_is_suspended_from_everywhere(environ: dict[str, str], where: str) -> None:
    with shell(environ) as terminal:
        terminal.press(shlex.join(gerra_tui()), "Enter")
        terminal.wait_for(">   ")
        terminal.wait_for("as of")
        terminal.settle(0.5)
        for key in where:
            terminal.press(key)
            terminal.settle(0.4)
        before = terminal.text
        terminal.press("C-z")
        terminal.wait_for("Stopped")
        terminal.press("fg", "Enter")
        terminal.wait_until(lambda: terminal.text == before)


def test_a_script_around_the_console_stops_with_it(
    environ: dict[str, str], program: Callable[[str], str]
) -> None:
    with shell(environ) as terminal:
        terminal.press(program(f"{shlex.join(gerra_tui())}; echo over"), "Enter")
        terminal.wait_for(">   ")
        terminal.settle(0.5)
        terminal.press("C-z")
        terminal.wait_for("Stopped")
        terminal.press("fg", "Enter")
        terminal.wait_for(">   ")
        terminal.settle(0.5)
        terminal.press("q")
        terminal.wait_for("over")


def test_where_nobody_could_continue_it_a_sentence_says_so(environ: dict[str, str]) -> None:
    with opened(environ) as terminal:
        terminal.press("C-z")
        terminal.wait_for("Not suspended: ")
        terminal.press("j")
        terminal.wait_for(r" 2/\d")


def test_an_interrupt_from_outside_keeps_what_was_typed(environ: dict[str, str]) -> None:
    with opened(environ) as terminal:
        reason(terminal, "Gripper leaves")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.wait_for_end() == 130
        assert terminal.modes_are_restored
    with opened(environ) as terminal:
        terminal.press("r")
        terminal.wait_for("Gripper leaves")


@pytest.mark.parametrize("name", ["QUIT", "USR1", "USR2", "ALRM"])
def test_what_ends_it_by_default_restores_the_terminal_first(
    environ: dict[str, str], name: str
) -> None:
    number = signal.Signals[f"SIG{name}"]
    with opened(environ) as terminal:
        terminal.process.send_signal(number)
        assert terminal.wait_for_end() == -number
        assert terminal.modes_are_restored


def test_modes_that_were_left_over_do_not_garble_the_screen(environ: dict[str, str]) -> None:
    with shell(environ) as terminal:
        left = r"printf '\033[5;12r\033[?6h\033[4h'; "
        terminal.press(left + shlex.join(gerra_tui()), "Enter")
        terminal.wait_for(">   ")
        terminal.wait_until(lambda: terminal.text.startswith(" default @"))


def test_without_its_standard_error_on_the_terminal_the_console_says_so(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with shell(environ) as terminal:
        terminal.press(f"{shlex.join(gerra_tui())} 2>{tmp_path}/err.log; echo $?", "Enter")
        terminal.wait_for("The console draws on standard error")
        terminal.wait_for(r"\n2\n")
