"""One step back, what runs cancelled, quitting, suspending."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import UNSENT
from gerra_tui.service.ports import JournalUnwritable
from gerra_tui.terminal.jobs import could_be_continued
from gerra_tui.ui.keys.quiet import AT_ONCE
from gerra_tui.ui.review.sweeping import SWEEP

if TYPE_CHECKING:
    from gerra_tui.ui.dialogs.leaving import QuitChoice
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.listing import Listing
    from gerra_tui.ui.review.marking import Marking
    from gerra_tui.ui.review.outcomes import Outcomes
    from gerra_tui.ui.review.recording import Recording

SOON: Final = 0.2  # seconds that a disk may take without a word
MARKS_WITHOUT_ASKING: Final = 5


class Leaving:
    """The keys Esc, `q`, `Q`, ^c and ^z."""

    def __init__(
        self,
        desk: Desk,
        displayed: Displayed,
        listing: Listing,
        outcomes: Outcomes,
        marking: Marking,
        recording: Recording,
    ) -> None:
        self._desk = desk
        self._displayed = displayed
        self._listing = listing
        self._outcomes = outcomes
        self._marking = marking
        self._recording = recording
        self._workplace = desk.workplace
        self._quitting = False
        self._waits_for_disk = False

    def do_back(self) -> None:
        """Running scan, full width, another version, range, marks, query: one at a time."""
        if self._workplace.queue.status.scanning:
            self._workplace.queue.stop_scan()
            self._desk.notice("Stopped looking: R goes on.")
        elif self._displayed.full and self._displayed.comparing:
            self._displayed.comparing = False
            self._displayed.settle()
        elif self._displayed.full:
            self._displayed.full = False
            self._displayed.part = ""
            self._displayed.pane = "list"
            self._displayed.lay_out()
            self._displayed.settle_soon()
        elif self._displayed.pane == "detail":
            self._displayed.give_keys_to("list")
        elif self._displayed.version_id is not None:
            self._displayed.version_id = None
            self._displayed.settle()
        elif self._desk.list.in_range:
            self._desk.list.end_range()
        elif len(self._desk.marks) > MARKS_WITHOUT_ASKING:
            self._desk.start(self._clear_marks())
        elif len(self._desk.marks):
            self._marking.clear()
        elif self._listing.text != self._listing.current_view.query:
            self._listing.apply(self._listing.current_view.query)

    async def _clear_marks(self) -> None:
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        count = len(self._desk.marks)
        if await self._desk.ask(ConfirmDialog(f"Unmark {count:,} datasets?")):
            self._marking.clear()

    def do_cancel(self) -> None:
        """^c cancels what runs, and never quits by itself."""
        cancelled = [stop() for stop in self._desk.stops]
        cancelled += [self._desk.cancel(group) for group in ("scan", "load", "refresh", SWEEP)]
        if self._workplace.queue.status.scanning:
            self._workplace.queue.stop_scan()
            self._desk.notice("Stopped looking.")
        elif any(cancelled):
            self._desk.notice("Cancelled.")
        else:
            self._desk.notice("Nothing runs. q quits.")

    def do_leave(self) -> None:
        if self._displayed.context == "detail" or self._displayed.version_id is not None:
            self.do_back()
        else:
            self.do_quit()

    def do_quit(self) -> None:
        if self._waits_for_disk:
            self._desk.exit()
        elif not self._quitting:
            self._quitting = True
            self._desk.start(self._quit())

    async def _quit(self) -> None:
        from gerra_tui.ui.dialogs.leaving import QuitChoice, QuitDialog

        quiet, decisions = self._desk.quiet, self._workplace.decisions
        typed, began = quiet.taken, self._workplace.clock.monotonic()
        try:
            if self._desk.rows.saving and not await self._written(typed):
                return
            if unsent := await decisions.unsent():
                dialog = QuitDialog(len(unsent))
                dialog.unasked = self._workplace.clock.monotonic() - began > AT_ONCE
                untold = decisions.subscribe(lambda _: dialog.tell(self._unsent_count))
                try:
                    choice = await self._desk.ask(dialog)
                finally:
                    untold()
                if choice is None or choice is QuitChoice.STAY:
                    return
                await self._end(choice)
            self._desk.exit()
        except JournalUnwritable as problem:
            self._desk.notice(f"Nothing was sent or dropped: {problem}")
        finally:
            self._quitting = False

    @property
    def _unsent_count(self) -> int:
        counts = self._workplace.decisions.status.counts
        return sum(counts.get(state, 0) for state in UNSENT)

    async def _written(self, typed: int) -> bool:
        """Wait for the disk to take what was decided; whether that is still to be followed by the
        end: not if it did not take it, nor if `typed` is no longer the number of keys."""
        self._waits_for_disk = True
        saving = len(self._desk.rows.saving)
        what = f"{saving:,} decisions are" if saving > 1 else "1 decision is"
        told = f"{what} not on the disk yet: waiting for it. q leaves at once."
        telling = self._desk.later(SOON, lambda: self._desk.notice(told))
        try:
            written = await self._recording.all_written()
        finally:
            telling.stop()
            self._waits_for_disk = False
        if self._desk.quiet.taken != typed:
            if written:
                self._desk.notice("On the disk now. Keys were typed meanwhile: q leaves.")
            return False
        return written

    async def _end(self, choice: QuitChoice) -> None:
        from gerra_tui.ui.dialogs.leaving import QuitChoice

        decisions = self._workplace.decisions
        ids = [decision.id for decision in await decisions.unsent()]  # holds ran on meanwhile
        if choice is QuitChoice.DROP:
            await decisions.drop(ids)
        elif choice is QuitChoice.SEND:
            await decisions.send_now(ids)
            await self._outcomes.until_sent(ids)
        else:
            with suppress(JournalUnwritable):  # the next start finds them all the same, as held
                await decisions.keep_all()

    def do_suspend(self) -> None:
        """The app's signals stop the holds' clock meanwhile."""
        if could_be_continued():
            self._desk.suspend()
        else:
            self._desk.notice("Not suspended: no shell is there that could go on with it.")
