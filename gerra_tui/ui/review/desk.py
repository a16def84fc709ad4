"""What every flow of the review screen is given: services, widgets, and a way to speak."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from gerra_tui.domain.query.known import Known
from gerra_tui.domain.siblings import Siblings
from gerra_tui.service.marks import Marks
from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.handover import Handover
from gerra_tui.ui.keys.quiet import QUIET_SECOND, Quiet
from gerra_tui.ui.keys.sight import Sight
from gerra_tui.ui.review.rows import ListRows
from gerra_tui.ui.review.undo import Undo
from gerra_tui.ui.widgets.dataset_list import DatasetList
from gerra_tui.ui.widgets.detail_pane import DetailPane
from gerra_tui.ui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.screen import Screen
    from textual.timer import Timer

    from gerra_tui.ui.dialogs.dialog import Place
    from gerra_tui.ui.keys.registry import Registry
    from gerra_tui.ui.workplace import Workplace

Answer = TypeVar("Answer")


class Desk:
    """Lies below the flows and knows none of them.

    `told` is called when something changed that the screen's lines tell of, `noticed` when it is
    the status line alone.
    """

    def __init__(
        self,
        screen: Screen[None],
        workplace: Workplace,
        registry: Registry,
        *,
        told: Callable[[], None],
        noticed: Callable[[], None],
        write_to_terminal: Callable[[str], None],
    ) -> None:
        self.screen = screen
        self.workplace = workplace
        self.registry = registry
        self.marks = Marks()
        self.known = Known(workplace.looks.summaries)
        self.rows = ListRows(workplace.queue, workplace.decisions, self.marks, workplace.clock)
        self.undo = Undo()
        self.usual_keys = Siblings()
        self.sight = Sight()
        self.handover = Handover(screen, workplace.decisions)
        self.quiet = Quiet()
        self.list = DatasetList(self.rows, (), id="list")
        self.detail = DetailPane(id="detail")
        self.query_line = QueryLine(self.known, id="query")
        self.tell = told
        self.tell_status = noticed
        self.write_to_terminal = write_to_terminal
        self.place_of_dialogs: Callable[[], Place | None] = lambda: None
        self.stops: list[Callable[[], bool]] = []  # of what ^c stops: whether there was any
        self._notice = ""
        self._stays_until = 0.0

    # What is told

    def notice(self, text: str, *, unasked: bool = False) -> None:
        """A sentence in the status line, until the next key.

        One that is `unasked`, no answer to a key, stays until a key that comes a second later:
        the one before was typed by somebody who had not read it.
        """
        self._notice = text
        self._stays_until = time.monotonic() + QUIET_SECOND if unasked else 0.0
        self.tell_status()

    @property
    def noticed(self) -> str:
        """What was told last."""
        return self._notice

    def key_came(self) -> None:
        """What was told is read by now, or will not be."""
        if time.monotonic() >= self._stays_until:
            self._notice = ""

    def take_notice_away(self, text: str) -> None:
        """This one is no longer so, if it is still there."""
        if self._notice == text:
            self.notice("")

    # What is asked and done

    @property
    def has_the_keys(self) -> bool:
        """Whether nothing lies over the review, and no field in it is being edited."""
        return self.screen.is_active and not self.query_line.editing

    @property
    def is_out_of_sight(self) -> bool:
        """Whether something else is on the screen, or the terminal itself is not looked at."""
        return not self.screen.is_active or not self.screen.app.app_focus

    def start(self, flow: Coroutine[Any, Any, object]) -> None:
        """Begin a flow that asks something; its dialog is there before the next key is taken."""
        self.screen.run_worker(flow)

    async def ask(self, dialog: Screen[Answer]) -> Answer | None:
        """Show a dialog, or another screen, and wait for what it gives; None where the console ends
        meanwhile."""
        if isinstance(dialog, Dialog):
            dialog.place = self.place_of_dialogs
        return await self.screen.app.push_screen(dialog, wait_for_dismiss=True)

    def open(self, screen: Screen[None]) -> None:
        """Show another screen, until it is left."""
        self.screen.app.push_screen(screen, lambda _: self.tell())

    def work(
        self, work: Coroutine[Any, Any, object], group: str = "default", *, alone: bool = False
    ) -> None:
        """Go on with it in the background; `alone` in its group: others are cancelled."""
        self.screen.run_worker(work, group=group, exclusive=alone)

    def cancel(self, group: str) -> bool:
        """Whether anything of the group was going on."""
        return bool(self.screen.workers.cancel_group(self.screen, group))

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        return self.screen.set_timer(seconds, call)

    def redraw(self) -> None:
        """All of the screen, where something else wrote on it."""
        app = self.screen.app
        app.refresh(repaint=True, layout=True)
        if (redraw := getattr(app, "redraw_terminal", None)) is not None:
            redraw()

    def exit(self) -> None:
        self.screen.app.exit()

    def suspend(self) -> None:
        """To the shell, until it goes on with the console."""
        self.screen.app.action_suspend_process()
