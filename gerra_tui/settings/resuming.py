"""How to go on after an end that nobody asked for: a dropped connection, a signal."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.settings.effective import Settings


def resuming(settings: Settings) -> str:
    """The command that opens the same console again; empty for the demo, which leaves nothing."""
    if settings.preferences.demo:
        return ""
    words = ["gerra-tui"]
    for name, option, value in (
        ("profile", "--profile", settings.preferences.profile),
        ("base_url", "--base-url", settings.preferences.base_url),
    ):
        if settings.sources[name] == option:
            words += [option, value]
    if settings.config_file != settings.paths.config_file:
        words += ["--config", str(settings.config_file)]
    return shlex.join(words)


def ends_with_the_connection(environ: Mapping[str, str]) -> bool:
    """Claims that this is an SSH session, without tmux or screen to outlive it."""
    over_ssh = environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")
    return bool(over_ssh) and not (environ.get("TMUX") or environ.get("STY"))
