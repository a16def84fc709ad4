"""One line of spans: header, tabs, query and status are such lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from gerra_tui.ui.palette import PLAIN
from gerra_tui.ui.widgets.finished import FinishedLines
from gerra_tui.ui.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.style import Style


@dataclass(frozen=True, slots=True)
class Span:
    """Clean text in one style. `rank` 0 is never cut; all spans of the highest rank go first."""

    text: str
    style: Style = PLAIN
    rank: int = 0


GAP: Final = 3


def arrange(left: Sequence[Span], right: Sequence[Span], width: int) -> list[Segment]:
    """Left spans, blanks, right spans, in exactly `width` cells; what does not fit goes by rank."""
    while too_long := _cells(left) + _cells(right) + bool(right) > width:
        worst = max((span.rank for span in (*left, *right)), default=0)
        if not worst:
            break
        left = [span for span in left if span.rank != worst]
        right = [span for span in right if span.rank != worst]
    segments = [*_joined(left)]
    room = width - _cells(left) - _cells(right)
    if too_long and room < 0:
        return _cut([*segments, Segment(" "), *_joined(right)], width)
    segments.append(Segment(" " * room))
    return [*segments, *_joined(right)]


def _joined(spans: Iterable[Span]) -> list[Segment]:
    return [Segment(span.text, span.style) for span in spans]


def _cells(spans: Iterable[Span]) -> int:
    return sum(cell_len(span.text) for span in spans)


def _cut(segments: Iterable[Segment], width: int) -> list[Segment]:
    kept: list[Segment] = []
    for segment in segments:
        room = width - sum(cell_len(part.text) for part in kept)
        if room <= 0:
            break
        text = segment.text
        kept.append(Segment(set_cell_size(text, min(room, cell_len(text))), segment.style))
    return kept


def packed(spans: Sequence[Span], width: int) -> list[list[Span]]:
    """As many lines as the spans need where none may be cut."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        if lines[-1] and _cells(lines[-1]) + cell_len(span.text.rstrip()) > width:
            lines.append([])
        *full, rest = wrapped(span.text, width)
        for part in full:
            lines[-1].append(replace(span, text=part))
            lines.append([])
        lines[-1].append(replace(span, text=rest))
    return lines


class Bar(FinishedLines):
    """A line that is drawn again only when its spans have changed.

    With `grows`, spans of rank 0 that do not fit one line get further lines instead of a cut.
    """

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str, grows: bool = False) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._grows = grows
        self._left: tuple[Span, ...] = ()
        self._right: tuple[Span, ...] = ()

    def show(self, left: Iterable[Span], right: Iterable[Span] = ()) -> None:
        spans = (tuple(left), tuple(right))
        if spans != (self._left, self._right):
            self._left, self._right = spans
            self._grow()
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says, for tests."""
        return "\n".join(
            "".join(segment.text for segment in line) for line in self._rows(self.size.width)
        )

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        rows = self._rows(width)
        return Strip(rows[y], width) if y < len(rows) else Strip.blank(width)

    def on_resize(self) -> None:
        self._grow()

    def _rows(self, width: int) -> list[list[Segment]]:
        needed = [span for span in (*self._left, *self._right) if span.rank == 0]
        if self._grows and _cells(needed) > width:
            return [arrange(line, (), width) for line in packed(needed, width)]
        return [arrange(self._left, self._right, width)]

    def _grow(self) -> None:
        if self._grows and self.size.width:
            height = len(self._rows(self.size.width))
            if self.styles.height is None or self.styles.height.value != height:
                self.styles.height = height
