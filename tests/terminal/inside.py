"""A Textual app on a pseudo-terminal within the test's own process and event loop."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
import tty
from typing import TYPE_CHECKING, Self

from tests.patience import PATIENCE
from tests.terminal.emulator import Emulator
from tests.terminal.session import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import pytest
    from textual.app import App

TOUCHED = (
    signal.SIGWINCH,
    signal.SIGTSTP,
    signal.SIGCONT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGTTOU,
    signal.SIGTTIN,
)


class Inside:
    """Runs the app from `async with` on; what the emulator answers arrives while `answers`."""

    def __init__(self, app: App[None], monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.emulator = Emulator(80, 24, self._answered)
        self.raw = bytearray()
        self.answers = True
        self._held: list[bytes] | None = None
        self.master, slave = pty.openpty()
        tty.setraw(self.master)
        attributes = termios.tcgetattr(slave)
        attributes[1] |= termios.OPOST | termios.ONLCR
        termios.tcsetattr(slave, termios.TCSANOW, attributes)
        self._slave = slave
        self._input = os.fdopen(os.dup(slave), encoding="utf-8")
        self._output = os.fdopen(os.dup(slave), "w", encoding="utf-8")
        monkeypatch.setattr(sys, "__stdin__", self._input)
        monkeypatch.setattr(sys, "__stdout__", self._output)  # of which Textual takes the size
        monkeypatch.setattr(sys, "__stderr__", self._output)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("TMUX", raising=False)
        self._handlers = {number: signal.getsignal(number) for number in TOUCHED}
        self._size(80, 24)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.master, self._read)
        self._running = asyncio.create_task(self.app.run_async())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.answers = kind is None and self.answers
        if not self._running.done():
            self.app.exit()
        await self.end()
        asyncio.get_running_loop().remove_reader(self.master)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._input.close()
        self._output.close()
        os.close(self.master)
        os.close(self._slave)

    @property
    def text(self) -> str:
        return self.emulator.text

    async def end(self) -> int:
        """Wait for the app's end; gives its return code."""
        async with asyncio.timeout(PATIENCE):
            await self._running
        self._read()
        return self.app.return_code or 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.send(KEYS.get(key, key.encode()))

    def send(self, data: bytes) -> None:
        os.write(self.master, data)

    def hold_answers(self) -> None:
        """As while a key is on its way: what is answered meanwhile arrives behind it."""
        self._held = []

    def release_answers(self) -> None:
        answers, self._held = self._held or [], None
        self.send(b"".join(answers))

    def resize(self, columns: int, lines: int) -> None:
        self.emulator.resize(columns, lines)
        self._size(columns, lines)
        os.kill(os.getpid(), signal.SIGWINCH)

    async def until(self, holds: Callable[[], bool], complaint: str = "") -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():  # noqa: ASYNC110 - anything may be waited for
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"{complaint or 'waited in vain'}:\n{self.text}") from None

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in self.text, f"the screen never showed {text!r}")

    def _answered(self, data: bytes) -> None:
        if self._held is not None:
            self._held.append(data)
        elif self.answers:
            self.send(data)

    def _read(self) -> None:
        os.set_blocking(self.master, False)
        try:
            while data := os.read(self.master, 65536):
                self.raw += data
                self.emulator.feed(data)
        except OSError:
            return

    def _size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
