"""What the last session left, what this one leaves, and what an ended console kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.query import parse
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.settings.resuming import ends_with_the_connection
from gerra_tui.ui.review.listing import HISTORY_KEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Decision
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.listing import Listing
    from gerra_tui.ui.review.recording import Recording

TIP: Final = "Inside tmux, a console outlives a lost connection."

DEMO: Final = "A demo, nothing is real: j down, a accept, r reject, ? help"


class Resuming:
    """The session, restored at the start and saved at the end."""

    def __init__(
        self, desk: Desk, displayed: Displayed, listing: Listing, recording: Recording
    ) -> None:
        self._desk = desk
        self._workplace = desk.workplace
        self._displayed = displayed
        self._listing = listing
        self._recording = recording
        self._ignored = Session()  # by --fresh: what was typed then outlives it

    def restore(self) -> None:
        """Back to where the last session was; a query on the command line goes before."""
        preferences, listing = self._workplace.preferences, self._listing
        session = self._workplace.sessions.load()
        if preferences.fresh:
            self._ignored = session
            self._take_query(preferences.query)
            self._take_edited()
            return
        listing.history = list(session.history)
        self._recording.drafts = dict(session.drafts)
        self._take_edited()
        self._desk.rows.aside = dict(session.aside)
        self._desk.rows.flags = set(session.flags)
        self._desk.marks.restore(session.marks)
        self._displayed.detail_on = session.detail_on
        self._displayed.detail_right = session.detail_right
        if preferences.query is not None:
            self._take_query(preferences.query)
        elif session.query is not None and not parse(session.query).errors:
            listing.view = session.view if 0 <= session.view <= len(listing.views) else 1
            listing.text, listing.sort = session.query, session.sort
            if session.columns:
                listing.columns = session.columns
        rows = self._workplace.sessions.load_rows()
        if rows is not None and rows.query == listing.text:
            self._workplace.queue.seed(rows.rows, rows.as_of)
        if session.cursor_id is not None and listing.text == session.query:
            listing.came_from = (session.cursor_id, session.cursor_line)
            listing.covered_before = session.sorted_of

    def _take_edited(self) -> None:
        """What was open in an editor when a console ended without a word is a draft."""
        for dataset_id, text in self._workplace.editing.left(".txt"):
            if text.strip():
                self._recording.drafts[dataset_id] = text

    def _take_query(self, text: str | None) -> None:
        if text is not None:
            self._listing.text = text

    def save(self) -> None:
        """The session and the first rows, for the next start. Never raises."""
        listing, queue, ignored = self._listing, self._workplace.queue, self._ignored
        self._workplace.sessions.save(
            Session(
                view=listing.view,
                query=listing.text,
                sort=listing.sort,
                columns=listing.columns,
                cursor_id=self._desk.list.cursor_id,
                cursor_line=self._desk.list.cursor,
                sorted_of=max(queue.status.looked_at, listing.covered_before)
                if listing.sort
                else 0,
                marks=frozenset(self._desk.marks.ids),
                drafts={**ignored.drafts, **self._recording.drafts},
                history=tuple(dict.fromkeys((*listing.history, *ignored.history)))[:HISTORY_KEPT],
                aside={**ignored.aside, **self._desk.rows.aside},
                flags=frozenset(self._desk.rows.flags) | ignored.flags,
                detail_on=self._displayed.detail_on,
                detail_right=self._displayed.detail_right,
            )
        )
        if queue.status.live and queue.status.as_of is not None:
            rows = tuple(queue.loaded_rows()[:200])
            self._workplace.sessions.save_rows(
                KeptRows(query=listing.text, rows=rows, as_of=queue.status.as_of)
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
        if self._workplace.preferences.demo:
            told.append(DEMO)
        if told:
            self._desk.notice(" ".join(told), unasked=True)
