"""What a page with fewer rows than were asked for means: the end, or a limit of the service's own.

docs/api.md has a largest limit of 1,000. A backend may clip it lower, so that a page that is short
of what was asked for says nothing about the end: only a look behind it does.
"""

from __future__ import annotations


class ShortPages:
    """What the pages so far tell. Counts are rows."""

    def __init__(self) -> None:
        self._clipped_to: int | None = None
        self._surely_given = 0  # so many at once: a page of fewer is the last one

    def is_clipped(self, rows: int) -> bool:
        """Claims that more rows follow, as behind the pages of this length before."""
        return rows == self._clipped_to

    def is_last(self, rows: int, *, offset: int, total: int | None) -> bool:
        """Claims that none follow, without a look. A total that equals the page's length may be
        no more than that."""
        reached = offset + rows
        if rows == 0 or (offset > 0 and total == reached):
            return True
        return rows < self._surely_given and (total is None or total <= reached)

    def whole(self, rows: int) -> None:
        """A page had as many rows as were asked for."""
        self._surely_given = max(self._surely_given, rows)

    def looked_behind(self, rows: int, *, more: bool) -> None:
        """A look behind a short page found more rows there, or none."""
        if more:
            self._clipped_to = rows
        else:
            self._surely_given = max(self._surely_given, rows + 1)
