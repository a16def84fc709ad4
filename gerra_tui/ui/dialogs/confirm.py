"""A question with yes and no."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding

from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

TYPED_AHEAD: Final = 0.15  # seconds after the key before: nobody has read the question by then
TOO_FAST: Final = "That came too fast to be the answer: {} again."


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


class SecondKey(ConfirmDialog):
    """A question between a key and what cannot be undone, which no word typed at it answers.

    Any other key closes it as no, and a `y` that comes as fast as the letters of a word does
    nothing.
    """

    def on_mount(self) -> None:
        self._key_at = time.monotonic()
        self._rested = 0.0

    def lines(self) -> Iterable[Widget]:
        yield from super().lines()
        yield Line("", id="hasty", classes="warning")

    def on_key(self, event: events.Key) -> None:
        self._rested, self._key_at = event.time - self._key_at, event.time
        if event.key != "y":
            event.stop()
            self.dismiss(False)

    def action_answer(self, answer: bool) -> None:
        if answer and self._rested < TYPED_AHEAD:
            self.query_one("#hasty", Line).say(TOO_FAST.format("y"))
        else:
            self.dismiss(answer)
