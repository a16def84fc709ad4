"""Marks, set-asides and flags."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import Failure
from gerra_tui.ui.keys.quiet import QUIET_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.listing import Listing
    from gerra_tui.ui.review.moving import Moving


class Marked(NamedTuple):
    """Marked datasets that can be decided: shown by the filter, and hidden by it.

    `decided` counts those that cannot: a decision on them is on its way, or they are not pending.
    """

    shown: list[Dataset]
    hidden: list[Dataset]
    decided: int

    @property
    def size(self) -> int:
        return len(self.shown) + len(self.hidden) + self.decided


class Marking:
    """The keys Space, `v`, `m`, `M`, `s` and `f`."""

    def __init__(self, desk: Desk, displayed: Displayed, listing: Listing, moving: Moving) -> None:
        self._desk = desk
        self._displayed = displayed
        self._listing = listing
        self._moving = moving
        self._workplace = desk.workplace
        self._marks = desk.marks
        self._rows = desk.rows
        self._kept_at = -QUIET_SECOND

    def marked(self) -> Marked:
        """What `a` and `r` act on where there are marks."""
        shown, hidden = self._marks.split(self._listing.matches)
        can_be = self._rows.can_be_decided
        undecided = [one for one in shown if can_be(one)], [one for one in hidden if can_be(one)]
        return Marked(*undecided, decided=len(shown) + len(hidden) - sum(map(len, undecided)))

    @property
    def were_seen(self) -> bool:
        """Whether marks of the last session have been on the screen for a moment: a verdict typed
        ahead was meant for the row under the cursor."""
        return self._workplace.clock.monotonic() - self._kept_at >= QUIET_SECOND

    def do_mark(self) -> None:
        if self._marks.restored:
            self._desk.start(self.ask_to_keep())
            return
        row = self._desk.list.row_under_cursor()
        if not isinstance(row, Dataset):
            self._desk.notice("not loaded yet")
            return
        self._remember()
        self._marks.toggle(row)
        self._changed([row.id])
        self._desk.list.move_by(1)

    def do_mark_range(self) -> None:
        if not self._desk.list.in_range:
            self._begin_range()
            return
        lines = self._desk.list.range_lines
        if lines is None:
            self._desk.notice("The first row of the range is not in the list now: Esc leaves it.")
            return
        queue = self._workplace.queue
        rows = [row for line in lines if isinstance(row := queue.row(line), Dataset)]
        self._remember()
        self._marks.add(*rows)
        self._desk.list.end_range()
        missing = len(lines) - len(rows)
        if missing:
            self._desk.notice(f"{len(rows)} marked; {missing} were not loaded yet.")
        self._desk.tell()

    def _begin_range(self) -> None:
        if self._desk.list.row_under_cursor() is None:
            self._desk.notice("not loaded yet")
            return
        self._desk.list.begin_range()
        self._desk.notice("Range: move, then v marks it, Esc leaves it.")

    def do_invert_marks(self) -> None:
        """Within the loaded rows; marks that the filter hides stay."""
        self._remember()
        loaded = self._workplace.queue.loaded_rows()
        rows = {row.id: row for row in loaded if isinstance(row, Dataset)}
        elsewhere = [one for one in self._marks.datasets if one.id not in rows]
        unmarked = [row for row in rows.values() if row.id not in self._marks]
        self._marks.set([*elsewhere, *unmarked])
        self._desk.list.refresh()
        self._desk.tell()

    def do_mark_all(self) -> None:
        self._desk.work(self._mark_all(), "scan", alone=True)

    async def _mark_all(self) -> None:
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        queue = self._workplace.queue
        status = queue.status
        count = status.looked_at_of if status.looked_at_of is not None else status.total
        told = f"{count:,}" if count is not None else "an unknown number of"
        question = ConfirmDialog(
            "Mark all that match?", detail=f"This fetches {told} datasets. ^c stops it."
        )
        if not await self._desk.ask(question):
            return

        def tell(done: int, total: int | None) -> None:
            of = f" of {total:,}" if total is not None else ""
            self._desk.notice(f"Fetched {done:,}{of} (^c stops)")

        try:
            rows = await queue.all_matching(tell)
        except Failure as failure:
            self._desk.notice(f"Nothing was marked: {ended(clean(failure.detail, 200))}")
            return
        self._remember()
        self._marks.add(*rows)
        self._desk.list.refresh()
        self._desk.notice(f"{len(rows):,} marked")
        self._desk.tell()

    async def ask_to_keep(self) -> bool:
        """Marks of the last session act only after the reviewer kept them; claims that they do."""
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        ids = self._marks.restored
        question = ConfirmDialog(
            f"Keep {_marks(len(ids))} of the last session?",
            detail="They are read again first. Without them the marks are gone.",
            yes="keep",
            no="forget them",
        )
        if not await self._desk.ask(question):
            self._marks.forget_restored()
            self._desk.list.refresh()
            self._desk.tell()
            return False
        api = self._workplace.api
        answers = await asyncio.gather(*map(api.dataset, ids), return_exceptions=True)
        bodies = [one for one in answers if isinstance(one, Dataset)]
        for one in answers:
            if isinstance(one, BaseException) and not isinstance(one, Failure):
                raise one
        self._marks.keep(bodies)
        self._kept_at = self._workplace.clock.monotonic()
        self._desk.list.refresh()
        lost = len(ids) - len(bodies)
        self._desk.notice(
            f"{_marks(len(bodies))} kept" + (f", {lost} could not be read." if lost else ".")
        )
        self._desk.tell()
        return False  # the reviewer looks at what was kept before deciding on it

    def do_flag(self) -> None:
        dataset_id = self._displayed.displayed_id
        if dataset_id is None:
            self._desk.notice("not loaded yet")
            return
        self._rows.flags ^= {dataset_id}
        told = "Flagged" if dataset_id in self._rows.flags else "Flag taken away"

        def back() -> str:
            self._rows.flags ^= {dataset_id}
            self._changed([dataset_id])
            return f"Undone: {told.lower()}"

        self._desk.undo.remember(back)
        self._changed([dataset_id])
        self._desk.notice(told)

    def do_set_aside(self) -> None:
        self._desk.start(self._set_aside())

    async def _set_aside(self) -> None:
        dataset_id = self._displayed.displayed_id
        if dataset_id is None:
            self._desk.sight.refuse(text_follows=True)
            self._desk.notice("not loaded yet")
            return
        if dataset_id in self._rows.aside:
            note = self._rows.aside.pop(dataset_id)
            self._desk.undo.remember(self._aside_again(dataset_id, note))
            self._changed([dataset_id])
            self._desk.notice("Back in the queue")
            return
        from gerra_tui.ui.dialogs.prompt import LineDialog

        typed = await self._desk.ask(LineDialog("Set aside: a note?", ""))
        if typed is None:
            return
        self._rows.aside[dataset_id] = typed.strip()

        def back() -> str:
            self._rows.aside.pop(dataset_id, None)
            self._changed([dataset_id])
            return "Undone: set aside"

        self._desk.undo.remember(back)
        self._changed([dataset_id])
        self._moving.go_undecided(1)

    def _aside_again(self, dataset_id: str, note: str) -> Callable[[], str]:
        def back() -> str:
            self._rows.aside[dataset_id] = note
            self._changed([dataset_id])
            return "Set aside again"

        return back

    def clear(self) -> None:
        self._remember()
        self._marks.clear()
        self._desk.list.refresh()
        self._desk.tell()

    def _remember(self) -> None:
        before = self._marks.datasets

        def back() -> str:
            self._marks.set(before)
            self._desk.list.refresh()
            self._desk.tell()
            return f"Undone: {len(before)} marked"

        self._desk.undo.remember(back)

    def _changed(self, ids: list[str]) -> None:
        for dataset_id in ids:
            self._displayed.refresh_row(dataset_id)
        self._desk.tell()


def _marks(count: int) -> str:
    return "1 mark" if count == 1 else f"{count:,} marks"
