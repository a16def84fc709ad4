"""From the reviewer's word to decisions on disk, held or due."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gerra_tui.service.decisions.target import new_decisions
from gerra_tui.service.ports import AlreadyOpen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    from gerra_tui.domain.decision import Decision, Origin, Trouble, Verdict
    from gerra_tui.service.decisions.book import Book
    from gerra_tui.service.decisions.orphans import Inheritance
    from gerra_tui.service.decisions.outbox import Outbox
    from gerra_tui.service.decisions.recording import Recorder
    from gerra_tui.service.decisions.target import Target
    from gerra_tui.service.decisions.writing import Writing
    from gerra_tui.service.ports import Clock, Journal

EXPRESS_HOLD: Final = 5.0  # seconds at least, where no dialog asked


class Journaling:
    """Writes new decisions. `hold` is in seconds, null if only the reviewer ends it.

    What it raises is that of `Decisions.decide`.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        book: Book,
        recorder: Recorder,
        outbox: Outbox,
        inheritance: Inheritance,
        writing: Writing,
        *,
        origin: Origin,
        hold: float | None,
        via: Literal["console", "cli"],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._book = book
        self._recorder = recorder
        self._outbox = outbox
        self._inheritance = inheritance
        self._writing = writing
        self._origin = origin
        self._hold = hold
        self._via = via
        self._under_way: dict[asyncio.Task[tuple[Decision, ...]], list[str]] = {}

    @property
    def under_way(self) -> Mapping[asyncio.Task[tuple[Decision, ...]], Sequence[str]]:
        """What is still being written, the oldest first, with the decisions' ids."""
        return dict(self._under_way)

    async def decide(
        self,
        verdict: Verdict,
        targets: Sequence[Target],
        *,
        reason: str | None,
        query: str | None,
        express: bool,
    ) -> tuple[Decision, ...]:
        hold = self._hold
        if express and hold is not None:
            hold = max(hold, EXPRESS_HOLD)
        decisions = self._new(verdict, targets, hold=hold, reason=reason, query=query)
        writing = self._writing.begin(self._decide(decisions, hold))
        self._under_way[writing] = [one.id for one in decisions]
        writing.add_done_callback(self._under_way.pop)
        return await asyncio.shield(writing)

    async def keep(
        self, verdict: Verdict, target: Target, trouble: Trouble, *, reason: str | None
    ) -> Decision:
        (made,) = self._new(verdict, [target], hold=0, reason=reason)
        kept = replace(made, last_error=trouble)
        await self._writing.surely(self._add([kept]))
        self._recorder.show(kept)
        return kept

    def _new(
        self,
        verdict: Verdict,
        targets: Sequence[Target],
        *,
        hold: float | None,
        reason: str | None,
        query: str | None = None,
    ) -> list[Decision]:
        return new_decisions(
            verdict,
            targets,
            origin=self._origin,
            now=self._clock.now(),
            hold=hold,
            reason=reason,
            query=query,
            via=self._via,
        )

    async def _decide(self, wanted: Sequence[Decision], hold: float | None) -> tuple[Decision, ...]:
        await self._inheritance.be_started()
        decisions = await self._add(wanted)
        self._book.seen(old.id for one in decisions if (old := self._book.of(one.dataset_id)))
        if hold == 0:
            self._recorder.show(*decisions)
            self._outbox.enqueue(decisions)
        else:
            self._outbox.holding.begin([one.id for one in decisions], hold)
            self._recorder.show(*decisions)
        return tuple(decisions)

    async def _add(self, decisions: Sequence[Decision]) -> Sequence[Decision]:
        """Those that are new on their datasets. Raises `AlreadyOpen` if none is."""
        while True:
            try:
                await self._journal.add(decisions)
            except AlreadyOpen as problem:
                await self._inheritance.look(problem.decisions)
                open_ones = {one.dataset_id.casefold() for one in problem.decisions}
                left = [one for one in decisions if one.dataset_id.casefold() not in open_ones]
                if not left or len(left) == len(decisions):
                    raise
                decisions = left
            else:
                return decisions
