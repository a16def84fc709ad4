"""The dataset under the cursor, or the marked ones: asked where it is none of them."""

from __future__ import annotations

import time
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.text import clean
from gerra_tui.ui.dialogs.confirm import TOO_FAST, TYPED_AHEAD
from gerra_tui.ui.dialogs.description import fit
from gerra_tui.ui.dialogs.dialog import DecidingDialog
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.domain.dataset import Dataset


class Which(Enum):
    """`TEXT`: neither, for a reason was being typed."""

    THIS = "this"
    MARKED = "marked"
    TEXT = "text"


class WhichDialog(DecidingDialog[Which | None]):
    """Decides nothing: the dialog for what was chosen comes next. Esc is neither.

    Where a reason comes next, it may have been typed ahead: a key as fast as the letters of a word
    chooses nothing, and any other letter than the two closes this as neither.
    """

    ENTER_DECIDES = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "this('accept')", show=False),
        Binding("r", "this('reject')", show=False),
        Binding("m", "marked", show=False),
        Binding("escape", "neither", show=False),
    ]

    def __init__(self, verdict: Verdict, here: Dataset, marked: int) -> None:
        super().__init__()
        self._verdict = verdict
        self._here = here
        self._marked = marked
        self._key_at = time.monotonic()

    def lines(self) -> Iterable[Widget]:
        yield Line(f"{self._verdict.capitalize()} which?", classes="title")
        name = clean(self._here.name) or "(no name)"
        yield Line(fit(f"{clean(self._here.id, 9)[:8]} {name}, which is not marked", self.cells))
        yield Line("", id="hasty", classes="warning")

    @property
    def lines_needed(self) -> int:
        return 6

    def hinted(self) -> Iterable[Binding]:
        return (
            Binding(self._verdict.value[0], "", "this one"),
            Binding("m", "", f"the {self._marked:,} marked"),
            Binding("escape", "", "neither", key_display="Esc"),
        )

    def dismiss_as_no(self) -> None:
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        rested, self._key_at = event.time - self._key_at, event.time
        if self._verdict is not Verdict.REJECT or event.character is None:
            return
        if event.key not in ("m", "r", "escape"):
            event.stop()
            self.dismiss(Which.TEXT)
        elif rested < TYPED_AHEAD and event.key != "escape":
            event.stop()
            self.query_one("#hasty", Line).say(TOO_FAST.format(event.key))

    def action_this(self, verdict: str) -> None:
        if verdict == self._verdict:
            self.dismiss(Which.THIS)

    def action_marked(self) -> None:
        self.dismiss(Which.MARKED)

    def action_neither(self) -> None:
        self.dismiss_as_no()
