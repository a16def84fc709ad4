"""Cursor, panes, and which version is displayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import Failure
from gerra_tui.ui.keys.commands import DETAIL, LIST
from gerra_tui.ui.present.ground import version_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.dataset import Row
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed

ROWS_AHEAD: Final = 3  # what is typed ahead for them was seen


class Moving:
    """The keys of the arrows and their kin, Tab, Enter, `i`, `<`, `>`, `p`, `P`, `n` and `N`."""

    def __init__(self, desk: Desk, displayed: Displayed) -> None:
        self._desk = desk
        self._displayed = displayed
        self._workplace = desk.workplace
        self._waiting: int | None = None  # the direction of the next undecided row, on its way
        self._to_end = False  # wanted, and not known yet where that is

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
        if self._displayed.context == LIST and self._workplace.queue.status.total is None:
            self._to_end = True
            self._desk.work(self._find_end(), "load", alone=True)

    async def _find_end(self) -> None:
        """Where the service does not tell how many rows there are, look for the last one."""
        try:
            found = await self._workplace.queue.find_end()
        except Failure as failure:
            self._desk.notice(f"The end was not found: {ended(clean(failure.detail, 200))}")
            return
        if found and self._to_end:
            self._move_to(10**9)
            self._desk.sight.jump(self._desk.list.cursor_id)

    def do_scroll_detail_down(self) -> None:
        self._desk.detail.scroll_by(3)

    def do_scroll_detail_up(self) -> None:
        self._desk.detail.scroll_by(-3)

    def do_next_pane(self) -> None:
        self._displayed.give_keys_to(LIST if self._displayed.context == DETAIL else DETAIL)

    def do_previous_pane(self) -> None:
        self.do_next_pane()

    def do_open(self) -> None:
        if self._displayed.context == LIST:
            self._displayed.full = True
            self._displayed.lay_out()
            self._displayed.settle()
            return
        line = self._desk.detail.line
        if line is not None and line.fold is not None:
            self._displayed.unfolded ^= {line.fold}
            self._displayed.show_detail()
        elif line is not None and line.field == "id" and isinstance(line.value, str):
            self._display(line.value)

    def do_iterations(self) -> None:
        if not self._displayed.detail_visible:
            self.do_open()
        self._displayed.show_detail()
        self._desk.detail.jump_to("iterations")

    def do_compare(self) -> None:
        """The version displayed beside the one before; again: as it was."""
        displayed = self._displayed
        dataset_id, row_id = displayed.displayed_id, self._desk.list.cursor_id
        detail = self._workplace.details.get(row_id) if row_id else None
        if detail is None or detail.iterations is None or dataset_id is None:
            self._desk.notice("not loaded yet")
        elif version_before(detail.iterations, dataset_id) is None:
            self._desk.notice("There is no version before this one.")
        else:
            displayed.comparing = not (displayed.comparing and displayed.full)
            displayed.full = True
            displayed.lay_out()
            displayed.settle()

    def do_older_version(self) -> None:
        self._step(-1)

    def do_newer_version(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        dataset_id = self._displayed.displayed_id
        row_id = self._desk.list.cursor_id
        detail = self._workplace.details.get(row_id) if row_id else None
        if detail is None or detail.iterations is None or dataset_id is None:
            self._desk.notice("not loaded yet")
            return
        versions = detail.iterations.versions
        at = next((n for n, it in enumerate(versions) if it.dataset_id == dataset_id), None)
        if at is None or not 0 <= at + step < len(versions):
            self._desk.notice("This is the oldest version." if step < 0 else "This is the newest.")
            return
        self._display(versions[at + step].dataset_id)

    def _display(self, dataset_id: str) -> None:
        """Show another version of the row under the cursor; its decisions are about that one."""
        self._displayed.version_id = None if dataset_id == self._desk.list.cursor_id else dataset_id
        self._displayed.settle()
        self._desk.tell()

    def do_toggle_detail(self) -> None:
        self._displayed.detail_on = not self._displayed.detail_on
        self._displayed.lay_out()
        self._displayed.settle_soon()

    def do_move_detail(self) -> None:
        self._displayed.detail_right = not self._displayed.detail_right
        self._displayed.lay_out()

    def do_next_undecided(self) -> None:
        self.go_undecided(1)

    def do_previous_undecided(self) -> None:
        self.go_undecided(-1)

    def go_on(self) -> None:
        """A verdict was given: to the next undecided row, with some of those that follow it."""
        shown = self._desk.sight.rows
        before = self._desk.list.cursor_id
        self.go_undecided(1)
        self._desk.list.leave_room(ROWS_AHEAD)
        now = self._desk.list.cursor_id
        if now != before and shown and now not in shown:  # nobody can have meant it
            self._desk.sight.jump(now)

    def go_undecided(self, direction: int) -> None:
        """To the nearest undecided row that way; to one that is not loaded yet once it is."""
        queue, rows = self._workplace.queue, self._desk.rows
        line, more = queue.next_line(self._desk.list.cursor, direction, rows.is_undecided)
        self._waiting = direction if line is None and more else None
        if line is not None:
            surprising = self._surprises(line)
            self._desk.list.move_to(line)
            if surprising:
                self._desk.sight.jump(self._desk.list.cursor_id)
            return
        behind = list(self._behind(direction))
        other = sum(map(rows.is_undecided, behind))
        here = queue.position_of(self._desk.list.cursor)
        lines = here - 1 if direction > 0 else queue.position_of(queue.length - 1) - here
        least = "at least " if len(behind) < lines else ""  # the others are not loaded
        way, other_way = ("below", "above") if direction > 0 else ("above", "below")
        further = " so far, more is being read" if more else ""
        self._desk.notice(f"no undecided {way}{further}, {least}{other:,} {other_way}")

    def _surprises(self, line: int) -> bool:
        """Claims that the way to the next undecided row is another one than the reviewer saw: past
        one that was undecided there and was not decided here, or to one that was decided."""
        queue, rows, here = self._workplace.queue, self._desk.rows, self._desk.list.cursor
        passed = range(min(here, line) + 1, max(here, line))
        for dataset_id, undecided in self._desk.sight.rows.items():
            at = queue.line_of(dataset_id)
            if at == line and not undecided:
                return True
            if at is not None and at in passed and undecided and not rows.is_ours(dataset_id):
                return True
        return False

    def _behind(self, direction: int) -> Iterator[Row]:
        """The loaded rows on the other side of the cursor."""
        queue, cursor = self._workplace.queue, self._desk.list.cursor
        for row in queue.loaded_rows():
            line = queue.line_of(row.id)
            if line is not None and (line - cursor) * direction < 0:
                yield row

    def rows_arrived(self) -> None:
        """Go on to the undecided row that was on its way."""
        if self._waiting is not None:
            self.go_undecided(self._waiting)

    def stay(self) -> None:
        """Another key was pressed: what was on its way is not waited for any more."""
        self._waiting = None
        self._to_end = False

    def go_to_row(self, number: int) -> None:
        self._desk.list.move_to(number - 1)

    @property
    def _page(self) -> int:
        pane = self._desk.detail if self._displayed.context == DETAIL else self._desk.list
        return pane.page

    def _move(self, lines: int) -> None:
        if self._displayed.context == DETAIL:
            self._desk.detail.move_by(lines)
        else:
            self._desk.list.move_by(lines)

    def _move_to(self, line: int) -> None:
        if self._displayed.context == DETAIL:
            self._desk.detail.move_to(line)
        else:
            self._desk.list.move_to(line)

    def return_to(self, dataset_id: str) -> None:
        """Put the cursor on that dataset where its row is there."""
        line = self._workplace.queue.line_of(dataset_id)
        if line is not None:
            self._desk.list.move_to(line)
