"""The views as tabs: all that have a digit, in whatever room there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gerra_tui.domain.text import clean
from gerra_tui.ui.present.spans import Span, cells
from gerra_tui.ui.theme import CURSOR, PLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP: Final = "  "
SHORT: Final = 3  # letters of a name
SHORT_NAMES: Final = {"Third": "3rd"}  # where the first letters say nothing


class Tab(NamedTuple):
    """A view by its number; `rows` is null where nobody counted."""

    number: int
    name: str
    rows: int | None
    current: bool


def tab_spans(tabs: Sequence[Tab], width: int) -> list[Span]:
    """Counts go before names, names become short before a tab goes, and the current one stays."""
    ways = [*((number, False) for number in range(len(tabs), -1, -1)), (0, True)]
    for counted, short in ways:
        spans = _spans(tabs, counted=counted, short=short)
        if cells(spans) - len(GAP) <= width:
            break
    return spans


def _spans(tabs: Sequence[Tab], *, counted: int, short: bool) -> list[Span]:
    """`counted`: how many tabs have their counts, from the first one."""
    spans = [Span(" ")]
    for place, tab in enumerate(tabs):
        style, rank = (CURSOR, 0) if tab.current else (PLAIN, tab.number)
        name = clean(tab.name, 20)
        if short and not tab.current:
            name = SHORT_NAMES.get(name, name[:SHORT])
        told = f"{tab.number} {name}"
        if tab.rows is not None and (place < counted or tab.current):
            told += f" {tab.rows:,}"
        spans += [Span(told, style, rank=rank), Span(GAP, rank=rank)]
    return spans
