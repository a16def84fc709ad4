"""Spans of one style, laid out on a line: header, tabs, query and status are such lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from gerra_tui.ui.present.cells import wrapped
from gerra_tui.ui.theme import PLAIN

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
    while too_long := cells(left) + cells(right) + bool(right) > width:
        worst = max((span.rank for span in (*left, *right)), default=0)
        if not worst:
            break
        left = [span for span in left if span.rank != worst]
        right = [span for span in right if span.rank != worst]
    segments = [*_joined(left)]
    room = width - cells(left) - cells(right)
    if too_long and room < 0:
        return _cut([*segments, Segment(" "), *_joined(right)], width)
    segments.append(Segment(" " * room))
    return [*segments, *_joined(right)]


def _joined(spans: Iterable[Span]) -> list[Segment]:
    return [Segment(span.text, span.style) for span in spans]


def cells(spans: Iterable[Span]) -> int:
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
        if lines[-1] and cells(lines[-1]) + cell_len(span.text.rstrip()) > width:
            lines.append([])
        *full, rest = wrapped(span.text, width)
        for part in full:
            lines[-1].append(replace(span, text=part))
            lines.append([])
        lines[-1].append(replace(span, text=rest))
    return lines
