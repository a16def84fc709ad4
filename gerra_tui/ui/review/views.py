"""The views: tabs with their counts, switching, saving, naming, ordering."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.query import parse
from gerra_tui.domain.text import clean
from gerra_tui.domain.view import View
from gerra_tui.service.failures import Failure
from gerra_tui.service.preferences import ViewsUnwritable
from gerra_tui.ui.present.tabs import Tab, tab_spans
from gerra_tui.ui.review.listing import PENDING_VIEW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gerra_tui.domain.statistics import Statistics
    from gerra_tui.ui.present.spans import Span
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.listing import Listing

TABS: Final = 9
COUNTS_EVERY: Final = 300.0  # seconds


def is_pending_view(view: View) -> bool:
    """Claims that it shows what `0` shows, whatever its name."""
    return replace(view, name=PENDING_VIEW.name) == PENDING_VIEW


class Views:
    """The keys `1` to `9`, `0` and `w`. The views and the number of the current one are the
    list's."""

    def __init__(self, desk: Desk, listing: Listing) -> None:
        self._desk = desk
        self._listing = listing
        self._workplace = desk.workplace
        self._counts: dict[str, int] = {}
        self._counted_at = -COUNTS_EVERY
        self._counting = False

    @property
    def pending(self) -> int | None:
        """How many are, as last counted and less what was decided here since."""
        return self._counts.get(PENDING_VIEW.query)

    def tabs(self) -> list[Span]:
        """All that have a digit, and the current one."""
        views, current = self._listing.views, self._listing.view
        shown = list(enumerate(views[:TABS], 1))
        if not current:
            shown.insert(0, (0, PENDING_VIEW))
        elif current > TABS:
            shown.append((current, views[current - 1]))
        tabs = [
            Tab(number, view.name, self._counts.get(view.query), number == current)
            for number, view in shown
        ]
        return tab_spans(tabs, self._desk.screen.app.size.width)

    def choose(self, number: int) -> None:
        """View 1 to 9; 0 is always everything pending."""
        if number > len(self._listing.views):
            self._desk.notice(f"There is no view {number}. w saves the current one.")
        elif number:
            self._listing.take(self._listing.views[number - 1], number)
        else:
            same = (n for n, view in enumerate(self._listing.views, 1) if is_pending_view(view))
            self._listing.take(PENDING_VIEW, next(same, 0))

    def choices(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """The command of each digit."""
        for number in range(TABS + 1):
            yield f"view_{number}", partial(self.choose, number)

    def do_views(self) -> None:
        self._desk.start(self._choose_view())

    async def _choose_view(self) -> None:
        from gerra_tui.ui.dialogs.views import ViewsDialog

        number = await self._desk.ask(ViewsDialog(self._listing.views, self._listing.view))
        if number is not None:
            self.choose(number)

    def do_save_view(self) -> None:
        self._desk.start(self._save_view())

    async def _save_view(self) -> None:
        from gerra_tui.ui.dialogs.prompt import LineDialog

        name = await self._desk.ask(LineDialog("Save this view as", ""))
        if not name or not name.strip():
            return
        looking = self._listing
        view = View(
            name=name.strip(), query=looking.text, columns=looking.columns, sort=looking.sort
        )
        views = [view if old.name == view.name else old for old in self._listing.views]
        if view not in views:
            views.append(view)
        if self._save(views):
            looking.view = views.index(view) + 1
            where = " (by :views)" if looking.view > TABS else ""
            self._desk.notice(f"Saved as view {looking.view}: {clean(view.name, 40)}{where}")
            self._desk.tell()

    def do_rename_view(self) -> None:
        self._desk.start(self._rename())

    async def _rename(self) -> None:
        from gerra_tui.ui.dialogs.prompt import LineDialog

        if self._is_fixed():
            return
        at = self._listing.view - 1
        name = await self._desk.ask(LineDialog("Rename this view", self._listing.views[at].name))
        if name and name.strip():
            views = list(self._listing.views)
            views[at] = replace(views[at], name=name.strip())
            if self._save(views):
                self._desk.tell()

    def do_move_view_left(self) -> None:
        self._move(-1)

    def do_move_view_right(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        if self._is_fixed():
            return
        at = self._listing.view - 1
        if not 0 <= at + by < len(self._listing.views):
            self._desk.notice("There is no place further on that side.")
            return
        views = list(self._listing.views)
        views.insert(at + by, views.pop(at))
        if self._save(views):
            self._listing.view = at + by + 1
            self._desk.tell()

    def do_delete_view(self) -> None:
        if self._is_fixed():
            return
        views = list(self._listing.views)
        if len(views) == 1:
            self._desk.notice("The last view stays.")
            return
        gone = views.pop(self._listing.view - 1)
        if self._save(views):
            self._listing.view = min(self._listing.view, len(views))
            self._desk.notice(f"View deleted: {clean(gone.name, 40)}")
            self._desk.tell()

    def _is_fixed(self) -> bool:
        if not self._listing.view:
            self._desk.notice("View 0 is always everything pending. w saves it as another.")
        return not self._listing.view

    def _save(self, views: list[View]) -> bool:
        try:
            self._workplace.views.save(tuple(views))
        except ViewsUnwritable as problem:
            self._desk.notice(str(problem))
            return False
        self._listing.views = views
        return True

    # Counts

    def count(self, *, now: bool = False) -> None:
        """The tabs' numbers: at start, on R, at most every five minutes."""
        time = self._workplace.clock.monotonic()
        if self._counting or not (now or time - self._counted_at >= COUNTS_EVERY):
            return
        self._counting, self._counted_at = True, time
        self._desk.work(self._count(), "count")

    def one_less(self) -> None:
        """A verdict of ours took effect since the last count."""
        if self.pending:
            self._counts[PENDING_VIEW.query] -= 1

    async def _count(self) -> None:
        try:
            statistics = await self._workplace.api.statistics()
            self._take(statistics)
            for view in self._listing.views:
                query = parse(view.query).query
                if query is None or view.query in self._counts or not query.is_whole():
                    continue
                page = await self._workplace.api.page(query.narrowing(), limit=1, offset=0)
                if page.total is not None and page.total != 1:  # 1 may be the page's own length
                    self._counts[view.query] = page.total
                    self._desk.known.count_query(view.query, page.total)
        except Failure:
            pass  # a tab without a number says so already; the list tells of the service
        finally:
            self._counting = False
        self._desk.tell()

    def _take(self, statistics: Statistics) -> None:
        self._desk.known.count(statistics)
        self._counts = {f"status:{status}": count for status, count in statistics.by_status.items()}
        if statistics.total_datasets is not None:
            self._counts[""] = statistics.total_datasets
