"""Terminals where faint text can hardly be read, as on the Linux console: it is drawn as any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color

NOT_FAINT: Final = Style(dim=False)


class NoFaint(LineFilter):
    """No text is faint; what else it is stays."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the colours stay
        return [
            Segment(text, style + NOT_FAINT, control)
            if style is not None and style.dim
            else Segment(text, style, control)
            for text, style, control in segments
        ]
