"""What becomes of decisions that are not sent: asked at the end, and again at the next start."""

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


class StartChoice(Enum):
    SEND = "send"
    LOOK = "look"
    LATER = "later"


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
        told = "1 decision is" if self._count == 1 else f"{self._count:,} decisions are"
        yield Line(f"{told} not sent", classes="title")
        yield Line("Kept ones are listed at the next start; dropped ones are never sent.")

    def action_choose(self, name: str) -> None:
        self.dismiss(QuitChoice[name])


class StartDialog(Dialog[StartChoice]):
    """Asked at the start when an ended console left decisions. Esc leaves them as they are.

    `posted` of them were on their way. `tip` is what to do so that it does not happen again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "choose('SEND')", "send"),
        Binding("l", "choose('LOOK')", "look"),
        Binding("escape", "choose('LATER')", "later", key_display="Esc"),
    ]

    def __init__(self, count: int, *, posted: int = 0, tip: str = "") -> None:
        super().__init__()
        self._count = count
        self._posted = posted
        self._tip = tip

    def lines(self) -> Iterable[Widget]:
        told = "1 decision was" if self._count == 1 else f"{self._count:,} decisions were"
        yield Line(f"{told} kept", classes="title")
        yield Line("Made in a console that ended. Nothing is sent before you say so.")
        if self._posted:
            yield Line(f"{self._posted:,} may have arrived: the service is asked.")
        yield Line(self._tip, classes="roomy")

    def action_choose(self, name: str) -> None:
        self.dismiss(StartChoice[name])
