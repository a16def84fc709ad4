"""Where the reviewer looks: cursor, panes, query, views, sort, columns, refresh."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query import Query, parse
from gerra_tui.domain.text import clean
from gerra_tui.domain.view import SHIPPED_VIEWS, Sort, View
from gerra_tui.service.failures import Failure
from gerra_tui.service.preferences import ViewsUnwritable
from gerra_tui.ui.commands import DETAIL, LIST
from gerra_tui.ui.dialogs.line import LineDialog
from gerra_tui.ui.palette import CURSOR, PLAIN
from gerra_tui.ui.widgets.bar import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.domain.statistics import Statistics
    from gerra_tui.ui.screens.review import ReviewScreen

EVERYTHING_PENDING: Final = "status:pending"
HISTORY_KEPT: Final = 100
COUNTS_EVERY: Final = 300.0  # seconds
POLL_SECONDS: Final = 30.0
# The list's column names, and the query's fields for their values.
FIELD_OF: Final = {"state": "status", "name": "name", "type": "type"}


class Looking:
    """State: the query's text, the view it came from, sort, columns, history, counts."""

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        self._workplace = screen.workplace
        self.views: list[View] = list(screen.workplace.preferences.views)
        self.view = 1
        self.text = self.views[0].query if self.views else EVERYTHING_PENDING
        self.sort: Sort | None = None
        self.columns: tuple[str, ...] = (self.views or SHIPPED_VIEWS)[0].columns
        self.history: list[str] = []
        self.pending: int | None = None
        self._counts: dict[str, int] = {}
        self._counted_at = -COUNTS_EVERY
        self._counting = False

    def start(self) -> None:
        """Show the first query; counts follow once the first rows are there."""
        self._show()
        self._screen.set_interval(POLL_SECONDS, self._poll)

    # The query

    def apply(self, text: str) -> None:
        """A new query, by hand; the one before can be undone."""
        if text != self.text:
            self._remember()
            self.text = text
            self.history = [text, *(old for old in self.history if old != text)][:HISTORY_KEPT]
            self._show()
        self._screen.tell()

    def matches(self, dataset: Dataset) -> bool:
        """Claims that the current query shows it."""
        return self.query.matches(dataset, self._workplace.clock.now())

    @property
    def query(self) -> Query:
        return parse(self.text).query or Query()

    def do_edit_query(self) -> None:
        self._screen.query_line.edit(self.text, self.history)

    def do_only(self) -> None:
        self._narrow(lambda query, field, value: query.with_only(field, value))

    def do_without(self) -> None:
        self._narrow(lambda query, field, value: query.without(field, value))

    def _narrow(self, change: Callable[..., Query]) -> None:
        field, value = self._under_cursor()
        if field is None:
            self._screen.notice("There is no value under the cursor.")
            return
        self.apply(change(self.query, field, value).text)

    def _under_cursor(self) -> tuple[str | None, object]:
        """The detail's line, or in the list the type: what one most often narrows to."""
        if self._screen.context == DETAIL:
            line = self._screen.detail.line
            return (line.field, line.value) if line and line.field else (None, None)
        row = self._screen.list.row_under_cursor()
        return ("type", row.data_type) if isinstance(row, Dataset) else (None, None)

    # Views

    def tabs(self) -> list[Span]:
        spans = [Span(" ")]
        for number, view in enumerate(self.views[:9], 1):
            count = self._counts.get(view.query)
            told = f" {count:,}" if count is not None else ""
            style = CURSOR if number == self.view else PLAIN
            spans += [
                Span(f"{number} {clean(view.name, 20)}{told}", style, rank=number > 1),
                Span("   ", rank=number > 1),
            ]
        return [replace(span, rank=number) for number, span in enumerate(spans)]

    def choose(self, number: int) -> None:
        """View 1 to 9; 0 is always everything pending."""
        if number > len(self.views):
            self._screen.notice(f"There is no view {number}. w saves the current one.")
            return
        self._remember()
        view = self.views[number - 1] if number else View(name="", query=EVERYTHING_PENDING)
        self.view = number or self.view
        self.text, self.sort, self.columns = view.query, view.sort, view.columns
        self._screen.list.show_columns(self.columns)
        self._show()
        self._screen.tell()

    def do_save_view(self) -> None:
        self._screen.start(self._save_view())

    async def _save_view(self) -> None:
        name = await self._screen.ask(LineDialog("Save this view as", ""))
        if not name or not name.strip():
            return
        view = View(name=name.strip(), query=self.text, columns=self.columns, sort=self.sort)
        views = [view if old.name == view.name else old for old in self.views]
        if view not in views:
            views.append(view)
        try:
            self._workplace.views.save(tuple(views))
        except ViewsUnwritable as problem:
            self._screen.notice(str(problem))
            return
        self.views = views
        self.view = views.index(view) + 1
        self._screen.notice(f"Saved as view {self.view}: {clean(view.name, 40)}")
        self._screen.tell()

    # Sort and columns

    def do_columns(self) -> None:
        self._screen.start(self._choose_columns())

    async def _choose_columns(self) -> None:
        from gerra_tui.ui.dialogs.columns import ColumnsDialog

        paths = tuple(f"meta.{path}" for path in self._screen.known.paths)
        chosen = await self._screen.ask(ColumnsDialog(self.columns, paths))
        if chosen:
            self.columns = chosen
            self._screen.list.show_columns(chosen)

    def do_sort(self) -> None:
        self._screen.start(self._choose_sort())

    async def _choose_sort(self) -> None:
        from gerra_tui.ui.dialogs.sort import SortDialog

        chosen = await self._screen.ask(SortDialog(self.columns, self.sort))
        if chosen != self.sort:
            self._sort_by(chosen)

    def do_reverse(self) -> None:
        if self.sort is None:
            self._screen.notice("Nothing is sorted here: o sorts.")
            return
        self._sort_by(replace(self.sort, descending=not self.sort.descending))

    def _sort_by(self, sort: Sort | None) -> None:
        self._remember()
        self.sort = sort
        self._workplace.queue.show(self.query, sort)

    def do_load_rest(self) -> None:
        self._screen.run_worker(self._load_rest(), exclusive=True, group="load")

    async def _load_rest(self) -> None:
        def tell(done: int, total: int | None) -> None:
            self._screen.notice(f"Loading {done:,} of {total if total is not None else '?'} (^c)")

        try:
            await self._workplace.queue.load_rest(tell)
        except Failure as failure:
            self._screen.notice(f"Not all were loaded: {clean(failure.detail, 200)}")

    # Refresh and counts

    def do_refresh(self) -> None:
        self._screen.run_worker(self._refresh(), exclusive=True, group="refresh")

    async def _refresh(self) -> None:
        queue = self._workplace.queue
        before = queue.length
        if self._screen.displayed_id:
            self._workplace.details.forget(self._screen.displayed_id)
        await queue.refresh()
        self._counted_at = -COUNTS_EVERY
        self.count()
        self._screen.notice(
            "Refreshed" if before == queue.length else f"Refreshed: {queue.length:,}"
        )
        self._screen.settle_soon()

    def _poll(self) -> None:
        status = self._workplace.queue.status
        if status.live and status.failure is None and len(self._screen.app.screen_stack) == 1:
            self._screen.run_worker(
                self._workplace.queue.check_for_new(), exclusive=True, group="poll"
            )

    def status_changed(self) -> None:
        if self._workplace.queue.status.live:
            self.count()

    def count(self) -> None:
        """The tabs' numbers: at start, on R, at most every five minutes."""
        now = self._workplace.clock.monotonic()
        if self._counting or now - self._counted_at < COUNTS_EVERY:
            return
        self._counting, self._counted_at = True, now
        self._screen.run_worker(self._count(), group="count")

    async def _count(self) -> None:
        try:
            statistics = await self._workplace.api.statistics()
            self._take_counts(statistics)
            for view in self.views:
                query = parse(view.query).query
                if query is None or view.query in self._counts or not query.is_whole():
                    continue
                page = await self._workplace.api.page(query.narrowing(), limit=1, offset=0)
                if page.total is not None and page.total > 1:  # 1 may be the page's own length
                    self._counts[view.query] = page.total
        except Failure:
            pass  # a tab without a number says so already; the list tells of the service
        finally:
            self._counting = False
        self._screen.tell()

    def _take_counts(self, statistics: Statistics) -> None:
        self._screen.known.count(statistics)
        self.pending = statistics.by_status.get("pending")
        self._counts = {f"status:{status}": count for status, count in statistics.by_status.items()}
        if statistics.total_datasets is not None:
            self._counts[""] = statistics.total_datasets

    # Cursor and panes

    def do_down(self) -> None:
        self._move(1)

    def do_up(self) -> None:
        self._move(-1)

    def do_page_down(self) -> None:
        self._move(self._page)

    def do_page_up(self) -> None:
        self._move(-self._page)

    def do_half_page_down(self) -> None:
        self._move(max(1, self._page // 2))

    def do_half_page_up(self) -> None:
        self._move(-max(1, self._page // 2))

    def do_top(self) -> None:
        self._move_to(0)

    def do_bottom(self) -> None:
        self._move_to(10**9)

    def do_scroll_detail_down(self) -> None:
        self._screen.detail.scroll_by(3)

    def do_scroll_detail_up(self) -> None:
        self._screen.detail.scroll_by(-3)

    def do_next_pane(self) -> None:
        self._screen.give_keys_to(LIST if self._screen.context == DETAIL else DETAIL)

    def do_previous_pane(self) -> None:
        self.do_next_pane()

    def do_open(self) -> None:
        if self._screen.context == LIST:
            self._screen.full = True
            self._screen.lay_out()
            self._screen.settle()
            return
        line = self._screen.detail.line
        if line is not None and line.fold is not None:
            self._screen.folded ^= {line.fold}
            self._screen.show_detail()
        elif line is not None and line.field == "id" and isinstance(line.value, str):
            self._display(line.value)

    def do_iterations(self) -> None:
        if not self._screen.detail_visible:
            self.do_open()
        self._screen.show_detail()
        self._screen.detail.jump_to("iterations")

    def do_older_version(self) -> None:
        self._step(-1)

    def do_newer_version(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        dataset_id = self._screen.displayed_id
        row_id = self._screen.list.cursor_id
        detail = self._workplace.details.get(row_id) if row_id else None
        if detail is None or detail.iterations is None or dataset_id is None:
            self._screen.notice("not loaded yet")
            return
        versions = detail.iterations.versions
        at = next((n for n, it in enumerate(versions) if it.dataset_id == dataset_id), None)
        if at is None or not 0 <= at + step < len(versions):
            self._screen.notice(
                "This is the oldest version." if step < 0 else "This is the newest."
            )
            return
        self._display(versions[at + step].dataset_id)

    def _display(self, dataset_id: str) -> None:
        """Show another version of the row under the cursor; its decisions are about that one."""
        self._screen.version_id = None if dataset_id == self._screen.list.cursor_id else dataset_id
        self._screen.settle()
        self._screen.tell()

    def do_toggle_detail(self) -> None:
        self._screen.detail_on = not self._screen.detail_on
        self._screen.lay_out()
        self._screen.settle_soon()

    def do_move_detail(self) -> None:
        self._screen.detail_right = not self._screen.detail_right
        self._screen.lay_out()

    def do_next_undecided(self) -> None:
        self.go_undecided(1)

    def do_previous_undecided(self) -> None:
        self.go_undecided(-1)

    def go_undecided(self, direction: int) -> bool:
        """To the nearest undecided row that way; claims that there is one."""
        queue, rows = self._workplace.queue, self._screen.rows
        line, more = queue.next_line(self._screen.list.cursor, direction, rows.is_undecided)
        if line is not None:
            self._screen.list.move_to(line)
            return True
        other = sum(1 for row in queue.loaded_rows() if rows.is_undecided(row))
        here, there = ("below", "above") if direction > 0 else ("above", "below")
        further = " so far, more is being read" if more else ""
        self._screen.notice(f"no undecided {here}{further}, {other:,} {there}")
        return False

    def go_to_row(self, number: int) -> None:
        self._screen.list.move_to(number - 1)

    @property
    def _page(self) -> int:
        pane = self._screen.detail if self._screen.context == DETAIL else self._screen.list
        return pane.page

    def _move(self, lines: int) -> None:
        if self._screen.context == DETAIL:
            self._screen.detail.move_by(lines)
        else:
            self._screen.list.move_by(lines)

    def _move_to(self, line: int) -> None:
        if self._screen.context == DETAIL:
            self._screen.detail.move_to(line)
        else:
            self._screen.list.move_to(line)

    @property
    def view_query(self) -> str:
        """The query that Esc restores: that of the view."""
        return self.views[self.view - 1].query if self.views else EVERYTHING_PENDING

    def show_again(self) -> None:
        """From the service, as if it was asked for the first time."""
        self._show()
        self._screen.tell()

    # Within

    def _show(self) -> None:
        self._screen.version_id = None
        self._workplace.queue.show(self.query, self.sort)
        self._screen.list.start_over()

    def _remember(self) -> None:
        text, view, sort, columns = self.text, self.view, self.sort, self.columns
        cursor_id = self._screen.list.cursor_id

        def back() -> str:
            self.text, self.view, self.sort, self.columns = text, view, sort, columns
            self._screen.list.show_columns(columns)
            self._show()
            self.return_to(cursor_id)
            self._screen.tell()
            return f"Back to {text or 'everything'}"

        self._screen.undo.remember(back)

    def return_to(self, dataset_id: str | None) -> None:
        """Put the cursor on that dataset where its row is there."""
        line = self._workplace.queue.line_of(dataset_id) if dataset_id else None
        if line is not None:
            self._screen.list.move_to(line)
