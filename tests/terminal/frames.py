"""Frames as Textual writes them: strips rendered by Textual itself, at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

CONSOLE: Final = Console(color_system="truecolor", force_terminal=True)
ATTRIBUTES: Final = (
    "bold", "dim", "italic", "underline", "underline2", "reverse", "strike", "blink", "conceal",
    "overline",
)  # fmt: skip
COLOURS: Final = ("red", "bright_blue", "color(123)", "#102030", "default")
LINKS: Final = ("https://example.org/a", "https://example.org/b;c=d")
LETTERS: Final = "abcdefgh ─é│"
WIDE: Final = "漢字一"
CLUSTERS: Final = ("👩‍👧", "❤️", "e\u0301", "🇨🇭", "👍🏽", "🎉")


def render(strip: Strip) -> str:
    return strip.render(CONSOLE)


def position(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def frame(rows: Sequence[Strip], cursor: tuple[int, int] = (0, 0), top: int = 0) -> str:
    """A frame of whole rows from `top` down, like Textual's `LayoutUpdate` and `ChopsUpdate`."""
    lines = [position(0, y) + render(row) for y, row in enumerate(rows, top)]
    return "\n".join(lines) + position(*cursor)


def styled(text: str, style: Style | str = "") -> Strip:
    return Strip([Segment(text, Style.parse(style) if isinstance(style, str) else style)])


def random_styles(random: Random, count: int) -> list[Style]:
    return [Style(), *(random_style(random) for _ in range(count))]


def random_style(random: Random) -> Style:
    marks = {name: True for name in ATTRIBUTES if random.random() < 0.08}
    return Style(
        color=random.choice(COLOURS) if random.random() < 0.5 else None,
        bgcolor=random.choice(COLOURS) if random.random() < 0.4 else None,
        link=random.choice(LINKS) if random.random() < 0.1 else None,
        **marks,  # type: ignore[arg-type]  # the names of flags
    )


def random_text(random: Random, width: int, *, clusters: bool) -> str:
    text = ""
    while cell_len(text) < width:
        which = random.random()
        if which < 0.3:
            text += " " * random.randint(1, 20)
        elif which < 0.9:
            text += "".join(random.choice(LETTERS) for _ in range(random.randint(1, 8)))
        else:
            text += random.choice(CLUSTERS if clusters else WIDE)
    return set_cell_size(text, width)


def random_strip(
    random: Random, width: int, styles: Sequence[Style], *, clusters: bool = False
) -> Strip:
    segments = []
    left = width
    while left:
        part = min(left, random.randint(1, 25))
        text = random_text(random, part, clusters=clusters)
        segments.append(Segment(text, random.choice(styles)))
        left -= part
    return Strip(segments, width)


class RandomScreen:
    """A screen that changes as programs' screens do; each change is given as a frame."""

    def __init__(self, random: Random, columns: int, lines: int, *, clusters: bool = False) -> None:
        self.columns = columns
        self.lines = lines
        self._random = random
        self._clusters = clusters
        self._styles = random_styles(random, 6)
        self._rows = [self._strip() for _ in range(lines)]

    def _strip(self) -> Strip:
        return random_strip(self._random, self.columns, self._styles, clusters=self._clusters)

    def _cursor(self) -> tuple[int, int]:
        if self._random.random() < 0.7:
            return 0, 0
        return self._random.randrange(self.columns), self._random.randrange(self.lines)

    def unchanged(self) -> str:
        return frame(self._rows, self._cursor())

    def anew(self) -> str:
        """Other rows everywhere."""
        self._rows = [self._strip() for _ in range(self.lines)]
        return self.unchanged()

    def some_rows(self) -> str:
        """A few other rows, in a frame of their own each."""
        frames = []
        for _ in range(self._random.randint(1, 3)):
            y = self._random.randrange(self.lines)
            self._rows[y] = self._strip()
            frames.append(frame([self._rows[y]], self._cursor(), top=y))
        return "".join(frames)

    def a_part(self) -> str:
        """Something else in a rectangle, such as a dialog."""
        random = self._random
        left = random.randint(0, self.columns - 4)
        width = random.randint(3, self.columns - left)
        top = random.randrange(self.lines)
        bottom = random.randint(top, self.lines - 1)
        for y in range(top, bottom + 1):
            row = self._rows[y]
            inside = random_strip(random, width, self._styles, clusters=self._clusters)
            before, after = row.crop(0, left), row.crop(left + width, self.columns)
            self._rows[y] = Strip.join([before, inside, after])
        return frame(self._rows[top : bottom + 1], self._cursor(), top=top)

    def scrolled(self) -> str:
        """Some neighbouring rows moved up or down."""
        random = self._random
        top = random.randint(0, 3)
        bottom = random.randint(self.lines - 3, self.lines)
        by = random.choice((1, 1, 2, 3, 5, -1, -1, -2))
        fresh = [self._strip() for _ in range(abs(by))]
        rows = self._rows[top:bottom]
        rows = rows[by:] + fresh if by > 0 else fresh + rows[:by]
        self._rows[top:bottom] = rows[: bottom - top]
        return self.unchanged()

    def resized(self, columns: int, lines: int) -> str:
        self.columns, self.lines = columns, lines
        return self.anew()
