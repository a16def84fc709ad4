"""The organization's counts, and what the reviewer has done; Tab goes from one to the other."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Any

import humanize
from rich.cells import cell_len
from textual import work

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import DecisionState
from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import Failure
from gerra_tui.service.own_work import OwnWork
from gerra_tui.ui.keys.side_commands import STATISTICS
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.own_work import own_lines
from gerra_tui.ui.present.values import byte_size, local_time, value_text
from gerra_tui.ui.screens.audit_reading import newest_first
from gerra_tui.ui.screens.framed import Page
from gerra_tui.ui.screens.side import SideScreen
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from textual.widget import Widget

    from gerra_tui.domain.statistics import Statistics
    from gerra_tui.ui.workplace import Workplace

LABEL = 26  # cells
COUNT = 12
SHARE = 5
LONGEST = 40  # a bar: longer ones tell no more and cost the slow link


class StatisticsScreen(SideScreen):
    """Counts by status and by type, the volume of seven days, and whatever else the service sends;
    or the reviewer's own verdicts, from the audit log.

    After a failure what was read before stays, with the hour it was read at.
    """

    CONTEXT = STATISTICS
    AUTO_FOCUS = "Page"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._statistics: Statistics | None = None
        self._as_of = ""
        self._own: OwnWork | None = None
        self._about_me = False

    def body(self) -> Iterable[Widget]:
        yield Line(id="failure", classes="warning")
        with Page():
            yield Line(id="counts")

    def on_mount(self) -> None:
        self._show()
        self._read()

    def on_resize(self) -> None:
        self._show()

    def action_refresh(self) -> None:
        self._read()
        self._own = None
        if self._about_me:
            self._read_own()

    def action_other_page(self) -> None:
        self._about_me = not self._about_me
        self._show()
        self.query_one(Page).scroll_home(animate=False)
        if self._about_me and self._own is None:
            self._read_own()

    @work(exclusive=True, group="own")
    async def _read_own(self) -> None:
        place = self._workplace
        own = OwnWork(place.preferences.base_url, place.user, place.clock.now(), self._type_of)
        for decision in place.decisions.listing():
            if decision.state is DecisionState.DONE:
                own.note(decision)
        try:
            await asyncio.to_thread(own.read, newest_first(place.audit_files()))
        except OSError as problem:
            self._tell(f"The audit log cannot be read: {problem.strerror}. Press R to try again.")
            return
        self._own = own
        self._show()

    def _type_of(self, dataset_id: str) -> str | None:
        """As far as this console has seen it."""
        queue = self._workplace.queue
        line = queue.line_of(dataset_id)
        row = queue.row(line) if line is not None else None
        return row.data_type if isinstance(row, Dataset) else None

    @work(exclusive=True)
    async def _read(self) -> None:
        self._tell("Reading the counts ...")
        try:
            self._statistics = await self._workplace.api.statistics()
        except Failure as failure:
            self._tell(f"{ended(clean(failure.detail))} Press R to try again.")
            return
        self._tell("")
        self._as_of = f"   as of {local_time(self._workplace.clock.now())}"
        self._show()

    def _tell(self, text: str) -> None:
        self.query_one("#failure", Line).say(text)

    def _show(self) -> None:
        width = self.size.width
        if self._about_me:
            self.set_title("Statistics: you")
            lines = (
                list(own_lines(self._own, width)) if self._own else ["Reading the audit log ..."]
            )
        else:
            self.set_title(f"Statistics{self._as_of}")
            bar = "#" if self.app.has_class("-ascii") else "█"
            lines = list(describe(self._statistics, width, bar)) if self._statistics else []
        self.query_one("#counts", Line).say("\n".join(lines))


def describe(statistics: Statistics, width: int, bar: str) -> Iterator[str]:
    """The lines of the screen, at most `width` cells each; `bar` is what bars are made of."""
    if statistics.total_datasets is not None:
        yield f"Datasets  {humanize.intcomma(statistics.total_datasets)}"
    if statistics.total_size_bytes is not None:
        yield f"Size      {byte_size(statistics.total_size_bytes)}"
    yield from _bars("BY STATUS", statistics.by_status, width, bar)
    yield from _bars("BY TYPE", statistics.by_data_type, width, bar)
    days = {_day(name): count for name, count in statistics.daily_volume}
    yield from _bars("LAST 7 DAYS", days, width, bar, shares=False)
    if statistics.further:
        yield from ("", "FURTHER")
        for name, value in statistics.further.items():
            yield fit(f"{fit(clean(name), LABEL)} {_figure(value)}", width).rstrip()


def _bars(
    title: str, counts: Mapping[str, int], width: int, bar: str, *, shares: bool = True
) -> Iterator[str]:
    if not counts:
        return
    yield from ("", title)
    total, most = sum(counts.values()), max(counts.values())
    for name, count in counts.items():
        text = f"{fit(clean(name), LABEL)} {humanize.intcomma(count):>{COUNT}}"
        if shares:
            text += f" {count / total if total else 0:>{SHARE}.0%}"
        room = min(LONGEST, width - cell_len(text) - 2)
        length = max(1, round(room * count / most)) if count > 0 and room > 0 else 0
        yield f"{text}  {bar * length}".rstrip()


def _day(text: str) -> str:
    """`2026-11-23 Mon`; what is no date stays what it is."""
    try:
        return f"{text} {date.fromisoformat(text):%a}"
    except ValueError:
        return text


def _figure(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value_text(value)
    return humanize.intcomma(value if isinstance(value, int) else round(value, 1))
