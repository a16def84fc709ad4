"""The query line: says what is asked and how far it was looked, and is edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from gerra_tui.domain.query import parse
from gerra_tui.ui.palette import BOLD, DIM, PROBLEM, WARNING
from gerra_tui.ui.widgets.bar import Bar, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from gerra_tui.domain.query.known import Known
    from gerra_tui.service.queue import QueueStatus


class QueryInput(Input):
    """The field while it is edited. Its keys are its own; the list hears none of them."""

    DEFAULT_CSS = """
    QueryInput, QueryInput:focus {
        width: 1fr; background: transparent; background-tint: transparent; border: none;
    }
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

    def __init__(self) -> None:
        super().__init__(id="query-input", select_on_focus=False, compact=True)
        self.cursor_blink = False

    def action_history(self, step: int) -> None:
        self.post_message(self.Recalled(step))

    def action_complete(self) -> None:
        self.post_message(self.Completing())

    def action_restore(self) -> None:
        self.post_message(self.Restored())


class QueryLine(Horizontal):
    """`Applied` tells of a query without errors; what has errors stays to be mended."""

    DEFAULT_CSS = """
    QueryLine { height: 1; }
    QueryLine > #query-mark { width: 3; }
    QueryLine > QueryInput { display: none; }
    QueryLine.-editing > QueryInput { display: block; }
    QueryLine.-editing > #query-bar { display: none; }
    QueryLine > #query-hint { display: none; width: 2fr; }
    QueryLine.-editing > #query-hint { display: block; }
    """

    class Applied(Message):
        """Enter was pressed on a query that can be read."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The field was left without a change."""

    def __init__(self, known: Known, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._known = known
        self._history: Sequence[str] = ()
        self._recalled = -1
        self._typed = ""
        self._offers: list[str] = []
        self._offered: tuple[str, int] | None = None

    def compose(self) -> ComposeResult:
        yield Bar(id="query-mark")
        yield Bar(id="query-bar")
        yield QueryInput()
        yield Bar(id="query-hint")

    def on_mount(self) -> None:
        self.query_one("#query-mark", Bar).show([Span(" / ", BOLD)])

    @property
    def editing(self) -> bool:
        return self.has_class("-editing")

    def tell(self, text: str, status: QueueStatus) -> None:
        """Show the applied query, where its terms run, and how much was looked at."""
        self.query_one("#query-bar", Bar).show(
            [Span(text or "(everything)")], [Span(where_terms_run(status), DIM, rank=1)]
        )

    def edit(self, text: str, history: Sequence[str]) -> None:
        self._history, self._recalled, self._typed = history, -1, text
        self.add_class("-editing")
        field = self.query_one(QueryInput)
        field.value = text
        field.cursor_position = len(text)
        self._judge(text)
        field.focus()

    def _end(self) -> None:
        self.remove_class("-editing")
        self.screen.set_focus(None)

    @on(QueryInput.Submitted)
    def _apply(self, event: Input.Submitted) -> None:
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
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._offered is not None and self._offered[0] != event.value:
            self._offered = None
        self._judge(event.value)

    @on(QueryInput.Recalled)
    def _recall(self, event: QueryInput.Recalled) -> None:
        field = self.query_one(QueryInput)
        if self._recalled < 0:
            self._typed = field.value
        self._recalled = max(-1, min(self._recalled + event.step, len(self._history) - 1))
        field.value = self._typed if self._recalled < 0 else self._history[self._recalled]
        field.cursor_position = len(field.value)

    @on(QueryInput.Completing)
    def _complete(self) -> None:
        """The first Tab puts the likeliest in place; further ones go through the others."""
        from gerra_tui.domain.query.completion import complete

        field = self.query_one(QueryInput)
        if self._offered is None:
            offers = complete(field.value, field.cursor_position, self._known)
            value = field.value
            self._offers = [value[: o.start] + o.text + value[o.end :] for o in offers]
            self._ends = [o.start + len(o.text) for o in offers]
            number = 0
        else:
            number = self._offered[1] + 1
        if not self._offers:
            return
        number %= len(self._offers)
        self._offered = (self._offers[number], number)
        field.value = self._offers[number]
        field.cursor_position = self._ends[number]

    def _judge(self, text: str) -> None:
        """Say at once what is wrong, and mark the word."""
        parsed = parse(text)
        hint = self.query_one("#query-hint", Bar)
        problems = (*parsed.errors, *parsed.warnings)
        if not problems:
            hint.show([], [Span("Enter apply   Esc restore   Tab complete", DIM, rank=1)])
            return
        problem = problems[0]
        word = text[problem.start : problem.end]
        style = PROBLEM if parsed.errors else WARNING
        hint.show([Span(f"  {word}", style), Span(f": {problem.message}")])


def where_terms_run(status: QueueStatus) -> str:
    """`service: status type   here: size, looked at 600 of 1,204`."""
    parts = []
    if status.served_terms:
        parts.append(f"service: {' '.join(status.served_terms)}")
    if status.local_terms:
        of = f" of {status.looked_at_of:,}" if status.looked_at_of is not None else ""
        doing = ", stopped" if status.scan_stopped else ", looking" if status.scanning else ""
        parts.append(
            f"here: {' '.join(status.local_terms)}, looked at {status.looked_at:,}{of}{doing}"
        )
    return "   ".join(parts)
