"""Every flow of the review screen, on one desk: who knows whom, and what comes in for whom."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import DecisionState
from gerra_tui.ui.keys.commands import COMMANDS
from gerra_tui.ui.review.api_key import ApiKey
from gerra_tui.ui.review.copying import Copying
from gerra_tui.ui.review.deciding import Deciding
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.details import Detail
    from gerra_tui.service.listing.status import QueueChanged
    from gerra_tui.ui.keys.commands import Command
    from gerra_tui.ui.review.desk import Desk

LEARNED: Final = 100  # rows of a page that are read for completion, some 20 us each
DOES: Final = "do_"


class Flows:
    """`actions` says what each command does, by its name. `perform` does one from the menu."""

    def __init__(self, desk: Desk, perform: Callable[[Command], None]) -> None:
        self._desk = desk
        self._workplace = desk.workplace
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
        self.deciding = deciding = Deciding(
            desk, displayed, moving, marking, copying, recording, tallying, taking_back
        )
        self.api_key = ApiKey(desk, listing)
        self.resuming = Resuming(desk, displayed, listing, recording)
        self.leaving = Leaving(desk, displayed, listing, outcomes, marking, recording)
        self.actions = actions_of(
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
            Opening(desk, displayed, moving, deciding, perform),
            self.api_key,
            self.leaving,
        )

    # What comes in from the services, each after it is so

    def queue_changed(self, change: QueueChanged) -> None:
        listed = self._desk.list
        under_cursor, around = listed.cursor_id, listed.around()
        self._take_change(change)
        if listed.cursor_id != under_cursor or not listed.still_around(around):
            self._desk.sight.jump(listed.cursor_id)

    def _take_change(self, change: QueueChanged) -> None:
        listed = self._desk.list
        if change.restructured:
            listed.restructured()
            self._learn(range(listed.top, self._workplace.queue.length))
        elif change.lines is not None:
            listed.refresh_lines(change.lines)
            self._learn(change.lines)
            if listed.cursor in change.lines:
                self.displayed.settle_soon()
        self.moving.rows_arrived()
        self.listing.rows_arrived()
        if self._workplace.queue.status.live:
            self.views.count()
        self._desk.tell()

    def _learn(self, lines: range) -> None:
        """For completion: some rows of each page tell what there is."""
        rows = [self._workplace.queue.row(line) for line in lines[:LEARNED]]
        datasets = [row for row in rows if isinstance(row, Dataset)]
        for row in datasets:
            self._desk.known.learn(row)
            self._desk.usual_keys.learn(row)
        self.listing.learn(datasets)

    def detail_changed(self, detail: Detail) -> None:
        if detail.dataset is not None:
            self._workplace.queue.replace(detail.dataset)
            self._desk.marks.renew(detail.dataset)
            if detail.asked_at is not None:
                self.outcomes.read_again(detail.dataset, detail.asked_at)
        if detail.dataset_id == self.displayed.displayed_id:
            self.displayed.show_detail()

    def decision_changed(self, decision: Decision) -> None:
        if decision.state is DecisionState.DONE:
            self.views.one_less()
            self.tallying.note(decision)
        self.outcomes.changed(decision)
        self.displayed.refresh_row(decision.dataset_id)
        self._desk.tell()


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
