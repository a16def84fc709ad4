"""A console that nobody touches: nothing is sent, and nothing wakes up."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.pty.conftest import environ_of
from tests.pty.reviewing import LOOKED
from tests.pty.session import gerra_tui
from tests.terminal.session import Session
from tests.terminal.test_driver import usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.demo.host import DemoHost

pytestmark = pytest.mark.pty

SECONDS = 2.0
# Within these seconds the look for new rows may fall, once in thirty: a request, read and compared.
OF_A_LOOK = (0.1, 12)
STATES = {
    "the list": ((), " 1/"),
    "the query line": (("/",), "Enter"),
    "reject": (("r",), "Reject this dataset?"),
    "the command line": ((":",), "accept"),
    "help": (("?",), "Help: list"),
    "outbox": (("$",), "utbox"),
}


@pytest.fixture(scope="module")
def console(service: DemoHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    environ = environ_of(service, tmp_path_factory.mktemp("home"))
    with Session(gerra_tui(), environ=environ) as session:
        session.wait_for(" as of ")
        session.wait_until(lambda: re.search(LOOKED, session.text) is not None, "no look")
        session.settle(0.5)
        yield session


@pytest.mark.parametrize(("keys", "shows"), STATES.values(), ids=STATES.keys())
def test_nothing_happens_while_nothing_happens(
    console: Session, keys: tuple[str, ...], shows: str
) -> None:
    console.press(*keys)
    console.wait_for(shows)
    console.settle(0.7)
    size, work = len(console.raw), usage(console)
    time.sleep(SECONDS)
    console.pump(0)
    seconds, wakeups = (now - then for now, then in zip(usage(console), work, strict=True))
    assert len(console.raw) == size
    assert seconds <= OF_A_LOOK[0] + SECONDS * 0.0002
    assert wakeups <= OF_A_LOOK[1] + SECONDS * 1
    console.press("Esc")
    console.settle()
