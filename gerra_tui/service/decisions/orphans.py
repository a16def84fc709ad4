"""What ended consoles left. It stays theirs until the reviewer says what to do with it.

Of what was posted the outcome is learned by reading, which any console may do. If the service shows
the verdict it is done; if it is still pending it is kept with the rest: even a second POST that
would be harmless is not made without the reviewer's word, and then not before `resend_after` has
passed since this console found it, since its first POST was cut off no later than that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import HELD_BACK, TRIED, TROUBLED, Decision, DecisionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gerra_tui.service.decisions.book import Book
    from gerra_tui.service.decisions.outbox import Outbox
    from gerra_tui.service.decisions.recording import Recorder
    from gerra_tui.service.ports import Journal


def is_orphan(decision: Decision) -> bool:
    """Claims that it is open and its console has ended."""
    return not decision.state.is_end and decision.owner is not None and not decision.owner.alive


def as_left(decision: Decision) -> Decision:
    """How an orphan is shown: what may have been posted is unknown, the rest is kept."""
    state = DecisionState.UNKNOWN if decision.posted else DecisionState.KEPT
    return decision if decision.state is state else replace(decision, state=state)


async def take_stock(journal: Journal, orphans: Iterable[Decision]) -> list[Decision]:
    """Write down the states of `as_left`; gives those that no one else moved meanwhile."""
    stock: list[Decision] = []
    moves: dict[DecisionState, list[tuple[Decision, Decision]]] = {}
    for one in orphans:
        left = as_left(one)
        if one.state is left.state:
            stock.append(one)
        else:
            moves.setdefault(one.state, []).append((one, one.becoming(left.state)))
    for state, several in moves.items():
        stock += await journal.move_all(several, from_states=frozenset({state}))
    return sorted(stock, key=lambda one: one.decided_at)


async def release(journal: Journal, ones: Iterable[Decision]) -> list[Decision]:
    """End the hold of those that have one; gives what is to be sent or read now."""
    ready = []
    moves: dict[DecisionState, list[tuple[Decision, Decision]]] = {}
    for one in ones:
        if one.state in HELD_BACK:
            to = one.becoming(DecisionState.WAITING)
            moves.setdefault(one.state, []).append((one, to))
        elif one.state in TRIED:
            ready.append(one)
    for state, several in moves.items():
        ready += await journal.move_all(several, from_states=frozenset({state}))
    return ready


class Inheritance:
    """The orphans of one journal, as this console lists them. All raise `JournalUnwritable`."""

    def __init__(
        self,
        journal: Journal,
        book: Book,
        recorder: Recorder,
        outbox: Outbox,
        *,
        read_only: bool,
    ) -> None:
        self._journal = journal
        self._book = book
        self._recorder = recorder
        self._outbox = outbox
        self._read_only = read_only
        self._started = False

    async def open(self) -> None:
        """The journal alone, for who asks about some decisions and not for all that was left."""
        await self._open()
        self._started = True

    async def start(self) -> list[Decision]:
        """Open the journal and list what ended consoles left in it, and what ended badly."""
        await self._open()
        left = await self.inherit(await self._journal.open_decisions())
        self._started = True
        return left

    async def be_started(self) -> None:
        """A start that failed is tried again where one is needed."""
        if not self._started:
            await self.start()

    async def inherit(self, known: Sequence[Decision]) -> list[Decision]:
        """List these, as far as no other console has them; gives those of ended consoles."""
        for one in known:
            if one.state in TROUBLED:
                self._book.put(one, seen=True)
        return await self.look(known)

    async def look(self, known: Iterable[Decision]) -> list[Decision]:
        """Those of `known` that are not listed yet; what was posted of them is read."""
        orphans = [one for one in known if is_orphan(one) and self._book.get(one.id) is None]
        if self._read_only:
            orphans = [as_left(one) for one in orphans]
        else:
            orphans = await take_stock(self._journal, orphans)
            unknown = [one for one in orphans if one.state is DecisionState.UNKNOWN]
            self._outbox.enqueue(unknown)
        self._recorder.show(*orphans)
        return orphans

    async def look_again(self) -> None:
        """The same for the whole journal; what another console took over is listed no longer."""
        await self.be_started()
        known = await self._journal.open_decisions()
        left = {one.id for one in known if is_orphan(one)}
        for one in self._book.all():
            if is_orphan(one) and one.id not in left:
                self._forget(one)
        await self.look(known)

    async def adopt(self, ones: Sequence[Decision]) -> list[Decision]:
        """The same decisions, orphans among them as ours now; without those of which another
        console was first."""
        orphans = [one for one in ones if is_orphan(one)]
        if not orphans:
            return list(ones)
        adopted = await self._journal.adopt([one.id for one in orphans])
        ours = {one.id for one in adopted}
        for one in orphans:
            if one.id not in ours:
                self._forget(one)
        self._recorder.show(*adopted)
        return [*(one for one in ones if one not in orphans), *adopted]

    async def _open(self) -> None:
        await self._journal.open()
        if not self._read_only:
            await self._recorder.auditor.catch_up()

    async def send_now(self, ones: Sequence[Decision]) -> None:
        """End their holds, and send them from here, whoever's they were."""
        ready = await release(self._journal, await self.adopt(ones))
        self._recorder.show(*ready)
        for batch_id in {one.batch_id for one in ready if one.batch_id is not None}:
            self._outbox.resume_batch(batch_id)
        self._outbox.enqueue(ready)

    def _forget(self, one: Decision) -> None:
        self._book.remove(one)
        self._recorder.tell(one)
