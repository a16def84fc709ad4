"""The console: one review screen, guards in front of its keys, and an end that keeps everything."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import App
from textual.worker import WorkerFailed

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.service.failures import Unauthorized
from gerra_tui.service.ports import JournalUnwritable
from gerra_tui.terminal.capabilities import Capabilities
from gerra_tui.terminal.shown import UNTOLD, Shown
from gerra_tui.ui.dialogs.dialog import DecidingDialog, Dialog, TakesKeys
from gerra_tui.ui.filters import AsciiBorders, AsciiFilter, InMono, NoFaint, OnLight
from gerra_tui.ui.keys.burst import BURST_TOLD, QUIET_SECONDS, Admission, BurstGuard
from gerra_tui.ui.keys.commands import LIST
from gerra_tui.ui.keys.typeahead import TypeAhead
from gerra_tui.ui.preload import import_ahead
from gerra_tui.ui.present.values import summary
from gerra_tui.ui.rehearsal import Rehearsal
from gerra_tui.ui.review.screen import ReviewScreen, key_of
from gerra_tui.ui.theme import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType
    from textual.binding import BindingType
    from textual.driver import Driver
    from textual.filter import LineFilter

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.listing.status import QueueChanged
    from gerra_tui.settings.kept_frame import KeptFrame
    from gerra_tui.ui.keys.registry import Registry
    from gerra_tui.ui.workplace import Workplace

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)

KEY_WAITED_FOR: Final = 2.0  # seconds until it is told that there is no key yet
PAINTED_WITHIN: Final = 0.1  # seconds; Textual paints what was refreshed by and by
JOURNAL_AGAIN: Final = 5.0  # seconds until a disk that refused the journal is tried again

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failed:
    """The console ended by a mistake of its own; the log has the rest."""

    name: str


class ReviewApp(App[None], inherit_bindings=False):
    """`summary` and `failed` tell how it ended; `return_code` is 129 or 143 after a signal.

    `on_drawn` is called when the first screen is.
    """

    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    TITLE = "gerra-tui"

    def __init__(
        self,
        workplace: Workplace,
        registry: Registry,
        driver_class: type[Driver] | None = None,
        on_drawn: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class, ansi_color=True)
        self.register_theme(TERMINAL)
        self.theme = TERMINAL.name
        self.animation_level = "none"
        able = Capabilities.of(os.environ)
        borders = workplace.preferences.ascii_borders
        self.set_class(borders or not able.unicode, "-ascii")
        theme = workplace.preferences.theme or ("light" if able.light else "dark")
        # Asked of the terminal where nothing else says it, and where there are colours.
        self.asks_background = workplace.preferences.theme is None and able.colors > 0
        filters = [
            AsciiFilter(enabled=not able.unicode),
            AsciiBorders(enabled=borders and able.unicode),
            NoFaint(enabled=not able.faint),
            on_light := OnLight(enabled=theme == "light"),
            InMono(enabled=theme == "mono"),
        ]
        self._own_filters = filters
        self._on_light = on_light
        self._workplace = workplace
        self._commands = registry
        self._on_drawn = on_drawn
        self._imports_ahead = False
        self._burst = BurstGuard()
        self._type_ahead = TypeAhead(self, self._take)
        self._shown = Shown()  # for a driver that does not tell
        self._done: Counter[Verdict] = Counter()
        self.review = ReviewScreen(workplace, registry, self.write_to_terminal)
        self.summary = ""
        self.failed: Failed | None = None
        self.kept = ""
        self._ends_both: asyncio.Future[None] | None = None
        self._ending = False
        self._rehearsal: Rehearsal | None = None

    def get_default_screen(self) -> ReviewScreen:
        return self.review

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and those for what the terminal lacks."""
        return [*super().get_line_filters(), *(one for one in self._own_filters if one.enabled)]

    def background_told(self, light: bool) -> None:
        """The terminal has answered what its background is."""
        if self._on_light.enabled != light:
            self._on_light = OnLight(enabled=light)  # strips keep what a filter made of them
            self._own_filters = [
                self._on_light if isinstance(one, OnLight) else one for one in self._own_filters
            ]
            self.refresh(repaint=True, layout=True)

    async def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._signalled, number)
        self._workplace.queue.subscribe(self._watch_for_no_key)
        self._workplace.queue.subscribe(self._import_ahead)
        decisions = self._workplace.decisions
        decisions.subscribe(self._count)
        # ^z, $PAGER and $EDITOR: while the reviewer cannot see the screen, holds do not run.
        self.app_suspend_signal.subscribe(self, lambda _: decisions.stop_clock(), immediate=True)
        self.app_resume_signal.subscribe(self, lambda _: self._resumed(), immediate=True)
        self.review.call_after_refresh(self._go_on)
        self.review.displayed.on_settled = self._settled

    def _settled(self) -> None:
        """The whole first screen is drawn: the one that was found on the terminal has done."""
        self.review.displayed.on_settled = lambda: None
        if (took_over := getattr(self._driver, "took_over", None)) is not None:
            self.set_timer(PAINTED_WITHIN, took_over)

    def _go_on(self) -> None:
        """The first screen is there: now what its reviewer does not have to wait for."""
        if self._on_drawn is not None:
            self._on_drawn()
        self.run_worker(self._send(), group="sending")
        self.set_timer(KEY_WAITED_FOR, self._tell_of_key)

    def _tell_of_key(self) -> None:
        if (asked := self._workplace.access.waits_for) is not None:
            self.review.desk.notice(f"Waiting for {asked}: it may have to be unlocked. q leaves.")

    async def _send(self) -> None:
        """Read the journal, tell of what was kept, and send what is due until the end."""
        decisions = self._workplace.decisions
        while (kept := await self._opened()) is None:  # noqa: ASYNC110 - no event tells of a disk
            await asyncio.sleep(JOURNAL_AGAIN)
        self.review.resuming.journal_opened(kept)
        self.review.tell()
        self.review.desk.list.refresh()
        while True:
            try:
                return await decisions.run()
            except Exception as bug:  # noqa: BLE001 - what is held must not stay unsent by it
                self._tell_of_mistake(bug)
                await asyncio.sleep(JOURNAL_AGAIN)

    async def _opened(self) -> tuple[Decision, ...] | None:
        """What an ended console left; null where the disk does not let the journal be opened."""
        try:
            return await self._workplace.decisions.start()
        except JournalUnwritable as problem:
            self.review.desk.notice(f"Nothing can be decided: {problem}", unasked=True)
            return None

    # Guards

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes are taken one after the other: what one opens or closes gets the next.

        A slow link delivers `a` and `y` in one go, and `y` alone would open the copy menu.
        """
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._type_ahead.arrived(event)
        else:
            await super().on_event(event)

    async def _take(self, event: events.Event) -> None:
        if self._ending:
            return
        await asyncio.sleep(0)  # a flow whose dialog was just answered goes on first
        self.review.desk.quiet.note()
        sight = self.review.desk.sight
        is_text = not isinstance(event, events.Key) or event.character is not None
        sight.take(self._seen_by(event), event.time, is_text=is_text)
        if sight.drops:
            if isinstance(event, events.Key) and event.key == "escape":
                sight.give_up()
            return
        if isinstance(event, events.Key):
            if self._suspends(event):
                self.review.leaving.do_suspend()
                return
            admission = self._burst.admit(event.time, deciding=self._is_deciding(event))
            if admission is Admission.TRIP:
                self._stop_burst()
            if admission is not Admission.PASS:
                return
            if isinstance(self.screen, TakesKeys):
                await self.screen.until_it_takes_keys()
            if isinstance(self.screen, Dialog):
                self.screen.step_aside(event)
            if self.review.desk.has_the_keys:
                self.review.take_key(event)
                await asyncio.sleep(0)  # what it set going has pushed its dialog after this
                return
        to = self.focused or self.screen
        await super().on_event(event)
        self._type_ahead.posted_to(to)

    def _suspends(self, event: events.Key) -> bool:
        """Claims that it is the key for that, wherever it was pressed: no text has it."""
        command = self._commands.command_for(LIST, key_of(event))
        return command is not None and command.name == "suspend" and not event.is_printable

    def post_display_hook(self) -> None:
        """A frame was drawn."""
        frame = getattr(self._driver, "drawn", None)
        if frame is None:
            self._shown.draw()
            self._shown.sent(0, time.monotonic())
            frame = self._shown.drawn
        # The list is seen around a dialog, and not behind another screen.
        if self.screen_stack and isinstance(self.screen, ReviewScreen | Dialog):
            self.review.drawn(frame)

    def _seen_by(self, event: events.Event) -> int:
        """The last frame that was shown when this was typed."""
        seen: int | None = getattr(event, "frame_seen", None)
        if seen is not None:
            return seen
        return self._shown.by(event.time, 0.0 if self.is_headless else UNTOLD)

    def _is_deciding(self, event: events.Key) -> bool:
        """`a`, `r`, `y` in a dialog, Enter in one that asks for a reason or a number.

        Where `a` and `r` do nothing, in a dialog, they count: they tell of a burst all the same.
        """
        if isinstance(self.screen, DecidingDialog):
            if event.key == "enter":
                return self.screen.ENTER_DECIDES
            return self.focused is None and (event.key == "y" or self._decides(LIST, event))
        return self.review.desk.has_the_keys and self._decides(self.review.displayed.context, event)

    def _decides(self, context: str, event: events.Key) -> bool:
        command = self._commands.command_for(context, key_of(event))
        return command is not None and command.decides

    def _stop_burst(self) -> None:
        self._close_what_asks()
        # Keys before the fourth may have opened something that is only now on its way.
        self.set_timer(QUIET_SECONDS, self._close_what_asks)
        self.review.desk.notice(BURST_TOLD)

    def _close_what_asks(self) -> None:
        from gerra_tui.ui.dialogs.copy import CopyMenu

        if not self.screen_stack:  # the console ended meanwhile
            return
        if isinstance(self.screen, DecidingDialog):
            self.screen.dismiss_as_no()
        elif isinstance(self.screen, CopyMenu):
            self.screen.dismiss(None)

    # Events of the services

    def _watch_for_no_key(self, change: QueueChanged) -> None:
        failure = self._workplace.queue.status.failure
        if change.status and isinstance(failure, Unauthorized) and failure.http_status is None:
            self.review.api_key.ask_for_first()

    def _import_ahead(self, _: QueueChanged) -> None:
        """The reviewer has something to read: time to import what the next keys need."""
        if self._workplace.queue.status.live and not self._imports_ahead:
            self._imports_ahead = True
            self.run_worker(asyncio.to_thread(import_ahead), group="ahead")

    def _count(self, decision: Decision) -> None:
        if decision.state is DecisionState.DONE:
            self._done[decision.verdict] += 1

    # Out of the terminal and back

    def write_to_terminal(self, sequence: str) -> None:
        """For the clipboard: passes the screen by."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    def redraw_terminal(self) -> None:
        """Draw everything again, where something else wrote on the screen."""
        redraw = getattr(self._driver, "redraw", None)
        if redraw is not None:
            redraw()

    # The end

    def _signalled(self, number: int) -> None:
        """SIGHUP, SIGTERM, SIGINT: keep everything, then end. ^c in another program is its own."""
        if not self.review.desk.handover.active:
            self.exit(return_code=128 + number)
        elif number != signal.SIGINT:
            self._ends_both = asyncio.ensure_future(self._end_both(number))

    async def _end_both(self, number: int) -> None:
        """The other program first, so that what it saved is read back."""
        handover = self.review.desk.handover
        await handover.end()
        while handover.active:  # noqa: ASYNC110 - until the flow that began it has the screen
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        self.exit(return_code=128 + number)

    def _resumed(self) -> None:
        """After another program the holds run on when its outcome is told."""
        if not self.review.desk.handover.active:
            self._workplace.decisions.start_clock()

    def rehearse_with(
        self,
        place: Callable[[], Workplace],
        keep: Callable[[KeptFrame, tuple[int, int]], None],
    ) -> None:
        """At the end, give `keep` the frame that a start on `place` would show, and its size.

        The place's service is never to answer.
        """
        self._rehearsal = Rehearsal(self, self._commands, place, keep)

    def exit(
        self,
        result: None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """Ends the console. A reason that is being typed becomes its dataset's draft."""
        if self._ending:
            return
        self._ending = True
        self.review.recording.keep_typed()
        self.review.resuming.save()
        end = partial(super().exit, result, return_code, message)
        # In the app's own task: a signal's handler has nothing of Textual around it.
        if self._rehearsal is None or not self.call_later(self._rehearse, end):
            end()

    def _rehearse(self, end: Callable[[], None]) -> None:
        """What the next start will show is drawn before the end."""
        if self._rehearsal is None or self._driver is None:
            end()
        else:
            rehearsal = asyncio.ensure_future(self._rehearsal.run(self._driver))
            rehearsal.add_done_callback(lambda _: end())

    async def on_unmount(self) -> None:
        if not self._ending:
            self.review.resuming.save()
        decisions = self._workplace.decisions
        await self.review.examining.aclose()
        await self.review.downloading.aclose()
        try:
            await decisions.keep_all()
        except JournalUnwritable as problem:
            # The next start finds them all the same: they are in the journal as held.
            log.warning("not kept at the end: %s", problem)
        await self._workplace.queue.close()
        await self._workplace.details.close()
        await decisions.close()
        undecided = self.review.recording.never_written()
        self.summary = summary(self._done, decisions.status, undecided)

    def _handle_exception(self, error: Exception) -> None:
        """A mistake in this program: into the log, and a sentence instead of a traceback."""
        if isinstance(error, WorkerFailed):
            self._tell_of_mistake(error.error)
            return
        log.error("the console failed", exc_info=error)
        self.failed = Failed(type(error).__name__)
        self._keep_at_crash()
        super()._handle_exception(error)

    def _tell_of_mistake(self, error: BaseException) -> None:
        """A worker failed: what it was about can be tried again, and the console goes on."""
        log.error("a task of the console failed", exc_info=error)
        self.review.desk.notice(
            f"That failed by a mistake in this program ({type(error).__name__}, see console.log): "
            "try again."
        )

    def _keep_at_crash(self) -> None:
        """Whatever part of it is broken: the draft and the session, and what is so."""
        kept = []
        try:
            self.review.recording.keep_typed()
            self.review.resuming.save()
            kept.append("What was typed and where you were is kept.")
        except Exception:
            log.exception("the session was not kept")
        count = len(self._workplace.decisions.listing())
        if count:
            are = "decision is" if count == 1 else "decisions are"
            kept.append(f"{count} {are} in the outbox: nothing is sent until you say so.")
        else:
            kept.append("Nothing was waiting to be sent.")
        self.kept = " ".join(kept)

    def _print_error_renderables(self) -> None:
        """Textual would print the traceback, with local variables, on the reviewer's screen."""
        self._exit_renderables.clear()
