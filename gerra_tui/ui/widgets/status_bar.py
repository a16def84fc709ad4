"""The status line: where the cursor is, then a notice, or what is amiss, or the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from gerra_tui.ui.present.cells import wrapped
from gerra_tui.ui.present.spans import Span, arrange
from gerra_tui.ui.widgets.growing import GrowingRows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.segment import Segment

ONE_LINE: Final = 110  # columns from which on position and keys stand beside each other
MOST_LINES: Final = 4


class StatusBar(GrowingRows):
    """One line, more where a sentence needs them.

    It grows upwards over the last rows of the list: nothing above it moves.
    """

    DEFAULT_CSS = "StatusBar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._where: tuple[Span, ...] = ()
        self._sentence: Span | None = None
        self._hints: tuple[Span, ...] = ()

    def show(
        self, where: Iterable[Span], sentence: Span | None = None, hints: Iterable[Span] = ()
    ) -> None:
        """`sentence` takes the place of the hints."""
        shown = (tuple(where), sentence, tuple(hints))
        if shown != (self._where, self._sentence, self._hints):
            self._where, self._sentence, self._hints = shown
            self.changed()

    def rows(self, width: int) -> list[list[Segment]]:
        sentence, where = self._sentence, self._where
        if sentence is None:
            return [arrange(where, self._hints, width)]
        room = width - sum(cell_len(span.text) for span in where) - 2
        if width >= ONE_LINE and cell_len(sentence.text) <= room:
            return [arrange((*where, Span(f"  {sentence.text}", sentence.style)), (), width)]
        lines = list(wrapped(sentence.text, width - 2))[:MOST_LINES]
        said = [arrange([Span(f" {line}", sentence.style)], (), width) for line in lines]
        return [arrange(where, (), width), *said]
