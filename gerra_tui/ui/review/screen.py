"""The review screen: list and detail side by side, and one door for every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import on
from textual.containers import Container

from gerra_tui.ui.dialogs.dialog import TakesKeys
from gerra_tui.ui.keys.commands import COMMANDS
from gerra_tui.ui.keys.sight import JUMPED_TOLD
from gerra_tui.ui.present.status import header_spans, screen_message, status_of
from gerra_tui.ui.review.desk import Desk
from gerra_tui.ui.review.flows import Flows
from gerra_tui.ui.widgets.bar import Bar
from gerra_tui.ui.widgets.dataset_list import DatasetList
from gerra_tui.ui.widgets.message import Message
from gerra_tui.ui.widgets.query_line import QueryLine
from gerra_tui.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from gerra_tui.ui.keys.commands import Command
    from gerra_tui.ui.keys.registry import Registry
    from gerra_tui.ui.workplace import Workplace

BLIND: Final = frozenset({"leave", "quit", "suspend", "cancel"})  # when nothing is displayed
ROOMY: Final = (100, 30)  # from there on the pace has its place, and the query a line
DECIDE: Final = {key: one for one in COMMANDS if one.decides for key in one.keys}


class ReviewScreen(TakesKeys[None], inherit_bindings=False):
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
        self.flows = flows = Flows(desk, self.perform)
        self.displayed, self.listing, self.views = flows.displayed, flows.listing, flows.views
        self.examining, self.downloading = flows.examining, flows.downloading
        self.recording, self.resuming = flows.recording, flows.resuming
        self.api_key, self.leaving = flows.api_key, flows.leaving

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

    def on_mount(self) -> None:
        self.workplace.queue.subscribe(self.flows.queue_changed)
        self.workplace.details.subscribe(self.flows.detail_changed)
        self.workplace.decisions.subscribe(self.flows.decision_changed)
        self.resuming.restore()
        self.displayed.lay_out()  # before the first paint, or all of it would be sent twice
        self.listing.start()
        self.examining.on_recalled = self._looks_recalled
        self.examining.begin()
        self.flows.tallying.start()
        self.tell()

    def _looks_recalled(self) -> None:
        """A query that asks of them was held against none so far."""
        if self.listing.query.asks_of_looks:
            self.listing.show_again()

    # What is told

    def tell(self) -> None:
        """Bring every line up to what is so now."""
        if not self._is_whole:
            return
        desk, queue = self.desk, self.workplace.queue
        pace = self.flows.tallying.pace(self.listing.query)
        if not desk.query_line.editing:
            desk.query_line.display = self._has_a_query_line()
            desk.query_line.tell(self.listing.text, queue.status, pace)
        above = () if desk.query_line.display and self.app.size.width >= ROOMY[0] else pace
        going_on = ", ".join(
            filter(None, (self.flows.sweeping.progress, self.downloading.progress))
        )
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

    def on_screen_resume(self) -> None:
        self._point_again()

    def _point_again(self) -> None:
        """What had the terminal's cursor has gone, and its last frame may be drawn already: one
        more is, of which nothing but the cursor's place is sent."""
        before = self.app.cursor_position
        self._point()
        if self.app.cursor_position != before and self._is_whole:
            self.query_one("#tabs", Bar).refresh()

    def _point(self) -> None:
        """The terminal's own cursor, hidden as it is, goes where the reviewer is: screen readers,
        magnifiers and tmux's copy mode follow it."""
        if self.is_active and not self.desk.query_line.editing:
            self.app.cursor_position = self.displayed.reader

    def _tell_status(self) -> None:
        if not self._is_whole:
            return
        self._point()
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
        self.flows.picturing.resized()

    def take_key(self, event: events.Key) -> None:
        """Every key of this screen comes through here, and is a command or nothing."""
        key = key_of(event)
        self.desk.key_came()
        self.listing.polling.touched()
        self.flows.moving.stay()
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
            told = unknown_key(self.registry, self.displayed.context, event)
            if told:
                self.desk.notice(told)
            self._tell_status()

    def perform(self, command: Command) -> None:
        """Those that ask something go on as a worker. One that is about the dataset under the
        cursor does nothing where who typed it could not know which one that is."""
        if command.aimed and not self.desk.sight.knows:
            self.desk.sight.refuse(text_follows=command.written)
            self.desk.notice(JUMPED_TOLD.format("decided" if command.decides else "done"))
            return
        self.flows.actions[command.name]()
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
        self.examining.asked_of.set()
        self._tell_tabs()

    @on(QueryLine.Released)
    def _cursor_released(self) -> None:
        self._point_again()

    @on(QueryLine.Left)
    def _query_left(self) -> None:
        self.tell()


def unknown_key(registry: Registry, context: str, event: events.Key) -> str:
    """What may be so where a letter is no key here: never a guess at what was meant."""
    letter = event.character or ""
    if not event.is_printable or not letter.isalpha():
        return ""
    if not letter.isascii():
        return "No key here: is another keyboard layout on? Keys are Latin letters."
    other = letter.swapcase()
    if letter.isupper() and registry.command_for(context, other) is not None:
        return f"{letter} is no key here, {other} is: is Caps Lock on?"
    return ""


def key_of(event: events.Key) -> str:
    """The key as the registry names it: a character as itself, all others by Textual's name."""
    if event.character is not None and event.is_printable and event.key != "space":
        return event.character
    return event.key
