"""Where a reason is written: templates to pick while it is empty, their details, free text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical

from gerra_tui.domain.reasons import MOST_KEYED, problem_with
from gerra_tui.domain.text import clean
from gerra_tui.ui.dialogs.description import CELLS, fit
from gerra_tui.ui.dialogs.reason_text import ReasonText
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from textual.app import ComposeResult

    from gerra_tui.domain.reasons import Template

DIGITS = frozenset("123456789")
TEXT_AND_BELOW = 7  # lines: a dialog with these fits into 15
ROOMY = 24  # lines of the terminal: below, the templates stand in two columns


class ReasonEntry(Vertical):
    """One reason. While it is empty, `1` to `9` fill in a template by its place in `templates`
    and `0` starts free text; after that digits are text. Tab goes to a template's next detail;
    details that are left out drop out with their connecting words, or are asked for
    (`require_details`). With more than nine templates the down arrow shows the next ones.
    One that needs an earlier version keeps its digit in a first version, but is not offered.

    `known` tells details beforehand, by slot. `note` stands beside the label until there is
    something to complain about. `at_first` is asked about other keys while nothing is begun:
    true takes them. `entered` is called on Enter: see `complaint` and `reason` then.
    """

    DEFAULT_CSS = """
    ReasonEntry { height: auto; }
    """

    def __init__(
        self,
        templates: Iterable[Template],
        *,
        entered: Callable[[], None],
        draft: str = "",
        require_details: bool = False,
        known: Mapping[str, str] | None = None,
        is_first_version: bool = False,
        note: str = "",
        at_first: Callable[[str], bool] | None = None,
    ) -> None:
        super().__init__()
        self._label = f"Reason:   {note}".rstrip()
        self._templates = tuple(templates)
        self._draft = draft
        self._require_details = require_details
        self._known = known or {}
        self._is_first_version = is_first_version
        self._template: Template | None = None
        self._at_first = at_first
        self._entered = entered
        self._free = False
        self._listed = False
        self._page = 0

    def compose(self) -> ComposeResult:
        yield Line(self._label, id="reason-label")
        yield ReasonText(self._draft, at_first=self._first_key, entered=self._entered)
        yield Line(id="below")

    def on_mount(self) -> None:
        self._show_below()

    @property
    def text(self) -> str:
        """What stands in the field, slots included."""
        return self.query_one(ReasonText).text

    def put(self, text: str) -> None:
        """Replace what stands in the field."""
        self.query_one(ReasonText).put(text)

    @property
    def reason(self) -> str:
        """What would be sent: without unfilled slots, and without white space around it."""
        text = self.text if self._template is None else self._template.finish(self.text)
        return text.strip()

    @property
    def complaint(self) -> str | None:
        """Why this cannot be sent; null if it can."""
        if problem := problem_with(self.reason):
            return "pick one by its digit, or type one" if self._offered else problem
        if self._require_details and (missing := self._unfilled()):
            return f"still to fill in: {fit(clean(missing[0]), 30)}"
        return None

    def complain(self) -> None:
        """Say what is missing, and go there."""
        self.query_one("#reason-label", Line).say(f"Reason:   {self.complaint}")
        field = self.query_one(ReasonText)
        self.screen.set_focus(field)
        if self._require_details:
            field.step(from_offset=0)

    def terminal_resized(self) -> None:
        """The templates take the room that the terminal has now, whether or not this one did."""
        self._show_below()

    @property
    def _offered(self) -> bool:
        """Claims that digits pick templates now."""
        return bool(self._templates) and not self._free and not self.text

    def _unfilled(self) -> list[str]:
        slots = self._template.slots if self._template else ()
        return [name for name in slots if f"{{{name}}}" in self.text]

    def _first_key(self, key: str) -> bool:
        if self._free:
            return False
        pages = -(-len(self._templates) // MOST_KEYED)
        if key == "0":
            self._free = True
        elif key in DIGITS and self._templates:
            self._pick(int(key))
        elif key in ("up", "down") and pages > 1:
            self._page = (self._page + (1 if key == "down" else -1)) % pages
        else:
            return self._at_first is not None and self._at_first(key)
        self._show_below()
        return True

    def _pick(self, digit: int) -> None:
        place = self._page * MOST_KEYED + digit - 1
        if place < len(self._templates) and self._applies(self._templates[place]):
            self._fill_in(self._templates[place])

    def _fill_in(self, template: Template) -> None:
        self._template = template
        text = template.text
        for name, detail in self._known.items():
            text = text.replace(f"{{{name}}}", clean(detail))
        self.query_one(ReasonText).fill_in(text, template.slots)

    @on(ReasonText.Changed)
    def _changed(self, event: ReasonText.Changed) -> None:
        event.stop()
        self.query_one("#reason-label", Line).say(self._label)
        self._show_below()

    def _show_below(self) -> None:
        """The templates while they can be picked, what is sent while slots are unfilled."""
        if self._offered:
            told = self._listing()
            self._listed = True
        elif self._unfilled() and not self._require_details:
            told = f"Sends: {self.reason}"
        else:
            told = ""
        below = self.query_one("#below", Line)
        below.styles.max_height = None if self._offered else self._left_below()
        below.say(told)
        if self._listed:
            # The box keeps its place when the templates go: on the wire that is half of it.
            self.styles.min_height = 3 + self._listing().count("\n")

    def _left_below(self) -> int:
        """Lines for what is sent, so that a long reason leaves room for the dialog's keys."""
        return max(1, TEXT_AND_BELOW - self.query_one(ReasonText).wrapped_document.height)

    def _applies(self, template: Template) -> bool:
        return not (template.needs_earlier_version and self._is_first_version)

    def _head(self, template: Template) -> str:
        return clean(template.fill({})) if self._applies(template) else "(first version)"

    def _listing(self) -> str:
        first = self._page * MOST_KEYED
        page = self._templates[first : first + MOST_KEYED]
        items = [f"{key} {self._head(template)}" for key, template in enumerate(page, 1)]
        others = len(self._templates) - len(page)
        items.append(f"0 free text, Down {others} more" if others else "0 free text")
        if self.app.size.height >= ROOMY:
            return "\n".join(fit(item, CELLS) for item in items)
        half = -(-len(items) // 2)
        column = CELLS // 2
        left = [fit(item, column - 2).ljust(column) for item in items[:half]]
        right = [fit(item, column - 1) for item in items[half:]] + [""]
        return "\n".join(a + b for a, b in zip(left, right, strict=False))
