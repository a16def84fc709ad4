"""The same within a real tmux with its default settings, as its client shows it."""

from __future__ import annotations

import base64
import os
import shlex
import shutil
import subprocess
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.patience import PATIENCE
from tests.terminal.session import Session, list_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.terminal.emulator import Cell

pytestmark = pytest.mark.pty

WALK = ["Down", "Down", "Up", "PageDown", "PageUp", "Home", "End", "d", "t"]


class Tmux:
    """A tmux server of its own that runs the list."""

    def __init__(self, socket: Path, kind: str, environ: dict[str, str] | None = None) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", os.devnull]
        variables = [f"{name}={value}" for name, value in (environ or {}).items()]
        self._command = shlex.join(["env", *variables, *list_app(kind)])

    def start(self) -> Session:
        return Session([*self._tmux, "new-session", "-x", "120", "-y", "40", self._command])

    def attach(self, columns: int = 120, lines: int = 40) -> Session:
        return Session([*self._tmux, "attach-session"], columns=columns, lines=lines)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments], check=True, capture_output=True, text=True, timeout=PATIENCE
        )
        return done.stdout

    def end(self) -> None:
        subprocess.run(
            [*self._tmux, "kill-server"], check=False, capture_output=True, timeout=PATIENCE
        )


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Tmux, Tmux]]:
    """One with Textual's driver, one with ours."""
    if shutil.which("tmux") is None:
        assert "CI" not in os.environ, "tmux is needed for this test and is not installed"
        pytest.skip("tmux is not installed")
    servers = Tmux(tmp_path / "plain", "plain"), Tmux(tmp_path / "cells", "cells")
    yield servers
    for server in servers:
        server.end()


def screen(session: Session) -> list[list[Cell]]:
    """Without tmux's status line, which has a clock."""
    return session.emulator.cells[:-1]


def assert_equal(plain: Session, ours: Session, ping: int) -> None:
    for session in (plain, ours):
        session.press("p")
        session.wait_for(f" ping {ping}.")
    ours.wait_until(
        lambda: not plain.pump(0) and screen(ours) == screen(plain), f"not\n{plain.text}\nbut"
    )


def test_the_screen_is_textuals_in_tmux_too(pair: tuple[Tmux, Tmux]) -> None:
    random = Random(3)
    with pair[0].start() as plain, pair[1].start() as ours:
        for session in (plain, ours):
            session.wait_for("ready")
        for ping in range(1, 5):
            keys = random.choices(WALK, k=10)
            for session in (plain, ours):
                session.press(*keys)
            assert_equal(plain, ours, ping)


def test_the_screen_is_there_after_detaching_and_attaching_at_another_size(
    pair: tuple[Tmux, Tmux],
) -> None:
    for server in pair:
        with server.start() as session:
            session.wait_for("ready")
            session.press("Down", "PageDown")
            session.wait_for(" 40/")
            server.run("detach-client")
            session.wait_for_end()
        server.run("send-keys", *["Down"] * 7)
    with pair[0].attach(100, 30) as plain, pair[1].attach(100, 30) as ours:
        for session in (plain, ours):
            session.wait_for(" 47/")
        assert_equal(plain, ours, 1)


def test_tmux_puts_everything_back_at_the_end(pair: tuple[Tmux, Tmux]) -> None:
    ours = pair[1]
    with ours.start() as session:
        session.wait_for("ready")
        session.press("q")
        assert session.wait_for_end() == 0
        assert "[exited]" in session.text


def test_what_is_copied_in_tmux_reaches_the_terminals_clipboard(
    pair: tuple[Tmux, Tmux],
) -> None:
    ours = pair[1]
    with ours.start() as session:
        session.wait_for("ready")
        session.press("y")
        session.wait_for("Copied by tmux.")
        assert ours.run("show-buffer") == "SO-101"
        session.wait_until(lambda: session.emulator.clipboard != [], "no OSC 52 came")
        assert base64.b64decode(session.emulator.clipboard[-1]) == b"SO-101"
