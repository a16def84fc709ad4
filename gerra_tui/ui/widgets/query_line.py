"""The query line: says what is asked and how far it was looked, and is edited in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.highlighter import Highlighter
from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message

from gerra_tui.domain.query import parse
from gerra_tui.domain.text import clean
from gerra_tui.ui.present.spans import Span
from gerra_tui.ui.theme import BOLD, CURSOR, DIM, PLAIN, PROBLEM, WARNING, WRONG
from gerra_tui.ui.widgets.bar import Bar
from gerra_tui.ui.widgets.field import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.text import Text
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from gerra_tui.domain.query.completion import Completion
    from gerra_tui.domain.query.known import Known
    from gerra_tui.service.listing.status import QueueStatus


class MarkWrong(Highlighter):
    """Underlines the words that cannot be read, and those that are odd."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def highlight(self, text: Text) -> None:
        parsed = self._known.parsed(text.plain)
        for problem in (*parsed.errors, *parsed.warnings):
            text.stylize(WRONG, problem.start, problem.end)


class QueryInput(Field):
    """The field while it is edited. Its keys are its own; the list hears none of them."""

    DEFAULT_CSS = """
    QueryInput, QueryInput:focus { width: 1fr; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "history(1)", show=False),
        Binding("down", "history(-1)", show=False),
        Binding("tab", "complete", show=False),
        Binding("escape", "restore", show=False),
    ]

    class Recalled(Message):
        """Another entry of the history is wanted: 1 is older, -1 newer."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Completing(Message):
        """Tab was pressed."""

    class Restored(Message):
        """Esc was pressed: as if nothing had been typed."""

    def __init__(self, known: Known) -> None:
        super().__init__(id="query-input")
        self.highlighter = MarkWrong(known)

    def replace(self, text: str, start: int, end: int) -> None:
        """Nothing that is pasted may speak to the terminal, or be there unseen. Between terms one
        blank is enough: there is one already when the field opens."""
        between = self.value.endswith(" ") and self.value.count('"') % 2 == 0
        if text == " " and between and start == end == len(self.value):
            return
        super().replace("".join(c if c.isprintable() else " " for c in text), start, end)

    def action_history(self, step: int) -> None:
        self.post_message(self.Recalled(step))

    def action_complete(self) -> None:
        self.post_message(self.Completing())

    def action_restore(self) -> None:
        self.post_message(self.Restored())


class Offers:
    """What one Tab offers for a text; further ones go through it."""

    def __init__(self, text: str, offers: Sequence[Completion]) -> None:
        self._before = text
        self._offers = offers
        self._at = 0

    @property
    def is_choice(self) -> bool:
        """Claims that there is more than one."""
        return len(self._offers) > 1

    def go_on(self) -> None:
        self._at = (self._at + 1) % len(self._offers)

    @property
    def text(self) -> str:
        offer = self._offers[self._at]
        return self._before[: offer.start] + offer.text + self._before[offer.end :]

    @property
    def cursor(self) -> int:
        offer = self._offers[self._at]
        return offer.start + len(offer.text)

    def spans(self) -> tuple[Span, ...]:
        """The current one, and those that come after it."""
        told = [Span(" ")]
        for rank, offer in enumerate((*self._offers[self._at :], *self._offers[: self._at])):
            told += [
                Span(clean(offer.text, 40), PLAIN if rank else CURSOR, rank=rank),
                Span(f" {clean(offer.note, 20)}   " if offer.note else "   ", DIM, rank=rank),
            ]
        return tuple(told)


class QueryLine(Horizontal):
    """`Applied` tells of a query without errors; what has errors stays to be mended."""

    DEFAULT_CSS = """
    QueryLine { height: 1; }
    QueryLine > #query-mark { width: 3; }
    """

    class Applied(Message):
        """Enter was pressed on a query that can be read."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The field was left without a change."""

    class Released(Message):
        """The field has moved the terminal's cursor to itself, where it is no longer wanted."""

    class Judged(Message):
        """What `hint` says has changed."""

    def __init__(self, known: Known, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._known = known
        self._history: Sequence[str] = ()
        self._recalled = -1
        self._typed = ""
        self._told: tuple[str, QueueStatus, Sequence[str]] | None = None
        self._offers: Offers | None = None
        self.editing = False
        self.hint: tuple[Span, ...] = ()  # what the line above says while the query is edited

    def compose(self) -> ComposeResult:
        yield Bar(id="query-mark")
        yield Bar(id="query-bar")
        yield QueryInput(self._known)

    def on_mount(self) -> None:
        self.query_one("#query-mark", Bar).show([Span(" / ", BOLD)])
        self._switch(editing=self.editing)
        self.call_after_refresh(self.release_cursor)

    def tell(self, text: str, status: QueueStatus, pace: Sequence[str] = ()) -> None:
        """Show the applied query, the pace, where its terms run, and how much was looked at."""
        self._told = (text, status, pace)
        asked = clean(text) or "(everything)"
        room = self.size.width - cell_len(asked) - 7
        told = next((way for way in ways_to_tell(status) if cell_len(way) <= room), "")
        right = [Span(f"   {'  '.join(pace)}", DIM, rank=2)] if pace else []
        right += [Span(f"   {told}", DIM, rank=1)] if told else []
        self.query_one("#query-bar", Bar).show([Span(asked)], right)

    def on_resize(self) -> None:
        if self._told is not None:
            self.tell(*self._told)

    def edit(self, text: str, history: Sequence[str]) -> None:
        """Take the keys, the next one included. Behind the query is a blank: the next term."""
        text = f"{text} " if text and not text.endswith(" ") else text
        self._history, self._recalled, self._typed = history, -1, text
        self.display = True
        field = self.query_one(QueryInput)
        field.value = text
        field.cursor_position = len(text)
        self._switch(editing=True)
        self.screen.set_focus(field)
        self._judge(text)

    def _end(self) -> None:
        self._switch(editing=False)
        self.screen.set_focus(None)
        self.call_after_refresh(self.release_cursor)

    def release_cursor(self) -> None:
        """Each frame would put the terminal's cursor into the field again."""
        if not self.editing:
            self.post_message(self.Released())

    def _switch(self, *, editing: bool) -> None:
        self.editing = editing
        self.query_one(QueryInput).display = editing
        self.query_one("#query-bar", Bar).display = not editing

    @on(QueryInput.Submitted)
    def _apply(self, event: Field.Submitted) -> None:
        event.stop()
        if parse(event.value).errors:
            self._judge(event.value)
            return
        self._end()
        self.post_message(self.Applied(event.value.strip()))

    @on(QueryInput.Restored)
    def _restore(self) -> None:
        self._end()
        self.post_message(self.Left())

    @on(QueryInput.Changed)
    def _changed(self, event: Field.Changed) -> None:
        event.stop()
        if self._offers is None or self._offers.text != event.value:
            self._offers = None
            self._judge(event.value)

    @on(QueryInput.Recalled)
    def _recall(self, event: QueryInput.Recalled) -> None:
        field = self.query_one(QueryInput)
        if self._recalled < 0:
            self._typed = field.value
        last = len(self._history) - 1
        self._recalled = max(-1, min(self._recalled + event.step, last))
        if 0 <= self._recalled < last and self._history[self._recalled] == field.value.strip():
            self._recalled += event.step  # what stands there already
        field.value = self._typed if self._recalled < 0 else self._history[self._recalled]
        field.cursor_position = len(field.value)

    @on(QueryInput.Completing)
    def _complete(self) -> None:
        """The first Tab puts the likeliest in place; further ones go through the others, or on
        behind it if there are none."""
        from gerra_tui.domain.query.completion import complete

        field = self.query_one(QueryInput)
        if self._offers is None or not self._offers.is_choice:
            found = complete(field.value, field.cursor_position, self._known)
            self._offers = Offers(field.value, found) if found else None
        else:
            self._offers.go_on()
        if self._offers is None:
            self._tell((Span(" Nothing to complete here", DIM),))
            return
        field.value, field.cursor_position = self._offers.text, self._offers.cursor
        self._tell(self._offers.spans())

    def _judge(self, text: str) -> None:
        """Say at once what is wrong; the word itself is marked in the field."""
        parsed = self._known.parsed(text)
        problems = (*parsed.errors, *parsed.warnings)
        if problems:
            style = PROBLEM if parsed.errors else WARNING
            self._tell((Span(f" {clean(problems[0].message)}", style),))
        else:
            self._tell((Span(" Enter apply   Esc restore   Tab complete   Up Down history", DIM),))

    def _tell(self, hint: tuple[Span, ...]) -> None:
        if hint != self.hint:
            self.hint = hint
            self.post_message(self.Judged())


def ways_to_tell(status: QueueStatus) -> Iterator[str]:
    """`service: status:pending   here: size>1GB, looked at 600 of 1,204`, then shorter ones."""
    looked = ""
    if not status.whole:
        of = f" of {status.looked_at_of:,}" if status.looked_at_of is not None else ""
        doing, way = "", ""
        if status.scan_stopped:
            doing, way = ", stopped", " (R goes on)"
        elif status.scanning:
            doing, way = ", looking", " (Esc stops)"
        seen = f"{status.looked_at:,}{of}"
        looked = f"looked at {seen}{doing}{way}"
    for terms in (" ".join, _fields):
        service = f"service: {clean(terms(status.served_terms))}" if status.served_terms else ""
        local = f"here: {clean(terms(status.local_terms))}, " if status.local_terms else ""
        here = f"{local}{looked}"
        yield "   ".join(part for part in (service, here) if part)
    yield looked
    if looked:
        yield f"looked at {seen}{doing}"
        yield f"{seen}{doing}"
        yield seen


def _fields(terms: Iterable[str]) -> str:
    """The terms' fields alone; a word is its own."""
    return " ".join(dict.fromkeys(re.split("[:=~<>]", term.lstrip("-"))[0] for term in terms))
