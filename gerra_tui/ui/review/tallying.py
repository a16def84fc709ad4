"""What was decided, from the audit log: for the pace, and for who decided what."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from gerra_tui.domain.columns import BY
from gerra_tui.domain.dataset import PENDING
from gerra_tui.domain.view import names
from gerra_tui.service.tally import Tally
from gerra_tui.ui.present.columns import fixed_by, usual_state
from gerra_tui.ui.present.pace import pace_words
from gerra_tui.ui.screens.audit_reading import newest_first

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision
    from gerra_tui.domain.reasons import Template
    from gerra_tui.ui.review.screen import ReviewScreen

log = logging.getLogger(__name__)


class Tallying:
    """Keeps the tally: today's at the start, all of it once a view asks who decided."""

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        self._workplace = screen.workplace
        self._whole = False
        self._noted: list[Decision] = []  # of this console: the log may not have them yet
        self._pace: tuple[tuple[object, ...], tuple[str, ...]] = ((), ())
        self.tally = self._empty()
        screen.rows.who = self._by

    def _by(self, row: Dataset) -> str:
        return self.tally.by(row)

    def start(self) -> None:
        self._screen.run_worker(self._read(whole=False), group="tally")

    def columns_shown(self, written: tuple[str, ...]) -> None:
        if not self._whole and BY in names(written):
            self._whole = True
            self._screen.run_worker(self._read(whole=True), group="tally")

    def note(self, decision: Decision) -> None:
        """A verdict of this console took effect."""
        self._noted.append(decision)
        self.tally.note(decision, self._workplace.clock.now())

    def pace(self) -> tuple[str, ...]:
        """Told anew with a decision or another view: what arrives meanwhile changes nothing."""
        text, total = self._screen.looking.text, self._workplace.queue.status.total
        key = (text, total is not None, self.tally.decided)
        if key != self._pace[0]:
            asked = self._screen.looking.query
            pending = "status" in fixed_by(asked) and usual_state(asked) == PENDING
            left = total if pending else None
            words = pace_words(self.tally.decided, self.tally.seconds_each, left)
            self._pace = (key, words)
        return self._pace[1]

    def used(self, template: Template) -> int:
        """How often it was sent today, whatever its details were."""
        head = template.fill({}).rstrip(" .")
        return sum(count for reason, count in self.tally.reasons.items() if reason.startswith(head))

    async def _read(self, *, whole: bool) -> None:
        tally, now = self._empty(), self._workplace.clock.now()
        lines = newest_first(self._workplace.audit_files())
        try:
            await asyncio.to_thread(tally.read, lines, now, whole=whole)
        except OSError as problem:
            log.warning("the audit log was not read: %s", problem)
            return
        for decision in self._noted:
            tally.note(decision, self._workplace.clock.now())
        if whole or not self._whole:
            self.tally = tally
            self._screen.list.restyle()
            self._screen.tell()

    def _empty(self) -> Tally:
        return Tally(self._workplace.preferences.base_url, self._workplace.user)
