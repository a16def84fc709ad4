"""The review screen: list and detail side by side, and one door for every key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on
from textual.containers import Container
from textual.screen import Screen

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import DecisionState
from gerra_tui.ui.keys.commands import COMMANDS
from gerra_tui.ui.keys.sight import JUMPED_TOLD
from gerra_tui.ui.present.status import header_spans, screen_message, status_of
from gerra_tui.ui.review.api_key import ApiKey
from gerra_tui.ui.review.copying import Copying
from gerra_tui.ui.review.deciding import Deciding
from gerra_tui.ui.review.desk import Desk
from gerra_tui.ui.review.displayed import Displayed
from gerra_tui.ui.review.downloading import Downloading
from gerra_tui.ui.review.examining import Examining
from gerra_tui.ui.review.filing import Filing
from gerra_tui.ui.review.leaving import Leaving
from gerra_tui.ui.review.listing import Listing
from gerra_tui.ui.review.marking import Marking
from gerra_tui.ui.review.moving import Moving
from gerra_tui.ui.review.narrowing import Narrowing
from gerra_tui.ui.review.opening import Opening
from gerra_tui.ui.review.outcomes import Outcomes
from gerra_tui.ui.review.picturing import Picturing
from gerra_tui.ui.review.recording import Recording
from gerra_tui.ui.review.resuming import Resuming
from gerra_tui.ui.review.sweeping import Sweeping
from gerra_tui.ui.review.taking_back import TakingBack
from gerra_tui.ui.review.tallying import Tallying
from gerra_tui.ui.review.views import Views
from gerra_tui.ui.widgets.bar import Bar
from gerra_tui.ui.widgets.dataset_list import DatasetList
from gerra_tui.ui.widgets.message import Message
from gerra_tui.ui.widgets.query_line import QueryLine
from gerra_tui.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual import events
    from textual.app import ComposeResult

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.details import Detail
    from gerra_tui.service.listing.status import QueueChanged
    from gerra_tui.ui.keys.commands import Command
    from gerra_tui.ui.keys.registry import Registry
    from gerra_tui.ui.workplace import Workplace

BLIND: Final = frozenset({"leave", "quit", "suspend", "cancel"})  # when nothing is displayed
ROOMY: Final = (100, 30)  # from there on the pace has its place, and the query a line
LEARNED: Final = 100  # rows of a page that are read for completion, some 20 us each
DOES: Final = "do_"
DECIDE: Final = {key: one for one in COMMANDS if one.decides for key in one.keys}


class ReviewScreen(Screen[None], inherit_bindings=False):
    """Tells what is so, and gives each key and event to the flow whose it is."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        workplace: Workplace,
        registry: Registry,
        write_to_terminal: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.workplace = workplace
        self.registry = registry
        self.desk = desk = Desk(
            self,
            workplace,
            registry,
            told=self.tell,
            noticed=self._tell_status,
            write_to_terminal=write_to_terminal,
        )
        self.displayed = displayed = Displayed(desk)
        self.examining = Examining(desk, displayed)
        self.downloading = Downloading(desk, displayed)
        self.picturing = Picturing(desk, displayed, self.examining)
        self.tallying = tallying = Tallying(desk)
        self.listing = listing = Listing(desk, displayed, tallying)
        self.moving = moving = Moving(desk, displayed)
        self.views = Views(desk, listing)
        self.sweeping = Sweeping(desk, displayed, listing)
        listing.on_refreshed = partial(self.views.count, now=True)
        copying, marking = Copying(desk, displayed), Marking(desk, displayed, listing, moving)
        self.outcomes = outcomes = Outcomes(desk)
        self.recording = recording = Recording(desk, displayed, listing, moving, outcomes)
        taking_back = TakingBack(desk, moving)
        deciding = Deciding(
            desk, displayed, moving, marking, copying, recording, tallying, taking_back
        )
        self.api_key = ApiKey(desk, listing)
        self.resuming = Resuming(desk, displayed, listing, recording)
        self.leaving = Leaving(desk, displayed, listing, outcomes, marking, recording)
        self._actions = actions_of(
            moving,
            listing,
            Narrowing(desk, displayed, listing),
            self.views,
            deciding,
            taking_back,
            marking,
            copying,
            self.downloading,
            self.examining,
            self.picturing,
            Filing(desk, displayed, self.examining),
            self.sweeping,
            Opening(desk, displayed, moving, deciding, self.perform),
            self.api_key,
            self.leaving,
        )

    def compose(self) -> ComposeResult:
        yield Bar(id="header", grows=True)
        yield Bar(id="tabs")
        yield self.desk.query_line
        with Container(id="panes"):
            with Container(id="list-side"):
                yield self.desk.list
                yield Message(id="message")
            yield self.desk.detail
        yield StatusBar(id="status")
        yield Message(id="too-small")

    async def on_mount(self) -> None:
        self.workplace.queue.subscribe(self._queue_changed)
        self.workplace.details.subscribe(self._detail_changed)
        self.workplace.decisions.subscribe(self._decision_changed)
        self.resuming.restore()
        self.displayed.lay_out()  # before the first paint, or all of it would be sent twice
        self.listing.start()
        self.examining.begin()
        self.tallying.start()
        self.tell()

    # What is told

    def tell(self) -> None:
        """Bring every line up to what is so now."""
        if not self._is_whole:
            return
        desk, queue = self.desk, self.workplace.queue
        pace = self.tallying.pace(self.listing.query)
        if not desk.query_line.editing:
            desk.query_line.display = self._has_a_query_line()
            desk.query_line.tell(self.listing.text, queue.status, pace)
        above = () if desk.query_line.display and self.app.size.width >= ROOMY[0] else pace
        going_on = ", ".join(filter(None, (self.sweeping.progress, self.downloading.progress)))
        left, right = header_spans(self.workplace, desk.marks, self.views.pending, above, going_on)
        self.query_one("#header", Bar).show(left, right)
        self._tell_tabs()
        message = ""
        if self._is_bare():
            doubts = desk.known.parsed(self.listing.text).warnings
            doubt = doubts[0].message if doubts else ""
            message = screen_message(self.workplace, self.listing.text, doubt)
        self.query_one("#message", Message).say(message)
        self.query_one("#list-side").set_class(bool(message), "-empty")
        self._tell_status()

    def _has_a_query_line(self) -> bool:
        """Where lines are few it is there for what the view does not say already."""
        listing = self.listing
        own = listing.text == listing.current_view.query and listing.query.is_whole()
        return self.app.size.height >= ROOMY[1] or not own

    @property
    def _is_whole(self) -> bool:
        """At the end Textual no longer displays a screen, and takes its lines one by one."""
        return bool(self.children) and self.display

    def _is_bare(self) -> bool:
        """Whether the list has nothing to show, or a line alone that a scan may yet fill."""
        queue = self.workplace.queue
        if not queue.length:
            return True
        return not queue.status.whole and queue.length == 1 and queue.row(0) is None

    def _tell_tabs(self) -> None:
        """The views; while the query is edited what is wrong with it, or the keys for that."""
        query_line = self.desk.query_line
        told = query_line.hint if query_line.editing else self.views.tabs()
        self.query_one("#tabs", Bar).show(told)

    def _tell_status(self) -> None:
        if not self._is_whole:
            return
        status = status_of(
            self.workplace,
            self.desk.list.cursor,
            self.displayed.named_id(),
            self.desk.noticed,
            self.registry.footer(self.displayed.context),
        )
        self.query_one(StatusBar).show(status.where, status.sentence, status.hints)

    # What happens

    def on_resize(self) -> None:
        self.displayed.lay_out()
        self.tell()
        self.displayed.settle_soon()
        self.picturing.resized()

    def take_key(self, event: events.Key) -> None:
        """Every key of this screen comes through here, and is a command or nothing."""
        key = key_of(event)
        self.desk.key_came()
        self.listing.polling.touched()
        self.moving.stay()
        command = self.registry.command_for(self.displayed.context, key)
        if self.displayed.is_too_small:
            if command is not None and command.name in BLIND:
                self.perform(command)
        elif command is not None:
            self.perform(command)
        elif self.workplace.preferences.read_only and key in DECIDE:
            self.desk.sight.refuse(text_follows=DECIDE[key].written)
            self.desk.notice("READ-ONLY: nothing is decided in this console.")
        else:
            self._tell_status()

    def perform(self, command: Command) -> None:
        """Those that ask something go on as a worker. One that is about the dataset under the
        cursor does nothing where who typed it could not know which one that is."""
        if command.aimed and not self.desk.sight.knows:
            self.desk.sight.refuse(text_follows=command.written)
            self.desk.notice(JUMPED_TOLD.format("decided" if command.decides else "done"))
            return
        self._actions[command.name]()
        self._tell_status()

    def drawn(self, frame: int) -> None:
        """A frame of this number went to the terminal."""
        shown = self.displayed
        under_cursor = shown.displayed_id if shown.full else self.desk.list.cursor_id
        self.desk.sight.draw(frame, shown.picture, under_cursor)

    @on(DatasetList.Moved)
    def _cursor_moved(self) -> None:
        self.displayed.cursor_moved()
        self._tell_status()

    @on(DatasetList.WindowChanged)
    def _window_changed(self, event: DatasetList.WindowChanged) -> None:
        self.workplace.queue.look_at(event.first, event.last)

    @on(QueryLine.Applied)
    def _query_applied(self, event: QueryLine.Applied) -> None:
        self.listing.apply(event.text)

    @on(QueryLine.Judged)
    def _query_judged(self) -> None:
        self._tell_tabs()

    @on(QueryLine.Left)
    def _query_left(self) -> None:
        self.tell()

    def _queue_changed(self, change: QueueChanged) -> None:
        listed = self.desk.list
        under_cursor, around = listed.cursor_id, listed.around()
        self._take_change(change)
        if listed.cursor_id != under_cursor or not listed.still_around(around):
            self.desk.sight.jump(listed.cursor_id)

    def _take_change(self, change: QueueChanged) -> None:
        listed = self.desk.list
        if change.restructured:
            listed.restructured()
            self._learn(range(listed.top, self.workplace.queue.length))
        elif change.lines is not None:
            listed.refresh_lines(change.lines)
            self._learn(change.lines)
            if listed.cursor in change.lines:
                self.displayed.settle_soon()
        self.moving.rows_arrived()
        self.listing.rows_arrived()
        if self.workplace.queue.status.live:
            self.views.count()
        self.tell()

    def _learn(self, lines: range) -> None:
        """For completion: some rows of each page tell what there is."""
        rows = [self.workplace.queue.row(line) for line in lines[:LEARNED]]
        datasets = [row for row in rows if isinstance(row, Dataset)]
        for row in datasets:
            self.desk.known.learn(row)
            self.desk.usual_keys.learn(row)
        self.listing.learn(datasets)

    def _detail_changed(self, detail: Detail) -> None:
        if detail.dataset is not None:
            self.workplace.queue.replace(detail.dataset)
            self.desk.marks.renew(detail.dataset)
            if detail.asked_at is not None:
                self.outcomes.read_again(detail.dataset, detail.asked_at)
        if detail.dataset_id == self.displayed.displayed_id:
            self.displayed.show_detail()

    def _decision_changed(self, decision: Decision) -> None:
        if decision.state is DecisionState.DONE:
            self.views.one_less()
            self.tallying.note(decision)
        self.outcomes.changed(decision)
        self.displayed.refresh_row(decision.dataset_id)
        self.tell()


def actions_of(*flows: object) -> dict[str, Callable[[], None]]:
    """What each command does. Raises `KeyError` for one that no flow does."""
    done = dict(pair for flow in flows for pair in _done_by(flow))
    return {command.name: done[command.name] for command in COMMANDS}


def _done_by(flow: object) -> Iterator[tuple[str, Callable[[], None]]]:
    for name in dir(type(flow)):
        if name.startswith(DOES):
            yield name.removeprefix(DOES), getattr(flow, name)
    if isinstance(flow, Views):
        yield from flow.choices()


def key_of(event: events.Key) -> str:
    """The key as the registry names it: a character as itself, all others by Textual's name."""
    if event.character is not None and event.is_printable and event.key != "space":
        return event.character
    return event.key
