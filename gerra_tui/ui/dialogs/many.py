"""One verdict for all marked datasets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal

from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.text import clean
from gerra_tui.ui.dialogs.description import fit, hold_phrase
from gerra_tui.ui.dialogs.dialog import CELLS, DecidingDialog, key_hints
from gerra_tui.ui.dialogs.reason_entry import ReasonEntry
from gerra_tui.ui.widgets.field import NumberField
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.domain.reasons import Template
    from gerra_tui.service.decisions.decisions import Target

FEW = 10  # above, the number is typed
NAMED = {Verdict.ACCEPT: 5, Verdict.REJECT: 2}  # datasets, so that 24 lines are enough
NAMED_SHORT = 2  # where there are fewer; a rejection has no room for them there
TALL = 24
TYPES = 3


@dataclass(frozen=True, slots=True)
class ManyDecision:
    """The verdict is given for these, for `reason` if they are rejected."""

    targets: tuple[Target, ...]
    reason: str | None = None


class ManyDialog(DecidingDialog[ManyDecision | None]):
    """Asks once for all of `shown`; `h` includes those `hidden` by the filter as well.
    `decided` are marked, too, and left out: no second verdict is given on them.

    Up to ten: `y` accepts; a reason and Enter reject. Over ten: the number is typed, then Enter.
    `h` is a key as long as no reason is begun; `0` begins one whatever its first letter.
    `last` is the reason of the last rejection, `again` whether it is filled in.
    """

    AUTO_FOCUS = "ReasonText, NumberField"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "accept", "accept", show=False),
        Binding("n", "no", "no", show=False),
        Binding("h", "include", "include the hidden", show=False),
        Binding("escape", "no", "no", show=False),
    ]

    def __init__(
        self,
        verdict: Verdict,
        shown: Sequence[Target],
        hidden: Sequence[Target] = (),
        *,
        decided: int = 0,
        hold: float | Literal["manual"],
        reasons: Iterable[Template] = (),
        draft: str = "",
        last: str = "",
        again: bool = False,
        used: Callable[[Template], int] = lambda _: 0,
        require_details: bool = False,
    ) -> None:
        super().__init__()
        self._verdict = verdict
        self._shown = tuple(shown)
        self._hidden = tuple(hidden)
        self._decided = decided
        self._included = False
        self._hold = hold
        self._reasons = tuple(reasons)
        self._last = last
        self._again = again
        self._used = used
        self._require_details = require_details
        self.draft = draft  # what was typed, to be offered again, once this closed as No

    def lines(self) -> Iterable[Widget]:
        yield Line(id="title", classes="title")
        if self._hidden:
            yield Line(id="hidden", classes="warning")
        if self._decided:
            yield Line(f"{self._decided:,} already decided, left out", classes="warning")
        yield Line(id="split")
        yield Line(id="names", classes="roomy" if self._verdict is Verdict.REJECT else None)
        if self._verdict is Verdict.REJECT:
            yield ReasonEntry(
                self._reasons,
                entered=self._reason_entered,
                draft="" if self._again else self.draft,
                last=self._last,
                again=self._again,
                used=self._used,
                require_details=self._require_details,
                note=hold_phrase(self._hold),
                at_first=self._first_key,
            )
        else:
            yield Line(f"{hold_phrase(self._hold)}.".capitalize())
        with Horizontal(id="count", classes="entry"):
            yield Line(id="asked")
            yield NumberField()

    def box_classes(self) -> str:
        return "box wide"

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()
        for entry in self.query(ReasonEntry):
            entry.terminal_resized()

    def dismiss_as_no(self) -> None:
        if self._verdict is Verdict.REJECT:
            typed = self.query_one(ReasonEntry).draft
            self.draft = typed or (self.draft if self._again else "")
        self.dismiss(None)

    def action_no(self) -> None:
        self.dismiss_as_no()

    def action_accept(self) -> None:
        if self._verdict is Verdict.ACCEPT and self._targets and not self._is_many:
            self.dismiss(ManyDecision(self._targets))

    def action_include(self) -> None:
        if self._hidden:
            self._included = not self._included
            self._show()

    def _reason_entered(self) -> None:
        entry = self.query_one(ReasonEntry)
        if entry.complaint is not None:
            entry.complain()
        elif self._is_many:
            self.set_focus(self.query_one(NumberField))
        elif self._targets:
            self.dismiss(ManyDecision(self._targets, entry.reason))

    @on(NumberField.Submitted)
    def _number_entered(self, event: NumberField.Submitted) -> None:
        if event.value != str(len(self._targets)):
            return
        if self._verdict is Verdict.ACCEPT:
            self.dismiss(ManyDecision(self._targets))
        elif (entry := self.query_one(ReasonEntry)).complaint is None:
            self.dismiss(ManyDecision(self._targets, entry.reason))
        else:
            entry.complain()

    @property
    def _targets(self) -> tuple[Target, ...]:
        return self._shown + self._hidden if self._included else self._shown

    @property
    def _is_many(self) -> bool:
        return len(self._targets) > FEW

    def _first_key(self, character: str) -> bool:
        if character != "h" or not self._hidden:
            return False
        self.action_include()
        return True

    def _show(self) -> None:
        """Write what depends on whether the hidden ones are included."""
        number = len(self._targets)
        datasets = "dataset" if number == 1 else "datasets"
        self._write("#title", f"{self._verdict.capitalize()} {number:,} {datasets}?")
        if self._hidden:
            fate = "included" if self._included else "left out"
            other = "leaves them out" if self._included else "includes them"
            told = f"{len(self._hidden):,} hidden by the filter, {fate} (h {other})"
            self._write("#hidden", told)
        self._write("#split", _split(self._targets))
        named = NAMED[self._verdict] if self.app.size.height >= TALL else NAMED_SHORT
        self._write("#names", _names(self._targets, named))
        self._write("#asked", f"Type {number}, then Enter: ")
        self._write("#keys", key_hints(self._hints()))
        count = self.query_one("#count")
        count.display = self._is_many
        if self._is_many and self._verdict is Verdict.ACCEPT:
            self.query_one(NumberField).focus()

    def _write(self, selector: str, text: str) -> None:
        self.query_one(selector, Line).say(text)

    def _hints(self) -> Iterable[Binding]:
        no = Binding("escape", "", "no", key_display="Esc")
        if self._verdict is Verdict.REJECT:
            return Binding("enter", "", "reject", key_display="Enter"), no
        if self._is_many:
            return (no,)
        return Binding("y", "", "accept"), Binding("n", "", "no")


def _split(targets: Sequence[Target]) -> str:
    """`30 episode, 7 telemetry`, the most frequent types first."""
    counts = Counter(target.dataset.data_type for target in targets).most_common()
    parts = [f"{count:,} {fit(clean(name), 24)}" for name, count in counts[:TYPES]]
    if len(counts) == TYPES + 1:
        parts.append(f"{counts[-1][1]:,} {fit(clean(counts[-1][0]), 24)}")
    elif others := counts[TYPES:]:
        parts.append(f"{sum(count for _, count in others):,} of {len(others)} other types")
    return ", ".join(parts)


def _names(targets: Sequence[Target], number: int) -> str:
    if len(targets) == 1:
        only = targets[0].dataset
        return f"id {fit(clean(only.id), CELLS - 3)}\n{fit(clean(only.name), CELLS)}"
    first = [target.dataset for target in targets[:number]]
    told = [fit(f"  {clean(one.id, 9)[:8]} {clean(one.name)}", CELLS) for one in first]
    if len(targets) > number:
        told.append(f"  and {len(targets) - number:,} more")
    return "\n".join(told)
