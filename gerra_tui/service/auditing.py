"""One line of the audit log for every end, whatever the disk or a crash does in between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.ports import AuditLog, Journal


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
