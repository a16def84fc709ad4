"""One page of a listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from gerra_tui.domain.dataset import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows of one answer, in the service's order.

    `total` is what the service said, unjudged; null if it said nothing usable.
    `limit` is how many rows were asked for, or as many as the service gives at once, if fewer.
    `size_bytes` is the length of the answer's body. `received_at` is aware, in UTC.
    """

    rows: tuple[Row, ...]
    total: int | None
    offset: int
    limit: int
    size_bytes: int
    received_at: datetime

    @property
    def is_short(self) -> bool:
        """Claims that the listing ends with this page."""
        return len(self.rows) < self.limit
