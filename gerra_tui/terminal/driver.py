"""Textual's Linux driver, sending only the cells that changed, no faster than they are shown."""

from __future__ import annotations

import atexit
import os
import re
import select
import signal
import sys
import termios
import threading
import time
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys

from gerra_tui.terminal import background
from gerra_tui.terminal.inquiry import Inquiry
from gerra_tui.terminal.jobs import could_be_continued
from gerra_tui.terminal.keys import KeyParser
from gerra_tui.terminal.movement import Dialect
from gerra_tui.terminal.output import TerminalFile, WakingEvent
from gerra_tui.terminal.pacing import Pacer
from gerra_tui.terminal.painter import Painter
from gerra_tui.terminal.pasting import PasteGuard
from gerra_tui.terminal.replies import REPORT, InputFilter
from gerra_tui.terminal.shown import FELL_SILENT, UNTOLD, Shown

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from textual.app import App
    from textual.driver import Driver
    from textual.message import Message

    from gerra_tui.terminal.early import EarlyScreen
    from gerra_tui.terminal.replies import Passed

# Queries that the terminal answers by itself: modes, attributes, state, version, keyboard.
_QUERY: Final = re.compile(r"\x1b\[\?[0-9]+\$p|\x1b\[>?[0-9;]*[cnq]|\x1b\[\?u")
# A terminal that is being resized by hand sends many sizes; after the last one all is drawn once.
_RESIZED_AFTER: Final = 0.2
# Answers on their way at the end are waited for so long, or the shell would take them for typing.
_DRAIN: Final = 1.0
# The app draws its first screen in several steps, of which the frame that was found has the last:
# it says when it has come as far, or so many seconds go by, or a key is pressed.
_TAKEN_OVER: Final = 1.5
_ENTERING: Final = "\x1b[?1049h"
# What answers by itself for a terminal that may be far behind it.
_ANSWERING_FOR_IT: Final = ("TMUX", "STY", "ZELLIJ")
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
# What ends a process unless it is handled: the terminal is restored first.
_FATAL: Final = tuple(
    number
    for name in ("QUIT", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "XCPU", "XFSZ", "IO", "PWR")
    if (number := getattr(signal, f"SIG{name}", None)) is not None
)
# What a program before may have left: margins, origin, insert mode, reverse video.
_RESET: Final = "\x1b[r\x1b[?6l\x1b[4l\x1b[?5l\x1b[m"
# What `stop_application_mode` would have written, for an end that did not come to it.
_LAST_RESORT: Final = (
    "\x1b[r\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)


class CellDriver(LinuxDriver):
    """Sends Textual's frames as the cells that differ from what the terminal shows.

    Give it to an `App` as `driver_class`. Everything belongs to the event loop's thread but for
    `run_input_thread`, which counts answers and hands over what arrives.
    """

    exit_event: WakingEvent
    # The screen that stands already, and the frame that it shows; see `choose_driver`.
    early: ClassVar[tuple[EarlyScreen, str] | None] = None

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._terminal = TerminalFile(sys.__stderr__ or sys.stderr)
        self._file = self._terminal  # type: ignore[assignment]  # all of a file that is used
        self.exit_event = WakingEvent()
        self._thread = threading.get_ident()
        columns, lines = self._get_terminal_size()
        self._painter = Painter(
            columns, lines, self._dialect(), self._terminal.encoding, self._repaint
        )
        self._pacer = Pacer()
        self._inquiry = Inquiry()
        self._heard = 0  # answers, as the loop has been told of them
        self._shown = Shown()
        self._is_direct = not any(os.environ.get(name) for name in _ANSWERING_FOR_IT)
        self._pacing_timer: asyncio.TimerHandle | None = None
        self._resize_timer: asyncio.TimerHandle | None = None
        self._started = False  # from start_application_mode to stop_application_mode
        self._open = False  # from start_application_mode to close
        self._asking = False  # from start_application_mode to disable_input
        self._query_is_out = False  # another one than ours, after the last of ours
        self._rehearsing = False  # from `rehearse` to the end
        self._gate = InputFilter()
        self._asked_background = False
        self._taking_over: asyncio.TimerHandle | None = None
        self._found = self.early if self.early and self.early[0].is_shown else None

    def write(self, data: str) -> None:
        """Take a frame into the grid, to be sent by `flush`; pass on anything else at once."""
        if self._found is not None and data == _ENTERING:
            return  # it has been entered: once more would clear it
        if threading.get_ident() != self._thread:
            self._out(data)
            self._in_loop(self._painter.disturbed)
        elif passing := self._painter.take(data):
            self._query_is_out |= _QUERY.search(passing) is not None
            self._out(passing)
        self._shown.draw()

    def flush(self) -> None:
        """Send what differs, or hold it while the terminal is behind."""
        if self._started and not self._waits and self._pacer.may_send:
            self._settle()

    def redraw(self) -> None:
        """Send all of the screen: something else has written to the terminal."""
        self._painter.disturbed()
        if self._started and not self._waits:
            self._settle()

    @property
    def _waits(self) -> bool:
        """What is drawn is not sent now."""
        return self._rehearsing or self._taking_over is not None

    def _settle(self) -> None:
        text = self._painter.difference()
        if text and self._asking and self._pacer.asks:
            self._ask(text)
        else:
            self._out(text)
        self._shown.sent(self._inquiry.asked, self._loop.time())
        if self._reports:
            self._shown.answered(self._heard)

    def _ask(self, text: str = "") -> None:
        """Send the text, and ask when it has arrived."""
        self._query_is_out = False
        question = self._inquiry.ask()
        self._pacer.sent(len(text.encode(errors="replace")), self._loop.time())
        self._out(text + question)
        self._set_pacing_timer()

    def _out(self, data: str) -> None:
        if data and self._open:
            super().write(data)

    def _repaint(self) -> None:
        self._loop.call_soon(self._app.refresh)

    def _in_loop(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call it in the event loop's thread, if there still is a loop."""
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            return

    @property
    def drawn(self) -> int:
        """The number of the last frame that was written; keys tell by `frame_seen` of theirs."""
        return self._shown.drawn

    @property
    def _reports(self) -> bool:
        """The terminal itself says what it has shown, or may yet begin to."""
        return self._is_direct and self._pacer.asks and not self._painter.gave_up

    def _stamp(self, message: Message) -> None:
        """Say on what was typed which frame the terminal had shown by then."""
        patience = FELL_SILENT if self._reports else UNTOLD
        message.frame_seen = self._shown.by(message.time, patience)  # type: ignore[attr-defined]

    # Pacing

    def _answered(self) -> None:
        self._heard += 1
        if self._reports:
            self._shown.answered(self._heard)
        self._pacer.answered(1, self._loop.time())
        self._set_pacing_timer()
        self.flush()

    def _late(self) -> None:
        """Answers stay away: see `Pacer.expire`."""
        self._pacing_timer = None
        self._pacer.expire(self._loop.time())
        if not self._pacer.asks:
            self._inquiry.forgive()
        self._set_pacing_timer()
        self.flush()

    def _set_pacing_timer(self) -> None:
        if self._pacing_timer is not None:
            self._pacing_timer.cancel()
            self._pacing_timer = None
        if (deadline := self._pacer.deadline) is not None:
            self._pacing_timer = self._loop.call_at(deadline, self._late)

    def _doubt(self) -> None:
        """An incomplete sequence is waiting: a report behind it tells that it is all there is."""
        if self._asking and self._pacer.asks and not self._inquiry.awaited:
            self._ask()

    # Size

    def _get_terminal_size(self) -> tuple[int, int]:
        """The terminal's own word, not that of COLUMNS and LINES: those stay as they are exported
        (by readline too, to all that it starts) whatever becomes of the terminal.
        """
        try:
            columns, lines = os.get_terminal_size(self._terminal.fileno())
        except OSError:
            columns = lines = 0
        return (columns, lines) if columns and lines else super()._get_terminal_size()

    def _dialect(self) -> Dialect:
        try:
            flags = termios.tcgetattr(self._terminal.fileno())[1]
        except termios.error:
            flags = 0
        both = termios.OPOST | termios.ONLCR
        return Dialect.of(os.environ, translates_newline=flags & both == both)

    def _resized(self) -> None:
        """The signal counts, not the size: a size that comes back has lost cells meanwhile."""
        self._painter.resize(*self._get_terminal_size(), self._dialect())
        self._await_rest()

    def _await_rest(self) -> None:
        if self._resize_timer is not None:
            self._resize_timer.cancel()
        self._resize_timer = self._loop.call_later(_RESIZED_AFTER, self._came_to_rest)

    def _came_to_rest(self) -> None:
        self._resize_timer = None
        if self._started:
            # After sizes in quick succession the app itself may be left with a stale part.
            self._app.refresh(layout=True)
            self.redraw()
            self._app.call_later(self._tell_size)

    def _tell_size(self) -> None:
        """Once the app has taken each size: tell it again of one that its screen has lost.

        A screen posts itself the size that it was laid out for, and a newer one that waits in its
        queue by then is dropped in favour of it.
        """
        screens, size = self._app.screen_stack, self._app.size
        if self._started and screens and screens[-1].outer_size != size:
            screens[-1].post_message(events.Resize(size, size))
            self._await_rest()

    # Start and stop

    def start_application_mode(self) -> None:
        """Enter application mode, and show again what was on the screen."""
        self._open = self._asking = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._key_thread is None or not self._key_thread.is_alive():
            return  # in the background; SIGCONT starts again
        self._started = True
        atexit.register(self._restore)
        if self._found is not None:
            self.attrs_before = self._found[0].hand_over()
        resized = signal.getsignal(signal.SIGWINCH)

        def on_resize(number: int, frame: Any) -> None:
            if callable(resized):
                resized(number, frame)
            self._in_loop(self._resized)

        signal.signal(signal.SIGWINCH, on_resize)
        for number in _ENDING:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._on_ending)
        for number in _FATAL:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._on_fatal)
        self._out(self._dialect().known(_RESET))
        self._painter.resize(*self._get_terminal_size(), self._dialect())
        if self._found is not None:
            (_, frame), self._found = self._found, None
            self._painter.adopt(frame)
            self._taking_over = self._loop.call_later(_TAKEN_OVER, self.took_over)
        self._ask_background()
        self._loop.call_soon(self.flush)

    def _ask_background(self) -> None:
        """Once, where the app wants to know it and the terminal is of xterm's kin."""
        if self._asked_background or not getattr(self._app, "asks_background", False):
            return
        self._asked_background = True
        if self._dialect().full:
            self._gate.awaits_colour = self._query_is_out = True
            self._out(background.QUESTION)

    def _tell_background(self, light: bool) -> None:
        self._app.background_told(light)  # type: ignore[attr-defined] # it has asked

    def took_over(self) -> None:
        """The app has come as far as the frame that was found: from here on what differs is sent.

        Does nothing where none was found.
        """
        if self._taking_over is not None:
            self._taking_over.cancel()
            self._taking_over = None
            self.flush()

    def rehearse(self) -> None:
        """From here on the terminal keeps what it shows, and what is drawn is for `picture`."""
        self._rehearsing = True

    def picture(self) -> tuple[tuple[int, int], str, str]:
        """The size of the screen, and what is wanted on it: see `Painter.picture`."""
        return (self._painter.size, *self._painter.picture())

    def stop_application_mode(self) -> None:
        """Leave application mode, and the terminal as it was found."""
        self._started = False
        for number in _ENDING:
            if signal.getsignal(number) == self._on_ending:
                signal.signal(number, signal.SIG_DFL)
        for number in _FATAL:
            if signal.getsignal(number) == self._on_fatal:
                signal.signal(number, signal.SIG_DFL)
        for timer in (self._resize_timer, self._taking_over):
            if timer is not None:
                timer.cancel()
        self._taking_over = None
        self._out(self._dialect().leaving)
        super().stop_application_mode()

    def disable_input(self) -> None:
        """Stop reading, once all that was asked is answered: the shell gets nothing of it."""
        if self._asking:
            self._disable_mouse_support()
            if self._pacer.answers and (self._query_is_out or self._mouse):
                self._ask()
            self._asking = False
            if self._key_thread is not None and self._key_thread.is_alive():
                self._inquiry.wait(_DRAIN)
            self._pacer.restart()
            self._set_pacing_timer()
        super().disable_input()

    def close(self) -> None:
        """Write what is still to be written."""
        if not self._started:
            atexit.unregister(self._restore)
        self._open = False
        super().close()

    def _restore(self) -> None:
        """The process ends before `close`, or even `stop_application_mode`, was come to."""
        stopped = not self._started
        self.close()
        if stopped:
            return
        dialect = self._dialect()
        self._terminal.write(dialect.leaving + dialect.known(_LAST_RESORT))
        if self.attrs_before is not None:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            except termios.error:
                return

    def _on_ending(self, number: int, _frame: Any) -> None:
        """Leave by the front door; a second signal ends the process as it would have."""
        signal.signal(number, signal.SIG_DFL)
        self._in_loop(self._leave, number)

    def _on_fatal(self, number: int, _frame: Any) -> None:
        """The terminal as it was found, then what the signal does."""
        signal.signal(number, signal.SIG_DFL)
        self._restore()
        os.kill(os.getpid(), number)

    def _leave(self, number: int) -> None:
        self._app.exit(return_code=128 + number)

    def _sigtstp_application(self, *_: Any) -> None:
        """Suspend from the loop: the signal may arrive in the middle of a write."""
        self._in_loop(self._suspend)

    def _suspend(self) -> None:
        """The app knows of its own ^z only: a signal from elsewhere is told to it here."""
        self._app.app_suspend_signal.publish(self._app)
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        if could_be_continued():
            # The whole process group, as the terminal's own ^z: a script around it stops with it.
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.killpg(0, signal.SIGTSTP)
        else:  # whoever sent the signal may know better
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *arguments: Any) -> None:
        """Resume; after a stop that was no suspension (SIGSTOP) enter all modes again."""
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        if self._started:
            self._in_loop(self._again)
        else:
            super()._sigcont_application(*arguments)

    def _again(self) -> None:
        if self._started and self._auto_restart:
            self.suspend_application_mode()
            self.start_application_mode()

    # Input

    def process_message(self, message: Message) -> None:
        """Hand an event to the app. Runs in the input thread."""
        if isinstance(message, events.Resize):
            self._in_loop(self._resized)
        elif isinstance(message, events.Key) and self._taking_over is not None:
            self._in_loop(self.took_over)
        self._in_loop(self._stamp, message)
        super().process_message(message)

    def run_input_thread(self) -> None:
        """Read until told to stop. Sleeps while nothing arrives."""
        gate, guard = self._gate, PasteGuard()
        keys = KeyParser(debug=self._debug)
        sources = [self.fileno, self.exit_event.fileno()]
        while not self.exit_event.is_set():
            deadline = gate.deadline
            timeout = None if deadline is None else max(deadline - time.monotonic(), 0)
            ready, _, _ = select.select(sources, [], [], timeout)
            now = time.monotonic()
            if self.fileno not in ready:
                self._hand_on(guard.passed(gate.expire(now), now), keys)
            elif data := self._read():
                passed = gate.feed(data, now, self._inquiry.awaited)
                self._count(passed)
                if gate.light is not None:
                    self._in_loop(self._tell_background, gate.light)
                    gate.light = None
                self._hand_on(guard.passed(passed.pieces, now), keys)
            else:
                sources.remove(self.fileno)
                if self.input_tty:
                    self._in_loop(self._leave, signal.SIGHUP)

    def _read(self) -> bytes:
        """What arrived; empty at the end of input, and when the terminal has gone (EIO)."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _count(self, passed: Passed) -> None:
        if passed.reports:
            self._inquiry.receive(passed.reports)
        if passed.doubtful:
            self._in_loop(self._doubt)

    def _hand_on(self, pieces: list[bytes], keys: KeyParser) -> None:
        for piece in pieces:
            if piece == REPORT:
                self._in_loop(self._answered)
                continue
            for event in keys.events(piece):
                self.process_message(event)


class PlainDriver(LinuxDriver):
    """Textual's own, whose parser takes Alt-Enter (ESC CR) for Enter: a line feed instead."""

    def start_application_mode(self) -> None:
        if isinstance(ANSI_SEQUENCES_KEYS, dict):
            ANSI_SEQUENCES_KEYS["\x1b\r"] = (Keys.ControlJ,)
        super().start_application_mode()  # type: ignore[no-untyped-call] # as Textual has it


def choose_driver(
    environ: Mapping[str, str], early: tuple[EarlyScreen, str] | None = None
) -> type[Driver]:
    """The driver for an `App`'s `driver_class`: Textual's own where GERRA_RAW is set, but for 0.

    `early`: a screen that stands already, and its frame as `Painter.picture` gave it: the driver
    goes on from there. Textual's own would not.
    """
    if environ.get("GERRA_RAW", "0") not in ("", "0"):
        return PlainDriver
    return CellDriver if early is None else type("CellDriver", (CellDriver,), {"early": early})
