"""What the header tells of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.domain.decision import DecisionState
    from gerra_tui.service.book import Book
    from gerra_tui.service.pace import Pace

STOPPED = "Three in a row failed: the rest of the batch waits for your word."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStatus:
    """Counts by state (non-zero only), and why sending pauses.

    Refused and failed ones count until they were looked at.
    """

    counts: Mapping[DecisionState, int]
    paused: str | None = None  # a sentence: no connection, key refused, three failures in a row
    stopped: bool = False  # by three failures in a row: it does not go on by itself
    needs_key: bool = False  # the service answered 401
    unseen_refusals: int = 0  # refused or failed since the outbox was last looked at
    remark: str | None = None  # a sentence: the disk does not take what should be written

    @classmethod
    def of(cls, book: Book, pace: Pace, remark: str | None) -> OutboxStatus:
        stopped = any(batch.stopped and batch.waits for batch in book.batches())
        return cls(
            counts=book.counts(),
            stopped=stopped,
            paused=STOPPED if stopped and not pace.needs_key else pace.reason,
            needs_key=pace.needs_key,
            unseen_refusals=book.unseen,
            remark=remark,
        )
