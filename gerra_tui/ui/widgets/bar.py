"""One line of spans, drawn again only when they have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.ui.present.spans import Span, arrange, cells, packed
from gerra_tui.ui.widgets.growing import GrowingRows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.segment import Segment


class Bar(GrowingRows):
    """A line that is drawn again only when its spans have changed.

    With `grows`, spans of rank 0 that do not fit one line get further lines instead of a cut.
    """

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str, grows: bool = False) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.grows = grows
        self._left: tuple[Span, ...] = ()
        self._right: tuple[Span, ...] = ()

    def show(self, left: Iterable[Span], right: Iterable[Span] = ()) -> None:
        spans = (tuple(left), tuple(right))
        if spans != (self._left, self._right):
            self._left, self._right = spans
            self.changed()

    def rows(self, width: int) -> list[list[Segment]]:
        needed = [span for span in (*self._left, *self._right) if span.rank == 0]
        if self.grows and cells(needed) > width:
            return [arrange(line, (), width) for line in packed(needed, width)]
        return [arrange(self._left, self._right, width)]
