"""The text of a reason: several lines to type in, with slots to step through by Tab."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from gerra_tui.ui.widgets.field import act_in_turn, is_over

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


# What arrives for Alt-Enter: `alt+enter` with the kitty protocol, or where the terminal layer
# translates ESC CR, which Textual's parser cannot tell from Enter. Shift-Enter where a terminal
# reports it; `ctrl+j` for ESC LF, for those that map Shift-Enter to a line feed, and for ESC CR
# with Textual's own driver.
NEWLINE_KEYS = frozenset({"alt+enter", "shift+enter", "ctrl+enter", "ctrl+j"})


def typable(text: str) -> str:
    """Text from elsewhere as if it had been typed: no controls, overrides and lone surrogates,
    which a field would hand to the terminal as they are. Joiners stay: words need them."""
    lines = "\n".join(text.expandtabs(4).splitlines())
    return "".join(
        character
        for character in lines
        if character in "\n\u200c\u200d"
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )


class ReasonText(TextArea):
    """Free text, or a template's text whose slots stand in it as `{name}`.

    `at_first` is called with a character, `up` or `down` typed while there is no text; false lets
    it be. `entered` is called on Enter, `put_away` when what was filled in is left by Backspace
    before a word of it was changed. They are calls and no messages, and keys that come after the
    focus has gone on follow it: a slow link delivers keys in one go, and each must find what the
    one before did.
    """

    DEFAULT_CSS = """
    ReasonText, ReasonText:focus {
        height: auto;
        max-height: 6;
        padding: 0;
        background: $boost;
        background-tint: $foreground 0%;
        scrollbar-size: 0 0;
    }
    """

    def __init__(
        self,
        text: str,
        *,
        at_first: Callable[[str], bool],
        entered: Callable[[], None],
        put_away: Callable[[], None],
    ) -> None:
        super().__init__(
            typable(text), tab_behavior="focus", compact=True, highlight_cursor_line=False
        )
        self._at_first = at_first
        self._entered = entered
        self._put_away = put_away
        self._filled_in = ""
        self._markers: tuple[str, ...] = ()
        self.cursor_blink = False

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)

    def put(self, text: str) -> None:
        """Replace all of the text; the cursor goes to its end."""
        self.load_text(typable(text))
        self.move_cursor(self.document.end)

    def fill_in(self, text: str, slots: Sequence[str]) -> None:
        """Put a template's text and go to its first slot."""
        self._markers = tuple(f"{{{name}}}" for name in slots)
        self.put(text)
        self._filled_in = self.text
        self.step(from_offset=0)

    @property
    def is_untouched(self) -> bool:
        """Whether it is what was filled in, and nothing of it was typed."""
        return bool(self._filled_in) and self.text == self._filled_in

    def step(self, *, from_offset: int | None = None, backwards: bool = False) -> bool:
        """Select the next unfilled slot, around the end; false if there is none."""
        found = sorted(
            (offset, marker) for marker in self._markers if (offset := self.text.find(marker)) >= 0
        )
        if not found:
            return False
        if backwards:
            here = self._offset(min(self.selection))
            offset, marker = max((slot for slot in found if slot[0] < here), default=found[-1])
        else:
            here = self._offset(max(self.selection)) if from_offset is None else from_offset
            offset, marker = min((slot for slot in found if slot[0] >= here), default=found[0])
        self.selection = Selection(self._location(offset), self._location(offset + len(marker)))
        return True

    def _offset(self, location: tuple[int, int]) -> int:
        row, column = location
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    def _location(self, offset: int) -> tuple[int, int]:
        before = self.text[:offset]
        return before.count("\n"), offset - (before.rfind("\n") + 1)

    async def _on_key(self, event: events.Key) -> None:
        if self._takes(event):
            event.stop()
            event.prevent_default()
        elif not event.is_printable:
            await act_in_turn(self, event)

    def _takes(self, event: events.Key) -> bool:
        if is_over(self):
            return True
        focused = self.screen.focused
        if focused is not None and focused is not self:
            focused.post_message(events.Key(event.key, event.character))
        elif event.key == "enter":
            self._entered()
        elif event.key in NEWLINE_KEYS:
            self.replace("\n", *self.selection)
        elif event.key in ("tab", "shift+tab"):
            return self.step(backwards=event.key == "shift+tab")
        elif event.key == "backspace" and self.is_untouched:
            self.put("")
            self._filled_in = ""
            self._put_away()
        elif not self.text and (event.is_printable or event.key in ("up", "down")):
            return self._at_first(event.character or event.key)
        else:
            return False
        return True

    async def _on_paste(self, event: events.Paste) -> None:
        """Pasted text is text, whatever it holds."""
        event.stop()
        event.prevent_default()
        self.replace(typable(event.text), *self.selection)
