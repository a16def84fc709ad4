"""A screen before the imports: the terminal is taken, and put back whatever ends it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest

from gerra_tui.terminal.early import ENDING, EarlyScreen
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

SCREEN = b"\x1b[1;1Hkept rows"
PROGRAM = """
import sys, time
from gerra_tui.terminal.early import EarlyScreen
screen = EarlyScreen(0, 1)
screen.show(b"\\x1b[1;1Hkept rows")
if sys.argv[1] == "ends":
    screen.leave()
    sys.exit(3)
time.sleep(60)
"""


@pytest.fixture
def tty() -> Iterator[tuple[int, int]]:
    master, slave = pty.openpty()
    yield master, slave
    os.close(master)
    os.close(slave)


def read_until(master: int, end: bytes) -> bytes:
    data, deadline = b"", time.monotonic() + PATIENCE
    while end not in data:
        assert time.monotonic() < deadline, data
        data += os.read(master, 4096)
    return data


def test_it_is_shown_and_taken_away(tty: tuple[int, int]) -> None:
    master, slave = tty
    before = termios.tcgetattr(slave)
    screen = EarlyScreen(slave, slave)
    screen.show(SCREEN)
    assert screen.is_shown
    assert read_until(master, b"kept rows").startswith(b"\x1b[?1049h")
    assert termios.tcgetattr(slave) != before
    screen.leave()
    assert termios.tcgetattr(slave) == before
    assert read_until(master, b"\x1b[?25h").endswith(b"\x1b[?1049l\x1b[?25h")
    screen.leave()  # once is enough
    assert not screen.is_shown


def test_what_is_typed_meanwhile_waits_as_keys(tty: tuple[int, int]) -> None:
    master, slave = tty
    screen = EarlyScreen(slave, slave)
    screen.show(SCREEN)
    read_until(master, b"kept rows")
    os.write(master, b"j\ra\x1a\x11")
    assert os.read(slave, 100) == b"j\ra\x1a\x11"
    screen.leave()


def test_whoever_takes_over_gets_the_attributes_from_before(tty: tuple[int, int]) -> None:
    _, slave = tty
    before = termios.tcgetattr(slave)
    handlers = [signal.getsignal(number) for number in ENDING]
    screen = EarlyScreen(slave, slave)
    screen.show(SCREEN)
    assert screen.hand_over() == before
    assert [signal.getsignal(number) for number in ENDING] == handlers
    during = termios.tcgetattr(slave)
    screen.leave()
    assert termios.tcgetattr(slave) == during


def test_without_a_terminal_nothing_happens() -> None:
    source, target = os.pipe()
    screen = EarlyScreen(source, target)
    screen.show(SCREEN)
    assert not screen.is_shown
    assert screen.hand_over() is None
    os.close(target)
    assert os.read(source, 10) == b""
    os.close(source)


@pytest.mark.processes
@pytest.mark.parametrize("number", ENDING)
def test_a_signal_puts_the_terminal_back_and_ends_it(
    tty: tuple[int, int], number: signal.Signals
) -> None:
    master, slave = tty
    before = termios.tcgetattr(slave)
    command = [sys.executable, "-c", PROGRAM, "waits"]
    with subprocess.Popen(command, stdin=slave, stdout=slave) as process:
        read_until(master, b"kept rows")
        process.send_signal(number)
        assert process.wait(PATIENCE) == -number
    assert termios.tcgetattr(slave) == before
    assert b"\x1b[?1049l\x1b[?25h" in read_until(master, b"\x1b[?25h")


@pytest.mark.processes
def test_a_start_that_comes_to_nothing_leaves_no_trace(tty: tuple[int, int]) -> None:
    master, slave = tty
    before = termios.tcgetattr(slave)
    command = [sys.executable, "-c", PROGRAM, "ends"]
    assert subprocess.run(command, stdin=slave, stdout=slave, check=False).returncode == 3
    assert termios.tcgetattr(slave) == before
    assert read_until(master, b"\x1b[?25h").endswith(b"\x1b[?1049l\x1b[?25h")


def test_a_terminal_that_has_gone_is_no_error(tty: tuple[int, int]) -> None:
    _, slave = tty
    screen = EarlyScreen(slave, slave)
    master, other = pty.openpty()
    os.close(master)
    gone = EarlyScreen(other, other)
    gone.show(SCREEN)
    gone.leave()
    os.close(other)
    screen.leave()
