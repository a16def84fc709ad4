"""Reject this dataset, and why?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.binding import Binding
from textual.css.query import NoMatches

from gerra_tui.domain.reasons import MOST_KEYED
from gerra_tui.ui.dialogs.description import describe, hold_phrase, lines_more
from gerra_tui.ui.dialogs.dialog import ROOMY, DecidingDialog, key_hints
from gerra_tui.ui.dialogs.reason_entry import ReasonEntry
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.domain.reasons import Template
    from gerra_tui.ui.dialogs.subject import Subject

WRITING = (
    Binding("alt+enter", "", "newline", key_display="Alt-Enter"),
    Binding("tab", "", "next slot", key_display="Tab"),
    Binding("backspace", "", "reasons", key_display="Backspace"),
    Binding("ctrl+o", "", "editor", key_display="^o"),
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Reject the dataset of the dialog for this reason, which is neither blank nor too long.

    `at_once`: a digit said so, and nobody saw the reason before.
    """

    reason: str
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """Nothing is decided; what was typed is to be kept for this dataset, possibly empty."""

    text: str


class RejectDialog(DecidingDialog[Rejection | Draft]):
    """Enter submits a reason that can be sent, Esc keeps what was typed as the draft.

    `edit` opens an editor on a text and gives the new text, or the same one if that failed; it
    tells of failures itself and raises nothing. `used`: how often a template was sent today.
    `last` is the reason of the last rejection, `again` whether it is filled in, and `express`
    whether a digit alone rejects.
    """

    AUTO_FOCUS = "ReasonText"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "reject", key_display="Enter"),
        Binding("escape", "leave", "keep draft", key_display="Esc"),
        Binding("ctrl+o", "edit", "editor", show=False),
    ]

    def __init__(
        self,
        subject: Subject,
        *,
        hold: float | Literal["manual"],
        reasons: Sequence[Template],
        require_details: bool,
        draft: str,
        last: str = "",
        again: bool = False,
        express: bool = False,
        used: Callable[[Template], int] = lambda _: 0,
        edit: Callable[[str], Awaitable[str]],
    ) -> None:
        super().__init__()
        self._subject = subject
        self._hold = hold
        self._reasons = reasons
        self._require_details = require_details
        self._draft = draft
        self._last = last
        self._again = again
        self._express = express
        self._used = used
        self._edit = edit
        self._editing = False

    def lines(self) -> Iterable[Widget]:
        yield from describe(self._subject)
        yield ReasonEntry(
            self._reasons,
            entered=self.action_submit,
            draft="" if self._again else self._draft,
            last=self._last,
            again=self._again,
            express=self._express,
            require_details=self._require_details,
            known=self._subject.details,
            is_first_version=self._subject.target.version == 0,
            used=self._used,
        )
        yield Line(key_hints(WRITING), classes="roomy")

    @property
    def lines_needed(self) -> int:
        offered = min(len(self._reasons), MOST_KEYED) + 1 + bool(self._last)
        more = lines_more(self._subject, self.cells)
        roomy = self.app.size.height >= ROOMY
        return 7 + more + (offered + 2 if roomy else -(-offered // 2))

    def headline(self) -> tuple[str, str]:
        return "Reject this dataset?", hold_phrase(self._hold)

    def box_classes(self) -> str:
        return "box wide"

    def on_resize(self) -> None:
        super().on_resize()
        self.query_one(ReasonEntry).terminal_resized()

    @property
    def dataset_id(self) -> str:
        return self._subject.target.dataset.id

    @property
    def draft(self) -> str:
        """What was typed so far, now or before: what is filled in from the last time is not."""
        try:
            entry = self.query_one(ReasonEntry)
        except NoMatches:  # it is only being opened, or is closed already
            return self._draft
        return entry.draft or (self._draft if self._again else "")

    def dismiss_as_no(self) -> None:
        self.dismiss(Draft(self.draft))

    def action_submit(self) -> None:
        entry = self.query_one(ReasonEntry)
        if self._editing:
            return  # an Enter that was meant for the editor
        if entry.complaint is None:
            self.dismiss(Rejection(entry.reason, at_once=entry.at_once))
        else:
            entry.complain()

    def action_leave(self) -> None:
        self.dismiss_as_no()

    def action_edit(self) -> None:
        if not self._editing:
            self._editing = True
            self._open_editor()

    @work
    async def _open_editor(self) -> None:
        entry = self.query_one(ReasonEntry)
        entry.put(await self._edit(entry.text))
        self._editing = False
