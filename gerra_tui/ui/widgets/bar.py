"""One line of spans: header, tabs, query and status are such lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from gerra_tui.ui.palette import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.style import Style


@dataclass(frozen=True, slots=True)
class Span:
    """Clean text in one style. `rank` 0 is never cut; the highest rank goes first."""

    text: str
    style: Style = PLAIN
    rank: int = 0


GAP: Final = 3


def arrange(left: Sequence[Span], right: Sequence[Span], width: int) -> list[Segment]:
    """Left spans, blanks, right spans, in exactly `width` cells; what does not fit goes by rank."""
    left, right = list(left), list(right)
    while (too_long := _cells(left) + _cells(right) + bool(right) > width) and (left or right):
        worst = max((span.rank for span in (*left, *right)), default=0)
        if not worst:
            break
        side = right if any(span.rank == worst for span in right) else left
        side.remove(next(span for span in reversed(side) if span.rank == worst))
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


class Bar(Widget):
    """A line that is drawn again only when its spans have changed."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._left: tuple[Span, ...] = ()
        self._right: tuple[Span, ...] = ()

    def show(self, left: Iterable[Span], right: Iterable[Span] = ()) -> None:
        spans = (tuple(left), tuple(right))
        if spans != (self._left, self._right):
            self._left, self._right = spans
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says, for tests."""
        return "".join(
            segment.text for segment in arrange(self._left, self._right, self.size.width)
        )

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width)
        return Strip(arrange(self._left, self._right, width), width)
