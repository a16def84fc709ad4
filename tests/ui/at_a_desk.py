"""A reviewer at a desk: every flow of the review over honest fakes, and no app that paints."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from textual.geometry import Size

from gerra_tui.domain.view import SHIPPED_VIEWS
from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.keys.commands import COMMANDS, Command
from gerra_tui.ui.keys.registry import Registry
from gerra_tui.ui.review.desk import Desk
from gerra_tui.ui.review.flows import Flows
from gerra_tui.ui.widgets.line import Line
from tests.fakes import Disk, FakeService, id_of
from tests.patience import PATIENCE
from tests.ui.workplaces import decisions_of, workplace_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from typing import Literal

    from textual.screen import Screen

    from gerra_tui.domain.decision import Decision
    from gerra_tui.domain.view import View
    from gerra_tui.ui.workplace import Workplace

Answer = TypeVar("Answer")
PAGE = 40  # rows that a list would have on the screen
NAMED = {command.name: command for command in COMMANDS}


class NoScreen:
    """What the flows ask of the screen itself: that it is there, and how large."""

    is_active = is_attached = True
    app_focus = True
    size = Size(120, 40)

    @property
    def app(self) -> NoScreen:
        return self


class BareDesk(Desk):
    """Dialogs are answered from `answers`, each with a value or by what is called with it."""

    def __init__(self, workplace: Workplace) -> None:
        nothing: Any = NoScreen()
        super().__init__(
            nothing,
            workplace,
            Registry.of(),
            told=lambda: None,
            noticed=self._note,
            write_to_terminal=lambda _: None,
        )
        self.told: list[str] = []
        self.asked: list[Screen[Any]] = []
        self.answers: deque[Any] = deque()
        self.opened: list[Screen[None]] = []
        self.left = False
        self._tasks: dict[str, set[asyncio.Task[object]]] = {}

    def _note(self) -> None:
        if self.noticed and self.noticed not in self.told[-1:]:
            self.told.append(self.noticed)

    def start(self, flow: Coroutine[Any, Any, object]) -> None:
        self.work(flow)

    async def ask(self, dialog: Screen[Answer]) -> Answer | None:
        self.asked.append(dialog)
        answer = self.answers.popleft()
        given: Answer | None = answer(dialog) if callable(answer) else answer
        return given

    def open(self, screen: Screen[None]) -> None:
        self.opened.append(screen)

    def work(
        self, work: Coroutine[Any, Any, object], group: str = "default", *, alone: bool = False
    ) -> None:
        if alone:
            self.cancel(group)
        tasks = self._tasks.setdefault(group, set())
        tasks.add(task := asyncio.create_task(work))
        task.add_done_callback(tasks.discard)

    def cancel(self, group: str) -> bool:
        tasks = [task for task in self._tasks.get(group, ()) if task.cancel()]
        return bool(tasks)

    def later(self, seconds: float, call: Callable[[], None]) -> Any:
        return _Timer(asyncio.get_running_loop().call_later(seconds, call))

    def exit(self) -> None:
        self.left = True

    async def end(self) -> None:
        """What failed in the background fails the test."""
        tasks = [task for group in self._tasks.values() for task in group]
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome


class _Timer:
    def __init__(self, handle: asyncio.TimerHandle) -> None:
        self.stop = handle.cancel


class Reviewer:
    """What a reviewer does by the names of commands, and what is so then."""

    def __init__(
        self,
        service: FakeService,
        disk: Disk,
        *,
        hold: float | Literal["manual"],
        views: tuple[View, ...],
    ) -> None:
        self.service = service
        self.disk = disk
        self.decisions = decisions_of(service, disk, hold=hold)
        workplace = workplace_of(service, self.decisions)
        self.workplace = replace(
            workplace, preferences=replace(workplace.preferences, hold=hold, views=views)
        )
        self.desk = BareDesk(self.workplace)
        self.flows = Flows(self.desk, self.perform)
        self._looked_at = -1

    def perform(self, command: Command) -> None:
        self.flows.actions[command.name]()

    async def do(self, *names: str) -> None:
        """One command after the other, each with all that it leads to at once."""
        for name in names:
            self.desk.key_came()
            self.flows.moving.stay()
            self.perform(NAMED[name])
            await asyncio.sleep(0.05)
            self.look()

    def look(self) -> None:
        """The row under the cursor is painted: what nobody saw is not decided."""
        listed = self.desk.list
        if self._looked_at != (first := max(0, listed.cursor - PAGE // 2)):
            self._looked_at = first
            self.workplace.queue.look_at(first, first + PAGE)
        listed.paint([listed.cursor - listed.top + 1])
        self.flows.displayed.cursor_moved()

    async def until(self, so: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not so():
                await asyncio.sleep(0.01)
                self.look()

    def was_told(self, text: str) -> bool:
        return any(text in told for told in self.desk.told)

    @property
    def cursor(self) -> int | None:
        """The number of the dataset under it, as far as that is there."""
        dataset_id = self.desk.list.cursor_id
        return None if dataset_id is None else number_of(dataset_id)

    @property
    def marked(self) -> set[int]:
        return set(map(number_of, self.desk.marks.ids))

    def state(self, number: int) -> str:
        """What the list says of it."""
        row = self.workplace.queue.row(self.workplace.queue.line_of(id_of(number)) or 0)
        assert row is not None
        return self.desk.rows.state(row)

    def decision(self, number: int) -> Decision | None:
        return self.decisions.of(id_of(number))


def said(dialog: Screen[Any]) -> str:
    """What a dialog that is nowhere to be seen says, line by line."""
    lines = dialog.lines() if isinstance(dialog, Dialog) else ()
    return "\n".join(str(line.content) for line in lines if isinstance(line, Line))


def number_of(dataset_id: str) -> int:
    return int(dataset_id[:8], 16)


@asynccontextmanager
async def at_a_desk(
    service: FakeService | None = None,
    disk: Disk | None = None,
    *,
    hold: float | Literal["manual"] = "manual",
    views: tuple[View, ...] = SHIPPED_VIEWS,
) -> AsyncIterator[Reviewer]:
    """With the first rows there, in virtual time."""
    if service is None:
        service = FakeService(60)
    service.latency = 0.0
    reviewer = Reviewer(service, disk or Disk(), hold=hold, views=views)
    flows, workplace = reviewer.flows, reviewer.workplace
    workplace.queue.subscribe(flows.queue_changed)
    workplace.details.subscribe(flows.detail_changed)
    workplace.decisions.subscribe(flows.decision_changed)
    await reviewer.decisions.start()
    sending = asyncio.create_task(reviewer.decisions.run())
    flows.listing.start()
    try:
        await reviewer.until(reviewer.desk.list.row_under_cursor)
        yield reviewer
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await reviewer.desk.end()
        await reviewer.decisions.close()
