"""How texts are written in a query: bare where that is plain, else in quotes with escapes.

Inside quotes a backslash starts one of `\\"`, `\\\\`, `\\n`, `\\r`, `\\t` or `\\u{HEX}` (one to six
hexadecimal digits, any code point). Bare text has no escapes.
"""

from __future__ import annotations

import re
from typing import Final

OPERATOR_SIGNS: Final = ":=~<>"
_ESCAPES: Final = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPED: Final = {char: f"\\{name}" for name, char in _ESCAPES.items()}
_CODE_POINT: Final = re.compile(r"u\{([0-9a-fA-F]{1,6})\}")


class UnclosedQuote(ValueError):
    """The text ended inside of quotes."""


class UnknownEscape(ValueError):
    """A backslash with something behind it that means nothing, at `start`..`end`."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end)
        self.start = start
        self.end = end


def quoted(text: str) -> str:
    """In quotes; what cannot be seen is written as an escape."""
    return '"' + "".join(map(_quoted_character, text)) + '"'


def as_value(text: str) -> str:
    """As the value of a field: `episode`, `"red mug"`."""
    # A leading `=` would make `<=` of a `<` before it.
    return text if _is_plain(text) and not text.startswith("=") else quoted(text)


def as_word(text: str) -> str:
    """As a word of its own: quoted too where it would read as a field or a negation."""
    plain = _is_plain(text) and not text.startswith("-") and not set(OPERATOR_SIGNS) & set(text)
    return text if plain else quoted(text)


def as_path(text: str) -> str:
    """As a metadata path behind `meta.`."""
    return text if _is_plain(text) and not set(OPERATOR_SIGNS) & set(text) else quoted(text)


def read_quoted(text: str, start: int) -> tuple[str, int]:
    """The text of the quotes that open at `start`, and the position behind the closing one.

    Raises `UnclosedQuote`, `UnknownEscape`.
    """
    parts: list[str] = []
    position = start + 1
    while position < len(text):
        char = text[position]
        if char == '"':
            return "".join(parts), position + 1
        if char == "\\":
            part, position = _read_escape(text, position)
            parts.append(part)
        else:
            parts.append(char)
            position += 1
    raise UnclosedQuote


def _read_escape(text: str, start: int) -> tuple[str, int]:
    name = text[start + 1 : start + 2]
    if name in _ESCAPES:
        return _ESCAPES[name], start + 2
    if not name:
        raise UnclosedQuote
    if (match := _CODE_POINT.match(text, start + 1)) and int(match[1], 16) <= 0x10FFFF:
        return chr(int(match[1], 16)), match.end()
    raise UnknownEscape(start, start + 2)


def _quoted_character(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    return char if char.isprintable() else f"\\u{{{ord(char):x}}}"


def _is_plain(text: str) -> bool:
    return bool(text) and text.isprintable() and not set(' ,"') & set(text)
