"""The look at the data of the dataset that is displayed: by itself where the cursor rests."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.checks.same import Remembered, same
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.evidence import FILES, MORE, MOST_BYTES, MOST_REQUESTS
from gerra_tui.service.looking import REST, FirstLook
from gerra_tui.service.looks import identity
from gerra_tui.ui.present.evidence import Looked, price
from gerra_tui.ui.review.displayed import SETTLE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.evidence import Step
    from gerra_tui.service.contents import Contents
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed

KEPT_WITHIN: Final = 2.0  # seconds that the first pane waits for the disk
# Seconds in which a start has the processor for itself: some thousand looks are a third of one.
LIST_WAITS: Final = 2.0
TAKEN: Final = (MORE, FILES)  # keys of the steps that a further look takes


class Examining:
    """The key `+`, and what is looked at unasked. No key waits for it."""

    def __init__(self, desk: Desk, displayed: Displayed) -> None:
        self._desk = desk
        self._displayed = displayed
        self._workplace = workplace = desk.workplace
        self._first = FirstLook(
            workplace.evidence,
            workplace.looks,
            auto=workplace.preferences.evidence_auto,
            rest=REST - SETTLE_SECONDS,
            changed=self._changed,
        )
        desk.rows.looked = workplace.looks.summary
        self._seen = Remembered()
        self.recalled = asyncio.Event()  # what is kept of the first row
        self._line = 0  # of the cursor when it last rested
        self._at: object = None  # what it rests on, and what lies ahead
        displayed.evidence_of = self._shown
        displayed.on_rest = self._rested
        displayed.on_left.append(self._left)
        self.asked_of = asyncio.Event()  # a query is typed, which may be about what was found
        self.on_recalled: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """What earlier sessions found: first of the row under the cursor, so that its pane is
        painted as the last session left it."""
        row = self._workplace.queue.row(self._desk.list.cursor)  # which is not painted yet
        self._displayed.awaits_what_is_kept = isinstance(row, Dataset)
        self._desk.start(self._recall(row))

    async def _recall(self, row: Row | None) -> None:
        if isinstance(row, Dataset):
            with suppress(TimeoutError):
                async with asyncio.timeout(KEPT_WITHIN):
                    await self._workplace.looks.recall(row)
            self._displayed.awaits_what_is_kept = False
            self._displayed.settle()
        self.recalled.set()
        if not self._workplace.queue.query.asks_of_looks:
            with suppress(TimeoutError):
                async with asyncio.timeout(LIST_WAITS):
                    await self.asked_of.wait()
        if await self._workplace.looks.recall_all() and self._desk.screen.is_attached:
            self._desk.list.refresh()
            self.on_recalled()

    def of(self, dataset: Dataset) -> Looked | None:
        """What is known of its data now; null where nothing is, and no look is under way."""
        kept = self._workplace.looks.of(dataset)
        if (arriving := self._first.arriving(dataset)) is not None:
            look, cost = arriving
            return Looked(look=kept.look if kept else None, arriving=look, cost=cost)
        if kept is None:
            return None
        limits = self._workplace.preferences.limits
        beside = tuple(same(kept.look, self._seen, limits, named=self._version))
        self._seen.add(kept.look)
        return Looked(look=kept.look, cost=kept.look.cost, as_of=kept.as_of, beside=beside)

    async def contents(self, dataset: Dataset) -> Contents:
        """What is in its file. Raises NotShown."""
        return await self._first.contents(dataset)

    def _shown(self, dataset: Dataset) -> Looked | None:
        """The same, or the place for a look that comes by itself."""
        looked = self.of(dataset)
        return Looked() if looked is None and self._looks_by_itself else looked

    @property
    def _looks_by_itself(self) -> bool:
        auto = self._workplace.preferences.evidence_auto
        return auto == "rest" or (auto == "open" and self._displayed.full)

    def do_look_further(self) -> None:
        """What the pane names with its price; where nothing was looked at, a first look."""
        dataset = self._displayed.dataset
        if dataset is None:
            self._desk.notice("not loaded yet")
            return
        looked = self.of(dataset)
        if looked is None or (looked.look is not None and looked.look.error):
            self._desk.notice(f"Looking: up to {price(MOST_REQUESTS, MOST_BYTES)}")
            self._first.ask(dataset)
        elif looked.as_of is None:
            self._desk.notice("It is being looked at.")
        elif steps := [step for step in looked.steps if step.key in TAKEN]:
            self._ask_and(steps, lambda: self._first.go_on(dataset))
        else:
            self._desk.notice("There is nothing further to look at.")

    def _ask_and(self, steps: list[Step], do: Callable[[], None]) -> None:
        told = price(sum(step.requests for step in steps), sum(step.bytes for step in steps))
        if self._displayed.detail_visible:  # which names them
            self._desk.notice(f"Looking further: up to {told}")
            do()
            return

        async def ask() -> None:
            from gerra_tui.ui.dialogs.confirm import ConfirmDialog

            words = ", ".join(step.words for step in steps)
            if await self._desk.ask(ConfirmDialog("Look further?", detail=f"{words}: {told}")):
                do()

        self._desk.start(ask())

    async def aclose(self) -> None:
        await self._first.aclose()

    def _rested(self) -> None:
        queue, cursor = self._workplace.queue, self._desk.list.cursor
        dataset = self._displayed.dataset if self._displayed.detail_visible else None
        if dataset is None or not self._looks_by_itself:
            self._left()
            return
        if not queue.status.live:
            self._first.recall(dataset)
            return
        direction = -1 if cursor < self._line else 1
        self._line = cursor
        next_row = queue.row(cursor + direction) if cursor + direction >= 0 else None
        ahead = next_row if isinstance(next_row, Dataset) else None
        at = (identity(dataset), ahead and identity(ahead))
        if at != self._at:
            self._at = at
            self._first.at(dataset, ahead=ahead, opened=self._displayed.full)

    def _left(self) -> None:
        if self._at is not None:
            self._at = None
            row = self._desk.list.row_under_cursor()
            self._first.leave(row if isinstance(row, Dataset) else None)

    def _changed(self, dataset_id: str) -> None:
        if not self._desk.screen.is_attached:
            return
        queue = self._workplace.queue
        line = queue.line_of(dataset_id)
        row = queue.row(line) if line is not None else None
        if isinstance(row, Dataset) and (kept := self._workplace.looks.of(row)) is not None:
            self._seen.add(kept.look)
        if isinstance(row, Dataset) and self._first.arriving(row) is not None:
            if dataset_id == self._displayed.displayed_id:  # the list tells of what has ended
                self._displayed.show_detail()
        else:
            self._displayed.refresh_row(dataset_id)

    def _version(self, dataset_id: str) -> str:
        """`v2` for another version of the one displayed, else the beginning of the id."""
        shown = self._desk.detail.shown
        detail = shown.detail if shown is not None else None
        found = detail.iterations.version_of(dataset_id) if detail and detail.iterations else None
        return f"v{found.version + 1}" if found is not None else dataset_id[:8]
