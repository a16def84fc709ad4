"""The organization's counts, with bars."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import humanize
from rich.cells import cell_len
from textual import work

from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import Failure
from gerra_tui.ui.keys.side_commands import STATISTICS
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.values import byte_size, local_time, value_text
from gerra_tui.ui.screens.side import Page, SideScreen
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
    """Counts by status and by type, the volume of seven days, and whatever else the service sends.

    After a failure what was read before stays, with the hour it was read at.
    """

    CONTEXT = STATISTICS
    AUTO_FOCUS = "Page"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._statistics: Statistics | None = None

    def body(self) -> Iterable[Widget]:
        yield Line(id="failure", classes="warning")
        with Page():
            yield Line(id="counts")

    def on_mount(self) -> None:
        self.set_title("Statistics")
        self._read()

    def on_resize(self) -> None:
        self._show()

    def action_refresh(self) -> None:
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        told = self.query_one("#failure", Line)
        told.say("Reading the counts ...")
        try:
            self._statistics = await self._workplace.api.statistics()
        except Failure as failure:
            told.say(f"{ended(clean(failure.detail))} Press R to try again.")
            return
        told.say("")
        now = self._workplace.clock.now()
        self.set_title(f"Statistics   as of {local_time(now)}")
        self._show()

    def _show(self) -> None:
        if self._statistics is not None:
            bar = "#" if self.app.has_class("-ascii") else "█"
            lines = describe(self._statistics, self.size.width, bar)
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
