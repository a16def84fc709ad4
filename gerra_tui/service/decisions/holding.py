"""The hold of this console: whoever is held is told to the screen, and let go when it ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import DecisionState
from gerra_tui.service.decisions.hold import LOOK, Hold
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.decisions.book import Book
    from gerra_tui.service.decisions.recording import Recorder
    from gerra_tui.service.ports import Clock, Journal

AFTER_A_FULL_DISK: Final = 4.0  # seconds until it is tried again


class Holding:
    """`changed` is called when an end came nearer or moved."""

    def __init__(
        self,
        *,
        book: Book,
        journal: Journal,
        clock: Clock,
        recorder: Recorder,
        changed: Callable[[], None],
    ) -> None:
        self._book = book
        self._journal = journal
        self._clock = clock
        self._recorder = recorder
        self._changed = changed
        self._hold = Hold()
        self._runs = asyncio.Event()  # something may be held for a time

    def begin(self, ids: Iterable[str], seconds: float | None) -> None:
        """Hold these for so many seconds, without an end if null."""
        self._hold.begin(ids, now=self._clock.monotonic(), seconds=seconds)
        self._go_on()

    def end(self, ids: Iterable[str]) -> None:
        self._hold.end(ids)

    def left(self, decision_id: str) -> float | None:
        """Seconds; null if it has no end or is not held."""
        return self._hold.left(decision_id, self._clock.monotonic())

    def next_end(self) -> float | None:
        """Seconds until someone is due; null if that is not a matter of time."""
        return self._hold.next_end(self._clock.monotonic())

    def stop_clock(self) -> None:
        self._hold.stop(self._clock.monotonic())

    def start_clock(self) -> None:
        self._tell_moved(self._hold.go_on(self._clock.monotonic()))

    async def watch(self) -> None:
        """Beside sending, which may wait for the disk: a pause of this process is noticed."""
        while True:
            await self._runs.wait()
            if self.next_end() is None:
                self._runs.clear()
                continue
            await asyncio.sleep(LOOK)
            self._look()

    async def let_go(self) -> list[Decision]:
        """Those whose time is over, waiting now. Raises `JournalUnwritable`: they are held a
        little longer."""
        self._look()
        due = self._book.some(self._hold.take_due(self._clock.monotonic()))
        due = [one for one in due if one.state is DecisionState.HELD]
        if not due:
            return []
        moves = [(one, one.becoming(DecisionState.WAITING)) for one in due]
        try:
            moved = await self._journal.move_all(moves, from_states=frozenset({DecisionState.HELD}))
        except JournalUnwritable:
            self.begin([one.id for one in due], AFTER_A_FULL_DISK)
            raise
        await self._recorder.note(moved, True)
        return moved

    def _look(self) -> None:
        if moved := self._hold.look(self._clock.monotonic()):
            self._tell_moved(moved)

    def _tell_moved(self, ids: Iterable[str]) -> None:
        """These are held until another moment than before."""
        now = self._clock.now()
        for decision in self._book.some(ids):
            if (left := self.left(decision.id)) is not None:
                self._recorder.show(replace(decision, send_at=now + timedelta(seconds=left)))
        self._go_on()

    def _go_on(self) -> None:
        self._runs.set()
        self._changed()
