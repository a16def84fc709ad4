"""The review queue: the rows of one query, at any length, that never lie about their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from collections.abc import Callable
    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.domain.query import Query
    from gerra_tui.domain.view import Sort
    from gerra_tui.service.failures import Failure
    from gerra_tui.service.ports import Clock, ReadingApi


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
    scanning: bool = False  # fetching goes on because of terms checked here
    scan_stopped: bool = False  # by the reviewer
    served_terms: tuple[str, ...] = ()  # terms that narrow at the service
    local_terms: tuple[str, ...] = ()  # terms checked only here
    new_rows: int = 0  # waiting behind R
    sorted_within: int | None = None  # rows that the sort covers, null without a sort
    failure: Failure | None = None  # the last fetch's, null once one went well again


class ReviewQueue:
    """Rows by line number, without ever waiting.

    A line is a row, a placeholder (its page is on the way), or the divider `found late`.
    Identity is the dataset's id everywhere. Not safe to call from another thread.
    """

    def __init__(self, api: ReadingApi, clock: Clock) -> None: ...

    query: Query
    sort: Sort | None
    status: QueueStatus

    def subscribe(self, listener: Callable[[QueueChanged], None]) -> None: ...

    def show(self, query: Query, sort: Sort | None = None) -> None:
        """Start over with this query; the first page is asked for at once."""

    def seed(self, rows: tuple[Row, ...], as_of: datetime) -> None:
        """Show these rows of the last session until live ones replace them; before `show`."""

    @property
    def length(self) -> int:
        """Lines, placeholders included."""
        ...

    def row(self, line: int) -> Row | None:
        """The row of that line, or null for a placeholder. Never fetches."""

    def is_live(self, dataset_id: str) -> bool:
        """Claims that the row came from the service in this session."""
        ...

    def line_of(self, dataset_id: str) -> int | None: ...

    def position_of(self, line: int) -> int:
        """What the status line shows before the slash, from 1."""
        ...

    def is_divider(self, line: int) -> bool:
        """Claims that the line is the divider `found late`."""
        ...

    def look_at(self, first: int, last: int) -> None:
        """Say which lines are on the screen (last exclusive); fetching follows from that."""

    def replace(self, dataset: Dataset) -> None:
        """Take a newer body of a row (from the detail pane, or read by the outbox)."""

    def elsewhere(self, dataset_id: str) -> str | None:
        """The status read of a row that was decided elsewhere since it was listed."""

    def note_elsewhere(self, dataset_id: str, status: str) -> None: ...

    def next_line(
        self, line: int, direction: int, wanted: Callable[[Row], bool]
    ) -> tuple[int | None, bool]:
        """The nearest wanted row that way among the loaded ones, and whether rows that are not
        loaded lie before it (or beyond, if there is none): those are then asked for."""
        ...

    async def refresh(self) -> None:
        """R: read the loaded lines' stretch again, merge in place, let waiting rows in."""

    async def check_for_new(self) -> None:
        """The quiet poll: one small request, never a full list."""

    async def all_matching(self, progress: Callable[[int, int | None], None]) -> list[Dataset]:
        """Every row that matches now, for `M`; cancel the task to stop."""
        ...

    async def load_rest(self, progress: Callable[[int, int | None], None]) -> None:
        """Load what a sort does not cover yet."""

    def stop_scan(self) -> None: ...

    def resume_scan(self) -> None: ...

    def loaded_rows(self) -> list[Row]:
        """The rows from the top that are in memory, for the session's cache (bounded)."""
        ...

    async def close(self) -> None:
        """Cancel what is in flight."""
