"""The queue's rows with our decisions and marks over them, as the list paints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import PENDING, Dataset
from gerra_tui.domain.decision import UNDECIDED
from gerra_tui.domain.query.matching import nothing_looked_at
from gerra_tui.domain.text import clean
from gerra_tui.ui.present.values import state_word

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.query.matching import Looked
    from gerra_tui.service.decisions.decisions import Decisions
    from gerra_tui.service.listing.queue import ReviewQueue
    from gerra_tui.service.marks import Marks
    from gerra_tui.service.ports import Clock


class ListRows:
    """`dataset_list.Lines` over queue, decisions and marks."""

    def __init__(
        self, queue: ReviewQueue, decisions: Decisions, marks: Marks, clock: Clock
    ) -> None:
        self._queue = queue
        self._decisions = decisions
        self._marks = marks
        self._clock = clock
        self.usual = PENDING  # the state that the query gives every row: it goes without saying
        self.who: Callable[[Dataset], str] = lambda _: ""
        self.looked: Looked = nothing_looked_at
        self.saving: set[str] = set()
        self.flags: set[str] = set()
        self.aside: dict[str, str] = {}  # dataset id -> note

    @property
    def length(self) -> int:
        return self._queue.length

    @property
    def read_at(self) -> datetime:
        return self._queue.status.as_of or self._clock.now()

    def row(self, line: int) -> Row | None:
        return self._queue.row(line)

    def is_divider(self, line: int) -> bool:
        return self._queue.is_divider(line)

    def line_of(self, dataset_id: str) -> int | None:
        return self._queue.line_of(dataset_id)

    def sign(self, dataset_id: str) -> str:
        if dataset_id in self._marks:
            return "*"
        if dataset_id in self.flags:
            return "!"
        return "~" if dataset_id in self.aside else " "

    def state(self, row: Row) -> str:
        return state_word(
            row,
            self._decisions.of(row.id),
            self._queue.elsewhere(row.id),
            saving=row.id in self.saving,
        )

    def is_ours(self, dataset_id: str) -> bool:
        """Claims that what it became is the work of this reviewer's keys."""
        decided = dataset_id in self.saving or self._decisions.of(dataset_id) is not None
        return decided or dataset_id in self.aside

    def word(self, row: Row) -> str:
        """The state where it is worth a word."""
        state = self.state(row)
        return "" if state in (PENDING, self.usual) else state

    def by(self, row: Row) -> str:
        return self.who(row) if isinstance(row, Dataset) else ""

    def check(self, row: Row) -> str:
        """What a look at its file found; nothing where there was none."""
        found = self.looked(row) if isinstance(row, Dataset) else None
        return found.label if found is not None else ""

    def is_undecided(self, row: Row) -> bool:
        """Claims that the reviewer still has to decide on it: refused and failed ones count, those
        set aside do not."""
        return row.id not in self.aside and self.can_be_decided(row)

    def can_be_decided(self, row: Row) -> bool:
        """Claims that a verdict on it would be a new one: it is pending, and none is on its way."""
        if not isinstance(row, Dataset) or row.id in self.saving:
            return False
        decision = self._decisions.of(row.id)
        if decision is not None and decision.state not in UNDECIDED:
            return False
        if (elsewhere := self._queue.elsewhere(row.id)) is not None and elsewhere != PENDING:
            return False
        return row.is_pending

    def remark(self, dataset_id: str) -> str:
        """What the detail pane says of the reviewer's own notes."""
        parts = []
        if dataset_id in self.flags:
            parts.append("Flagged.")
        if dataset_id in self.aside:
            note = clean(self.aside[dataset_id], 400)
            parts.append(f"Set aside: {note}" if note else "Set aside.")
        return " ".join(parts)
