"""Thousands of keys: memory stays where it is, and the screen is what a fresh drawing gives."""

from __future__ import annotations

import logging
import signal
from pathlib import Path
from random import Random

import pytest

from tests.pty.pair import look
from tests.pty.session import gerra_tui
from tests.terminal.session import KEYS, Session

log = logging.getLogger(__name__)
pytestmark = pytest.mark.pty

WALK = ["Down", "Down", "Down", "Up", "PageDown", "PageUp", "Home", "G", "p", "P", "1", "2", "9"]
WALK += ["Tab", "J", "K", " ", "m", "n", "N", ",", ";", "u", "f", "redraw"]
# Some of these keys open a dialog, which a key behind them must leave before a command is typed.
# Escape by itself would be read as Alt with the colon: this is the keyboard protocol's own form.
REDRAW = b"\x1b[27u:redraw\r"
BYTES = {**KEYS, "redraw": REDRAW}
BATCH = 25  # keys in one go, then the console may catch up
# After the first thousand keys all that is imported late is there, and every cache is warm.
GROWTH = 12 * 2**20


@pytest.mark.parametrize(
    "keys", [2_000, pytest.param(50_000, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_nothing_is_left_behind_by_many_keys(home: dict[str, str], keys: int) -> None:
    random = Random(keys)
    with Session(gerra_tui("--hold", "manual"), environ=home) as session:
        session.wait_for(" as of ")
        warm = memory(session)
        for pressed in range(0, keys, BATCH):
            session.send(b"".join(BYTES.get(k, k.encode()) for k in random.choices(WALK, k=BATCH)))
            session.settle(0.01)
            if pressed == keys // 2:
                warm = memory(session)
        session.settle(1.0)
        grown = memory(session) - warm
        log.info("%d keys: %d bytes halfway, %+d at the end", keys, warm, grown)
        assert grown <= GROWTH
        before = look(session)
        drawn = len(session.raw)
        session.signal(signal.SIGWINCH)  # the size is the same, and all is drawn again
        session.wait_until(lambda: len(session.raw) > drawn + 1_000, "nothing is drawn again")
        session.settle(1.0)
        assert look(session) == before


def memory(session: Session) -> int:
    """Bytes of the process that are in memory (proc(5): resident pages of 4 KiB)."""
    pages = Path(f"/proc/{session.process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096
