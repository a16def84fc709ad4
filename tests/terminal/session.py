"""A program in a pseudo-terminal with an emulator behind it, over a link as slow as wanted."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.patience import PATIENCE
from tests.terminal.at_work import any_at_work
from tests.terminal.emulator import Emulator
from tests.terminal.whole_frames import WholeFrames

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

KEYS = {
    "Enter": b"\r",
    "Esc": b"\x1b",
    "Tab": b"\t",
    "Up": b"\x1b[A",
    "Down": b"\x1b[B",
    "PageUp": b"\x1b[5~",
    "PageDown": b"\x1b[6~",
    "Home": b"\x1b[H",
    "End": b"\x1b[F",
    "C-l": b"\x0c",
    "C-z": b"\x1a",
}
REPOSITORY = Path(__file__).parents[2]


class Session:
    """Starts the command; ends it with the `with` block.

    `emulator` shows what the program has written, in whole frames; all of it is in `raw`. What the
    emulator answers arrives `rtt` seconds later, or never where `answers` is false. Waiting raises
    `AssertionError` with the screen.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 40,
        environ: Mapping[str, str] | None = None,
        answers: bool = True,
        rtt: float = 0.0,
    ) -> None:
        self.emulator = Emulator(columns, lines, self._answered)
        self.raw = bytearray()
        self.answers = answers
        self.rtt = rtt
        self._on_their_way: deque[tuple[float, bytes]] = deque()
        self._frames = WholeFrames()
        self._master, self._slave = pty.openpty()
        self._set_size(columns, lines)
        self.attributes = termios.tcgetattr(self._slave)
        base = {name: value for name, value in os.environ.items() if not _of_a_host(name)}
        self.process = subprocess.Popen(
            list(command),
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=REPOSITORY,
            env={
                **base,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
                "LC_ALL": "C.UTF-8",
                **(environ or {}),
            },
            start_new_session=True,
            preexec_fn=_controlling_terminal,  # noqa: PLW1509 - no threads at this point
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def text(self) -> str:
        return self.emulator.text

    @property
    def attributes_now(self) -> list[object]:
        """The terminal's line settings (termios)."""
        return list(termios.tcgetattr(self._slave))

    def press(self, *keys: str) -> None:
        """Type: each argument is a key's name or literal text."""
        for key in keys:
            self.send(KEYS.get(key, key.encode()))

    def send(self, data: bytes) -> None:
        os.write(self._master, data)

    def resize(self, columns: int, lines: int) -> None:
        """The kernel signals the program by itself."""
        self.emulator.resize(columns, lines)
        self._set_size(columns, lines)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal; the kernel sends SIGHUP to its session."""
        if self._master >= 0:
            os.close(self._master)
            os.close(self._slave)
            self._master = -1

    def wait_for(self, text: str, *, seconds: float = PATIENCE) -> None:
        """Read until the screen shows the text."""
        self.wait_until(lambda: text in self.text, f"the screen never showed {text!r}", seconds)

    def wait_until(
        self, holds: Callable[[], bool], complaint: str = "", seconds: float = PATIENCE
    ) -> None:
        """Read until it holds, which is asked again after each piece of output."""
        deadline = time.monotonic() + seconds
        while not holds():
            left = deadline - time.monotonic()
            assert left > 0, f"{complaint}:\n{self.text}"
            self.pump(min(left, 0.05))

    def wait_for_end(self, *, seconds: float = PATIENCE) -> int:
        """Read until the program has ended; gives its exit code."""
        self.wait_until(lambda: self.process.poll() is not None, "the program stays", seconds)
        while self.pump(0.05):
            pass
        return self.process.returncode

    def settle(self, quiet: float = 0.2, *, seconds: float = PATIENCE) -> int:
        """Read until nothing has come for `quiet` seconds, and nothing is at work on anything.

        Gives the number of bytes.
        """
        before, now = len(self.raw), time.monotonic()
        deadline, rested = now + seconds, now + quiet
        while (left := rested - time.monotonic()) > 0 or self._on_their_way:
            if self.pump(min(max(left, 0), 0.02)) or self._on_their_way or any_at_work():
                rested = time.monotonic() + quiet
                assert rested < deadline + quiet, f"no end of output:\n{self.text}"
        return len(self.raw) - before

    def pump(self, seconds: float) -> bool:
        """Read once, waiting up to so long, and on to the frame's end; claims that some came."""
        if not self._read_within(seconds):
            return False
        while self._frames.is_open:
            deadline = time.monotonic() + self._frames.patience
            while not self._read_within(0.1):
                if not self.answers or self._has_ended or time.monotonic() >= deadline:
                    self.emulator.feed(self._frames.give_up())
                    break
        return True

    @property
    def _has_ended(self) -> bool:
        return self.process.poll() is not None and not self._is_readable(0)

    def _read_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            while self._on_their_way and self._on_their_way[0][0] <= now:
                self.send(self._on_their_way.popleft()[1])
            wait = max(deadline - now, 0)
            if self._on_their_way:
                wait = min(wait, self._on_their_way[0][0] - now)
            if self._is_readable(wait):
                break
            if time.monotonic() >= deadline:
                return False
        data = os.read(self._master, 65536)
        self.raw += data
        self.emulator.feed(self._frames.take(data))
        return True

    def _is_readable(self, seconds: float) -> bool:
        return bool(select.select([self._master], [], [], seconds)[0])

    def _answered(self, data: bytes) -> None:
        if not self.answers:
            return
        if self.rtt:
            self._on_their_way.append((time.monotonic() + self.rtt, data))
        else:
            self.send(data)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def list_app(kind: str = "cells", rows: int = 1_000) -> list[str]:
    """The command line of the list in `tests.terminal.list_app`."""
    return [sys.executable, "-m", "tests.terminal.list_app", kind, str(rows)]


def _controlling_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _of_a_host(name: str) -> bool:
    """What this machine's own terminal and settings would change; compiled modules are kept."""
    return name in ("LINES", "COLUMNS", "PYTHONDONTWRITEBYTECODE") or name.startswith(
        ("TERM", "COLORTERM", "NO_COLOR", "TMUX", "STY", "GERRA_", "XDG_", "SSH_")
    )
