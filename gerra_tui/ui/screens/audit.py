"""The audit log: what was decided here and what became of it, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, overload

from rich.cells import cell_len
from textual import on, work

from gerra_tui.domain.text import clean
from gerra_tui.ui.dialogs.prompt import LineDialog
from gerra_tui.ui.keys.side_commands import AUDIT
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.values import SHORT_ID
from gerra_tui.ui.screens.audit_reading import AuditSearch, export, newest_first, oldest_first
from gerra_tui.ui.screens.side import SideScreen
from gerra_tui.ui.widgets.field import Field
from gerra_tui.ui.widgets.item_list import ItemList
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.widget import Widget

    from gerra_tui.ui.screens.audit_reading import Entry
    from gerra_tui.ui.workplace import Workplace

MOST = 5_000  # entries in memory: some MB; a search or an export reaches the others
FIRST = ("dataset_id", "verdict", "result", "reason", "detail", "time")
GAP = 3
SAID_EVERY = 10  # pieces: some 20,000 lines


class Entries(Sequence[str]):
    """Entries as lines that are written when they are painted."""

    def __init__(self, entries: Sequence[Entry], width: int) -> None:
        self._entries = entries
        self._width = width

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Entries: ...
    def __getitem__(self, index: int | slice) -> str | Entries:
        if isinstance(index, slice):
            return Entries(self._entries[index], self._width)
        return row(self._entries[index], self._width)


class AuditScreen(SideScreen):
    """Reads from the end of the log until enough is found; the rest on request, by searching."""

    CONTEXT = AUDIT
    AUTO_FOCUS = "ItemList"
    DEFAULT_CSS = """
    AuditScreen ItemList { height: 1fr; }
    AuditScreen #details { max-height: 8; }
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._files = workplace.audit_files
        self._found: list[Entry] = []

    def body(self) -> Iterable[Widget]:
        yield Field(placeholder="words to look for")
        yield ItemList()
        yield Line(id="details")
        yield Line(id="notice", classes="warning")

    def on_mount(self) -> None:
        self.query_one(Field).display = False
        self._read()

    def on_resize(self) -> None:
        self._show(self.query_one(ItemList).cursor or 0)

    def action_refresh(self) -> None:
        self._read()

    def action_search(self) -> None:
        field = self.query_one(Field)
        field.display = True
        field.focus()

    def action_leave(self) -> None:
        """One step back: the search, then the screen."""
        field = self.query_one(Field)
        if not field.display:
            self.dismiss(None)
            return
        searched = bool(field.value)
        field.value = ""
        field.display = False
        self.query_one(ItemList).focus()
        if searched:
            self._read()

    @on(Field.Submitted)
    def _searched(self) -> None:
        self.query_one(ItemList).focus()
        self._read()

    @property
    def _words(self) -> str:
        return self.query_one(Field).value

    @work(exclusive=True, group="reading")
    async def _read(self) -> None:
        search = AuditSearch(newest_first(self._files()), self._words)
        self._found = []
        looked_at = unreadable = pieces = 0
        self.set_title("Audit log   reading ...")
        try:
            while piece := await asyncio.to_thread(search.next_piece):
                looked_at += piece.looked_at
                unreadable += piece.unreadable
                self._found += piece.entries
                if pieces % SAID_EVERY == 0:
                    self.set_title(f"Audit log   {looked_at:,} lines looked at ...")
                    self._show(0)
                pieces += 1
                if len(self._found) >= MOST:
                    break
        except OSError as problem:
            self._notice(f"The log cannot be read: {problem.strerror}.")
        del self._found[MOST:]
        self._show(0)
        self.set_title(self._summary(looked_at, unreadable, all_of_it=len(self._found) < MOST))

    def _summary(self, looked_at: int, unreadable: int, *, all_of_it: bool) -> str:
        if not looked_at:
            return "Audit log   nothing was decided here yet"
        number = f"{len(self._found):,}" if all_of_it else f"the newest {len(self._found):,}"
        told = f"Audit log   {number} of {looked_at:,} lines looked at"
        if not all_of_it:
            told += ", older ones: search or export"
        return f"{told}, {unreadable:,} unreadable" if unreadable else told

    def _show(self, cursor: int) -> None:
        self.query_one(ItemList).show(Entries(self._found, self.size.width - 2), cursor)
        self._tell_details()

    @on(ItemList.Highlighted)
    def _tell_details(self) -> None:
        at = self.query_one(ItemList).cursor
        lines = details(self._found[at], self.size.width) if at is not None else ()
        self.query_one("#details", Line).say("\n".join(lines))

    def _notice(self, text: str) -> None:
        self.query_one("#notice", Line).say(text)

    @work
    async def action_export(self) -> None:
        question = "Export to a new file (.csv, or JSON lines)"
        name = await self.app.push_screen_wait(LineDialog(question, "~/gerra-audit.csv"))
        if not name or not name.strip():
            return
        target = _home_expanded(name)
        search = AuditSearch(oldest_first(self._files()), self._words)
        self._notice("Exporting ...")
        try:
            count = await asyncio.to_thread(export, search.entries(), target)
        except FileExistsError:
            self._notice(f"Not written, it exists already: {clean(str(target))}")
        except OSError as problem:
            self._notice(f"Not written ({problem.strerror}): {clean(str(target))}")
        else:
            self._notice(f"{count:,} lines written on this machine to {clean(str(target))}")


def _home_expanded(name: str) -> Path:
    return Path(name.strip()).expanduser()


def row(entry: Entry, width: int) -> str:
    """When, what became of it, the verdict, the id, and the reason or detail."""
    cells = (
        fit(_moment(entry.get("time")), 14),
        fit(_text(entry, "result"), 10),
        fit(_text(entry, "verdict"), 6),
        fit(_text(entry, "dataset_id")[:SHORT_ID], SHORT_ID),
    )
    why = "  ".join(filter(None, (_text(entry, "reason"), _text(entry, "detail"))))
    return fit("  ".join((*cells, why)), width)


def details(entry: Entry, width: int) -> Iterator[str]:
    """All fields of an entry that say something, as many to a line as fit."""
    order = dict.fromkeys((*FIRST, *entry))
    line = ""
    for name in order:
        if (value := entry.get(name)) is None or name == "v":
            continue
        if name == "version" and isinstance(value, int):
            value += 1  # people count from 1
        told = f"{clean(str(name), 40)} {clean(str(value))}"
        if line and cell_len(line) + GAP + cell_len(told) > width:
            yield line
            line = ""
        *whole, told = wrap(told, width) or [""]
        yield from whole
        line = f"{line}{' ' * GAP if line else ''}{told}"
    if line:
        yield line


def _text(entry: Entry, field: str) -> str:
    value = entry.get(field)
    return "" if value is None else clean(str(value))


def _moment(value: object) -> str:
    try:
        return f"{datetime.fromisoformat(str(value)).astimezone():%m-%d %H:%M:%S}"
    except ValueError:
        return "?"
