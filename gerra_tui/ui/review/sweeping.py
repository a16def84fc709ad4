"""A look at the data of all that the query fits, in the background."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.columns import CHECK
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.evidence import MOST_BYTES, MOST_REQUESTS
from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import Failure
from gerra_tui.service.listing.walk import Walk, fitting
from gerra_tui.service.looking import Sweep
from gerra_tui.ui.present.evidence import price

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from textual.timer import Timer

    from gerra_tui.domain.query import Query
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.listing import Listing

SWEEP: Final = "sweep"  # the group of its work, which ^c cancels
TOLD_EVERY: Final = 1.0  # seconds


class Sweeping:
    """The key `C`. `progress` is for the header, empty while nothing runs."""

    def __init__(self, desk: Desk, displayed: Displayed, listing: Listing) -> None:
        self._desk = desk
        self._displayed = displayed
        self._listing = listing
        self._workplace = desk.workplace
        self._sweep: Sweep | None = None
        self._walk: Walk | None = None
        self._telling: Timer | None = None
        self._broke_off = ""

    @property
    def progress(self) -> str:
        """`looked at 412 of 1,918, 37 odd`."""
        if self._sweep is None or self._walk is None:
            return ""
        return f"looked at {self._sweep.done:,}{_of(self._walk.total)}, {self._sweep.odd:,} odd"

    def do_look_at_all(self) -> None:
        if self._sweep is not None:
            self._desk.notice(f"Looking: {self.progress} (^c stops)")
        else:
            self._desk.start(self._ask())

    async def _ask(self) -> None:
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        query, status = self._listing.query, self._workplace.queue.status
        count = status.looked_at_of if status.looked_at_of is not None else status.total
        told = "As many datasets as there are, each up to"
        if count is not None:
            told = f"{count:,} dataset{'s' if count != 1 else ''}, up to"
        most = price(MOST_REQUESTS * (count or 1), MOST_BYTES * (count or 1))
        question = ConfirmDialog(
            "Look at the data of all that match?",
            detail=f"{told} {most}. What is known costs nothing. ^c stops it, C goes on.",
        )
        if await self._desk.ask(question):
            self._listing.add_column(CHECK)
            self._desk.work(self._run(query), SWEEP, alone=True)

    async def _run(self, query: Query) -> None:
        workplace = self._workplace
        self._walk = walk = Walk(workplace.api, query.plan(workplace.preferences.search).narrowing)
        self._sweep = sweep = Sweep(workplace.evidence, workplace.looks, changed=self._changed)
        self._desk.tell()
        end = "all of them"
        try:
            await sweep.run(self._datasets(walk, query))
            end = sweep.trouble or self._broke_off or end
        except asyncio.CancelledError:
            end = "stopped, C goes on"
            raise
        finally:
            self._sweep = self._walk = None
            self._stop_telling()
            if self._desk.screen.is_attached:
                self._desk.notice(_summary(sweep, end), unasked=True)
                self._desk.tell()

    async def _datasets(self, walk: Walk, query: Query) -> AsyncGenerator[Dataset, None]:
        """What came until the list breaks off is looked at."""
        self._broke_off = ""
        try:
            place = self._workplace
            rows_of = fitting(walk, query, place.clock, place.looks.summary)
            async with aclosing(rows_of) as pages:
                async for rows in pages:
                    for row in rows:
                        if isinstance(row, Dataset):
                            yield row
        except Failure as failure:
            self._broke_off = f"the list broke off: {failure.detail}"

    def _changed(self, dataset_id: str) -> None:
        if not self._desk.screen.is_attached:
            return
        self._displayed.refresh_row(dataset_id)
        if self._telling is None:
            self._telling = self._desk.later(TOLD_EVERY, self._tell)

    def _tell(self) -> None:
        self._telling = None
        self._desk.tell()

    def _stop_telling(self) -> None:
        if self._telling is not None:
            self._telling.stop()
            self._telling = None


def _of(total: int | None) -> str:
    return f" of {total:,}" if total is not None else ""


def _summary(sweep: Sweep, end: str) -> str:
    known = f" ({sweep.known:,} before)" if sweep.known else ""
    told = f"{sweep.done:,} looked at{known}, {sweep.odd:,} odd, {sweep.failed:,} could not be"
    return f"{told}, {price(sweep.requests, sweep.bytes)}: {ended(clean(end, 200))}"
