"""A list of a million rows painted line by line, a detail pane, a status line and a dialog.

The smallest program with what a console does; measured in the tests, and by hand with
`python -m tests.terminal.list_app [plain|cells] [rows]`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from gerra_tui.terminal import driver as driver_module
from gerra_tui.terminal.clipboard import copy
from gerra_tui.terminal.driver import CellDriver, choose_driver

if TYPE_CHECKING:
    from textual.driver import Driver

STATES = ("pending", "accepted", "rejected", "waiting")
touched: Counter[int] = Counter()
COLOURS = {"pending": "yellow", "accepted": "green", "rejected": "red", "waiting": "blue"}


class Rows(ScrollView, can_focus=True):
    """A virtual list: strips are painted when seen and kept for a while."""

    DEFAULT_CSS = "Rows { overflow-x: hidden; scrollbar-size: 0 0; }"
    BINDINGS: ClassVar = [
        Binding("down", "go(1)"),
        Binding("up", "go(-1)"),
        Binding("pagedown", "page(1)"),
        Binding("pageup", "page(-1)"),
        Binding("home", "to(0)"),
        Binding("end", "to(-1)"),
    ]

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.cursor = 0
        self.virtual_size = Size(10, count)

    def render_line(self, y: int) -> Strip:
        row = y + int(self.scroll_offset.y)
        if row >= self.count:
            return Strip.blank(self.size.width)
        return _strip(row, self.size.width, row == self.cursor)

    def action_go(self, by: int) -> None:
        self.action_to(min(max(self.cursor + by, 0), self.count - 1))

    def action_page(self, by: int) -> None:
        self.action_go(by * self.size.height)

    def action_to(self, row: int) -> None:
        old, self.cursor = self.cursor, row % self.count
        top, height = int(self.scroll_offset.y), self.size.height
        if not top <= self.cursor < top + height:
            paging = abs(self.cursor - old) >= height
            start = self.cursor if self.cursor < top else self.cursor - height + 1
            if paging:
                start = min(max(top + self.cursor - old, 0), max(self.count - height, 0))
            self.scroll_to(y=start, animate=False, immediate=True)
        else:
            for line in (old - top, self.cursor - top):
                self.refresh(Region(0, line, self.size.width, 1))
        self.app.query_one("#status", Static).update(f" {self.cursor + 1:,}/{self.count:,}")
        self.app.query_one("#detail", Static).update(describe(self.cursor))


def describe(row: int) -> str:
    """Text that fills the pane and differs in every character from its neighbours'."""
    letters = "".join(chr(97 + (row + n * n) % 26) for n in range(38))
    return "\n".join(letters[n:] + letters[:n] for n in range(25))


@lru_cache(maxsize=512)
def _strip(row: int, width: int, here: bool) -> Strip:
    state = STATES[(row * 7 + touched[row]) % 4]
    parts = [
        (">" if here else " ", Style()),
        (f" {state:<10}", Style(color=COLOURS[state])),
        (f" SO-101 stack cups, batch {row:<8}", Style()),
        (f" {('episode', 'telemetry', 'pov')[row % 3]:<10}", Style(dim=True)),
        (f" {row * 37 % 1000 / 10:>6} GB", Style()),
        (f"  {row * 2654435761 % 2**32:08x}", Style(dim=True)),
    ]
    strip = Strip([Segment(text, style) for text, style in parts])
    return strip.adjust_cell_length(width, Style()).simplify()


class Question(ModalScreen[bool]):
    CSS = """
    Question { align: center middle; background: transparent; }
    Question Static { width: 60; height: 11; border: round #808080; background: #202428;
                      color: #e0e0e0; }
    """
    BINDINGS: ClassVar = [Binding("escape,y,n", "dismiss(True)")]

    def compose(self) -> ComposeResult:
        yield Static(
            "Accept this dataset?\n\nid 77aa01c9-1b2c-4d5e-8f90-123456789abc\n"
            "SO-101 stack cups, batch 44\ntype episode  version 3  size 2.1 GB\n\n\n\n"
            "y accept   n no"
        )


class ListApp(App[None]):
    """With `detail`, a pane beside the list says what the cursor is on, 0.1 s after it rests."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #detail { width: 40; border-left: solid #808080; display: none; }
    #status { height: 1; background: ansi_blue; }
    #field { display: none; }
    .detail #detail { display: block; }
    .field #field { display: block; }
    """
    BINDINGS: ClassVar = [
        Binding("q", "quit"),
        Binding("a", "ask"),
        Binding("d", "detail"),
        Binding("slash", "field"),
        Binding("s", "pause"),
        Binding("x", "fail"),
        Binding("e", "edit"),
        Binding("p", "ping"),
        Binding("t", "touch"),
        Binding("y", "copy"),
        Binding("ctrl+l", "redraw"),
    ]

    def __init__(
        self, count: int = 1_000_000, driver_class: type[Driver] | None = None, *, ansi: bool = True
    ) -> None:
        super().__init__(driver_class=driver_class, ansi_color=ansi)
        self._count = count
        self._pings = 0

    def compose(self) -> ComposeResult:
        with Vertical():
            with Horizontal():
                yield Rows(self._count)
                yield Static(id="detail")
            yield Input(id="field")
            yield Static(" ready", id="status")

    def on_mount(self) -> None:
        self.query_one("#field", Input).cursor_blink = False
        self.query_one(Rows).focus()

    def action_ask(self) -> None:
        self.push_screen(Question())

    def action_detail(self) -> None:
        self.screen.toggle_class("detail")

    def action_field(self) -> None:
        self.screen.add_class("field")
        self.query_one("#field").focus()

    def on_input_submitted(self) -> None:
        self.screen.remove_class("field")
        self.query_one(Rows).focus()

    def action_pause(self) -> None:
        self.action_suspend_process()

    def action_edit(self) -> None:
        """Give the terminal to another program, as to an editor."""
        with self.suspend():
            sys.stdout.write("the editor was here\r\n")
            sys.stdout.flush()

    def action_ping(self) -> None:
        """Show that everything typed before has been taken, and all as it is now.

        Changes in quick succession may leave a stale part in Textual itself, under any driver.
        """
        self._pings += 1
        self.screen.refresh()
        self.query_one("#status", Static).update(f" ping {self._pings}.")

    def action_touch(self) -> None:
        """The state of the sixth row on the screen changes."""
        rows = self.query_one(Rows)
        touched[int(rows.scroll_offset.y) + 5] += 1
        _strip.cache_clear()
        rows.refresh(Region(0, 5, rows.size.width, 1))

    async def action_copy(self) -> None:
        told = await copy("SO-101", os.environ, self._to_terminal)
        self.query_one("#status", Static).update(f" {told}")

    def _to_terminal(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)

    def action_fail(self) -> None:
        raise RuntimeError("as asked")

    def action_redraw(self) -> None:
        if isinstance(self._driver, CellDriver):
            self._driver.redraw()


class Unstoppable(CellDriver):
    """A mistake on the way out."""

    def stop_application_mode(self) -> None:
        raise RuntimeError("no way out")


class Mistaken(CellDriver):
    """A mistake in the terminal layer, once the first screen is there."""

    def flush(self) -> None:
        super().flush()
        if os.environ["MISTAKE"] == "difference":
            self._painter._encoder.difference = None  # type: ignore[assignment,method-assign]
        else:
            self._painter._grid.draw = None  # type: ignore[assignment,method-assign]


DRIVERS: dict[str, type[Driver]] = {
    "plain": LinuxDriver,
    "cells": CellDriver,
    "unstoppable": Unstoppable,
    "mistaken": Mistaken,
    "chosen": choose_driver(os.environ),
}


def main(kind: str = "cells", count: str = "1000000") -> int:
    signal.signal(signal.SIGUSR1, lambda *_: sys.exit(3))
    driver_module._DRAIN = float(os.environ.get("DRAIN", driver_module._DRAIN))  # type: ignore[misc]  # final for all others
    app = ListApp(int(count), DRIVERS[kind], ansi="TRUECOLOUR" not in os.environ)
    app.run(mouse="MOUSE" in os.environ)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
