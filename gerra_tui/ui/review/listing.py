"""What is listed: query, sort, columns, refresh."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query import Query, parse
from gerra_tui.domain.text import clean, ended
from gerra_tui.domain.view import SHIPPED_VIEWS, Sort, View, names
from gerra_tui.service.failures import Failure
from gerra_tui.service.listing.polling import QuietPolling
from gerra_tui.ui.present.columns import Variety, fixed_by, shown, usual_state
from gerra_tui.ui.present.status import trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.tallying import Tallying

HISTORY_KEPT: Final = 100
PENDING_VIEW: Final = View(name="Pending", query="status:pending")


class Listing:
    """State: the query's text, the views and the number of the one it came from, sort, columns,
    history. View 0 is everything pending where no view of the config is the same."""

    def __init__(self, desk: Desk, displayed: Displayed, tallying: Tallying) -> None:
        self._desk = desk
        self._displayed = displayed
        self._tallying = tallying
        self._workplace = desk.workplace
        self.views: list[View] = list(desk.workplace.preferences.views or SHIPPED_VIEWS)
        self.view = 1
        first = self.views[0]
        self.text = first.query
        self.sort: Sort | None = first.sort
        self.columns: tuple[str, ...] = first.columns
        self._variety = Variety()
        self._hidden_columns = fixed_by(self.query)
        self._asked_for: frozenset[str] = frozenset()  # columns that are shown whatever they tell
        self.history: list[str] = []
        self.came_from: tuple[str, int] | None = None  # id and line of the last session's cursor
        self.covered_before = 0  # rows that the last session's sort had read
        self.on_refreshed: Callable[[], None] = lambda: None  # counts are read again
        self.polling = QuietPolling(
            self._workplace.queue, self._workplace.clock, lambda: desk.is_out_of_sight
        )

    def start(self) -> None:
        """Show the first query."""
        self._show()
        if self.came_from is not None:
            self._desk.list.return_to(*self.came_from)
        self._desk.work(self.polling.run(), "poll")

    # The query

    def apply(self, text: str) -> None:
        """A new query, by hand; the one before can be undone."""
        if text != self.text:
            self._remember()
            self.history = list(dict.fromkeys([text, self.text, *self.history]))[:HISTORY_KEPT]
            self.text = text
            self._show()
        self._desk.tell()

    def take(self, view: View, number: int) -> None:
        """Switch to a view; what was before can be undone."""
        self._remember()
        self.view, self.text, self.sort, self.columns = number, view.query, view.sort, view.columns
        self._asked_for = frozenset()
        self._show()
        self._desk.tell()

    @property
    def current_view(self) -> View:
        """As it was saved."""
        return self.views[self.view - 1] if self.view else PENDING_VIEW

    def matches(self, dataset: Dataset) -> bool:
        """Claims that the current query shows it."""
        now, looked = self._workplace.clock.now(), self._workplace.looks.summary
        return self.query.matches(dataset, now, looked)

    @property
    def query(self) -> Query:
        return parse(self.text).query or Query()

    def do_edit_query(self) -> None:
        self._desk.query_line.edit(self.text, self.history)

    # Sort and columns

    def do_columns(self) -> None:
        self._desk.start(self._choose_columns())

    async def _choose_columns(self) -> None:
        from gerra_tui.ui.dialogs.columns import ColumnsDialog

        known = self._desk.known
        paths = sorted(known.paths, key=lambda path: len(known.values(path)) < 2)  # what varies
        widths = {column.name: column.width for column in self._desk.list.columns}
        chosen = await self._desk.ask(
            ColumnsDialog(
                self.columns, tuple(f"meta.{path}" for path in paths), widths, self._hidden_columns
            )
        )
        if chosen:
            self._asked_for |= names(chosen) - names(self.columns)
            self.columns = chosen
            self._variety = Variety()
            self.learn(
                [row for row in self._workplace.queue.loaded_rows() if isinstance(row, Dataset)]
            )
            self.show_columns()

    def add_column(self, name: str) -> None:
        """Until the view is left; nothing where it is there already."""
        if name not in names(self.columns):
            self.columns = (*self.columns, name)
            self.show_columns()

    def learn(self, rows: Sequence[Dataset]) -> None:
        """Rows arrived: a column in which all have the same is not worth its cells."""
        self._variety.learn(rows, names(self.columns))
        hidden = fixed_by(self.query) | self._variety.same()
        if hidden != self._hidden_columns:
            self._hidden_columns = hidden
            self.show_columns()

    def show_columns(self) -> None:
        written = shown(self.columns, self._hidden_columns - self._asked_for)
        self._desk.list.show_columns(written)
        self._tallying.columns_shown(written)

    def do_sort(self) -> None:
        self._desk.start(self._choose_sort())

    async def _choose_sort(self) -> None:
        from gerra_tui.ui.dialogs.sort import SortDialog

        chosen = await self._desk.ask(SortDialog(self.columns, self.sort))
        if chosen != self.sort:
            self._sort_by(chosen)

    def do_reverse(self) -> None:
        if self.sort is None:
            self._desk.notice("Nothing is sorted here: o sorts.")
            return
        self._sort_by(replace(self.sort, descending=not self.sort.descending))

    def _sort_by(self, sort: Sort | None) -> None:
        self._remember()
        self.sort = sort
        self._workplace.queue.show(self.query, sort)

    def do_load_rest(self) -> None:
        if self.sort is None:
            self._desk.notice("Nothing is sorted here: o sorts.")
            return
        self._desk.work(self._load_rest(), "load", alone=True)

    def rows_arrived(self) -> None:
        """A sort of the last session covers as much again, so that its rows are where they were."""
        wanted, status = self.covered_before, self._workplace.queue.status
        if wanted and status.live:
            self.covered_before = 0
            if self.sort is not None and status.looked_at < wanted and not status.exhausted:
                load = self._load_rest(until=wanted)
                self._desk.work(load, "load", alone=True)

    async def _load_rest(self, until: int | None = None) -> None:
        """All of it, or until so many rows were read."""

        def tell(done: int, total: int | None) -> None:
            if until is not None and done >= until:
                self._desk.cancel("load")
                self._desk.notice("")
                return
            of = f"{total:,}" if total is not None else "?"
            self._desk.notice(f"Loading {done:,} of {of} (^c)")

        queue = self._workplace.queue
        try:
            await queue.load_rest(tell)
        except Failure as failure:
            self._desk.notice(f"Not all were loaded: {ended(clean(failure.detail, 200))}")
        else:
            if (covered := queue.status.sorted_within) is not None:
                self._desk.notice(f"Sorted within all {covered:,}")

    # Refresh and counts

    def do_refresh(self) -> None:
        self._desk.work(self._refresh(), "refresh", alone=True)

    async def _refresh(self) -> None:
        queue = self._workplace.queue
        at_top = self._desk.list.top == 0
        was_stopped = queue.status.scan_stopped
        await queue.refresh()
        if was_stopped:
            self._desk.notice("Looking on")
            return
        if at_top:
            self._desk.list.show_top()
        if queue.status.failure is not None:
            self._desk.notice(trouble(queue.status.failure, self._workplace.preferences.api_host))
            return
        self._workplace.details.forget_all()
        self.on_refreshed()
        self._desk.notice("Refreshed")
        self._displayed.settle_soon()

    def show_again(self) -> None:
        """From the service, as if it was asked for the first time."""
        self._show()
        self._desk.tell()

    # Within

    def _show(self) -> None:
        self._displayed.version_id = None
        self._desk.rows.usual = usual_state(self.query)
        self._variety = Variety()
        self._hidden_columns = fixed_by(self.query)
        self.show_columns()
        self._workplace.queue.show(self.query, self.sort)
        self._desk.list.start_over()

    def _remember(self) -> None:
        self.covered_before = 0
        text, view, sort, columns = self.text, self.view, self.sort, self.columns
        cursor_id, line = self._desk.list.cursor_id, self._desk.list.cursor

        def back() -> str:
            self.text, self.sort, self.columns = text, sort, columns
            self.view = view if view <= len(self.views) else 0  # deleted since
            self._show()
            if cursor_id is not None:
                self._desk.list.return_to(cursor_id, line)
            self._desk.tell()
            return f"Back to {text or 'everything'}"

        self._desk.undo.remember(back)
