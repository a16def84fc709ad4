"""The box that every dialog is: modal, undimmed, as small as its text, without any input or output.

A dialog gives back a value and does nothing else. It is opened by `push_screen_wait`, keeps what
it was opened for, and never looks at the list again.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Vertical
from textual.messages import Prune
from textual.screen import ModalScreen, Screen

from gerra_tui.ui.keys.quiet import QUIET_SECOND
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
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
    """A box in the middle of the screen; its last line tells the keys, from the bindings.

    One that is `unasked` opened by itself, or later than the key that asked for it. In its first
    second a key was meant for what lies beneath: the dialog steps aside, and the key goes there.
    """

    AUTO_FOCUS = ""
    unasked = False
    stepped_aside = False
    _opened_at = 0.0
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
        self._opened_at = time.monotonic()
        self.set_class(self.app.has_class("-ascii"), "-ascii")

    def step_aside(self, event: events.Key) -> None:
        """This key is about to be taken: close if it cannot have been meant for this dialog."""
        if self.unasked and self.is_for_beneath(event):
            self.stepped_aside = True
            self.dismiss_unread()

    def is_for_beneath(self, event: events.Key) -> bool:  # noqa: ARG002 - for those that can tell
        """Whether whoever typed it had not seen this dialog, which is unasked."""
        return time.monotonic() - self._opened_at < QUIET_SECOND

    def dismiss_unread(self) -> None:
        self.dismiss(None)

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

    def dismiss_unread(self) -> None:
        self.dismiss_as_no()


def key_hints(bindings: Iterable[Binding]) -> str:
    """`y accept   n no`: the keys that are to be shown, each with what it does."""
    return "   ".join(
        f"{binding.key_display or binding.key} {binding.description}"
        for binding in bindings
        if binding.show
    )
