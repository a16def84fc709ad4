"""What becomes of decisions, told as it happens: holds, refusals, failures, the end of a batch."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import GIVEN_BACK, ON_ITS_WAY, SETTLED, UNDECIDED, DecisionState
from gerra_tui.domain.text import clean
from gerra_tui.ui.keys.burst import BURST_TOLD
from gerra_tui.ui.present.values import batch_words, label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision
    from gerra_tui.ui.review.desk import Desk

SENDING_LOOK: Final = 0.5  # seconds: a pause of the outbox is told to nobody
COUNTDOWN: Final = (5.0, 2.0)  # seconds before a hold's end at which it is drawn again


class Outcomes:
    """Notices about decisions on their way, from the hold to the end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workplace = desk.workplace
        self._progress = asyncio.Event()
        self._marked: dict[str, Dataset] = {}  # when they were decided, and still on their way
        self._told_held = "", ""  # the decision of the last countdown, and its words

    def decided(self, decisions: Sequence[Decision]) -> None:
        """They are on disk: their marks are gone. They come back with what ends in no verdict."""
        ids = {one.dataset_id for one in decisions if self._is_going(one)}
        marked = [one for one in self._desk.marks.datasets if one.id in ids]
        if marked:
            self._marked |= {one.id: one for one in marked}
            self._desk.marks.discard(ids)
            self._desk.list.refresh()
            self._desk.tell()

    def _is_going(self, decision: Decision) -> bool:
        now = self._workplace.decisions.of(decision.dataset_id)
        return now is None or now.state not in UNDECIDED

    def count_down(self, decisions: Sequence[Decision]) -> None:
        """Drawn at the start, 5 s and 2 s before the end: nothing ticks."""
        first = decisions[0]
        left = self._workplace.decisions.hold_left(first.id)
        if left is None:
            return
        self._tell_hold(first, len(decisions))
        for before in COUNTDOWN:
            if left > before:
                self._desk.later(left - before, lambda: self._tell_hold(first, len(decisions)))

    def _tell_hold(self, decision: Decision, count: int) -> None:
        now = self._workplace.decisions.of(decision.dataset_id)
        left = self._workplace.decisions.hold_left(decision.id)
        if now is None or now.id != decision.id or left is None:
            return
        if now.state is not DecisionState.HELD:
            return
        what = label(decision) if count == 1 else f"{count} datasets"
        told = f"{decision.verdict} held {left:.0f} s, u takes back: {what}"
        if self._desk.noticed == BURST_TOLD:  # its first keys decided
            told = f"{BURST_TOLD} Before: {told}"
        self._told_held = decision.id, told
        self._desk.notice(told)

    async def until_sent(self, ids: Sequence[str]) -> None:
        """Wait while these are on their way; a paused outbox, or a disk that does not take what is
        to be written, keeps them for the next start."""
        self._desk.notice("Sending ...")
        decisions = self._workplace.decisions
        while not (decisions.status.paused or decisions.status.remark) and any(
            one.id in ids and one.state in ON_ITS_WAY and not decisions.needs_other_key(one.id)
            for one in decisions.listing()
        ):
            self._progress.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._progress.wait(), SENDING_LOOK)

    def changed(self, decision: Decision) -> None:
        """Told of each that moved on: late refusals are said, done ones lose their mark."""
        self._progress.set()
        if decision.id == self._told_held[0] and decision.state is not DecisionState.HELD:
            self._desk.take_notice_away(self._told_held[1])
        before = self._marked.get(decision.dataset_id)
        if before is not None and decision.state in GIVEN_BACK:
            self._desk.marks.add(self._marked.pop(before.id))
        match decision.state:
            case DecisionState.DONE:
                self._marked.pop(decision.dataset_id, None)
                self._desk.marks.discard([decision.dataset_id])
                self._workplace.details.forget(decision.dataset_id)
            case DecisionState.REFUSED:
                self._workplace.details.forget(decision.dataset_id)
                self._desk.notice(_refusal(decision), unasked=True)
            case DecisionState.FAILED:
                why = clean(decision.settled_detail or "", 200)
                self._desk.notice(f"Failed: {why} ({label(decision)})", unasked=True)
            case DecisionState.WAITING | DecisionState.UNKNOWN:
                if self._workplace.decisions.needs_other_key(decision.id):
                    told = f"Kept: of another organization than this key ({label(decision)}, $)"
                    self._desk.notice(told, unasked=True)
        self._tell_batch(decision)

    def read_again(self, dataset: Dataset, asked_at: datetime) -> None:
        """What the service says after our verdict took effect wins, and is told once."""
        ours = self._workplace.decisions.overruled(dataset, asked_at=asked_at)
        if ours is not None:
            status = clean(dataset.status, 40)
            self._desk.notice(
                f"No longer {ours.verdict.status}: its status is {status} now ({label(ours)})",
                unasked=True,
            )
            self._desk.tell()

    def _tell_batch(self, decision: Decision) -> None:
        """That a batch is over, or does not go on by itself, rather than how its last one ended."""
        if decision.batch_id is None or decision.state not in SETTLED:
            return
        progress = self._workplace.decisions.batch(decision.batch_id)
        if progress is None or (progress.remaining and not progress.stopped):
            return
        told = [batch_words(progress)]
        if progress.refused:
            of_batch = [
                one
                for one in self._workplace.decisions.listing()
                if one.batch_id == decision.batch_id and one.state is DecisionState.REFUSED
            ]
            told = [_refusal(one) for one in of_batch[-1:]] + told
        self._desk.notice("  ".join(told), unasked=True)


def _refusal(decision: Decision) -> str:
    why = clean(decision.settled_detail or "it changed", 200)
    return f"Refused: {why} ({label(decision)})"
