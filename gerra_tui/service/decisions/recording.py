"""What became of each decision: told to the screen, and one line of the audit log for each end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.service.decisions.taking_back import AlreadySent, Departure, NothingHeld
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gerra_tui.domain.decision import Decision, DecisionState
    from gerra_tui.service.decisions.book import Book
    from gerra_tui.service.ports import AuditLog, Clock, Journal


class Auditor:
    """The journal tells which ends have no line yet; those are looked for before being written."""

    def __init__(self, journal: Journal, audit: AuditLog) -> None:
        self._journal = journal
        self._audit = audit
        self._turn = asyncio.Lock()  # or a line could be looked for while it is being written
        self._behind = False
        self.trouble: str | None = None

    async def note(self, ended: Sequence[Decision]) -> None:
        """After the journal has them at their ends. An error is kept in `trouble`, not raised."""
        async with self._turn:
            if self._behind:
                await self._catch_up()
                return
            try:
                await self._record(ended)
            except JournalUnwritable as problem:
                self._fall_behind(problem)

    async def catch_up(self) -> None:
        """Write what is missing: of an ended console, or of an error. Errors as in `note`."""
        async with self._turn:
            await self._catch_up()

    async def _record(self, ended: Sequence[Decision]) -> None:
        ours = [one for one in ended if one.owner is None or one.owner.mine]
        orphans = [one for one in ended if one not in ours]
        await self._audit.record(ours)
        await self._audit.record_missing(orphans)  # another console may be at it, too
        await self._journal.mark_audited([one.id for one in ended])

    async def _catch_up(self) -> None:
        try:
            if missing := await self._journal.unaudited():
                await self._audit.record_missing(missing)
                await self._journal.mark_audited([one.id for one in missing])
        except JournalUnwritable as problem:
            self._fall_behind(problem)
        else:
            self._behind = False
            self.trouble = None

    def _fall_behind(self, problem: JournalUnwritable) -> None:
        self._behind = True
        self.trouble = f"The audit log is behind: {problem}"


class Recorder:
    """Listeners are told of each decision that changed, after it is on disk."""

    def __init__(self, journal: Journal, audit: AuditLog, clock: Clock, book: Book) -> None:
        self._journal = journal
        self._clock = clock
        self._book = book
        self._departure = Departure()
        self._listeners: list[Callable[[Decision], None]] = []
        self.auditor = Auditor(journal, audit)

    def subscribe(self, listener: Callable[[Decision], None]) -> Callable[[], None]:
        """Gives the call that ends it; a second one does no harm."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    async def move(
        self, ones: Iterable[Decision], to: DecisionState, *, from_states: frozenset[DecisionState]
    ) -> list[Decision]:
        """Those that were moved. Ends get their line. Raises `JournalUnwritable`."""
        now = self._clock.now()
        moves = [(one, one.settled(to, at=now) if to.is_end else one.becoming(to)) for one in ones]
        moved = await self._journal.move_all(moves, from_states=from_states) if moves else []
        await self.note(moved, True)
        return moved

    async def dismiss(self, ones: Sequence[Decision]) -> None:
        """The reviewer is through with these, which ended badly. Raises `JournalUnwritable`."""
        if ones:
            await self._journal.dismiss([one.id for one in ones])
        for one in ones:
            self._book.remove(one)
            self.tell(one)

    async def note(self, decisions: Sequence[Decision], moved: bool) -> None:
        """`moved` by this console: an end is to be written to the audit log."""
        self.show(*decisions)
        if moved and (ended := [one for one in decisions if one.state.is_end]):
            await self.auditor.note(ended)

    def show(self, *decisions: Decision) -> None:
        """They are on disk: as they are now."""
        for decision in decisions:
            before = self._book.get(decision.id)
            if decision.posted and before is not None and not before.posted:
                self._departure.note(decision, self._clock.monotonic())
            self._book.put(decision)
            self.tell(decision)

    def tell(self, decision: Decision) -> None:
        for listener in tuple(self._listeners):
            listener(decision)

    def departed(self) -> AlreadySent | NothingHeld:
        """What left last, if that was within the last minute and was not told before."""
        return self._departure.tell(self._book, self._clock.monotonic())
