"""Over a real sshd on loopback, with and without tmux (default settings) on the far side."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gerra_tui.terminal.shown import UNTOLD
from tests.patience import PATIENCE
from tests.pty.reviewing import UUID, sent
from tests.pty.session import ROW, gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.terminal.emulator import Cell

PROGRAMS = ("tmux", "sshd", "ssh", "ssh-keygen")
MISSING = ", ".join(
    name for name in PROGRAMS if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
)
pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(
        bool(MISSING) and not os.environ.get("CI"), reason=f"not installed: {MISSING}"
    ),
]
PROMPT = "READY>"
DETACH = "\x02d"  # tmux's own prefix
SUSPEND = b"\x1a"


@dataclass(frozen=True, slots=True)
class FarSide:
    """A machine to log in to: how, and a folder there."""

    ssh: list[str]
    folder: Path

    def shell(self, environ: dict[str, str], *, in_tmux: bool) -> list[str]:
        """Log in to an interactive shell that has `console`, which leaves its process id."""
        rc = self.folder / "rc"
        exports = [f"export {name}={shlex.quote(value)}" for name, value in environ.items()]
        command = shlex.join(gerra_tui("--hold", "60"))
        start = f'console() {{ (echo $BASHPID > {self.folder}/pid; exec {command} "$@"); }}'
        lines = [*exports, "export LANG=C.UTF-8", f"cd {Path.cwd()}", f"PS1='{PROMPT} '", start]
        rc.write_text("\n".join([*lines, "HISTFILE=", ""]))
        return [*self.ssh, self.within(f"bash --noprofile --rcfile {rc} -i", in_tmux=in_tmux)]

    def within(self, command: str, *, in_tmux: bool) -> str:
        if not in_tmux:
            return command
        tmux = f"LANG=C.UTF-8 tmux -f /dev/null -S {self.folder}/tmux"
        return f"{tmux} new-session -A -s review {shlex.quote(command)}"

    @property
    def console_pid(self) -> int:
        return int((self.folder / "pid").read_text())


@pytest.fixture
def far_side(sshd: list[str], tmp_path: Path) -> Iterator[FarSide]:
    yield FarSide(sshd, tmp_path)
    tmux = ["tmux", "-S", str(tmp_path / "tmux"), "kill-server"]
    subprocess.run(tmux, check=False, capture_output=True)


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A daemon of the test's own, and the command that logs in to it."""
    folder = tmp_path_factory.mktemp("sshd")
    key, host_key = folder / "key", folder / "host_key"
    for path in (key, host_key):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
        subprocess.run(command, check=True)
    port = free_port()
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {host_key}\n"
        f"AuthorizedKeysFile {key.with_suffix('.pub')}\nStrictModes no\nUsePAM no\nPidFile none\n"
        "PasswordAuthentication no\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    daemon = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin") or "sshd"
    process = subprocess.Popen([daemon, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield [
            "ssh", "-tt", "-p", str(port), "-i", str(key),
            "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder / 'known'}",
            "-o", "LogLevel=ERROR", "127.0.0.1",
        ]  # fmt: skip
    finally:
        process.terminate()
        process.wait()


class Shell(Session):
    """The reviewer's own terminal, logged in to the far side."""

    def wait_for_line(self, pattern: str) -> re.Match[str]:
        """Of a regular expression in the screen's lines."""
        self.wait_until(
            lambda: re.search(pattern, self.text, re.MULTILINE) is not None,
            f"the screen never showed {pattern!r}",
        )
        found = re.search(pattern, self.text, re.MULTILINE)
        assert found is not None
        return found

    def start(self, *arguments: str) -> None:
        self.wait_for_line(f"^{PROMPT}$")
        self.press(" ".join(["console", *arguments]), "Enter")
        self.wait_for_line(ROW)
        self.wait_for("METADATA")
        self.settle(UNTOLD)  # tmux does not tell what is shown beyond it

    def under_cursor(self) -> str:
        self.settle()
        return self.wait_for_line(rf"^ [\d,]+/[\d,?]+ +({UUID})")[1]

    def console_rows(self) -> list[list[Cell]]:
        """Without tmux's status line, which has a clock."""
        rows = self.emulator.cells
        return rows[:-1] if "[review]" in self.emulator.display[-1] else rows

    def wait_until_it_shows(self, rows: list[list[Cell]]) -> None:
        wanted = "\n".join("".join(cell.data for cell in row) for row in rows)
        self.wait_until(lambda: self.console_rows() == rows, f"it never shows\n{wanted}\nbut")

    def assert_nothing_is_typed(self) -> None:
        """The shell has a prompt, and after it only what is typed now."""
        self.wait_for_line(f"^{PROMPT}$")
        self.press("echo $((40+2))", "Enter")
        self.wait_for_line(f"^42\n(?:.*\n)*{PROMPT}$")
        lines = self.text.splitlines()
        assert lines[lines.index("42") - 1] == f"{PROMPT} echo $((40+2))"
        assert "not found" not in self.text

    def leave_by(self, key: str) -> None:
        self.press(key)
        self.wait_for_line(r"^\d+ accepted, \d+ rejected, outbox empty")
        self.assert_nothing_is_typed()


def test_it_goes_on_in_tmux_while_nobody_is_logged_in(
    environ: dict[str, str], record: Path, far_side: FarSide
) -> None:
    command = far_side.shell(environ, in_tmux=True)
    with Shell(command) as shell:
        shell.start("--hold", "0")
        dataset_id = shell.under_cursor()
        shell.press("a")
        shell.wait_for(f"id {dataset_id}")
        shell.press("y")
        (verdict,) = sent(record, 1)
        assert verdict["dataset_id"] == dataset_id
        shell.resize(90, 30)
        shell.press("r")
        shell.wait_for("Enter reject   Esc keep draft")
        shell.press("the mug vanishes")
        shell.wait_for("the mug vanishes")
        shell.press(DETACH)
        shell.wait_for_end()
        assert shell.emulator.modes <= {7, 25}
    with Shell(command, columns=100, lines=35) as shell:
        shell.wait_for("the mug vanishes")
        shell.wait_for("Enter reject   Esc keep draft")
        shell.press("Esc")
        shell.wait_until(lambda: "Reject this dataset" not in shell.text)
        shell.wait_for("outbox empty")
        shell.leave_by("q")


@pytest.mark.parametrize("in_tmux", [False, True], ids=["ssh", "ssh and tmux"])
def test_a_suspended_console_comes_back_whole_and_leaves_the_shell_clean(
    environ: dict[str, str], far_side: FarSide, in_tmux: bool
) -> None:
    with Shell(far_side.shell(environ, in_tmux=in_tmux), lines=30) as shell:
        shell.start()
        shell.press("Down", "PageDown", "Down")
        shell.wait_for_line(ROW)
        here = shell.under_cursor()
        shell.settle(0.5)
        before = shell.console_rows()

        shell.send(SUSPEND)
        shell.wait_for("Stopped")
        shell.assert_nothing_is_typed()
        shell.press("fg", "Enter")
        shell.wait_until_it_shows(before)

        shell.press("a")
        shell.wait_for(f"id {here}")
        shell.resize(80, 24)
        shell.wait_until(lambda: "8 Oth  9 All" in shell.text and f"id {here}" in shell.text)
        shell.resize(120, 30)
        shell.press("n")
        shell.wait_until_it_shows(before)
        shell.press(":", "redraw")
        shell.wait_for("> redraw")
        sent_so_far = len(shell.raw)
        shell.press("Enter")
        shell.wait_until_it_shows(before)
        shell.settle()
        if not in_tmux:  # which sends on only what differs from what it has sent
            assert len(shell.raw) - sent_so_far > 2_000
        shell.leave_by("q")


@pytest.mark.parametrize(
    ("number", "in_tmux"),
    [(signal.SIGHUP, False), (signal.SIGTERM, False), (signal.SIGTERM, True)],
    ids=["HUP, ssh", "TERM, ssh", "TERM, ssh and tmux"],
)
def test_a_killed_console_leaves_the_shell_clean(
    environ: dict[str, str], far_side: FarSide, number: signal.Signals, in_tmux: bool
) -> None:
    with Shell(far_side.shell(environ, in_tmux=in_tmux), lines=30) as shell:
        shell.start()
        shell.press("a")
        shell.wait_for("y accept   n no")
        os.kill(far_side.console_pid, number)
        shell.wait_for("outbox empty. To go on where you were")
        shell.assert_nothing_is_typed()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "sshd does not listen"
            time.sleep(0.05)
        else:
            return
