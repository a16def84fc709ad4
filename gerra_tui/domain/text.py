"""Foreign text where it becomes something to show, and where it leaves for a machine.

Nothing that comes from the service may move the cursor, set a title, reorder what stands beside it
or hide. What cannot be shown as itself is shown by its name, as `less` does: `^[` for a control
character, `<U+202E>` for others. The raw text stays what it was, for copying and export.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

ELLIPSIS: Final = "…"
LINE_LIMIT: Final = 500  # characters; several screens wide
BLOCK_LIMIT: Final = 20_000  # characters; a description of some ten screens

# More than the marks of one letter in pointed Hebrew, where stacks of four do occur.
_MOST_MARKS: Final = 4
_NO_BASE: Final = "\u25cc"  # the dotted circle that stands for a missing base letter

# Letters and marks that paint nothing, from Unicode's DerivedCoreProperties.txt.
_UNSEEN: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\uffa0"
)
_BRAILLE_BLANK: Final = "\u2800"
_JOINERS: Final = "\u200c\u200d"
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

# Cc, Cf, Cs and the two separators that end a line, of which JSON itself escapes only C0.
_NOT_FOR_MACHINES: Final = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]+"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f]+")  # all of C0 but tab and newline


def ended(words: str) -> str:
    """Foreign words as the end of a sentence of ours: with one mark there, theirs if they ask."""
    words = words.rstrip().rstrip(".:;, ")
    return words if words.endswith(("?", "!", ELLIPSIS)) else f"{words}."


def clean(text: str, limit: int = LINE_LIMIT) -> str:
    """One line that can be painted, of at most `limit` characters (cells are another matter).

    White space of every kind becomes spaces. Emoji stay, without the joiners and selectors whose
    width terminals disagree about; combining marks stay, up to four on a letter. Cleaning what is
    clean changes nothing.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    return _cut(_LINE_ENDS.sub(" ", text[: _reach(limit)]), len(text), limit)


def clean_block(text: str, limit: int = BLOCK_LIMIT) -> str:
    """The same with its line ends, all as `\\n`, and with tabs as four spaces."""
    lines = _LINE_ENDS.split(text[: _reach(limit)].replace("\t", "    "))
    return _cut("\n".join(lines), len(text), limit)


def is_blank(text: str) -> bool:
    """Claims that a reader sees nothing: white space, controls and invisible characters only."""
    return all(map(_is_unseen, text))


def compact_json(value: Any) -> str:
    """One line of JSON in UTF-8's reach; control, bidi and other format characters as `\\uXXXX`.

    Lone surrogates are escaped too. Numbers that JSON does not have (NaN, infinity) become null.
    """
    try:
        text = _dump(value)
    except ValueError:
        text = _dump(_finite(value))
    return _NOT_FOR_MACHINES.sub(_json_escape, text)


def escaped(text: str) -> str:
    """A text whose control, bidi and other format characters, tab and newline aside, are
    `\\uXXXX`."""
    if text.isprintable():
        return text
    return _NOT_FOR_MACHINES.sub(_json_escape, _CONTROL.sub(_json_escape, text))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _reach(limit: int) -> int:
    """How much of a long text to look at: what is dropped makes room for what follows."""
    return 4 * limit


def _cut(text: str, length: int, limit: int) -> str:
    """`text` painted and cut; `length` is that of the whole text it may be the beginning of."""
    shown = "".join(_painted(text))
    if len(shown) <= limit and length <= _reach(limit):
        return shown
    return shown[: max(limit - 1, 0)] + ELLIPSIS[:limit]


def _painted(text: str) -> list[str]:
    parts: list[str] = []
    marks = 0
    for char in text:
        shown, is_mark = _appearance(char)
        if char in _JOINERS and parts and parts[-1] > "\x7f":
            continue  # between ASCII characters there is nothing to join, and it is named
        if not shown or (is_mark and marks == _MOST_MARKS):
            continue
        if is_mark and (not parts or parts[-1] == "\n"):
            parts.append(_NO_BASE)
        marks = marks + 1 if is_mark else 0
        parts.append(shown)
    return parts


@lru_cache(maxsize=4096)
def _appearance(char: str) -> tuple[str, bool]:
    """What to paint for a character, and whether it goes on top of the one before."""
    if char in ("\n", " "):
        return char, False
    if char.isspace():
        return " ", False
    if "\ufe00" <= char <= "\ufe0f":
        return "", False
    category = unicodedata.category(char)
    if category == "Cc" and char <= "\x7f":
        return f"^{chr(ord(char) ^ 0x40)}", False
    if category[0] == "C" or _is_ignorable(char):
        return f"<U+{ord(char):04X}>", False
    return char, category in ("Mn", "Me") or _is_joining_jamo(char)


def _is_unseen(char: str) -> bool:
    # Unassigned is not unseen: it may be an emoji younger than Python's tables.
    return (
        char.isspace()
        or char == _BRAILLE_BLANK
        or unicodedata.category(char) in ("Cc", "Cf", "Cs")
        or _is_ignorable(char)
    )


def _is_ignorable(char: str) -> bool:
    """Claims Default_Ignorable_Code_Point, where the category Cf does not already tell."""
    return (
        char in _UNSEEN
        or "\ufe00" <= char <= "\ufe0f"  # variation selectors
        or "\ufff0" <= char <= "\ufff8"
        or "\U000e0000" <= char <= "\U000e0fff"
    )


def _is_joining_jamo(char: str) -> bool:
    """Korean vowels and finals that are painted into the syllable before them."""
    return "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb"
