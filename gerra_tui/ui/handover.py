"""The terminal is given to another program, and taken back whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import time
import tty
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.terminal.jobs import descendants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.screen import Screen

    from gerra_tui.service.decisions.decisions import Decisions

# What git has run by the shell (run-command.c); anything else is a program's name.
_FOR_THE_SHELL: Final = frozenset("|&;<>()$`\\\"' \t\n*?[#~=%")
_TOO_SHORT: Final = 1.0  # seconds in which nobody has read anything
_GRACE: Final = 2.0  # seconds in which a program that is told to end may save what it has


@dataclass(frozen=True, slots=True)
class Ended:
    """How the other program ended: nothing, or a sentence about what went wrong."""

    problem: str | None = None


class Handover:
    """Everything that needs the terminal for itself goes through here.

    The screen is back before anything else, a notice comes next, and the holds run on after it.
    """

    def __init__(self, screen: Screen[Any], decisions: Decisions) -> None:
        self._screen = screen
        self._decisions = decisions
        self._child: asyncio.subprocess.Process | None = None
        self._ending = False
        self.active = False

    async def run(
        self, command: str, *arguments: str, stdin: str | None = None, is_read: bool = False
    ) -> Ended:
        """Run it as git runs a pager or an editor. `stdin`: a text for its standard input.

        `is_read`: where it ends within a second, a key is waited for before the screen comes back.
        """
        name = command.split(maxsplit=1)[0] if command.split() else command
        problem: BaseException | None = None
        code = 0
        self.active = True
        self._decisions.stop_clock()
        try:
            with self._screen.app.suspend(), _signals_of_the_other():
                try:
                    code = await self._wait_for(_invocation(command, arguments), stdin, is_read)
                except BaseException as error:  # noqa: BLE001 - the screen first, then whatever it is
                    problem = error
            self._screen.app.refresh(repaint=True)
        finally:
            self.active = False
            self._screen.app.call_later(self._decisions.start_clock)  # behind what the caller tells
        match problem:
            case None:
                pass
            case OSError():
                why = problem.strerror or type(problem).__name__
                return Ended(f"{name} cannot be started: {why}.")
            case ValueError():
                return Ended(f"{name} cannot be started: it is no command.")
            case _:
                raise problem
        if code == 127:
            return Ended(f"{name} cannot be started: it was not found.")
        if code:
            return Ended(f"{name} ended with {_words(code)}.")
        return Ended()

    async def end(self) -> None:
        """Have the other program end, as politely as it lets one; the screen is back then."""
        self._ending = True
        if (child := self._child) is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in reversed(descendants(child.pid)):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, number)
            with suppress(TimeoutError):
                async with asyncio.timeout(_GRACE):
                    await child.wait()
                    return

    async def _wait_for(self, command: Sequence[str], stdin: str | None, is_read: bool) -> int:
        begun = time.monotonic()
        self._child = child = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE if stdin is not None else None
        )
        try:
            if stdin is not None:
                await _feed(child, stdin)
            code = await child.wait()
        except asyncio.CancelledError:
            await self.end()
            raise
        finally:
            self._child = None
        if is_read and not self._ending and time.monotonic() - begun < _TOO_SHORT:
            await _a_key()
        return code


def _invocation(command: str, arguments: Sequence[str]) -> list[str]:
    if not _FOR_THE_SHELL & set(command):
        return [command, *arguments]
    return ["sh", "-c", f'{command} "$@"' if arguments else command, command, *arguments]


async def _feed(child: asyncio.subprocess.Process, text: str) -> None:
    stdin = child.stdin
    if stdin is None:
        return
    with suppress(ConnectionError):  # it ended before it had read all
        stdin.write(text.encode("utf-8", "replace"))
        await stdin.drain()
    with suppress(ConnectionError):
        stdin.close()
        await stdin.wait_closed()


async def _a_key() -> None:
    """Whatever was printed stays until a key is pressed, or the terminal goes."""
    terminal = sys.__stdin__.fileno() if sys.__stdin__ else 0
    before = termios.tcgetattr(terminal)
    os.write(terminal, b"\n[any key goes back to gerra-tui] ")
    loop = asyncio.get_running_loop()
    pressed = asyncio.Event()
    tty.setcbreak(terminal)
    loop.add_reader(terminal, pressed.set)
    try:
        await pressed.wait()
        with suppress(OSError):
            os.read(terminal, 64)
    finally:
        loop.remove_reader(terminal)
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSANOW, before)


@contextmanager
def _signals_of_the_other() -> Iterator[None]:
    """^\\ is the other program's, by a handler, since what is ignored is inherited; ^z stops both.

    Of ^c the loop is told as always: see `ReviewApp`.
    """
    leave = signal.signal(signal.SIGQUIT, lambda *_: None)
    stop = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, stop)
        signal.signal(signal.SIGQUIT, leave)


def _words(code: int) -> str:
    if code > 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
