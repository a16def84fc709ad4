"""What is told apart before a screen counts as at rest."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal.at_work import any_at_work
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.pty

BUSY = "import time; end = time.process_time() + 1.0\nwhile time.process_time() < end: pass\n"


@pytest.mark.parametrize(
    "command",
    [[sys.executable, "-c", BUSY], ["sh", "-c", '"$0" "$@"; true', sys.executable, "-c", BUSY]],
    ids=["a child", "a child's child"],
)
def test_a_screen_is_not_at_rest_while_something_is_computed(command: Sequence[str]) -> None:
    with Session(["sleep", "600"]) as session, subprocess.Popen(command) as busy:
        session.settle(0.2)
        assert busy.poll() == 0
        assert not any_at_work()
