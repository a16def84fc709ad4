"""What is copied arrives where the reviewer can paste it, and the screen names the way it went."""

from __future__ import annotations

import base64
import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.pty.reviewing import UUID
from tests.pty.session import gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pty

TOOLS = ("pbcopy", "xsel", "xclip", "wl-copy")  # the last one first
DESKTOP = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}


def started(session: Session) -> str:
    """Gives the id under the cursor."""
    session.wait_for("as of")
    session.settle()
    found = re.search(f"^ 1/[0-9,]+ +({UUID})", session.text, re.MULTILINE)
    assert found is not None
    return found[1]


def copy(session: Session, letter: str, told: str) -> None:
    session.press("y")
    session.wait_for("Esc leave it")
    session.press(letter)
    session.wait_for(told)


def test_the_terminal_takes_it_by_osc_52_over_ssh(home: dict[str, str]) -> None:
    """No tool of the far machine's desktop is asked: its clipboard is not the reviewer's."""
    with Session(gerra_tui(), environ=home | DESKTOP | {"SSH_TTY": "/dev/pts/1"}) as session:
        dataset_id = started(session)
        copy(session, "i", "Copied by the terminal (OSC 52).")
        (copied,) = session.emulator.clipboard
        assert base64.b64decode(copied).decode() == dataset_id
        copy(session, "c", "Copied by the terminal (OSC 52).")
        assert base64.b64decode(session.emulator.clipboard[-1]).decode().endswith(dataset_id)


def test_a_terminal_without_a_clipboard_leaves_it_to_the_desktops_tools(
    home: dict[str, str], tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    environ = home | DESKTOP | {"TERM": "linux", "COLORTERM": "", "PATH": str(tools)}
    with Session(gerra_tui(), environ=environ) as session:
        dataset_id = started(session)
        copy(session, "i", "Not copied: this terminal has no clipboard. Select it on the screen")
        for name in TOOLS:
            tool = tools / name
            tool.write_text(f'#!/bin/sh\necho "$*" > "{tool}.args"\n/bin/cat > "{tool}.got"\n')
            tool.chmod(0o755)
            copy(session, "i", f"Copied by {name}.")
            assert (tools / f"{name}.got").read_text() == dataset_id
        assert (tools / "xclip.args").read_text().strip() == "-selection clipboard"
        (tools / "wl-copy").write_text("#!/bin/sh\nexit 1\n")
        copy(session, "n", "Copied by xclip.")
        assert b"\x1b]52" not in session.raw


def test_within_tmux_it_goes_by_tmux_to_the_terminal(home: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        assert "CI" not in os.environ, "tmux is needed for this test and is not installed"
        pytest.skip("tmux is not installed")
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull]
    variables = [f"{name}={value}" for name, value in home.items()]
    console = shlex.join(["env", *variables, *gerra_tui()])
    try:
        with Session([*tmux, "new-session", console]) as session:
            dataset_id = started(session)
            copy(session, "i", "Copied by tmux.")
            shown = subprocess.run([*tmux, "show-buffer"], check=True, capture_output=True)
            assert shown.stdout.decode() == dataset_id
            session.wait_until(lambda: session.emulator.clipboard != [], "no OSC 52 came")
            assert base64.b64decode(session.emulator.clipboard[-1]).decode() == dataset_id
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
