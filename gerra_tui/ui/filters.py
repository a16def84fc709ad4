"""Lines on their way out, for what the terminal lacks: signs, faint text, a dark background, or
colours."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color


# What this console, Textual's borders and ordinary prose have beyond ASCII, and a sign for each.
SIGNS: Final = (
    str.maketrans(
        "\u2026\u2502\u2503\u2551\u2500\u2501\u2550\u2588\u2190\u2192\u2191\u2193\xa0"
        "\u2013\u2014\u2018\u2019\u201c\u201d\xb7\u2022\xd7\xb0\u2713",
        "~|||--=#<>^v --''\"\".*xo+",
    )
    | dict.fromkeys(map(ord, "┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝"), "+")
    | dict.fromkeys(map(ord, "▓▒▟▙▛▜▀▄▌▐▅▆▇"), "#")
    | dict.fromkeys(map(ord, "░▁▂▃▖▗▘▝"), ".")
)


class AsciiFilter(LineFilter):
    """Letters lose their accents, lines and arrows become signs; widths stay what they were."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the colours stay
        return [
            segment
            if segment.text.isascii()
            else Segment(in_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=2048)
def in_ascii(text: str) -> str:
    """As many cells of ASCII as the text has of its own; `?` for what has no likeness."""
    cells = cell_len(text)
    return "".join(map(_likeness, text))[:cells].ljust(cells)


@lru_cache(maxsize=4096)
def _likeness(character: str) -> str:
    if character.isascii():
        return character
    if (sign := character.translate(SIGNS)) != character:
        return sign
    width = get_character_cell_size(character)
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters if len(letters) == width and letters.isprintable() else "?" * width


class AsciiBorders(LineFilter):
    """Lines, blocks and signs that some terminals draw two cells wide; letters stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the colours stay
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(SIGNS), segment.style, segment.control)
            for segment in segments
        ]


class OnLight(LineFilter):
    """Yellow, which nobody reads on white, becomes bold red; all else stays."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - ours alone
        return [
            Segment(text, on_light(style), control) if style is not None else segment
            for segment in segments
            for text, style, control in (segment,)
        ]


class InMono(LineFilter):
    """No colours: bold, faint, reverse and underline carry what there is to see."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - none is left
        return [
            Segment(text, style.without_color, control) if style is not None else segment
            for segment in segments
            for text, style, control in (segment,)
        ]


RED: Final = Style(color="red", bold=True)
YELLOWS: Final = frozenset({"yellow", "bright_yellow"})


@lru_cache(maxsize=512)
def on_light(style: Style) -> Style:
    color = style.color
    return style + RED if color is not None and color.name in YELLOWS else style


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
