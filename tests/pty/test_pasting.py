"""What is copied or pasted is text and nothing else, whatever a name holds."""

from __future__ import annotations

import base64
import json
import os
import shlex
import shutil
import subprocess
import unicodedata
from typing import TYPE_CHECKING, Final

import pytest

from tests.pty.reviewing import control, listed, posts
from tests.pty.session import TerminalSession, gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

END: Final = "\x1b[201~"
HOSTILE: Final = f"Stack cups {END}ay{END}\x1b[31m\u202ebad\x9b1m\r\na\ry"


@pytest.mark.parametrize("text", [f"cups {END}ay", f"{END}ay{END}ay", f"a{END}\x1b[200~y{END}ay"])
@pytest.mark.parametrize(
    ("where", "shows"),
    [("", ">   "), ("/", "Enter apply"), ("a", "Accept this"), ("r0", "Reject this")],
    ids=["list", "query", "accept", "reject"],
)
def test_nothing_pasted_decides(
    demo: DemoHost, environ: dict[str, str], record: Path, where: str, shows: str, text: str
) -> None:
    with TerminalSession(gerra_tui("--hold", "0"), environ=environ) as terminal:
        terminal.wait_for("as of")
        terminal.wait_for(">   ")
        terminal.settle(0.3)
        terminal.press(*where, pause=0.2)
        terminal.wait_for(shows)
        terminal.paste(text)
        terminal.read_for(0.1)
        terminal.settle(0.4)
        assert "outbox empty" in terminal.text
        terminal.send(b"\x1b")
        terminal.settle(0.8)
        assert "outbox empty" in terminal.text
    assert posts(record) == []


def test_a_name_that_holds_the_end_of_a_paste_decides_nothing_in_tmux(
    demo: DemoHost, environ: dict[str, str], record: Path, tmp_path: Path
) -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull]
    variables = [f"{name}={value}" for name, value in environ.items()]
    console = shlex.join(["env", *variables, *gerra_tui("--hold", "0")])
    hostile = tmp_path / "hostile"
    hostile.write_text(f"{END}ay{END}ay")
    control(demo, "touch", {"id": listed(demo, 1)[0], "fields": {"name": HOSTILE}})
    try:
        with Session([*tmux, "new-session", console]) as session:
            session.wait_for("as of")
            session.settle(1.2)
            session.press("y")
            session.wait_for("Esc leave it")
            session.press("n")
            session.wait_for("Copied by tmux.")
            for field in ("", "/"):
                if field:
                    session.press(field)
                    session.settle(0.3)
                subprocess.run([*tmux, "paste-buffer", "-p"], check=True)
                session.settle(0.3)
                subprocess.run([*tmux, "load-buffer", str(hostile)], check=True)
                subprocess.run([*tmux, "paste-buffer", "-p"], check=True)
                session.settle(1.2)
                assert "outbox empty" in session.text
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
    assert posts(record) == []


def test_what_is_copied_holds_no_control_character(demo: DemoHost, environ: dict[str, str]) -> None:
    dataset_id, _, third = listed(demo, 3)
    fields = {"name": HOSTILE, "link": f"s3://bucket/{HOSTILE}"}
    control(demo, "touch", {"id": dataset_id, "fields": fields, "metadata": {"k": HOSTILE}})
    with Session(gerra_tui(), environ=environ | {"SSH_TTY": "/dev/pts/1"}) as session:
        session.wait_for("as of")
        session.wait_for(dataset_id)
        session.settle(0.5)
        session.press(" ", "j", " ", "g")
        session.settle(0.5)
        for letter in "inpjmcu":
            before = len(session.emulator.clipboard)
            session.press("y")
            session.wait_for("Esc leave it")
            session.press(letter)
            session.wait_until(lambda was=before: len(session.emulator.clipboard) > was)  # type: ignore[misc]
    copied = [base64.b64decode(one).decode() for one in session.emulator.clipboard]
    assert copied[0] == dataset_id
    assert "Stack cups" in copied[1]
    assert json.loads(copied[3])["metadata"]["k"] == HOSTILE
    assert sorted(copied[4].split()) == sorted([dataset_id, third])
    for text in copied:
        assert not [one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs")]


@pytest.mark.parametrize(("variable", "key"), [("PAGER", "e"), ("EDITOR", "E")])
def test_the_key_is_in_no_other_programs_environment(
    environ: dict[str, str], tmp_path: Path, variable: str, key: str
) -> None:
    program, told = tmp_path / "program", tmp_path / "told"
    program.write_text(f'#!/bin/sh\nenv > "{told}.new"; mv "{told}.new" "{told}"; read answer\n')
    program.chmod(0o700)
    with Session(gerra_tui(), environ={**environ, variable: str(program)}) as session:
        session.wait_for("as of")
        session.settle(0.5)
        session.press(key)
        session.wait_until(told.exists, "it never ran")
        session.press("Enter")
        session.wait_for("as of")
    assert environ["GERRA_API_KEY"] not in told.read_text()
    assert "GERRA_API_KEY" not in told.read_text()
    assert "GERRA_BASE_URL" in told.read_text()


def test_the_variable_of_a_profile_is_in_no_other_programs_environment(
    environ: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "config" / "gerra-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[profiles.default]\napi_key_env = "TEAM_KEY"\n')
    config.chmod(0o600)
    program, told = tmp_path / "program", tmp_path / "told"
    program.write_text(f'#!/bin/sh\nenv > "{told}.new"; mv "{told}.new" "{told}"; read answer\n')
    program.chmod(0o700)
    team = {**environ, "TEAM_KEY": environ["GERRA_API_KEY"], "PAGER": str(program)}
    del team["GERRA_API_KEY"]
    with Session(gerra_tui(), environ=team) as session:
        session.wait_for("as of")
        session.settle(0.5)
        session.press("e")
        session.wait_until(told.exists, "it never ran")
    assert "TEAM_KEY" not in told.read_text()
    assert environ["GERRA_API_KEY"] not in told.read_text()
