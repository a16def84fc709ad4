"""How many rows a listing has, as far as what the service says can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page


class Total:
    """`rows` is null while it is not known."""

    def __init__(self) -> None:
        self.rows: int | None = None
        self._measured: int | None = None  # in place of a total that the service does not tell

    def take(self, rows: int) -> None:
        """So many were found by looking for the end."""
        self.rows = self._measured = rows

    def judge(self, page: Page) -> None:
        """It may be absent, or the length of the page (docs/api.md)."""
        seen = page.offset + len(page.rows)
        if not page.rows and page.total and page.total <= page.offset:
            self.rows = page.total
        elif page.is_short and page.rows:
            self.take(seen)
        elif page.total is None or page.total < seen or page.total == len(page.rows):
            if not page.rows and self._measured is not None and page.offset < self._measured:
                self._measured = None  # the listing is shorter by now
            self.rows = None if self._measured is None else max(self._measured, seen)
        else:
            self.rows = page.total
