"""A widget of finished lines, each painted once and given to the compositor as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.geometry import Region
    from textual.strip import Strip


class FinishedLines(Widget):
    """Keeps what `render_line` gave until that line is asked for again by `refresh`.

    For widgets without border, padding or opacity: Textual's own way puts each line into a box
    first, a tenth of what a key costs. A line that is not refreshed is not painted either, so what
    was painted is what the reviewer sees.
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        self._finished: dict[int, Strip] = {}  # by line of the widget
        self._finished_width = 0
        super().__init__(id=id)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        if not regions:
            self._finished.clear()
        for region in regions:
            for y in region.line_range:
                self._finished.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        width = self.size.width
        if width != self._finished_width:
            self._finished, self._finished_width = {}, width
        finished = self._finished
        if missing := [y for y in crop.line_range if y not in finished]:
            finished.update(zip(missing, self.paint(missing), strict=True))
        strips = [finished[y] for y in crop.line_range]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        for line_filter in self.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def paint(self, lines: Iterable[int]) -> Iterable[Strip]:
        """Those lines of the widget, as wide as it is."""
        return map(self.render_line, lines)
