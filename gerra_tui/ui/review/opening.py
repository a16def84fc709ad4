"""Other screens, the command line, help, and one step back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from gerra_tui.service.changing_key import change_key
from gerra_tui.service.failures import Unauthorized

if TYPE_CHECKING:
    from gerra_tui.ui.dialogs.key import KeyDialog
    from gerra_tui.ui.review.screen import ReviewScreen

MARKS_WITHOUT_ASKING: Final = 5


class Asking:
    """The keys `$`, `S`, `L`, `:`, `?` and Esc."""

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        self._workplace = screen.workplace
        self._asked_for_key = False

    def do_outbox(self) -> None:
        from gerra_tui.ui.screens.outbox import OutboxScreen

        outbox = OutboxScreen(self._workplace, self._screen.deciding.decide_again)
        self._screen.app.push_screen(outbox, lambda _: self._screen.tell())

    def do_statistics(self) -> None:
        from gerra_tui.ui.screens.statistics import StatisticsScreen

        self._screen.app.push_screen(StatisticsScreen(self._workplace))

    def do_audit(self) -> None:
        from gerra_tui.ui.screens.audit import AuditScreen

        self._screen.app.push_screen(AuditScreen(self._workplace))

    def do_help(self) -> None:
        from gerra_tui.ui.screens.side import HelpScreen

        self._screen.app.push_screen(HelpScreen(self._screen.registry, self._screen.context))

    def do_command_line(self) -> None:
        self._screen.start(self._command_line())

    async def _command_line(self) -> None:
        from gerra_tui.ui.dialogs.command_line import CommandLine

        text = await self._screen.ask(CommandLine(self._screen.registry, self._screen.context))
        if not text:
            return
        if text.isdecimal():
            self._screen.moving.go_to_row(int(text))
            return
        command = self._screen.registry.named(text.strip().replace(" ", "_").replace("-", "_"))
        if command is None:
            self._screen.notice(f"There is no command {text[:40]!r}: ? shows all.")
        else:
            self._screen.perform(command)

    def do_redraw(self) -> None:
        self._screen.app.refresh(repaint=True, layout=True)
        redraw = getattr(self._screen.app, "redraw_terminal", None)
        if redraw is not None:
            redraw()

    def do_back(self) -> None:
        """Running scan, full width, another version, range, marks, query: one at a time."""
        screen = self._screen
        if self._workplace.queue.status.scanning:
            self._workplace.queue.stop_scan()
            screen.notice("Stopped looking: R goes on.")
        elif screen.full:
            screen.full = False
            screen.pane = "list"
            screen.lay_out()
            screen.settle_soon()
        elif screen.pane == "detail":
            screen.give_keys_to("list")
        elif screen.version_id is not None:
            screen.version_id = None
            screen.settle()
        elif screen.list.in_range:
            screen.list.end_range()
        elif len(screen.marks) > MARKS_WITHOUT_ASKING:
            screen.start(self._clear_marks())
        elif len(screen.marks):
            screen.marking.clear()
        elif screen.looking.text != screen.viewing.query:
            screen.looking.apply(screen.viewing.query)

    async def _clear_marks(self) -> None:
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        count = len(self._screen.marks)
        if await self._screen.ask(ConfirmDialog(f"Unmark {count:,} datasets?")):
            self._screen.marking.clear()

    def do_cancel(self) -> None:
        """^c cancels what runs, and never quits by itself."""
        cancelled = [
            self._screen.workers.cancel_group(self._screen, group)
            for group in ("scan", "load", "refresh")
        ]
        if self._workplace.queue.status.scanning:
            self._workplace.queue.stop_scan()
            self._screen.notice("Stopped looking.")
        elif any(cancelled):
            self._screen.notice("Cancelled.")
        else:
            self._screen.notice("Nothing runs. q quits.")

    def do_key(self) -> None:
        self._screen.start(self._type_key())

    async def _type_key(self) -> None:
        """Masked, for this session only; what waits in the outbox goes on with it."""
        failure = self._workplace.queue.status.failure
        dialog = self._key_dialog(failure if isinstance(failure, Unauthorized) else None)
        self._key_typed(await self._screen.ask(dialog))

    def ask_for_first_key(self) -> None:
        """There is none: asked once, as soon as nobody types anything."""
        if not self._asked_for_key:
            self._asked_for_key = True
            self._screen.run_worker(self._ask_for_first_key(), group="key")

    async def _ask_for_first_key(self) -> None:
        while not self._workplace.access.has_key:
            await self._screen.quiet.second(lambda: self._screen.has_the_keys)
            dialog = self._key_dialog(None)
            dialog.unasked = True
            typed = await self._screen.ask(dialog)
            if not dialog.stepped_aside:
                self._key_typed(typed)
                return

    def _key_dialog(self, failure: Unauthorized | None) -> KeyDialog:
        from gerra_tui.ui.dialogs.key import KeyDialog

        access, ask_with = self._workplace.access, self._workplace.ask_with
        return KeyDialog(access.source, partial(change_key, access, ask_with), failure)

    def _key_typed(self, typed: bool | None) -> None:
        if typed:
            self._workplace.decisions.resume()
            self._screen.looking.show_again()
