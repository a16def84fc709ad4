"""Where a reason is written: templates to pick while it is empty, their details, free text."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import on
from textual.containers import Horizontal, Vertical

from gerra_tui.domain.reasons import MOST_KEYED, problem_with
from gerra_tui.domain.text import clean
from gerra_tui.ui.dialogs.description import fit
from gerra_tui.ui.dialogs.dialog import CELLS, ROOMY, Dialog
from gerra_tui.ui.dialogs.reason_text import ReasonText
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from textual.app import ComposeResult

    from gerra_tui.domain.reasons import Template

DIGITS = frozenset("123456789")
_NO_SLOTS = str.maketrans("{}", "()")  # foreign braces are none of the template's
TEXT_AND_BELOW = 7  # lines: the text, and what is sent of it
AROUND = 8  # lines of a dialog above and below these, two warnings included


class ReasonEntry(Vertical):
    """One reason. While it is empty, `1` to `9` fill in a template by its place in `templates`,
    `.` the `last` reason, and `0` starts free text; after that digits are text. Backspace goes back
    from what was filled in and not changed. Tab goes to a template's next detail; details that are
    left out drop out with their connecting words, or are asked for where the template or
    `require_details` wants them. With more than nine templates the down arrow shows the next ones.
    One that needs an earlier version keeps its digit in a first version, but is not offered.

    `again` claims that the last reason is filled in already, `express` that a digit alone enters
    the reason where nothing is asked for. `known` tells details beforehand, by slot. `note` stands
    beside the label until there is something to complain about. `at_first` is asked about other
    keys while nothing is begun: true takes them. `entered` is called on Enter: see `complaint` and
    `reason` then.
    """

    DEFAULT_CSS = """
    ReasonEntry, ReasonEntry > Vertical, ReasonEntry > .beside { height: auto; }
    ReasonEntry > .beside > Line { padding-right: 1; }
    ReasonEntry > .beside > ReasonText { width: 1fr; }
    """

    def __init__(
        self,
        templates: Iterable[Template],
        *,
        entered: Callable[[], None],
        draft: str = "",
        last: str = "",
        again: bool = False,
        express: bool = False,
        require_details: bool = False,
        known: Mapping[str, str] | None = None,
        is_first_version: bool = False,
        note: str = "",
        used: Callable[[Template], int] = lambda _: 0,
        at_first: Callable[[str], bool] | None = None,
    ) -> None:
        super().__init__()
        self._note = note
        self._label = f"Reason:   {note}".rstrip()
        self._used = used
        self._templates = tuple(templates)
        self._draft = draft
        self._last = last
        self._again = again
        self._express = express
        self.at_once = False  # entered by its digit, before anybody saw it
        self._require_details = require_details
        self._known = known or {}
        self._is_first_version = is_first_version
        self._template: Template | None = None
        self._at_first = at_first
        self._entered = entered
        self._free = False
        self._page = 0

    def compose(self) -> ComposeResult:
        with Vertical() if self._note else Horizontal(classes="beside"):
            yield Line(self._label, id="reason-label")
            yield ReasonText(
                self._draft,
                at_first=self._first_key,
                entered=self._entered,
                put_away=self._start_over,
            )
        yield Line(id="complaint", classes="warning")
        yield Line(id="below")

    def on_mount(self) -> None:
        if self._again:
            self.query_one(ReasonText).fill_in(self._last, ())
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
    def draft(self) -> str:
        """What was typed: nothing of it is lost, and what was only filled in is none of it."""
        return "" if self.query_one(ReasonText).is_untouched else self.reason

    @property
    def complaint(self) -> str | None:
        """Why this cannot be sent; null if it can."""
        if problem := problem_with(self.reason):
            return "pick one by its digit, or type one" if self._offered else problem
        if missing := self._required():
            return f"still to fill in: {fit(clean(missing[0]), 30)}"
        return None

    def complain(self) -> None:
        """Say what is missing, and go there."""
        self.query_one("#complaint", Line).say(self.complaint or "")
        field = self.query_one(ReasonText)
        self.screen.set_focus(field)
        if self._required():
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

    def _required(self) -> list[str]:
        """Of those, what the reason cannot do without."""
        required = self._template.required if self._template else ()
        return [name for name in self._unfilled() if self._require_details or name in required]

    def _start_over(self) -> None:
        """Back to the reasons."""
        self._template = None
        self._show_below()

    def _first_key(self, key: str) -> bool:
        if self._free:
            return False
        pages = -(-len(self._templates) // MOST_KEYED)
        if key == "0":
            self._free = True
        elif key in DIGITS and self._templates:
            self._pick(int(key))
        elif key == "." and self._last:
            self.query_one(ReasonText).fill_in(self._last, ())
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
        text = self._with_known(template)
        self.query_one(ReasonText).fill_in(text, template.slots)
        if self._express and self.complaint is None:
            self.at_once = True
            self._entered()

    def _with_known(self, template: Template) -> str:
        text = template.text
        for name, detail in self._known.items():
            text = text.replace(f"{{{name}}}", clean(detail).translate(_NO_SLOTS))
        return text

    @on(ReasonText.Changed)
    def _changed(self, event: ReasonText.Changed) -> None:
        event.stop()
        self.query_one("#complaint", Line).say("")
        self._show_below()

    def _show_below(self) -> None:
        """The templates while they can be picked, what is sent while slots are unfilled."""
        if self._offered:
            told = self._listing()
        elif self._unfilled() and not self._required():
            told = f"Sends: {self.reason}"
        else:
            told = ""
        below = self.query_one("#below", Line)
        below.styles.max_height = None if self._offered else self._left_below()
        below.say(told)

    def _left_below(self) -> int:
        """Lines for what is sent, so that a long reason leaves room for the dialog's keys."""
        rows = self.screen.rows if isinstance(self.screen, Dialog) else self.app.size.height
        room = max(3, min(TEXT_AND_BELOW, rows - AROUND))
        field = self.query_one(ReasonText)
        field.styles.max_height = room - 1
        return max(1, room - min(field.wrapped_document.height, room - 1))

    def _applies(self, template: Template) -> bool:
        return not (template.needs_earlier_version and self._is_first_version)

    def _head(self, template: Template) -> str:
        return self._with_known(template) if self._applies(template) else "(first version)"

    def _listing(self) -> str:
        first = self._page * MOST_KEYED
        page = self._templates[first : first + MOST_KEYED]
        cells = self.screen.cells if isinstance(self.screen, Dialog) else CELLS
        items = [f"{key} {self._head(template)}" for key, template in enumerate(page, 1)]
        counts = [self._used(template) for template in page] + [0]
        others = len(self._templates) - len(page)
        if self._last:
            items.append(f". as last time: {clean(self._last)}")
            counts.insert(-1, 0)
        items.append(f"0 free text, Down {others} more" if others else "0 free text")
        if self.app.size.height >= ROOMY:
            return "\n".join(map(_used_today, items, counts, repeat(cells)))
        half = -(-len(items) // 2)
        column = cells // 2
        left = [fit(item, column - 2).ljust(column) for item in items[:half]]
        right = [fit(item, column - 1) for item in items[half:]] + [""]
        return "\n".join(a + b for a, b in zip(left, right, strict=False))


def _used_today(item: str, count: int, cells: int) -> str:
    """The item, and at the end of the line how often it was sent today."""
    if not count:
        return fit(item, cells)
    told = f"{count} today"
    room = cells - len(told) - 2
    cut = fit(item, room)
    return f"{cut}{' ' * (room - cell_len(cut))}  {told}"
