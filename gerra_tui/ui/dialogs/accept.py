"""Accept this dataset? Only `y` says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding

from gerra_tui.ui.dialogs.description import (
    describe,
    fit,
    hold_phrase,
    lines_more,
    odd_line,
)
from gerra_tui.ui.dialogs.dialog import DecidingDialog
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.ui.dialogs.subject import Subject


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The reviewer's word that the dataset of the dialog is accepted."""


class AcceptDialog(DecidingDialog[Acceptance | None]):
    """`y` accepts, `n` and Esc do not. Enter, Space and `a` do nothing, so that a held or
    repeated key never confirms."""

    ENTER_DECIDES = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "accept", "accept"),
        Binding("n", "no", "no"),
        Binding("escape", "no", "no", show=False),
    ]

    def __init__(self, subject: Subject, *, hold: float | Literal["manual"]) -> None:
        super().__init__()
        self._subject = subject
        self._hold = hold

    def lines(self) -> Iterable[Widget]:
        yield from describe(self._subject)
        if odd := self._subject.odd:
            yield Line(fit(odd_line(odd), self.cells), classes="warning")

    @property
    def lines_needed(self) -> int:
        return 6 + lines_more(self._subject, self.cells) + bool(self._subject.odd)

    def headline(self) -> tuple[str, str]:
        return "Accept this dataset?", hold_phrase(self._hold)

    def box_classes(self) -> str:
        return "box wide"

    def dismiss_as_no(self) -> None:
        self.dismiss(None)

    def action_accept(self) -> None:
        self.dismiss(Acceptance())

    def action_no(self) -> None:
        self.dismiss_as_no()
