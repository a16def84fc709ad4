"""A question with yes and no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget


class ConfirmDialog(Dialog[bool]):
    """`y` is yes, `n` and Esc are no, all else does nothing. `yes` and `no` say what they do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n", "answer(False)", "no"),
        Binding("escape", "answer(False)", "no", show=False),
    ]

    def __init__(
        self, question: str, *, detail: str | None = None, yes: str = "yes", no: str = "no"
    ) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._words = {"y": yes, "n": no}

    def lines(self) -> Iterable[Widget]:
        yield Line(self._question, classes="title")
        if self._detail:
            yield Line(self._detail)

    def hinted(self) -> Iterable[Binding]:
        return (Binding(key, "", description) for key, description in self._words.items())

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
