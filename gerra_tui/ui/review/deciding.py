"""From the key to the journal: what is decided is what the reviewer saw, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.evidence import Mark
from gerra_tui.domain.text import clean
from gerra_tui.service.decisions.decisions import (
    AlreadySent,
    NeverDecided,
    ReadOnly,
    TakenBack,
    Target,
)
from gerra_tui.service.ports import JournalUnwritable
from gerra_tui.ui.dialogs.subject import Subject
from gerra_tui.ui.keys.quiet import AT_ONCE
from gerra_tui.ui.present.values import label, local_time

if TYPE_CHECKING:
    from gerra_tui.domain.decision import Decision
    from gerra_tui.ui.review.copying import Copying
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.marking import Marked, Marking
    from gerra_tui.ui.review.moving import Moving
    from gerra_tui.ui.review.recording import Recording
    from gerra_tui.ui.review.tallying import Tallying


@dataclass(frozen=True, slots=True)
class DraftForMany:
    """A reason that was begun for these marks, and not used yet."""

    ids: frozenset[str] = frozenset()
    text: str = ""

    def of(self, ids: frozenset[str]) -> str:
        """Offered for marks that are still some of those; empty for others."""
        return "" if self.ids.isdisjoint(ids) else self.text


class Deciding:
    """The keys `a`, `r` and `u`."""

    def __init__(
        self,
        desk: Desk,
        displayed: Displayed,
        moving: Moving,
        marking: Marking,
        copying: Copying,
        recording: Recording,
        tallying: Tallying,
    ) -> None:
        self._desk = desk
        self._displayed = displayed
        self._moving = moving
        self._marking = marking
        self._copying = copying
        self._recording = recording
        self._tallying = tallying
        self._workplace = desk.workplace
        self._draft_for_many = DraftForMany()

    def do_accept(self) -> None:
        self._desk.start(self.decide(Verdict.ACCEPT))

    def do_reject(self) -> None:
        self._desk.start(self.decide(Verdict.REJECT))

    def do_take_back(self) -> None:
        self._desk.work(self._take_back())

    async def decide_again(self, old: Decision) -> str:
        """Ask about a refused or failed one as it is now, for nothing else may be decided on.

        Gives what came of it, a sentence. Raises `Failure`.
        """
        typed, began = self._desk.quiet.taken, self._workplace.clock.monotonic()
        dataset = await self._workplace.api.dataset(old.dataset_id)
        if not dataset.is_pending:
            return f"It cannot be decided again: its status is {clean(dataset.status, 40)}."
        if self._desk.quiet.taken != typed:
            return "Keys were typed while it was read: x asks about it."
        target = Target(dataset=dataset, version=old.version, seconds=old.seconds)
        remark = f"{old.state.capitalize()}: {old.settled_detail or 'no word why'}"
        if old.reason:
            self._recording.drafts.setdefault(dataset.id, old.reason)
        late = self._workplace.clock.monotonic() - began > AT_ONCE
        subject = Subject(target, remark=remark)
        decided = await self._decide_one(old.verdict, subject, query=old.query, late=late)
        return "Decided again." if decided else "Not decided."

    async def decide(self, verdict: Verdict) -> None:
        """On the marks if there are any, else on what is displayed."""
        if self._desk.marks.restored and not await self._marking.ask_to_keep():
            return
        if not self._marking.were_seen:
            self._desk.notice("Look at the marks that were kept first: nothing was asked yet.")
            return
        marks = self._marking.marked()
        only = [one.id for one in marks.shown] if marks.size == 1 else []
        if marks.size and only != [self._desk.list.cursor_id]:
            await self._decide_many(verdict, marks)
        elif (subject := self._subject()) is not None:
            await self._decide_one(verdict, subject)

    def _subject(self) -> Subject | None:
        """What is displayed, as it was shown; a notice and null where nothing is to be decided."""
        row = self._desk.list.row_under_cursor()
        if row is None:
            self._desk.notice("not loaded yet")
            return None
        if not isinstance(row, Dataset):
            self._desk.notice("This row cannot be read, so it cannot be decided here.")
            return None
        if not self._workplace.queue.is_live(row.id):
            self._desk.notice("not loaded yet")
            return None
        dataset_id = self._displayed.version_id or row.id
        dataset = self._newest_shown(row, dataset_id)
        if dataset is None:
            self._desk.notice("not loaded yet")
            return None
        if not self._desk.rows.can_be_decided(dataset):
            state = self._desk.rows.state(dataset)
            self._desk.notice(f"Nothing pending: {dataset.id[:8]} is {state}")
            return None
        return self._about(dataset)

    def _newest_shown(self, row: Dataset, dataset_id: str) -> Dataset | None:
        """The newest body on the screen: the pane's where it shows this one, else the row's."""
        shown = self._desk.detail.shown if self._displayed.detail_visible else None
        body = shown.dataset if shown is not None else None
        if body is not None and body.id == dataset_id:
            return body
        return row if row.id == dataset_id else None

    def _about(self, dataset: Dataset) -> Subject:
        from gerra_tui.domain.checks.details import details_of
        from gerra_tui.domain.reasons import known_details

        detail = self._workplace.details.get(self._desk.list.cursor_id or dataset.id)
        iterations = detail.iterations if detail else None
        version = iterations.version_of(dataset.id) if iterations else None
        seconds = self._workplace.clock.monotonic() - self._displayed.landed_at
        target = Target(
            dataset=dataset, version=version.version if version else None, seconds=round(seconds, 1)
        )
        checks = self._displayed.checks
        subject = Subject(
            target,
            details=details_of(checks) | known_details(iterations, dataset.id),
            odd=tuple(check.id for check in checks if check.mark is Mark.ODD),
        )
        if iterations is None or version is None:
            return subject
        return replace(
            subject,
            is_latest=version.version == iterations.latest_version,
            total_versions=iterations.total_versions,
        )

    async def _decide_one(
        self,
        verdict: Verdict,
        subject: Subject,
        *,
        query: str | None = None,
        late: bool | None = None,
    ) -> bool:
        """Whether it was decided. `late`: whether the dialog is, where another key led to it."""
        from gerra_tui.domain.reasons import reasons_for
        from gerra_tui.ui.dialogs.accept import AcceptDialog
        from gerra_tui.ui.dialogs.reject import Draft, RejectDialog, Rejection

        preferences, dataset = self._workplace.preferences, subject.target.dataset
        reason = None
        express = verdict is Verdict.ACCEPT and preferences.express
        express = express and subject.is_latest is not False  # an older version is asked about
        express = express and late is None
        if verdict is Verdict.REJECT:
            self._recording.typing = dialog = RejectDialog(
                subject,
                hold=preferences.hold,
                reasons=tuple(reasons_for(dataset.data_type, preferences.reject_reasons)),
                require_details=preferences.require_details,
                draft=self._recording.drafts.get(dataset.id, ""),
                used=self._tallying.used,
                edit=partial(self._copying.edit_text, about=dataset.id),
            )
            dialog.unasked = bool(late)
            answer = await self._desk.ask(dialog)
            self._recording.typing = None
            if isinstance(answer, Draft):
                self._recording.keep_draft(dataset.id, answer.text)
            if not isinstance(answer, Rejection):
                return False
            reason = answer.reason
        elif not express:
            question = AcceptDialog(subject, hold=preferences.hold)
            question.unasked = bool(late)
            if await self._desk.ask(question) is None:
                return False
        return await self._recording.record(
            verdict, [subject.target], reason, query=query, express=express
        )

    async def _decide_many(self, verdict: Verdict, marks: Marked) -> None:
        from gerra_tui.domain.reasons import reasons_for
        from gerra_tui.ui.dialogs.many import ManyDialog

        preferences = self._workplace.preferences
        datasets = (*marks.shown, *marks.hidden)
        if not datasets:
            self._desk.notice(f"Nothing pending: {marks.decided:,} marked, all decided ($)")
            return
        ids = frozenset(dataset.id for dataset in datasets)
        types = {dataset.data_type for dataset in datasets}
        kind = types.pop() if len(types) == 1 else ""
        dialog = ManyDialog(
            verdict,
            [Target(dataset=dataset) for dataset in marks.shown],
            [Target(dataset=dataset) for dataset in marks.hidden],
            decided=marks.decided,
            hold=preferences.hold,
            reasons=tuple(reasons_for(kind, preferences.reject_reasons)),
            require_details=preferences.require_details,
            draft=self._draft_for_many.of(ids),
        )
        answer = await self._desk.ask(dialog)
        if verdict is Verdict.REJECT:
            self._draft_for_many = DraftForMany(ids, dialog.draft)
        if answer is not None and answer.targets:
            recorded = await self._recording.record(verdict, answer.targets, answer.reason)
            if answer.reason:
                self._draft_for_many = DraftForMany(ids, "" if recorded else answer.reason)

    async def _take_back(self) -> None:
        try:
            outcome = await self._workplace.decisions.take_back_latest()
        except (JournalUnwritable, ReadOnly) as problem:
            self._desk.notice(f"Not taken back: {problem}")
            return
        match outcome:
            case TakenBack(decisions):
                first = decisions[0]
                self._moving.return_to(first.dataset_id)
                more = f" and {len(decisions) - 1} more" if len(decisions) > 1 else ""
                self._desk.notice(f"Taken back: {label(first)}{more}")
            case AlreadySent(at=at):
                self._desk.notice(f"already sent {local_time(at)}: cannot be taken back")
            case NeverDecided():
                pass  # the notice says why
            case _:
                undone = self._desk.undo.undo()
                self._desk.notice(undone or "Nothing to take back")
