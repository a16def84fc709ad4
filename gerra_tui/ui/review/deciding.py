"""From the key to the journal: what is decided is what the reviewer saw, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.evidence import Mark
from gerra_tui.domain.text import clean
from gerra_tui.service.decisions.decisions import Target
from gerra_tui.ui.dialogs.subject import Subject
from gerra_tui.ui.dialogs.which import Which, WhichDialog
from gerra_tui.ui.keys.quiet import AT_ONCE

if TYPE_CHECKING:
    from gerra_tui.domain.decision import Decision
    from gerra_tui.ui.review.copying import Copying
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.marking import Marked, Marking
    from gerra_tui.ui.review.moving import Moving
    from gerra_tui.ui.review.recording import Recording
    from gerra_tui.ui.review.taking_back import TakingBack
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
    """The keys `a`, `r` and `.`."""

    def __init__(
        self,
        desk: Desk,
        displayed: Displayed,
        moving: Moving,
        marking: Marking,
        copying: Copying,
        recording: Recording,
        tallying: Tallying,
        taking_back: TakingBack,
    ) -> None:
        self._desk = desk
        self._displayed = displayed
        self._moving = moving
        self._marking = marking
        self._copying = copying
        self._recording = recording
        self._tallying = tallying
        self._taking_back = taking_back
        self._workplace = desk.workplace
        self._draft_for_many = DraftForMany()
        self._last: Verdict | None = None  # that was given in this session
        self._last_reason = ""

    def do_accept(self) -> None:
        self._desk.start(self.decide(Verdict.ACCEPT))

    def do_reject(self) -> None:
        self._desk.start(self.decide(Verdict.REJECT))

    def do_again(self) -> None:
        if self._last is None:
            self._desk.notice("Nothing was decided yet: a accepts, r rejects.")
        else:
            self._desk.start(self.decide(self._last, again=True))

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

    async def decide(self, verdict: Verdict, *, again: bool = False) -> None:
        """On the marks if there are any, else on what is displayed; asked where it is unmarked.
        `again`: filled in as the last time."""
        if not await self._ask(verdict, again=again):
            self._desk.sight.refuse(text_follows=verdict is Verdict.REJECT)

    async def _ask(self, verdict: Verdict, *, again: bool) -> bool:
        """Whether anything was asked, or is to be answered: else what is typed for it is lost."""
        if self._desk.marks.restored and not await self._marking.ask_to_keep():
            return True
        if hindrance := self._hindrance:
            self._desk.notice(hindrance)
            return False
        marks, here = self._marking.marked(), self._desk.list.cursor_id
        subject = self._subject()
        only = [one.id for one in marks.shown] if marks.size == 1 else []
        if not marks.size or only == [here]:
            if isinstance(subject, str):
                self._desk.notice(subject)
                return False
            await self._decide_one(verdict, subject, again=again)
            return True
        if isinstance(subject, str) or subject.target.dataset.id in self._desk.marks:
            return await self._decide_many(verdict, marks, again=again)
        match await self._which(verdict, subject, marks):
            case Which.THIS:
                await self._decide_one(verdict, subject, again=again)
            case Which.MARKED:
                return await self._decide_many(verdict, marks, again=again)
            case Which.TEXT:
                self._desk.notice("Nothing decided: it was not said which. Esc goes on at once.")
                return False
        return True

    @property
    def _hindrance(self) -> str:
        """What comes before a verdict, a sentence; empty for nothing."""
        if self._taking_back.is_under_way:
            return "Nothing decided: what is being taken back comes first."
        if not self._marking.were_seen:
            return "Look at the marks that were kept first: nothing was asked yet."
        return ""

    async def _which(self, verdict: Verdict, here: Subject, marks: Marked) -> Which | None:
        undecided = marks.size - marks.decided
        if not undecided:
            return Which.THIS
        return await self._desk.ask(WhichDialog(verdict, here.target.dataset, undecided))

    def _subject(self) -> Subject | str:
        """What is displayed, as it was shown; or why nothing is to be decided, a sentence."""
        row = self._desk.list.row_under_cursor()
        if row is None:
            return "not loaded yet"
        if not isinstance(row, Dataset):
            return "This row cannot be read, so it cannot be decided here."
        if not self._workplace.queue.is_live(row.id):
            return "not loaded yet"
        dataset_id = self._displayed.version_id or row.id
        dataset = self._newest_shown(row, dataset_id)
        if dataset is None:
            return "not loaded yet"
        if not self._desk.rows.can_be_decided(dataset):
            return f"Nothing pending: {dataset.id[:8]} is {self._desk.rows.state(dataset)}"
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
        again: bool = False,
    ) -> bool:
        """Whether it was decided. `late`: whether the dialog is, where another key led to it;
        `again`: it is asked as it was answered the last time."""
        from gerra_tui.domain.reasons import reasons_for
        from gerra_tui.ui.dialogs.accept import AcceptDialog
        from gerra_tui.ui.dialogs.reject import Draft, RejectDialog, Rejection

        preferences, dataset = self._workplace.preferences, subject.target.dataset
        reason = None
        express = preferences.express == "both" or (
            preferences.express == "accept" and verdict is Verdict.ACCEPT
        )
        express = express and subject.is_latest is not False  # an older version is asked about
        express = express and late is None and not again
        if verdict is Verdict.REJECT:
            self._recording.typing = dialog = RejectDialog(
                subject,
                hold=preferences.hold,
                reasons=tuple(reasons_for(dataset.data_type, preferences.reject_reasons)),
                require_details=preferences.require_details,
                draft=self._recording.drafts.get(dataset.id, ""),
                last=self._last_reason,
                again=again,
                express=express,
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
            reason, express = answer.reason, answer.at_once
        elif not express:
            question = AcceptDialog(subject, hold=preferences.hold)
            question.unasked = bool(late)
            if await self._desk.ask(question) is None:
                return False
        self._remember(verdict, reason)
        return await self._recording.record(
            verdict, [subject.target], reason, query=query, express=express
        )

    def _remember(self, verdict: Verdict, reason: str | None) -> None:
        self._last = verdict
        self._last_reason = reason or self._last_reason

    async def _decide_many(self, verdict: Verdict, marks: Marked, *, again: bool) -> bool:
        """Whether it was asked."""
        from gerra_tui.domain.reasons import reasons_for
        from gerra_tui.ui.dialogs.many import ManyDialog

        preferences = self._workplace.preferences
        datasets = (*marks.shown, *marks.hidden)
        if not datasets:
            self._desk.notice(f"Nothing pending: {marks.decided:,} marked, all decided ($)")
            return False
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
            last=self._last_reason,
            again=again,
            used=self._tallying.used,
        )
        answer = await self._desk.ask(dialog)
        if verdict is Verdict.REJECT:
            self._draft_for_many = DraftForMany(ids, dialog.draft)
        if answer is not None and answer.targets:
            self._remember(verdict, answer.reason)
            recorded = await self._recording.record(verdict, answer.targets, answer.reason)
            if answer.reason:
                self._draft_for_many = DraftForMany(ids, "" if recorded else answer.reason)
        return True
