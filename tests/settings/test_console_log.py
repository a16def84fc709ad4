"""console.log can be read on a terminal, and where it cannot be written nothing ends."""

from __future__ import annotations

import stat
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = r"""
import logging, sys
from pathlib import Path
from gerra_tui.settings.console_log import keep_log

keep_log(Path(sys.argv[1]))
log = logging.getLogger("gerra_tui.somewhere")
name = "mug \x1b]0;owned\x07 \u202e\x9b2J"
log.warning("not read: %s", name)
try:
    raise ValueError(f"{name} https://store.example/a?X-Amz-Signature=SECRET")
except ValueError:
    log.exception("the console failed")
logging.getLogger("elsewhere").warning("a library's")
"""


def logged(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )


def test_no_name_or_traceback_reaches_the_terminal_through_the_log(tmp_path: Path) -> None:
    path = tmp_path / "state" / "console.log"
    logged(path)
    text = path.read_text(encoding="utf-8")
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert "not read: mug ^[]0;owned^G" in text
    assert "Traceback" in text
    assert "SECRET" not in text
    assert "a library's" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_place_for_the_log_the_console_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    assert logged(tmp_path / "state" / "console.log").stderr == ""
