"""Lines of a pane: what each says, and what the keys that act on a line take from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from gerra_tui.ui.present.cells import wrapped
from gerra_tui.ui.theme import DIM, PLAIN, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style

Run = tuple[int, int, "Style"]  # from a character to another, exclusive


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One painted line; `runs` have a style of their own. `fold`: the branch that Enter folds or
    unfolds here; `field`, `value`: what `,` and `;` take; `anchor`: the name by which a key jumps
    here. `painted`: finished pieces in the text's place."""

    text: str
    style: Style = PLAIN
    fold: tuple[str, ...] | None = None
    field: str | None = None
    value: Any = None
    anchor: str | None = None
    runs: tuple[Run, ...] = ()
    painted: tuple[tuple[str, Style], ...] = ()

    def marked(self, start: int, end: int, style: Style) -> DetailLine:
        return replace(self, runs=(*self.runs, (start, end, style)))


def paragraph(text: str, width: int, style: Style = PLAIN) -> Iterator[DetailLine]:
    for piece in wrapped(text, width):
        yield DetailLine(piece, style)


def hanging(label: str, text: str, width: int, style: Style = PLAIN) -> Iterator[DetailLine]:
    """The label, and the text beside it on as many lines as it needs."""
    indent = " " * cell_len(label)
    for number, piece in enumerate(wrapped(text, width - len(indent))):
        yield DetailLine(f"{indent if number else label}{piece}", style)


def heading(title: str, told: str = "", *, width: int = 0, anchor: str | None = None) -> DetailLine:
    """`PROMPT  since v2: 3 words more`; the title alone where both do not fit."""
    text = (
        f"{title}  {told}" if told and (not width or len(title) + len(told) + 2 <= width) else title
    )
    line = DetailLine(text, PLAIN, anchor=anchor)
    return line.marked(0, len(title), TITLE).marked(len(title), len(text), DIM)
