"""What was decided and is not to be sent after all: taken back, dropped, or kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import DROPPABLE, NOT_SENT, TROUBLED, UNSENT, DecisionState
from gerra_tui.service.decisions.taking_back import (
    AlreadySent,
    NeverDecided,
    NothingHeld,
    TakenBack,
    latest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.decisions.book import Book
    from gerra_tui.service.decisions.journaling import Journaling
    from gerra_tui.service.decisions.outbox import Outbox
    from gerra_tui.service.decisions.recording import Recorder
    from gerra_tui.service.decisions.writing import Writing


class Withdrawing:
    """All raise `JournalUnwritable`."""

    def __init__(
        self,
        book: Book,
        recorder: Recorder,
        outbox: Outbox,
        journaling: Journaling,
        writing: Writing,
    ) -> None:
        self._book = book
        self._recorder = recorder
        self._outbox = outbox
        self._journaling = journaling
        self._writing = writing
        self._turn = asyncio.Lock()

    async def take_back_latest(self) -> TakenBack | AlreadySent | NothingHeld | NeverDecided:
        deciding = self._journaling.under_way
        decided = {one.id for one in self._book.within(UNSENT)}.union(*deciding.values())
        async with self._turn:  # the next `u` is about what this one leaves
            if deciding:
                await asyncio.wait(deciding)
                if list(deciding)[-1].exception() is not None:
                    return NeverDecided()
            open_ones = self._book.within(UNSENT)
            if taken := await self.take_back(latest(one for one in open_ones if one.id in decided)):
                return TakenBack(taken)
        return self._recorder.departed()

    async def take_back(self, ones: Iterable[Decision]) -> tuple[Decision, ...]:
        not_posted = [one for one in ones if one.can_be_taken_back]
        return await self._writing.surely(
            self._withdraw(not_posted, DecisionState.TAKEN_BACK, NOT_SENT)
        )

    async def drop(self, ones: Sequence[Decision]) -> tuple[Decision, ...]:
        return await self._writing.surely(self._drop(ones))

    async def keep_all(self) -> None:
        ones = self._book.within(UNSENT)
        await self._writing.surely(self._withdraw(ones, DecisionState.KEPT, UNSENT))

    async def _drop(self, ones: Sequence[Decision]) -> tuple[Decision, ...]:
        open_ones = [one for one in ones if one.state in DROPPABLE]
        troubled = [one for one in ones if one.state in TROUBLED]
        dropped = await self._withdraw(open_ones, DecisionState.DROPPED, DROPPABLE)
        await self._recorder.dismiss(troubled)
        return (*dropped, *troubled)

    async def _withdraw(
        self, ones: Iterable[Decision], to: DecisionState, from_states: frozenset[DecisionState]
    ) -> tuple[Decision, ...]:
        moved = await self._recorder.move(ones, to, from_states=from_states)
        self._outbox.leave_out(one.id for one in moved)
        return tuple(moved)
