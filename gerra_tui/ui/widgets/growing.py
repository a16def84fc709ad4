"""A few rows of segments, as high as what is to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from gerra_tui.ui.widgets.finished import FinishedLines

if TYPE_CHECKING:
    from rich.segment import Segment


class GrowingRows(FinishedLines):
    """`rows` says what stands there at a width, in cells."""

    grows = True

    def rows(self, width: int) -> list[list[Segment]]:
        raise NotImplementedError

    def changed(self) -> None:
        """Something else stands there now."""
        self._grow()
        self.refresh()

    @property
    def text(self) -> str:
        """What the rows say, for tests."""
        rows = self.rows(self.size.width)
        return "\n".join("".join(segment.text for segment in row) for row in rows)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        rows = self.rows(width)
        return Strip(rows[y], width) if y < len(rows) else Strip.blank(width)

    def on_resize(self) -> None:
        self._grow()

    def _grow(self) -> None:
        if self.grows and self.size.width:
            height = len(self.rows(self.size.width))
            if self.styles.height is None or self.styles.height.value != height:
                self.styles.height = height
