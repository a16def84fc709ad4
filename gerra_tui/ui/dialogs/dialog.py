"""The box that every dialog is: modal, undimmed, as small as its text, without any input or output.

A dialog gives back a value and does nothing else. It is opened by `push_screen_wait`, keeps what
it was opened for, and never looks at the list again.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Vertical
from textual.messages import Prune
from textual.screen import ModalScreen, Screen

from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.widget import Widget

Answer = TypeVar("Answer")


class AnswersOnce(Screen[Answer]):
    """A screen that can only be dismissed while it is on top, and then does nothing any more.

    Textual's `dismiss` takes away whichever screen is on top. With keys that arrive in one go a
    second Enter would close the screen below, or find none.
    """

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_active else AwaitComplete()

    @on(Prune)
    def _stop_working(self) -> None:
        # Textual does this later, when widgets are gone that a worker may be about to write on.
        self.workers.cancel_node(self)


class Dialog(ModalScreen[Answer], AnswersOnce[Answer]):
    """A box in the middle of the screen; its last line tells the keys, from the bindings."""

    AUTO_FOCUS = ""
    # Below 24 lines what is `roomy` is left out.
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012 - Textual declares it so

    # One background and no dimming: what changes on the wire is the box and nothing else.
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: transparent;
        & > .box {
            width: auto;
            min-width: 30;
            max-width: 60;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            border: solid $foreground;
            background: $surface;
            color: $foreground;
        }
        & > .wide { width: 60; }
        & .entry { height: auto; }
        & .entry Field { width: 1fr; }
        & Line { width: auto; max-width: 100%; height: auto; }
        & .title, & .warning { text-style: bold; }
        &.-short .roomy { display: none; }
        &.-short .name { max-height: 1; }
        &.-ascii > .box { border: ascii $foreground; }
    }
    """

    def compose(self) -> ComposeResult:
        with Vertical(classes=self.box_classes()):
            yield from self.lines()
            yield Line(key_hints(self.hinted()), id="keys")

    def on_mount(self) -> None:
        self.set_class(self.app.has_class("-ascii"), "-ascii")

    @abstractmethod
    def lines(self) -> Iterable[Widget]:
        """What stands in the box above the keys."""

    def box_classes(self) -> str:
        return "box"

    def hinted(self) -> Iterable[Binding]:
        """The bindings that the last line names, in its order."""
        return (binding for binding in self.BINDINGS if isinstance(binding, Binding))


class DecidingDialog(Dialog[Answer]):
    """A dialog that ends in a decision or none. The default is No."""

    ENTER_DECIDES: ClassVar[bool] = True

    @abstractmethod
    def dismiss_as_no(self) -> None:
        """Close as if the reviewer had said No; what was typed is kept where Esc keeps it."""


def key_hints(bindings: Iterable[Binding]) -> str:
    """`y accept   n no`: the keys that are to be shown, each with what it does."""
    return "   ".join(
        f"{binding.key_display or binding.key} {binding.description}"
        for binding in bindings
        if binding.show
    )
