"""The lines by which a dialog names the dataset it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len, chop_cells

from gerra_tui.domain.text import ELLIPSIS, clean
from gerra_tui.ui.dialogs.dialog import CELLS
from gerra_tui.ui.present.values import size
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gerra_tui.ui.dialogs.subject import Subject


def describe(subject: Subject) -> Iterator[Line]:
    """Id, name in at most two lines, type with version and size, and a warning where one is due."""
    dataset = subject.target.dataset
    yield Line(f"id {fit(clean(dataset.id), CELLS - 3)}")
    yield Line(fit(clean(dataset.name), 2 * CELLS - 10) or "(no name)", classes="name")
    told = _version(subject)
    yield Line(f"type {fit(clean(dataset.data_type), 24)}  version {told}  size {size(dataset)}")
    if subject.remark:
        yield Line(fit(clean(subject.remark), 2 * CELLS - 10), classes="warning")
    if subject.is_latest is False:
        yield Line(f"NOT THE LATEST: this is version {told}", classes="warning")


def odd_line(odd: Sequence[str]) -> str:
    """How many checks are odd, and which; each name once."""
    number = f"{len(odd):,} check{' is' if len(odd) == 1 else 's are'} odd"
    return f"! {number}: {clean(', '.join(dict.fromkeys(odd)))}"


def lines_more(subject: Subject, cells: int) -> int:
    """Lines of `describe` beyond the three that it always has: of a long name, and warnings."""
    long = cell_len(clean(subject.target.dataset.name)) > cells
    return long + 2 * bool(subject.remark) + (subject.is_latest is False)


def _version(subject: Subject) -> str:
    """Counted from 1, as people do; the service counts from 0."""
    if subject.target.version is None:
        return "?"
    number = f"{subject.target.version + 1}"
    return f"{number} of {subject.total_versions}" if subject.total_versions else number


def fit(text: str, cells: int) -> str:
    """Cut a clean text to that many cells."""
    if cell_len(text) <= cells:
        return text
    return chop_cells(text, cells - 1)[0] + ELLIPSIS


def hold_phrase(hold: float | Literal["manual"]) -> str:
    """Until when the decision can be taken back: the hold is the only undo."""
    if hold == "manual":
        return "held until you send it"
    if hold <= 0:
        return "sent at once: there is no undo"
    return f"held {hold:g} s, then sent"
