"""A password manager may ask at the terminal, and whatever gives no key can be left."""

from __future__ import annotations

import shlex
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pty.session import TerminalSession, gerra_tui

if TYPE_CHECKING:
    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty


def with_command(home: dict[str, str], service: DemoHost, script: str) -> dict[str, str]:
    """The environment of a reviewer whose key comes from a command."""
    config = Path(home["XDG_CONFIG_HOME"], "gerra-tui", "config.toml")
    config.parent.mkdir(parents=True)
    command = f"sh -c {shlex.quote(script)}"
    config.write_text(
        f"[profiles.default]\nbase_url = '{service.base_url}'\napi_key_command = '''{command}'''\n"
    )
    config.chmod(0o600)
    return {name: value for name, value in home.items() if name != "GERRA_API_KEY"}


def test_a_command_asks_at_the_terminal_before_the_screen_is_taken(
    home: dict[str, str], service: DemoHost
) -> None:
    script = (
        'printf "Passphrase: " >/dev/tty; read -r word </dev/tty; '
        f'test "$word" = aryq && echo {service.api_key}'
    )
    environ = with_command(home, service, script)
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for("Passphrase: ")
        terminal.press("aryq", "Enter")
        terminal.wait_for("> pending ")
        terminal.wait_for(" as of ")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_a_command_that_hangs_is_named_and_left_by_ctrl_c(
    home: dict[str, str], service: DemoHost
) -> None:
    environ = with_command(home, service, "sleep 600")
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for("waiting for the api_key_command of profile default")
        started = time.monotonic()
        terminal.press("C-c")
        assert terminal.wait_for_end() == 130
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("way", ["q", "TERM"])
def test_a_keyring_that_hangs_does_not_keep_the_reviewer(
    home: dict[str, str], tmp_path: Path, way: str
) -> None:
    (tmp_path / "keyring.py").write_text(
        "import time\ndef get_password(*_):\n    time.sleep(600)\n"
    )
    environ = {**home, "GERRA_API_KEY": "", "PYTHONPATH": str(tmp_path)}
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for("Waiting for the system keyring")
        started = time.monotonic()
        if way == "q":
            terminal.press("q")
        else:
            terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait_for_end() == (0 if way == "q" else 143)
        assert time.monotonic() - started < 8
