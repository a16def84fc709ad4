"""A terminal emulator for tests: what a user would see, and what the terminal would answer.

pyte's screen with what it lacks: SU and SD, the alternate screen, faint, concealed and overlined
text, links, wide characters cut in half, erasing with the background alone, and answers to the
usual queries. Escape sequences are taken apart here, so that nothing unknown is ever drawn.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyte
from pyte import graphics, modes
from wcwidth import wcwidth

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<private>[<=>?]?)(?P<parameters>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b[PX^_](?P<string>[^\x1b\x07]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<between2>[ -/]+)(?P<designated>[0-~])"
    r"|\x1b(?P<escape>[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])"
)
_CONTROLS: Final = {
    "\b": "backspace",
    "\t": "tab",
    "\n": "linefeed",
    "\v": "linefeed",
    "\f": "linefeed",
    "\r": "carriage_return",
}
_ESCAPES: Final = {
    "D": "index",
    "E": "linefeed",
    "M": "reverse_index",
    "7": "save_cursor",
    "8": "restore_cursor",
    "c": "reset",
}
_CSI: Final = {
    "@": "insert_characters",
    "A": "cursor_up",
    "B": "cursor_down",
    "C": "cursor_forward",
    "D": "cursor_back",
    "E": "cursor_down1",
    "F": "cursor_up1",
    "G": "cursor_to_column",
    "H": "cursor_position",
    "J": "erase_in_display",
    "K": "erase_in_line",
    "L": "insert_lines",
    "M": "delete_lines",
    "P": "delete_characters",
    "S": "scroll_up",
    "T": "scroll_down",
    "X": "erase_characters",
    "`": "cursor_to_column",
    "a": "cursor_forward",
    "d": "cursor_to_line",
    "e": "cursor_down",
    "f": "cursor_position",
    "m": "select_graphic_rendition",
    "r": "set_margins",
}
_ATTRIBUTES: Final = {
    1: ("bold", True),
    2: ("dim", True),
    3: ("italics", True),
    4: ("underscore", True),
    5: ("blink", True),
    6: ("blink", True),
    7: ("reverse", True),
    8: ("conceal", True),
    9: ("strikethrough", True),
    21: ("double", True),
    22: ("bold", False),
    23: ("italics", False),
    24: ("underscore", False),
    25: ("blink", False),
    27: ("reverse", False),
    28: ("conceal", False),
    29: ("strikethrough", False),
    51: ("framed", True),
    52: ("framed", True),
    53: ("overline", True),
    54: ("framed", False),
    55: ("overline", False),
}
_WITH: Final = {22: "dim", 24: "double"}  # what else these end
_ALTERNATE: Final = {47, 1047, 1049}


class Cell(NamedTuple):
    """One cell; the names are pyte's where it has one. A wide character's right half is empty."""

    data: str = " "
    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italics: bool = False
    underscore: bool = False
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    dim: bool = False
    conceal: bool = False
    double: bool = False
    framed: bool = False
    overline: bool = False
    link: str = ""

    @property
    def looks(self) -> Cell:
        """The cell with what cannot be seen left out: on a blank most of it."""
        if self.data != " " or self.link:
            return self
        marks = (self.underscore, self.strikethrough, self.reverse, self.blink)
        if any((*marks, self.conceal, self.double, self.framed, self.overline)):
            return self
        return Cell(bg=self.bg)


class _Screen(pyte.Screen):
    """pyte's screen, as xterm would have it."""

    def __init__(self, columns: int, lines: int) -> None:
        self.private: set[int] = set()
        self._behind: dict[int, Any] | None = None
        super().__init__(columns, lines)

    @property
    def default_char(self) -> Any:
        return Cell()

    def reset(self) -> None:
        super().reset()
        self.cursor.attrs = self.default_char

    def draw(self, data: str) -> None:
        for character in data:
            width = wcwidth(character)
            if width > 0:
                self._put(character, width)
            elif width == 0:
                self._join(character)

    def _put(self, character: str, width: int) -> None:
        if self.cursor.x + width > self.columns:
            if modes.DECAWM in self.mode:
                self.carriage_return()
                self.linefeed()
            else:
                self.cursor.x = self.columns - width
        line, x = self.buffer[self.cursor.y], self.cursor.x
        self._halve(x)
        self._halve(x + width)
        line[x] = self.cursor.attrs._replace(data=character)
        if width == 2:
            line[x + 1] = self.cursor.attrs._replace(data="")
        self.cursor.x = x + width

    def _join(self, mark: str) -> None:
        line, x = self.buffer[self.cursor.y], min(self.cursor.x, self.columns) - 1
        while x > 0 and not line[x].data:
            x -= 1
        if x >= 0:
            line[x] = line[x]._replace(data=line[x].data + mark)

    def _halve(self, x: int) -> None:
        """Blank both halves of a wide character that lies across the left edge of x."""
        line = self.buffer[self.cursor.y]
        if 0 < x < self.columns and not line[x].data:
            for half in (x - 1, x):
                line[half] = line[half]._replace(data=" ")

    def _erased(self) -> Any:
        return Cell(bg=self.cursor.attrs.bg)

    def erase_characters(self, count: int | None = None) -> None:
        end = min(self.cursor.x + (count or 1), self.columns)
        self._erase(min(self.cursor.x, self.columns - 1), end)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        x = min(self.cursor.x, self.columns - 1)
        start, end = [(x, self.columns), (0, x + 1), (0, self.columns)][how]
        self._erase(start, end)

    def _erase(self, start: int, end: int) -> None:
        self._halve(start)
        self._halve(end)
        for x in range(start, end):
            self.buffer[self.cursor.y][x] = self._erased()

    def erase_in_display(self, how: int = 0, *_: Any, **__: Any) -> None:
        rows = {0: range(self.cursor.y + 1, self.lines), 1: range(self.cursor.y)}
        for y in rows.get(how, range(self.lines)):
            for x in range(self.columns):
                self.buffer[y][x] = self._erased()
        if how in rows:
            self.erase_in_line(how)

    def scroll_up(self, count: int | None = None) -> None:
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count: int | None = None) -> None:
        self._scroll(self.insert_lines, count)

    def _scroll(self, lines: Callable[[int | None], None], count: int | None) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        lines(count)
        self.cursor.x, self.cursor.y = x, y

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        super().set_margins(top, bottom)
        self.cursor_position()  # pyte does not go home when margins are taken off

    def set_mode(self, *numbers: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            self.private.update(numbers)
            if self._behind is None and _ALTERNATE.intersection(numbers):
                self.save_cursor()
                self._behind = {y: dict(line) for y, line in self.buffer.items()}
                self.buffer.clear()
        super().set_mode(*numbers, **kwargs)

    def reset_mode(self, *numbers: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            self.private.difference_update(numbers)
            if self._behind is not None and _ALTERNATE.intersection(numbers):
                self.buffer.clear()
                for y, line in self._behind.items():
                    self.buffer[y].update(line)
                self._behind = None
                self.restore_cursor()
        super().reset_mode(*numbers, **kwargs)

    def select_graphic_rendition(self, *codes: int) -> None:
        attributes: Any = self.cursor.attrs
        rest = list(reversed(codes or (0,)))
        while rest:
            code = rest.pop()
            if code == 0:
                attributes = Cell(link=attributes.link)
            elif code in _ATTRIBUTES:
                name, value = _ATTRIBUTES[code]
                attributes = attributes._replace(**{name: value})
                if code in _WITH:
                    attributes = attributes._replace(**{_WITH[code]: False})
            elif code in (38, 48):
                attributes = attributes._replace(**{"fg" if code == 38 else "bg": _colour(rest)})
            elif code in graphics.FG_ANSI or code in graphics.FG_AIXTERM:
                attributes = attributes._replace(fg=f"{code if code != 39 else 'default'}")
            elif code in graphics.BG_ANSI or code in graphics.BG_AIXTERM:
                attributes = attributes._replace(bg=f"{code - 10 if code != 49 else 'default'}")
            else:
                raise AssertionError(f"no terminal knows SGR {code}")
        self.cursor.attrs = attributes

    def link(self, url: str) -> None:
        attributes: Any = self.cursor.attrs
        self.cursor.attrs = attributes._replace(link=url)


def _colour(rest: list[int]) -> str:
    if (form := rest.pop()) == 5:
        return f"index {rest.pop()}"
    assert form == 2, f"colours are indexed or RGB, not {form}"
    return f"rgb {rest.pop()} {rest.pop()} {rest.pop()}"


class Emulator:
    """An xterm of `columns` by `lines`.

    What it answers goes to `reply`, if given, and is kept in `replies`. `unknown` lists sequences
    that had no effect here; `known_modes` are those that `ESC [ ? n $ p` finds.
    """

    def __init__(
        self, columns: int, lines: int, reply: Callable[[bytes], None] | None = None
    ) -> None:
        self._screen = _Screen(columns, lines)
        self._reply = reply
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self.replies = bytearray()
        self.unknown: list[str] = []
        self.known_modes = {7, 25, 1000, 1003, 1004, 1006, 1049, 2004, 2026}
        self.keyboard: list[int] = []
        self.title = ""
        self.pointer = "default"
        self.clipboard: list[str] = []

    @property
    def columns(self) -> int:
        return int(self._screen.columns)

    @property
    def lines(self) -> int:
        return int(self._screen.lines)

    @property
    def display(self) -> list[str]:
        """The rows' text, in full width."""
        return ["".join(cell.data for cell in row) for row in self.cells]

    @property
    def text(self) -> str:
        """The rows without the blanks at their ends, joined by newlines."""
        return "\n".join(row.rstrip() for row in self.display)

    @property
    def cells(self) -> list[list[Cell]]:
        """Rows of cells, with what cannot be seen on a blank left out."""
        screen: Any = self._screen
        return [
            [screen.buffer[y][x].looks for x in range(screen.columns)] for y in range(screen.lines)
        ]

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row, from 0."""
        return min(self._screen.cursor.x, self.columns - 1), self._screen.cursor.y

    @property
    def modes(self) -> set[int]:
        """The private modes (DECSET) that are on."""
        return set(self._screen.private)

    def resize(self, columns: int, lines: int) -> None:
        """As an xterm in its alternate screen: cut or padded at the right and the bottom."""
        screen = self._screen
        x, y = self.cursor
        for row in range(lines, self.lines):
            screen.buffer.pop(row, None)
        for line in screen.buffer.values():
            for column in range(columns, self.columns):
                line.pop(column, None)
        screen.columns, screen.lines, screen.margins = columns, lines, None
        screen.cursor.x, screen.cursor.y = min(x, columns - 1), min(y, lines - 1)

    def feed(self, data: bytes) -> None:
        text = self._rest + self._decoder.decode(data)
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                if len(text) - at > 100_000:
                    raise AssertionError(f"a sequence without end: {text[at : at + 40]!r}")
                break
            at = token.end()
            self._take(token)
        self._rest = text[at:]

    def _take(self, token: re.Match[str]) -> None:
        screen = self._screen
        if token["text"] is not None:
            screen.draw(token["text"])
        elif token["final"] is not None:
            self._control_sequence(token)
        elif token["osc"] is not None:
            self._system_command(token["osc"])
        elif token["control"] is not None:
            if token["control"] in _CONTROLS:
                getattr(screen, _CONTROLS[token["control"]])()
        elif token["escape"] in _ESCAPES:
            getattr(screen, _ESCAPES[token["escape"]])()
        else:
            self.unknown.append(token[0])

    def _control_sequence(self, token: re.Match[str]) -> None:
        final, private = token["final"], token["private"]
        numbers = [int(number or 0) for number in re.split("[;:]", token["parameters"])]
        if token["between"]:
            if (token["between"], final, private) == ("$", "p", "?"):
                self._answer(f"\x1b[?{numbers[0]};{self._mode(numbers[0])}$y")
            else:
                self.unknown.append(token[0])
        elif final in "hl":
            change = self._screen.set_mode if final == "h" else self._screen.reset_mode
            change(*numbers, private=private == "?")
        elif final in "cn" or (final == "q" and private == ">"):
            self._report(final, private, numbers[0])
        elif final == "u" and private:
            self._keyboard(private, numbers[0])
        elif not private and final in _CSI:
            given = numbers if token["parameters"] else []
            getattr(self._screen, _CSI[final])(*given)
        else:
            self.unknown.append(token[0])

    def _mode(self, number: int) -> int:
        if number not in self.known_modes:
            return 0
        return 1 if number in self._screen.private else 2

    def _report(self, final: str, private: str, number: int) -> None:
        x, y = self.cursor
        answers = {
            ("n", "", 5): "\x1b[0n",
            ("n", "", 6): f"\x1b[{y + 1};{x + 1}R",
            ("n", "?", 6): f"\x1b[?{y + 1};{x + 1}R",
            ("c", "", 0): "\x1b[?62;22c",
            ("c", ">", 0): "\x1b[>41;354;0c",
            ("q", ">", 0): "\x1bP>|XTerm(354)\x1b\\",
        }
        self._answer(answers.get((final, private, number), ""))

    def _keyboard(self, private: str, number: int) -> None:
        if private == ">":
            self.keyboard.append(number)
        elif private == "<":
            del self.keyboard[-max(number, 1) :]
        elif private == "?":
            self._answer(f"\x1b[?{self.keyboard[-1] if self.keyboard else 0}u")

    def _system_command(self, command: str) -> None:
        number, _, value = command.partition(";")
        if number == "8":
            self._screen.link(value.partition(";")[2])
        elif number in ("0", "2"):
            self.title = value
        elif number == "52":
            self.clipboard.append(value.partition(";")[2])
        elif number == "22":
            self.pointer = value
        elif (number, value) == ("11", "?"):
            pass  # as those that do not tell their background
        else:
            self.unknown.append(f"OSC {command}")

    def _answer(self, text: str) -> None:
        if text:
            self.replies += text.encode()
            if self._reply is not None:
                self._reply(text.encode())
