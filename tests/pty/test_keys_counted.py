"""How many keys the same twenty verdicts take: twelve accepts, eight rejects with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from gerra_tui.ui.dialogs.confirm import TYPED_AHEAD
from tests.pty.reviewing import posts
from tests.pty.session import ROW, TerminalSession, gerra_tui

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.pty

MIXED: Final = "aarraarraaarraarraaa"
PLAIN: Final = {"a": ["a", "y"], "r": ["r", "3", "Enter"], "rr": ["r", "3", "Enter"] * 2}
AGAIN: Final = PLAIN | {"rr": ["r", "3", "Enter", ".", "Enter"]}
EXPRESS: Final = PLAIN | {"a": ["a"]}
BOTH: Final = {"a": ["a"], "rr": ["r", "3"] * 2}
LOOK_AND_SEND: Final = ["$", "N", "y"]


def keys(way: dict[str, list[str]]) -> list[str]:
    verdicts = MIXED.replace("rr", "R")
    return [key for one in verdicts for key in way["rr" if one == "R" else one]]


@pytest.mark.parametrize(
    ("decide", "way", "afterwards", "count"),
    [
        ("hold = 0", PLAIN, [], 48),
        ("hold = 0", AGAIN, [], 44),
        ('hold = 0\nexpress = "accept"', EXPRESS, [], 36),
        ('hold = 0\nexpress = "both"', BOTH, [], 28),
        ('preset = "fast"', BOTH, LOOK_AND_SEND, 31),
    ],
    ids=["plain", "the same again", "express", "express both", "fast"],
)
def test_twenty_verdicts_take_so_many_keys(
    environ: dict[str, str],
    record: Path,
    decide: str,
    way: dict[str, list[str]],
    afterwards: Sequence[str],
    count: int,
) -> None:
    config = Path(environ["XDG_CONFIG_HOME"], "gerra-tui", "config.toml")
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(f"[decide]\n{decide}\n")
    with TerminalSession(gerra_tui(), environ=environ) as terminal:
        terminal.wait_for(ROW)
        terminal.settle(0.5)
        pressed = keys(way)
        for key in pressed:
            terminal.press(key, pause=0.1)
        if afterwards:
            terminal.wait_for("outbox: 20 held, manual")
        for key in afterwards:
            terminal.press(key, pause=3 * TYPED_AHEAD)
        terminal.wait_until(lambda: len(posts(record)) == len(MIXED), "not all were sent")
        terminal.wait_for("outbox empty")
    verdicts = [one["verdict"] for one in posts(record)]
    assert len(pressed) + len(afterwards) == count
    assert (verdicts.count("accept"), verdicts.count("reject")) == (12, 8)
