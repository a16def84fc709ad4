"""The box that every dialog is: modal, undimmed, as small as its text, without any input or output.

A dialog gives back a value and does nothing else. It is opened by `push_screen_wait`, keeps what
it was opened for, and never looks at the list again.
"""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeVar

from textual import on
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Mount
from textual.geometry import Offset
from textual.messages import Prune
from textual.screen import ModalScreen, Screen

from gerra_tui.ui.keys.quiet import QUIET_SECOND
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Region
    from textual.widget import Widget

Answer = TypeVar("Answer")
CELLS = 56  # inside a box that has no place of its own
ROOMY = 30  # lines of the terminal: a pane below the list leaves the list half of less
COMES_WITHIN = 0.5  # seconds
FRAME = 4  # cells of the box's border and padding


class Place(NamedTuple):
    """Where a dialog may lie: the list with the line above it, and the line of its cursor."""

    region: Region
    cursor: int


class TakesKeys(Screen[Answer]):
    """A key that comes before its fields are there would go past them: it waits until they are."""

    def __init__(self, **named: str | None) -> None:
        super().__init__(**named)
        self._has_come = asyncio.Event()

    @on(Mount)
    def _come(self) -> None:
        self._has_come.set()

    async def until_it_takes_keys(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(COMES_WITHIN):
                await self._has_come.wait()


class AnswersOnce(TakesKeys[Answer]):
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
    """A box whose last line tells the keys, from the bindings: in the list beside the cursor's
    row and as wide as the list, so that what is decided from stays in sight; in the middle of the
    screen where it was given no `place`.

    One that is `unasked` opened by itself, or later than the key that asked for it. In its first
    second a key was meant for what lies beneath: the dialog steps aside, and the key goes there.
    """

    AUTO_FOCUS = ""
    unasked = False
    stepped_aside = False
    place: Callable[[], Place | None] | None = None
    _opened_at = 0.0
    # Below 30 lines what is `roomy` is left out.
    VERTICAL_BREAKPOINTS = [(0, "-short"), (ROOMY, "-tall")]  # noqa: RUF012 - Textual declares it so

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
        &.-docked { align-horizontal: left; align-vertical: top; }
        &.-docked > .box { max-width: 100%; }
        &.-docked.-above { align-vertical: bottom; }
    }
    """

    def compose(self) -> ComposeResult:
        with Vertical(classes=self.box_classes()) as box:
            self._dock(box)
            yield from self.lines()
            yield Line(key_hints(self.hinted()), id="keys")

    def on_mount(self) -> None:
        self._opened_at = time.monotonic()
        self.set_class(self.app.has_class("-ascii"), "-ascii")
        self.call_after_refresh(self._point)

    def on_resize(self) -> None:
        self._dock(self.query_one(".box"))

    @property
    def cells(self) -> int:
        """Of a line in the box."""
        place = self.place() if self.place else None
        return CELLS if place is None else place.region.width - FRAME

    @property
    def rows(self) -> int:
        """Lines that the box may take."""
        place = self.place() if self.place else None
        return self.app.size.height if place is None else place.region.height

    @property
    def lines_needed(self) -> int:
        """Of the box, as far as is known beforehand."""
        return 8

    def headline(self) -> tuple[str, str]:
        """What stands in the border above, on the left and on the right."""
        return "", ""

    def _headline(self) -> str:
        left, right = self.headline()
        rule = ("-" if self.app.has_class("-ascii") else "\u2500") * max(
            1, self.cells - len(left) - len(right) - 4
        )
        return f"{left} {rule} {right}" if right else left

    def _dock(self, box: Widget) -> None:
        """Under the cursor's row, above it near the bottom; over it where there is no other room.

        The list's own lines alone are painted again when the box goes.
        """
        place = self.place() if self.place else None
        box.border_title = self._headline() or None
        self.set_class(place is not None, "-docked")
        if place is None:
            box.styles.margin = 0
            box.styles.max_height = box.styles.width = None
            return
        region, cursor = place
        below, above, needed = region.bottom - cursor - 1, cursor - region.y, self.lines_needed
        top, bottom = region.y, region.bottom
        if below >= needed:
            top = cursor + 1
        elif above >= needed:
            bottom = cursor
        elif region.height < needed:  # rather over the pane than without its keys
            bottom = min(self.app.size.height, top + needed)
        self.set_class(bottom == cursor, "-above")
        self._point(Offset(region.x + 1, top))
        box.styles.width = region.width
        box.styles.max_height = bottom - top
        box.styles.margin = (top, 0, self.app.size.height - bottom, region.x)

    def _point(self, at: Offset | None = None) -> None:
        """The terminal's cursor goes to the title, which a screen reader then reads; a field that
        is typed into takes it to itself."""
        if self.is_active and self.focused is None:
            self.app.cursor_position = at or self.query_one(".box").region.offset + Offset(1, 0)

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
