"""Which dataset is displayed, which pane has the keys, and how the panes lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.geometry import Offset, Region

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.ui.dialogs.dialog import Place
from gerra_tui.ui.keys.commands import DETAIL, LIST
from gerra_tui.ui.present.detail import Shown, newest
from gerra_tui.ui.widgets.dataset_list import Picture
from gerra_tui.ui.widgets.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.evidence import Check
    from gerra_tui.service.downloads import Download
    from gerra_tui.ui.present.evidence import Looked
    from gerra_tui.ui.present.files import Filed
    from gerra_tui.ui.present.pictures import Pictured
    from gerra_tui.ui.review.desk import Desk

SETTLE_SECONDS: Final = 0.1  # the detail is drawn when the cursor has rested this long
SIDE_BY_SIDE: Final = 110  # columns
LIST_ALONE: Final = 70
SMALLEST: Final = (60, 15)
NEIGHBOURS: Final = 2  # rows ahead and behind whose details are fetched


class Displayed:
    """`version_id` is another version of the cursor's row, `unfolded` what of the pane is,
    `landed_at` when the cursor came to its dataset, in seconds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workplace = desk.workplace
        self.pane = LIST
        self.detail_on = True
        self.detail_right = True
        self.full = False
        self.part = ""  # of what there is of the data, beside the rest at full width
        self.awaits_what_is_kept = False  # of its data, before it is painted for the first time
        self.comparing = False  # at full width: the version before stands beside the one displayed
        self.version_id: str | None = None
        self.unfolded: frozenset[tuple[str, ...]] = frozenset()
        self.landed_at = desk.workplace.clock.monotonic()
        self._landed_on: str | None = None
        self._settling: Timer | None = None
        self._named: str | None = None  # the dataset whose id the status line has
        self._naming: Timer | None = None
        self.on_settled: Callable[[], None] = lambda: (
            None
        )  # the pane is painted for the cursor's row
        self.on_left: list[Callable[[], None]] = []  # the cursor goes from its dataset
        self.on_rest: Callable[[], None] = lambda: None  # it has come to one
        self.evidence_of: Callable[[Dataset], Looked | None] = lambda _: None
        self.download_of: Callable[[str], Download | None] = lambda _: None
        self.pictured_of: Callable[[str], Pictured | None] = lambda _: None
        self.filed_of: Callable[[str], Filed | None] = lambda _: None
        desk.place_of_dialogs = self.place_of_dialogs

    @property
    def displayed_id(self) -> str | None:
        """The dataset that the detail pane is about: the row's own, or another version of it."""
        return self.version_id or self._desk.list.cursor_id

    @property
    def dataset(self) -> Dataset | None:
        """The newest body of what is displayed; of the cursor's row before the pane follows it."""
        shown = self._desk.detail.shown if self.detail_visible else None
        if shown is not None and shown.row.id == self.displayed_id:
            return shown.dataset
        row = self._desk.list.row_under_cursor()
        return row if isinstance(row, Dataset) else None

    def named_id(self) -> str | None:
        """The id follows the cursor at most that much later: in a run of moves it is not sent for
        each of them."""
        if self._named is None or self._named == self.displayed_id:
            self._named = self.displayed_id
        elif self._naming is None:
            self._naming = self._desk.later(SETTLE_SECONDS, self._name_it)
        return self._named

    def _name_it(self) -> None:
        self._naming = None
        self._named = self.displayed_id
        self._desk.tell_status()

    def place_of_dialogs(self) -> Place | None:
        """In the list, from the tabs down: never over the pane, the header or the status line."""
        listing = self._desk.list
        region = listing.region
        if self.full or not region.width:
            return None
        top = self._desk.screen.query_one("#tabs").region.y
        room = Region(region.x, top, region.width, region.bottom - top)
        return Place(room, region.y + 1 + listing.cursor - listing.top)

    @property
    def reader(self) -> Offset:
        """Where on the screen the reviewer is: at the row, or the pane that has the keys."""
        if self.context == DETAIL:
            return self._desk.detail.region.offset
        listing = self._desk.list
        return listing.region.offset + Offset(0, 1 + listing.cursor - listing.top)

    @property
    def picture(self) -> Picture | None:
        """What tells the reviewer where one is: at full width the pane does."""
        if not self.full:
            return self._desk.list.picture
        shown = self._desk.detail.shown
        return Picture(shown.row.id if shown else None, {})

    @property
    def detail_visible(self) -> bool:
        return self.full or (self.detail_on and self._desk.screen.app.size.width >= LIST_ALONE)

    @property
    def context(self) -> str:
        return DETAIL if self.full or self.pane == DETAIL else LIST

    @property
    def is_too_small(self) -> bool:
        width, height = self._desk.screen.app.size
        return width < SMALLEST[0] or height < SMALLEST[1]

    def cursor_moved(self) -> None:
        """What was so of the row before is not so of this one."""
        if self._desk.list.cursor_id != self._landed_on:
            self._landed_on = self._desk.list.cursor_id
            self.landed_at = self._workplace.clock.monotonic()
            self.version_id = None
            self.unfolded = frozenset()
            self.comparing = False
            for leave in self.on_left:
                leave()
            self.settle_soon()

    def show_detail(self) -> None:
        """Paint what is known of the displayed dataset now."""
        if self.detail_visible and not self.awaits_what_is_kept:
            self._desk.detail.show(self._shown())

    @property
    def checks(self) -> tuple[Check, ...]:
        """Of what is displayed, as far as they are known now."""
        shown = self._shown()
        return shown.checks if shown is not None else ()

    def _shown(self) -> Shown | None:
        queue, rows = self._workplace.queue, self._desk.rows
        row: Row | None = queue.row(self._desk.list.cursor)
        dataset_id = self.displayed_id
        if row is None or dataset_id is None:
            return None
        detail = self._workplace.details.get(dataset_id)
        if self.version_id is not None:
            if detail is None:
                return None
            failure = detail.dataset_failure
            problem = failure.detail if failure else "It was not read yet."
            row = detail.dataset or UnreadableRow(id=dataset_id, problem=problem)
        dataset = newest(row, detail)
        return Shown(
            row=row,
            detail=detail,
            decision=self._workplace.decisions.of(dataset_id),
            state=rows.state(row),
            elsewhere=queue.elsewhere(dataset_id),
            now=rows.read_at,
            unfolded=self.unfolded,
            first=self._workplace.preferences.pane_first,
            compared=self.comparing and self.full,
            missing=self._desk.usual_keys.missing(row) if isinstance(row, Dataset) else (),
            rules=self._workplace.preferences.rules,
            remark=rows.remark(dataset_id),
            evidence=self.evidence_of(dataset) if dataset is not None else None,
            download=self.download_of(dataset_id),
            pictures=self.pictured_of(dataset_id) if self._has_part("pictures") else None,
            files=self.filed_of(dataset_id) if self._has_part("files") else None,
        )

    def _has_part(self, part: str) -> bool:
        return self.full and self.part == part

    def open_part(self, part: str) -> None:
        """Show that part at full width, from its top."""
        self.part = part
        if not self.full:
            self.full = True
            self.lay_out()
            self.settle()
        else:
            self.show_detail()
        self._desk.detail.jump_to(part)

    def settle_soon(self) -> None:
        """The detail follows when the cursor rests; rows passed by are never drawn or fetched."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self._desk.later(SETTLE_SECONDS, self.settle)

    def settle(self) -> None:
        self._named = None
        self._desk.list.emphasize()
        self._desk.tell_status()
        queue, details, cursor = (
            self._workplace.queue,
            self._workplace.details,
            self._desk.list.cursor,
        )
        if self.detail_visible:
            near = range(cursor - NEIGHBOURS, cursor + NEIGHBOURS + 1)
            rows = [queue.row(line) for line in near if line >= 0]
            datasets = [row for row in rows if isinstance(row, Dataset)]
            for dataset in datasets:
                details.forget_older(dataset, queue.elsewhere(dataset.id))
            details.want(self.displayed_id, [one.id for one in datasets])
        self.show_detail()
        if self._desk.detail.shown is not None or not self.detail_visible:
            self.on_settled()
        self.on_rest()

    def refresh_row(self, dataset_id: str) -> None:
        """Paint that row and its detail again, wherever they are."""
        line = self._workplace.queue.line_of(dataset_id)
        if line is not None:
            self._desk.list.refresh_lines(range(line, line + 1))
        if dataset_id == self.displayed_id:
            self.show_detail()

    def lay_out(self) -> None:
        """Panes by size and wish; a narrow screen has the list alone."""
        screen = self._desk.screen
        width, height = screen.app.size
        screen.set_class(self.is_too_small, "-too-small")
        screen.set_class(self.full, "-full")
        screen.set_class(not self.full and not self.detail_visible, "-alone")
        beside = self.detail_right and width >= SIDE_BY_SIDE
        screen.set_class(beside, "-beside")
        self._desk.detail.below = not beside and not self.full
        if self.is_too_small:
            told = f"Terminal too small ({width}x{height})"
            screen.query_one("#too-small", Message).say(told)
        self.give_keys_to(self.context)

    def give_keys_to(self, pane: str) -> None:
        self.pane = pane if self.detail_visible else LIST
        self._desk.detail.activate(self.context == DETAIL)
        self._desk.tell_status()
