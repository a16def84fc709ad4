"""What the review queue says of itself: its status, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gerra_tui.service.failures import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChanged:
    """Something about the queue changed.

    `lines` are those to paint again, null for none. `restructured` says that lines were inserted,
    removed or all replaced: positions are to be found again by id, and what is on the screen
    must not move. `status` says that `QueueStatus` changed.
    """

    lines: range | None = None
    restructured: bool = False
    status: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStatus:
    """What the header, the query line and the empty screen tell."""

    live: bool = False  # false: rows of the last session, or nothing yet
    as_of: datetime | None = None  # of the newest page (live) or of the kept rows (cached)
    total: int | None = None  # rows that match; null while unknown
    exhausted: bool = False  # the end was reached and the last sweep found nothing more
    uncertain: str | None = None  # what the sweeps could not make sure of, a sentence
    looked_at: int = 0  # rows of the service compared with the query
    looked_at_of: int | None = None  # rows that the service has for the narrowed listing
    scanning: bool = False  # pages are on their way because of terms checked here
    scan_stopped: bool = False  # by the reviewer
    served_terms: tuple[str, ...] = ()  # terms that narrow at the service
    local_terms: tuple[str, ...] = ()  # terms checked only here
    whole: bool = True  # the service's listing is the query's, nothing is left out here
    new_rows: int = 0  # waiting behind R
    more_new_rows: bool = False  # at least so many: the quiet look did not reach their end
    sorted_within: int | None = None  # rows that the sort covers, null without a sort
    failure: Failure | None = None  # the last fetch's, null once one went well again


class Telling:
    """The status as it is now, and those who are told of every change."""

    def __init__(self) -> None:
        self.status = QueueStatus()
        self._listeners: list[Callable[[QueueChanged], None]] = []

    def subscribe(self, listener: Callable[[QueueChanged], None]) -> None:
        self._listeners.append(listener)

    def tell(
        self, *, lines: range | None = None, restructured: bool = False, status: bool = False
    ) -> None:
        change = QueueChanged(lines=lines, restructured=restructured, status=status)
        for listener in self._listeners:
            listener(change)
