"""A program in a pseudo-terminal, and the screen that its user would see."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pyte
from rich.cells import cell_len

from tests.patience import PATIENCE
from tests.terminal.at_work import any_at_work
from tests.terminal.whole_frames import WholeFrames

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

ROW = r"(?m)^>   [^ .]"  # under the cursor: pending, and painted
KEYS = {
    "Enter": "\r",
    "Esc": "\x1b",
    "Tab": "\t",
    "Space": " ",
    "Up": "\x1b[A",
    "Down": "\x1b[B",
    "PageUp": "\x1b[5~",
    "PageDown": "\x1b[6~",
    "Home": "\x1b[H",
    "End": "\x1b[F",
    "Backspace": "\x7f",
    "C-c": "\x03",
    "C-d": "\x04",
    "C-o": "\x0f",
    "C-p": "\x10",
    "C-u": "\x15",
    "C-z": "\x1a",
    "A-Enter": "\x1b\r",
    "Lt": "<",
}
# What pyte would print as text: private CSI with intermediates, DCS, OSC, APC.
NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[<=>][0-9;:]*[a-zA-Z]|\x1b\[\??[0-9;]*[ !\"#$'*][a-zA-Z@-~]"
    rb"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b\][^\x1b\x07]*(?:\x1b\\|\x07)"
)
INCOMPLETE = re.compile(rb"\x1b(?:[PX^_\]][^\x07\x1b]*\x1b?|\[[0-9;:?<=> !\"#$'*]*)?$")
CURSOR_REPORT = b"\x1b[6n"
REVERSE_VIDEO = 5


class Screen(pyte.Screen):
    """pyte's screen with the scrolling by margins (SU, SD) that xterm has, with torn wide
    characters as xterm has them, and without its reverse video (DECSCNM), which undoes that of
    the single cells."""

    @property
    def display(self) -> list[str]:
        """pyte's own fails on the second half of a wide character whose first was written over."""
        return [self._text(self.buffer[line]) for line in range(self.lines)]

    def _text(self, line: Mapping[int, pyte.screens.Char]) -> str:
        cells = [line[column].data for column in range(self.columns)]
        widths = [0, *(cell_len(cell) for cell in cells)]
        halves = zip(cells, widths[:-1], strict=True)
        return "".join(cell or ("" if before == 2 else " ") for cell, before in halves)

    def scroll_up(self, count: int = 1, **_: Any) -> None:
        row = self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        self.delete_lines(count or 1)
        self.cursor.y = row

    def scroll_down(self, count: int = 1, **_: Any) -> None:
        row = self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        self.insert_lines(count or 1)
        self.cursor.y = row

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        kept = [mode for mode in modes if not (kwargs.get("private") and mode == REVERSE_VIDEO)]
        super().reset_mode(*kept, **kwargs)

    def report_device_status(self, mode: int = 0, **_: Any) -> None:
        """Queries are answered by the session, as a terminal would."""

    def report_device_attributes(self, mode: int = 0, **_: Any) -> None:
        """The same."""


class Stream(pyte.ByteStream):
    csi: ClassVar = {  # type: ignore[misc]  # the stubs have it per instance
        **pyte.ByteStream.csi,
        "S": "scroll_up",
        "T": "scroll_down",
    }
    events = pyte.ByteStream.events | {"scroll_up", "scroll_down"}


class TerminalSession:
    """Start a command in a pseudo-terminal of its own; ends it at the end of the `with` block.

    `screen` shows whole frames. `written` counts all bytes the program wrote. Waits raise
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
    ) -> None:
        self.screen = Screen(columns, lines)
        self.written = 0
        self.raw = bytearray()
        self._stream = Stream(self.screen)
        self._stream.use_utf8 = True
        self._rest = b""
        self._frames = WholeFrames()
        self._hung_up = False
        self._answers = answers
        self._master, slave = pty.openpty()
        self._set_size(columns, lines)
        self._modes = termios.tcgetattr(slave)
        base = {name: value for name, value in os.environ.items() if not _of_a_host(name)}
        self.process = subprocess.Popen(
            list(command),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={
                **base,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
                **(environ or {}),
            },
            start_new_session=True,
            preexec_fn=_controlling_terminal,  # noqa: PLW1509 - no threads at this point
        )
        os.close(slave)

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

    def hang_up(self) -> None:
        """The terminal goes away, as with a dropped connection; more than once does no harm."""
        if not self._hung_up:
            self._hung_up = True
            os.close(self._master)

    @property
    def modes_are_restored(self) -> bool:
        """Claims that the terminal is as it was: its line discipline, and what was switched on."""
        return termios.tcgetattr(self._master) == self._modes and not self._switched_on()

    def _switched_on(self) -> set[bytes]:
        """Private modes, other than the visible cursor, that are on by what was written."""
        modes: dict[bytes, bool] = {}
        for names, letter in re.findall(rb"\x1b\[\?([\d;]+)([hl])", bytes(self.raw)):
            modes |= dict.fromkeys(names.split(b";"), letter == b"h")
        shown_at_the_start = {b"25", b"7"}
        return {mode for mode, on in modes.items() if on is not (mode in shown_at_the_start)}

    @property
    def text(self) -> str:
        """The screen, lines joined by newlines."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys: str, pause: float = 0.0) -> None:
        """Type: each argument is a key's name or literal text. `pause` in seconds after each."""
        for key in keys:
            self.send(KEYS.get(key, key).encode())
            if pause:
                self.read_for(pause)

    def send(self, data: bytes) -> None:
        os.write(self._master, data)

    def paste(self, text: str) -> None:
        self.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)
        self.process.send_signal(signal.SIGWINCH)

    def wait_for(self, pattern: str, *, seconds: float = PATIENCE) -> re.Match[str]:
        """Read until the screen shows the pattern (a regular expression)."""
        deadline = time.monotonic() + seconds
        while (found := re.search(pattern, self.text)) is None:
            self._read_before(deadline, f"the screen never showed {pattern!r}")
        return found

    def wait_until(
        self,
        holds: Callable[[], bool],
        complaint: str = "waited in vain",
        seconds: float = PATIENCE,
    ) -> None:
        """Read until it holds, which is asked again after each frame."""
        deadline = time.monotonic() + seconds
        while not holds():
            self._read_before(deadline, complaint)

    def wait_until_gone(self, pattern: str, *, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while re.search(pattern, self.text):
            self._read_before(deadline, f"the screen still shows {pattern!r}")

    def wait_for_end(self, *, seconds: float = PATIENCE) -> int:
        """Read until the program has ended; gives its exit code."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            self._read_before(deadline, "the program did not end")
        while self._read(0.5):
            pass  # what it wrote last may still be on its way
        return self.process.returncode

    def wait_for_stop(self, *, seconds: float = PATIENCE) -> None:
        """Read until the program was stopped, as by ^z."""
        deadline = time.monotonic() + seconds
        stat = Path(f"/proc/{self.process.pid}/stat")
        while stat.read_text().rpartition(")")[2].split()[0] != "T":
            self._read_before(deadline, "the program was never stopped")

    def settle(self, quiet: float = 0.25, *, seconds: float = PATIENCE) -> int:
        """Read until nothing was written for `quiet` seconds, and nothing is at work on anything.

        Gives the bytes read.
        """
        before, now = self.written, time.monotonic()
        deadline, rested = now + seconds, now + quiet
        while (left := rested - time.monotonic()) > 0:
            if self._read(min(left, 0.02)) or any_at_work():
                rested = time.monotonic() + quiet
                assert rested < deadline + quiet, f"the screen never rests:\n{self.text}"
        return self.written - before

    def read_for(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not self._read(left):
                return

    def _read_before(self, deadline: float, complaint: str) -> None:
        left = deadline - time.monotonic()
        assert left > 0, f"{complaint}:\n{self.text}"
        if not self._read(min(left, 0.2)) and self.process.poll() is not None:
            assert "did not end" in complaint, f"{complaint}, and the program ended:\n{self.text}"

    def _read(self, seconds: float) -> bool:
        """Read once, waiting up to so long, and on to the frame's end; claims that some came."""
        if not self._read_within(seconds):
            return False
        while self._frames.is_open:
            if not self._answers or not self._read_within(self._frames.patience):
                self._show(self._frames.give_up())
        return True

    def _read_within(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says EIO when the last writer has gone
            return False
        if not data:
            return False
        self.written += len(data)
        self.raw += data
        self._show(self._frames.take(data))
        return True

    def _show(self, data: bytes) -> None:
        data = self._rest + data
        incomplete = INCOMPLETE.search(data)
        cut = incomplete.start() if incomplete else len(data)
        self._rest = data[cut:]
        if self._answers:
            for _ in range(data.count(CURSOR_REPORT, 0, cut)):
                os.write(self._master, b"\x1b[1;1R")
        self._stream.feed(NOT_FOR_PYTE.sub(b"", data[:cut]))

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _controlling_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _of_a_host(name: str) -> bool:
    """What this machine's own terminal or user settings would change about the program.

    Compiled modules are kept: without them each start takes four times as long.
    """
    return name in ("COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE") or name.startswith(
        ("GERRA_", "XDG_", "TMUX", "SSH_", "TERM", "COLORTERM", "NO_COLOR")
    )


def gerra_tui(*arguments: str) -> list[str]:
    """The command line of the program under test."""
    return [sys.executable, "-m", "gerra_tui", *arguments]
