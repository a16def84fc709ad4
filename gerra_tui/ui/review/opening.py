"""Other screens, the command line and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.ui.keys.commands import Command
    from gerra_tui.ui.review.deciding import Deciding
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.moving import Moving


class Opening:
    """The keys `$`, `S`, `L`, `:` and `?`. `perform` does a command of the command line."""

    def __init__(
        self,
        desk: Desk,
        displayed: Displayed,
        moving: Moving,
        deciding: Deciding,
        perform: Callable[[Command], None],
    ) -> None:
        self._desk = desk
        self._displayed = displayed
        self._moving = moving
        self._deciding = deciding
        self._perform = perform
        self._workplace = desk.workplace

    def do_outbox(self) -> None:
        from gerra_tui.ui.screens.outbox import OutboxScreen

        outbox = OutboxScreen(self._workplace, self._deciding.decide_again)
        self._desk.open(outbox)

    def do_statistics(self) -> None:
        from gerra_tui.ui.screens.statistics import StatisticsScreen

        self._desk.open(StatisticsScreen(self._workplace))

    def do_audit(self) -> None:
        from gerra_tui.ui.screens.audit import AuditScreen

        self._desk.open(AuditScreen(self._workplace))

    def do_help(self) -> None:
        self._desk.start(self._help())

    async def _help(self) -> None:
        from gerra_tui.ui.screens.help import HelpScreen

        help_screen = HelpScreen(self._desk.registry, self._displayed.context)
        await self._desk.ask(help_screen)
        chosen = self._desk.registry.named(help_screen.chosen) if help_screen.chosen else None
        if chosen is not None:
            self._perform(chosen)
        else:
            self._desk.tell()

    def do_command_line(self) -> None:
        self._desk.start(self._command_line())

    async def _command_line(self) -> None:
        from gerra_tui.ui.dialogs.command_line import CommandLine

        text = await self._desk.ask(CommandLine(self._desk.registry, self._displayed.context))
        if not text:
            return
        if text.isdecimal():
            self._moving.go_to_row(int(text))
            return
        verb, _, topic = text.strip().partition(" ")
        if verb == "help" and topic:
            self._show_page(topic.strip())
            return
        command = self._desk.registry.named(text.strip().replace(" ", "_").replace("-", "_"))
        if command is None:
            self._desk.notice(f"There is no command {text[:40]!r}: ? shows all.")
        else:
            self._perform(command)

    def _show_page(self, topic: str) -> None:
        from gerra_tui import docs
        from gerra_tui.ui.screens.pages import PageScreen

        try:
            page = PageScreen(self._desk.registry, topic)
        except KeyError:
            self._desk.notice(f"There is no page {topic[:20]!r}: {', '.join(docs.topics())}.")
        else:
            self._desk.open(page)

    def do_redraw(self) -> None:
        self._desk.redraw()
