"""The review screen: list and detail side by side, and one door for every key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from textual import on
from textual.containers import Container
from textual.screen import ModalScreen, Screen

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.decision import DecisionState
from gerra_tui.domain.query.known import Known
from gerra_tui.service.marks import Marks
from gerra_tui.ui.handover import Handover
from gerra_tui.ui.keys.commands import DETAIL, LIST
from gerra_tui.ui.keys.quiet import QUIET_SECOND, Quiet
from gerra_tui.ui.keys.sight import JUMPED_TOLD, Sight
from gerra_tui.ui.present.detail import Shown
from gerra_tui.ui.present.status import header_spans, screen_message, status_of
from gerra_tui.ui.review.copying import Copying
from gerra_tui.ui.review.deciding import Deciding
from gerra_tui.ui.review.leaving import Leaving
from gerra_tui.ui.review.listing import Looking
from gerra_tui.ui.review.marking import Marking
from gerra_tui.ui.review.moving import Moving
from gerra_tui.ui.review.narrowing import Narrowing
from gerra_tui.ui.review.opening import Asking
from gerra_tui.ui.review.outcomes import Outcomes
from gerra_tui.ui.review.rows import ListRows
from gerra_tui.ui.review.undo import Undo
from gerra_tui.ui.review.views import Viewing
from gerra_tui.ui.widgets.bar import Bar
from gerra_tui.ui.widgets.dataset_list import DatasetList, Picture
from gerra_tui.ui.widgets.detail_pane import DetailPane
from gerra_tui.ui.widgets.message import Message
from gerra_tui.ui.widgets.query_line import QueryLine
from gerra_tui.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.details import Detail
    from gerra_tui.service.listing.status import QueueChanged
    from gerra_tui.ui.keys.commands import Command
    from gerra_tui.ui.keys.registry import Registry
    from gerra_tui.ui.workplace import Workplace

SETTLE_SECONDS: Final = 0.1  # the detail is drawn when the cursor has rested this long
SIDE_BY_SIDE: Final = 110  # columns
LIST_ALONE: Final = 70
SMALLEST: Final = (60, 15)
Answer = TypeVar("Answer")

BLIND: Final = frozenset({"leave", "quit", "suspend", "cancel"})  # when nothing is displayed
LEARNED: Final = 100  # rows of a page that are read for completion, some 20 us each
NEIGHBOURS: Final = 2  # rows ahead and behind whose details are fetched


class ReviewScreen(Screen[None], inherit_bindings=False):
    """Knows what is displayed and which pane has the keys; the flows do the rest."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        workplace: Workplace,
        registry: Registry,
        write_to_terminal: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.write_to_terminal = write_to_terminal
        self.workplace = workplace
        self.registry = registry
        self.marks = Marks()
        self.known = Known()
        self.rows = ListRows(workplace.queue, workplace.decisions, self.marks, workplace.clock)
        self.undo = Undo()
        self.sight = Sight()
        self.handover = Handover(self, workplace.decisions)
        self.quiet = Quiet()
        self.looking = Looking(self)
        self.viewing = Viewing(self)
        self.moving = Moving(self)
        self.narrowing = Narrowing(self)
        self.list = DatasetList(self.rows, self.looking.columns, id="list")
        self.detail = DetailPane(id="detail")
        self.query_line = QueryLine(self.known, id="query")
        self.deciding = Deciding(self)
        self.outcomes = Outcomes(self)
        self.marking = Marking(self)
        self.copying = Copying(self)
        self.asking = Asking(self)
        self.leaving = Leaving(self)
        self.pane = LIST
        self.detail_on = True
        self.detail_right = True
        self.full = False
        self.version_id: str | None = None
        self.folded: frozenset[tuple[str, ...]] = frozenset()
        self.landed_at = workplace.clock.monotonic()
        self._landed_on: str | None = None
        self._notice = ""
        self._stays_until = 0.0
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Bar(id="header", grows=True)
        yield Bar(id="tabs")
        yield self.query_line
        with Container(id="panes"):
            with Container(id="list-side"):
                yield self.list
                yield Message(id="message")
            yield self.detail
        yield StatusBar(id="status")
        yield Message(id="too-small")

    async def on_mount(self) -> None:
        self.workplace.queue.subscribe(self._queue_changed)
        self.workplace.details.subscribe(self._detail_changed)
        self.workplace.decisions.subscribe(self._decision_changed)
        self.leaving.restore()
        self.lay_out()  # before the first paint, or all of it would be sent twice
        self.looking.start()
        self.tell()

    # What is displayed

    @property
    def displayed_id(self) -> str | None:
        """The dataset that the detail pane is about: the row's own, or another version of it."""
        return self.version_id or self.list.cursor_id

    @property
    def detail_visible(self) -> bool:
        return self.full or (self.detail_on and self.app.size.width >= LIST_ALONE)

    @property
    def context(self) -> str:
        return DETAIL if self.full or self.pane == DETAIL else LIST

    @property
    def has_the_keys(self) -> bool:
        """Whether nothing lies over it, and no field in it is being edited."""
        return self.is_active and not self.query_line.editing

    def notice(self, text: str, *, unasked: bool = False) -> None:
        """A sentence in the status line, until the next key.

        One that is `unasked`, no answer to a key, stays until a key that comes a second later:
        the one before was typed by somebody who had not read it.
        """
        self._notice = text
        self._stays_until = time.monotonic() + QUIET_SECOND if unasked else 0.0
        self._tell_status()

    @property
    def noticed(self) -> str:
        """What was told last."""
        return self._notice

    def take_notice_away(self, text: str) -> None:
        """This one is no longer so, if it is still there."""
        if self._notice == text:
            self.notice("")

    def tell(self) -> None:
        """Bring every line up to what is so now."""
        if not self._is_whole:
            return
        left, right = header_spans(self.workplace, self.marks, self.viewing.pending)
        self.query_one("#header", Bar).show(left, right)
        self._tell_tabs()
        if not self.query_line.editing:
            self.query_line.tell(self.looking.text, self.workplace.queue.status)
        message = ""
        if self._is_bare():
            doubts = self.known.parsed(self.looking.text).warnings
            doubt = doubts[0].message if doubts else ""
            message = screen_message(self.workplace, self.looking.text, doubt)
        self.query_one("#message", Message).say(message)
        self.query_one("#list-side").set_class(bool(message), "-empty")
        self._tell_status()

    @property
    def _is_whole(self) -> bool:
        """At the end Textual no longer displays a screen, and takes its lines one by one."""
        return bool(self.children) and self.display

    def _is_bare(self) -> bool:
        """Claims that the list has nothing to show, or a line alone that a scan may yet fill."""
        queue = self.workplace.queue
        if not queue.length:
            return True
        return not queue.status.whole and queue.length == 1 and queue.row(0) is None

    def _tell_tabs(self) -> None:
        """The views; while the query is edited what is wrong with it, or the keys for that."""
        editing = self.query_line.editing
        self.query_one("#tabs", Bar).show(self.query_line.hint if editing else self.viewing.tabs())

    def _tell_status(self) -> None:
        if not self._is_whole:
            return
        status = status_of(
            self.workplace,
            self.list.cursor,
            self.displayed_id,
            self._notice,
            self.registry.footer(self.context),
        )
        self.query_one(StatusBar).show(status.where, status.sentence, status.hints)

    def show_detail(self) -> None:
        """Paint what is known of the displayed dataset now."""
        if self.detail_visible:
            self.detail.show(self._shown())

    def _shown(self) -> Shown | None:
        row: Row | None = self.workplace.queue.row(self.list.cursor)
        dataset_id = self.displayed_id
        if row is None or dataset_id is None:
            return None
        detail = self.workplace.details.get(dataset_id)
        if self.version_id is not None:
            if detail is None:
                return None
            failure = detail.dataset_failure
            problem = failure.detail if failure else "It was not read yet."
            row = detail.dataset or UnreadableRow(id=dataset_id, problem=problem)
        return Shown(
            row=row,
            detail=detail,
            decision=self.workplace.decisions.of(dataset_id),
            state=self.rows.state(row),
            elsewhere=self.workplace.queue.elsewhere(dataset_id),
            now=self.rows.read_at,
            folded=self.folded,
            remark=self.marking.remark(dataset_id),
        )

    def settle_soon(self) -> None:
        """The detail follows when the cursor rests; rows passed by are never drawn or fetched."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE_SECONDS, self.settle)

    def settle(self) -> None:
        if self.detail_visible:
            near = range(self.list.cursor - NEIGHBOURS, self.list.cursor + NEIGHBOURS + 1)
            rows = [self.workplace.queue.row(line) for line in near if line >= 0]
            datasets = [row for row in rows if isinstance(row, Dataset)]
            for dataset in datasets:
                elsewhere = self.workplace.queue.elsewhere(dataset.id)
                self.workplace.details.forget_older(dataset, elsewhere)
            self.workplace.details.want(self.displayed_id, [one.id for one in datasets])
        self.show_detail()

    def lay_out(self) -> None:
        """Panes by size and wish; a narrow screen has the list alone."""
        width, height = self.app.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        beside = self.detail_right and width >= SIDE_BY_SIDE
        self.set_class(small, "-too-small")
        self.set_class(self.full, "-full")
        self.set_class(not self.full and not self.detail_visible, "-alone")
        self.set_class(beside, "-beside")
        if small:
            self.query_one("#too-small", Message).say(f"Terminal too small ({width}x{height})")
        self.give_keys_to(DETAIL if self.full or self.pane == DETAIL else LIST)

    def give_keys_to(self, pane: str) -> None:
        self.pane = pane if self.detail_visible else LIST
        self.detail.activate(self.context == DETAIL)
        self._tell_status()

    # Dialogs

    def start(self, flow: Coroutine[Any, Any, object]) -> None:
        """Begin a flow that asks something; its dialog is there before the next key is taken."""
        self.run_worker(flow)

    async def ask(self, dialog: ModalScreen[Answer]) -> Answer | None:
        """Show a dialog and wait for what it gives; null where the console ends meanwhile."""
        return await self.app.push_screen(dialog, wait_for_dismiss=True)

    # What happens

    def on_resize(self) -> None:
        self.lay_out()
        self.tell()
        self.settle_soon()

    def take_key(self, event: events.Key) -> None:
        """Every key of this screen comes through here, and is a command or nothing."""
        key = key_of(event)
        if time.monotonic() >= self._stays_until:
            self._notice = ""
        self.looking.polling.touched()
        self.moving.stay()
        command = self.registry.command_for(self.context, key)
        if self.has_class("-too-small"):
            if command is not None and command.name in BLIND:
                self.perform(command)
        elif command is not None:
            self.perform(command)
        elif self.workplace.preferences.read_only and key in ("a", "r"):
            self.notice("READ-ONLY: nothing is decided in this console.")
        else:
            self._tell_status()

    def perform(self, command: Command) -> None:
        """Run a command by its name; those that ask something go on as a worker.

        One that decides does nothing where who typed it could not know what is under the cursor.
        """
        if command.decides and not self.sight.knows:
            self.sight.refuse(text_follows=command.name == "reject")
            self.notice(JUMPED_TOLD)
            return
        if command.name.startswith("view_"):
            self.viewing.choose(int(command.name.removeprefix("view_")))
        for group in (
            self.moving,
            self.looking,
            self.narrowing,
            self.viewing,
            self.deciding,
            self.marking,
            self.copying,
            self.asking,
            self.leaving,
        ):
            action = getattr(group, f"do_{command.name}", None)
            if action is not None:
                action()
                break
        self._tell_status()

    def drawn(self, frame: int) -> None:
        """A frame of this number went to the terminal. At full width the pane says where one is."""
        if not self.full:
            self.sight.draw(frame, self.list.picture, self.list.cursor_id)
            return
        shown = self.detail.shown
        self.sight.draw(frame, Picture(shown.row.id if shown else None, {}), self.displayed_id)

    @on(DatasetList.Moved)
    def _cursor_moved(self) -> None:
        if self.list.cursor_id != self._landed_on:
            self._landed_on = self.list.cursor_id
            self.landed_at = self.workplace.clock.monotonic()
            self.version_id = None
            self.folded = frozenset()
            self.settle_soon()
        self._tell_status()

    @on(DatasetList.WindowChanged)
    def _window_changed(self, event: DatasetList.WindowChanged) -> None:
        self.workplace.queue.look_at(event.first, event.last)

    @on(QueryLine.Applied)
    def _query_applied(self, event: QueryLine.Applied) -> None:
        self.looking.apply(event.text)

    @on(QueryLine.Judged)
    def _query_judged(self) -> None:
        self._tell_tabs()

    @on(QueryLine.Left)
    def _query_left(self) -> None:
        self.tell()

    def _queue_changed(self, change: QueueChanged) -> None:
        under_cursor, around = self.list.cursor_id, self.list.around()
        self._take_change(change)
        if self.list.cursor_id != under_cursor or not self.list.still_around(around):
            self.sight.jump(self.list.cursor_id)

    def _take_change(self, change: QueueChanged) -> None:
        if change.restructured:
            self.list.restructured()
            self._learn(self.list.window)
        elif change.lines is not None:
            self.list.refresh_lines(change.lines)
            self._learn(change.lines)
            if self.list.cursor in change.lines:
                self.settle_soon()
        self.moving.rows_arrived()
        self.looking.rows_arrived()
        if self.workplace.queue.status.live:
            self.viewing.count()
        self.tell()

    def _learn(self, lines: range) -> None:
        """For completion: some rows of each page tell what there is."""
        for line in lines[:LEARNED]:
            row = self.workplace.queue.row(line)
            if isinstance(row, Dataset):
                self.known.learn(row)

    def _detail_changed(self, detail: Detail) -> None:
        if detail.dataset is not None:
            self.workplace.queue.replace(detail.dataset)
            self.marks.renew(detail.dataset)
        if detail.dataset_id == self.displayed_id:
            self.show_detail()

    def _decision_changed(self, decision: Decision) -> None:
        if decision.state is DecisionState.DONE:
            self.viewing.one_less()
        self.outcomes.changed(decision)
        self.refresh_row(decision.dataset_id)
        self.tell()

    def refresh_row(self, dataset_id: str) -> None:
        """Paint that row and its detail again, wherever they are."""
        line = self.workplace.queue.line_of(dataset_id)
        if line is not None:
            self.list.refresh_lines(range(line, line + 1))
        if dataset_id == self.displayed_id:
            self.show_detail()


def key_of(event: events.Key) -> str:
    """The key as the registry names it: a character as itself, all others by Textual's name."""
    if event.character is not None and event.is_printable and event.key != "space":
        return event.character
    return event.key
