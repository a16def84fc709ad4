"""The start: the last session's rows first, and only then what takes long to import."""

from __future__ import annotations

import re
import sys

import pytest

from tests.pty.session import gerra_tui
from tests.terminal.session import Session

pytestmark = pytest.mark.pty

IMPORTED = re.compile(rb"import time: +\d+ \| +\d+ \| +([\w.]+)")
ROWS = b">  "
CLIENT = b"gerra_tui.api.client"
# Textual with what it is made of, and the one small library that writes sizes.
LIGHT = {"gerra_tui", "textual", "rich", "typing_extensions", "platformdirs", "humanize"}
LIGHT |= {
    "textual_speedups",
    "org",
    "sitecustomize",
    "usercustomize",
    "_distutils_hack",
}  # looked for in vain


def walk_once(home: dict[str, str]) -> None:
    """A first session, so that there are rows to begin the next with."""
    with Session(gerra_tui(), environ=home) as session:
        session.wait_for(" as of ")
        session.press("q")
        assert session.wait_for_end() == 0


def test_the_kept_rows_are_shown_before_anything_heavy_is_imported(home: dict[str, str]) -> None:
    walk_once(home)
    python, *arguments = gerra_tui()
    with Session([python, "-X", "importtime", *arguments], environ=home) as session:
        session.wait_until(
            lambda: CLIENT in IMPORTED.findall(session.raw), "the client is never imported"
        )
        told = bytes(session.raw)
    before = [name.decode() for name in IMPORTED.findall(told[: told.index(ROWS)])]
    assert "textual.app" in before
    assert [name for name in before if name.startswith(("gerra_tui.api", "gerra_tui.demo"))] == []
    heavy = {
        top
        for name in before
        if (top := name.partition(".")[0]) not in sys.stdlib_module_names | LIGHT
        and not top.startswith("__editable__")
    }
    assert heavy == set()


def test_the_first_screen_is_sent_once_and_is_small(home: dict[str, str]) -> None:
    walk_once(home)
    with Session(gerra_tui(), environ=home) as session:
        session.wait_until(lambda: ROWS in session.raw, "the kept rows never came")
        session.wait_until(lambda: b"\x1b[6n" in session.raw, "the first frame has no end")
        frame = bytes(session.raw).partition(b"\x1b[6n")[0]
        assert len(frame) <= 6_000
        first = session.emulator.display[4]
        session.wait_for(" as of ")
        session.settle()
        assert session.emulator.display[4][:70] == first[:70], "another layout than at first"
