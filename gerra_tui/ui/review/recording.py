"""From the reviewer's word to the disk. Until that has it, a reason is a draft."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import UNDECIDED
from gerra_tui.service.decisions.decisions import ReadOnly
from gerra_tui.service.ports import AlreadyOpen, JournalUnwritable
from gerra_tui.ui.present.values import SHORT_ID, label, short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Decision, Verdict
    from gerra_tui.service.decisions.decisions import Target
    from gerra_tui.ui.dialogs.reject import RejectDialog
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.listing import Listing
    from gerra_tui.ui.review.moving import Moving
    from gerra_tui.ui.review.outcomes import Outcomes


class Recording:
    """`drafts` are by dataset; `typing` is the dialog in which one is being typed."""

    def __init__(
        self,
        desk: Desk,
        displayed: Displayed,
        listing: Listing,
        moving: Moving,
        outcomes: Outcomes,
    ) -> None:
        self._desk = desk
        self._workplace = desk.workplace
        self._displayed = displayed
        self._listing = listing
        self._moving = moving
        self._outcomes = outcomes
        self.drafts: dict[str, str] = {}
        self.typing: RejectDialog | None = None
        self._recording: set[asyncio.Future[bool]] = set()
        self._unwritten: frozenset[str] = frozenset()

    async def record(
        self,
        verdict: Verdict,
        targets: Sequence[Target],
        reason: str | None,
        *,
        query: str | None = None,
        express: bool = False,
    ) -> bool:
        """The cursor moves on at once, the rows say `saving` until the journal has them.

        Claims that it has them.
        """
        ids = [target.dataset.id for target in targets]
        # Not before it is on disk is a decision one: until then its reason is a draft.
        self.drafts.update(dict.fromkeys(ids if reason else (), reason or ""))
        self._recording.add(recording := asyncio.get_running_loop().create_future())
        recorded = False
        self._desk.rows.saving.update(ids)
        self._refresh(ids)
        if self._desk.list.cursor_id in ids:
            self._moving.go_on()
        try:
            decisions = await self._workplace.decisions.decide(
                verdict,
                targets,
                reason=reason,
                query=query or self._listing.text,
                express=express,
            )
        except (JournalUnwritable, ReadOnly, AlreadyOpen) as problem:
            why = str(problem)
            if isinstance(problem, AlreadyOpen):
                names = ", ".join(label(one) for one in problem.decisions[:2])
                why = f"{names} has a decision that is not settled ($)."
            self._desk.notice(f"Not decided: {why}")
            return False
        else:
            recorded = True
        finally:
            self._recording.discard(recording)
            recording.set_result(recorded)
            self._desk.rows.saving.difference_update(ids)
            self._refresh(ids)
            self._desk.tell()
        for dataset_id in ids:
            self.drafts.pop(dataset_id, None)
        self._outcomes.decided(decisions)
        self._outcomes.count_down(decisions)
        self._tell_left_out(targets, decisions)
        return True

    def _tell_left_out(self, targets: Sequence[Target], decisions: Sequence[Decision]) -> None:
        """Of a batch, what has an open decision already; it was not decided again."""
        decided = {one.dataset_id for one in decisions}
        left_out = [one.dataset for one in targets if one.dataset.id not in decided]
        if left_out:
            names = ", ".join(f"{one.id[:SHORT_ID]} {short_name(one, 30)}" for one in left_out[:2])
            self._desk.notice(
                f"{len(decisions)} decided, {len(left_out)} left out, not settled ($): {names}"
            )

    def _refresh(self, ids: Sequence[str]) -> None:
        for dataset_id in ids:
            self._displayed.refresh_row(dataset_id)

    def keep_draft(self, dataset_id: str, text: str) -> None:
        if text.strip():
            self.drafts[dataset_id] = text
            self._desk.notice("Draft kept: r goes on with it.")
        else:
            self.drafts.pop(dataset_id, None)

    async def all_written(self) -> bool:
        """Wait for the disk; whether it took all that was being written."""
        recording = tuple(self._recording)
        if recording:
            await asyncio.wait(recording)
        return all(one.result() for one in recording)

    def never_written(self) -> int:
        """How many datasets were being decided when the console ended, and are not. Their reasons
        are drafts."""
        known = [self._workplace.decisions.of(one) for one in self._unwritten]
        return sum(one is None or one.state in UNDECIDED for one in known)

    def keep_typed(self) -> None:
        """The console ends: what was typed so far is kept as with Esc."""
        self._unwritten |= self._desk.rows.saving
        if self.typing is not None:
            self.keep_draft(self.typing.dataset_id, self.typing.draft)
