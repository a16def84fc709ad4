"""Coming and going: the session restored, what was kept told of, quitting, signals."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.query import parse
from gerra_tui.service.decisions.decisions import OURS_TO_SEND
from gerra_tui.service.ports import JournalUnwritable
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.settings.resuming import ends_with_the_connection
from gerra_tui.terminal.jobs import could_be_continued
from gerra_tui.ui.keys.quiet import AT_ONCE
from gerra_tui.ui.review.listing import HISTORY_KEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Decision
    from gerra_tui.ui.dialogs.leaving import QuitChoice
    from gerra_tui.ui.review.screen import ReviewScreen

SOON: Final = 0.2  # seconds that a disk may take without a word
TIP: Final = "Inside tmux, a console outlives a lost connection."


class Leaving:
    """The keys `q`, `Q` and ^z, and the session."""

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        self._workplace = screen.workplace
        self._quitting = False
        self._waits_for_disk = False
        self._ignored = Session()  # by --fresh: what was typed then outlives it

    def restore(self) -> None:
        """Back to where the last session was; a query on the command line goes before."""
        preferences, looking = self._workplace.preferences, self._screen.looking
        session = self._workplace.sessions.load()
        if preferences.fresh:
            self._ignored = session
            self._take_query(preferences.query)
            self._take_edited()
            return
        looking.history = list(session.history)
        self._screen.deciding.drafts = dict(session.drafts)
        self._take_edited()
        self._screen.rows.aside = dict(session.aside)
        self._screen.rows.flags = set(session.flags)
        self._screen.marks.restore(session.marks)
        self._screen.detail_on = session.detail_on
        self._screen.detail_right = session.detail_right
        if preferences.query is not None:
            self._take_query(preferences.query)
        elif session.query is not None and not parse(session.query).errors:
            looking.view = (
                session.view if 0 <= session.view <= len(self._screen.viewing.views) else 1
            )
            looking.text, looking.sort = session.query, session.sort
            if session.columns:
                looking.columns = session.columns
                self._screen.list.show_columns(session.columns)
        rows = self._workplace.sessions.load_rows()
        if rows is not None and rows.query == looking.text:
            self._workplace.queue.seed(rows.rows, rows.as_of)
        if session.cursor_id is not None and looking.text == session.query:
            looking.came_from = (session.cursor_id, session.cursor_line)
            looking.covered_before = session.sorted_of

    def _take_edited(self) -> None:
        """What was open in an editor when a console ended without a word is a draft."""
        for dataset_id, text in self._workplace.editing.left(".txt"):
            if text.strip():
                self._screen.deciding.drafts[dataset_id] = text

    def _take_query(self, text: str | None) -> None:
        if text is not None:
            self._screen.looking.text = text

    def save(self) -> None:
        """The session and the first rows, for the next start. Never raises."""
        looking, queue, ignored = self._screen.looking, self._workplace.queue, self._ignored
        self._workplace.sessions.save(
            Session(
                view=looking.view,
                query=looking.text,
                sort=looking.sort,
                columns=looking.columns,
                cursor_id=self._screen.list.cursor_id,
                cursor_line=self._screen.list.cursor,
                sorted_of=max(queue.status.looked_at, looking.covered_before)
                if looking.sort
                else 0,
                marks=frozenset(self._screen.marks.ids),
                drafts={**ignored.drafts, **self._screen.deciding.drafts},
                history=tuple(dict.fromkeys((*looking.history, *ignored.history)))[:HISTORY_KEPT],
                aside={**ignored.aside, **self._screen.rows.aside},
                flags=frozenset(self._screen.rows.flags) | ignored.flags,
                detail_on=self._screen.detail_on,
                detail_right=self._screen.detail_right,
            )
        )
        if queue.status.live and queue.status.as_of is not None:
            rows = tuple(queue.loaded_rows()[:200])
            self._workplace.sessions.save_rows(
                KeptRows(query=looking.text, rows=rows, as_of=queue.status.as_of)
            )

    def journal_opened(self, kept: Sequence[Decision]) -> None:
        """Say once what an ended console left: nothing is sent until the reviewer says so."""
        told = list(self._workplace.decisions.remarks)
        if kept:
            count = f"{len(kept):,} decisions were" if len(kept) > 1 else "1 decision was"
            told.append(f"{count} kept: $ looks, sends or drops.")
            if posted := sum(decision.posted for decision in kept):
                told.append(f"{posted:,} may have arrived: the service is asked.")
            if ends_with_the_connection(os.environ):
                told.append(TIP)
        if told:
            self._screen.notice(" ".join(told), unasked=True)

    def do_leave(self) -> None:
        if self._screen.context == "detail" or self._screen.version_id is not None:
            self._screen.asking.do_back()
        else:
            self.do_quit()

    def do_quit(self) -> None:
        if self._waits_for_disk:
            self._screen.app.exit()
        elif not self._quitting:
            self._quitting = True
            self._screen.start(self._quit())

    async def _quit(self) -> None:
        from gerra_tui.ui.dialogs.leaving import QuitChoice, QuitDialog

        quiet, decisions = self._screen.quiet, self._workplace.decisions
        typed, began = quiet.taken, self._workplace.clock.monotonic()
        try:
            if self._screen.rows.saving and not await self._written(typed):
                return
            if unsent := await decisions.unsent():
                dialog = QuitDialog(len(unsent))
                dialog.unasked = self._workplace.clock.monotonic() - began > AT_ONCE
                untold = decisions.subscribe(lambda _: dialog.tell(self._unsent_count))
                try:
                    choice = await self._screen.ask(dialog)
                finally:
                    untold()
                if choice is None or choice is QuitChoice.STAY:
                    return
                await self._end(choice)
            self._screen.app.exit()
        except JournalUnwritable as problem:
            self._screen.notice(f"Nothing was sent or dropped: {problem}")
        finally:
            self._quitting = False

    @property
    def _unsent_count(self) -> int:
        counts = self._workplace.decisions.status.counts
        return sum(counts.get(state, 0) for state in OURS_TO_SEND)

    async def _written(self, typed: int) -> bool:
        """Wait for the disk to take what was decided; whether that is still to be followed by the
        end: not if it did not take it, nor if `typed` is no longer the number of keys."""
        self._waits_for_disk = True
        saving = len(self._screen.rows.saving)
        what = f"{saving:,} decisions are" if saving > 1 else "1 decision is"
        told = f"{what} not on the disk yet: waiting for it. q leaves at once."
        telling = self._screen.set_timer(SOON, lambda: self._screen.notice(told))
        try:
            written = await self._screen.deciding.all_written()
        finally:
            telling.stop()
            self._waits_for_disk = False
        if self._screen.quiet.taken != typed:
            if written:
                self._screen.notice("On the disk now. Keys were typed meanwhile: q leaves.")
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
            await self._screen.outcomes.until_sent(ids)
        else:
            with suppress(JournalUnwritable):  # the next start finds them all the same, as held
                await decisions.keep_all()

    def do_suspend(self) -> None:
        """The app's signals stop the holds' clock meanwhile."""
        if could_be_continued():
            self._screen.app.action_suspend_process()
        else:
            self._screen.notice("Not suspended: no shell is there that could go on with it.")
