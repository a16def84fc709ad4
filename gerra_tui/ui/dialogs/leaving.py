"""What becomes of decisions that are not sent: asked at the end."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget


class QuitChoice(Enum):
    SEND = "send"
    KEEP = "keep"
    DROP = "drop"
    STAY = "stay"


class QuitDialog(Dialog[QuitChoice]):
    """Asked when the reviewer quits with decisions unsent. Esc stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "choose('SEND')", "send now"),
        Binding("k", "choose('KEEP')", "keep"),
        Binding("d", "choose('DROP')", "drop"),
        Binding("escape", "choose('STAY')", "stay", key_display="Esc"),
    ]

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def lines(self) -> Iterable[Widget]:
        yield Line(_unsent(self._count), id="unsent", classes="title")
        yield Line("Kept ones are listed at the next start; dropped ones are never sent.")

    def tell(self, count: int) -> None:
        """Holds run on meanwhile: so many are not sent now."""
        self._count = count
        if self.is_attached:
            self.query_one("#unsent", Line).say(_unsent(count))

    def action_choose(self, name: str) -> None:
        self.dismiss(QuitChoice[name])


def _unsent(count: int) -> str:
    if not count:
        return "All have left by now"
    told = "1 decision is" if count == 1 else f"{count:,} decisions are"
    return f"{told} not sent"
