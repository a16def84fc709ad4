"""The command that opens the same console again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gerra_tui.settings.effective import Options, effective
from gerra_tui.settings.paths import Paths
from gerra_tui.settings.resuming import ends_with_the_connection, resuming

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = '[profiles.robots]\nbase_url = "https://robots.example"\n'


def test_it_names_what_was_named_on_the_command_line(tmp_path: Path) -> None:
    paths = Paths.within(tmp_path)
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(CONFIG)
    paths.config_file.chmod(0o600)
    other = tmp_path / "other config.toml"
    other.write_text(CONFIG)
    other.chmod(0o600)
    for options, environ, command in (
        (Options(), {}, "gerra-tui"),
        (Options(), {"GERRA_PROFILE": "robots"}, "gerra-tui"),
        (Options(profile="robots"), {}, "gerra-tui --profile robots"),
        (
            Options(base_url="https://other.example"),
            {},
            "gerra-tui --base-url https://other.example",
        ),
        (Options(config=other), {}, f"gerra-tui --config '{other}'"),
        (Options(demo=True), {}, ""),
    ):
        assert resuming(effective(options, environ, paths)) == command


@pytest.mark.parametrize(
    ("environ", "so"),
    [
        ({}, False),
        ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, True),
        ({"SSH_TTY": "/dev/pts/3"}, True),
        ({"SSH_TTY": "/dev/pts/3", "TMUX": "default,1,0"}, False),
        ({"SSH_TTY": "/dev/pts/3", "STY": "1.pts"}, False),
    ],
)
def test_a_bare_ssh_session_takes_the_console_with_it(environ: dict[str, str], so: bool) -> None:
    assert ends_with_the_connection(environ) is so
