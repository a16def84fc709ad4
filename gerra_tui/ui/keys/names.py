"""The names of keys: as people write them, as the registry has them, as they are shown.

The registry's own names are a character as itself and Textual's names for all others.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import Final

# Each key with a name: how it is shown, and what else it is called, without blanks, `-` and `_`.
NAMED: Final = {
    "space": ("Space", "spc spacebar"),
    "enter": ("Enter", "return ret cr"),
    "escape": ("Esc", "esc"),
    "tab": ("Tab", ""),
    "backspace": ("Backspace", "bs bspace"),
    "delete": ("Del", "del dc"),
    "insert": ("Ins", "ins ic"),
    "up": ("Up", "uparrow arrowup \u2191"),
    "down": ("Down", "downarrow arrowdown \u2193"),
    "left": ("Left", "leftarrow arrowleft \u2190"),
    "right": ("Right", "rightarrow arrowright \u2192"),
    "home": ("Home", ""),
    "end": ("End", ""),
    "pageup": ("PgUp", "pgup prior ppage"),
    "pagedown": ("PgDn", "pgdn pgdown next npage"),
    **{f"f{number}": (f"F{number}", "") for number in range(1, 25)},
}
# Signs that a name may stand for beside their names in Unicode.
SIGNS: Final = {"slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "star": "*"}
# What a terminal sends with Ctrl, beside the letters (ECMA-48's C0; xterm's for the named keys).
WITH_CTRL: Final = {
    "space": "ctrl+@",
    "@": "ctrl+@",
    "\\": "ctrl+backslash",
    "]": "ctrl+right_square_bracket",
    "^": "ctrl+circumflex_accent",
    "_": "ctrl+underscore",
    "/": "ctrl+underscore",
    "[": "escape",
    "i": "tab",
    "m": "enter",
    "?": "backspace",
}
WITH_SHIFT: Final = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "tab"}
)
WITHOUT_A_LETTER: Final = NAMED.keys() - {"space", "enter", "escape", "tab", "backspace"}
SHOWN_WITH_CTRL: Final = {
    "ctrl+@": "^@",
    "ctrl+backslash": "^\\",
    "ctrl+right_square_bracket": "^]",
    "ctrl+circumflex_accent": "^^",
    "ctrl+underscore": "^_",
}
_MODIFIER: Final = re.compile(
    r"(ctrl|control|ctl|c|shift|s|alt|meta|option|opt|a|m)\s*[-+]\s*(?=.)"
)
_LETTER: Final = {"c": "ctrl", "s": "shift", "a": "alt", "m": "alt"}
_CALLED: Final = {
    name: key
    for key, (shown_as, others) in NAMED.items()
    for name in (key, shown_as.lower(), *others.split())
} | {" ": "space", "backtab": "shift+tab", "btab": "shift+tab"}


class NoSuchKey(ValueError):
    """No key that a terminal sends is called so; a sentence."""


def key_named(text: str) -> str:
    """The registry's name of a key as people write it: `^r`, `C-r`, `Ctrl+R`, `PgDn`, `Shift-Tab`.

    Raises `NoSuchKey`, which says what was probably meant.
    """
    written = unicodedata.normalize("NFC", text)
    modifiers, base = _taken_apart(written.strip() if len(written) > 2 else written)
    key = _with(modifiers, _base(base))
    if key is None:
        raise NoSuchKey(f"{text!r} is no key that a terminal sends.{_meant(written)}")
    return key


def shown(key: str) -> str:
    """A key of the registry as people write it: `^d`, `PgDn`, `Space`, `Shift-Tab`."""
    if key in SHOWN_WITH_CTRL:
        return SHOWN_WITH_CTRL[key]
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    if modifiers == ["ctrl"] and len(base) == 1:
        return f"^{base}"
    name = NAMED[base][0] if base in NAMED else base
    return "-".join([*(one.capitalize() for one in modifiers), name])


def _taken_apart(written: str) -> tuple[frozenset[str], str]:
    """Modifiers and the rest, in lower case but for a single character."""
    if len(written) > 2 and written.startswith("<") and written.endswith(">"):
        written = written[1:-1]  # as vim writes them
    modifiers = set()
    while len(written) > 1:
        if written.startswith("^"):
            modifiers.add("ctrl")
            written = written[1:]
        elif found := _MODIFIER.match(written.lower()):
            modifiers.add(_LETTER.get(found[1], "alt" if found[1][0] in "mo" else found[1]))
            written = written[found.end() :]
        else:
            break
    modifiers = {"ctrl" if one in ("control", "ctl") else one for one in modifiers}
    return frozenset(modifiers), written


def _base(name: str) -> str | None:
    """A character, or the name of a key without modifiers."""
    if len(name) == 1:
        return _CALLED.get(name, name if name.isprintable() else None)
    plain = name.lower()
    bare = re.sub(r"[\s_-]", "", plain)
    if bare in _CALLED:
        return _CALLED[bare]
    if plain in SIGNS:
        return SIGNS[plain]
    try:
        sign = unicodedata.lookup(plain.replace("_", " "))
    except KeyError:
        return None
    return sign if sign.isascii() and sign.isprintable() else None


def _with(modifiers: frozenset[str], base: str | None) -> str | None:
    """Null where no terminal tells of it."""
    if base is None or not modifiers:
        return base
    match sorted(modifiers):
        case ["ctrl"]:
            return _with_ctrl(base)
        case ["shift"] if base.isalpha() and len(base) == 1:
            return base.upper()
        case ["shift"] if base in WITH_SHIFT:
            return f"shift+{base}"
        case ["alt"] if base != "shift+tab":
            return f"alt+{base}"
        case ["ctrl", "shift"] if base in WITH_SHIFT - {"tab"}:
            return f"ctrl+shift+{base}"
    return None


def _with_ctrl(base: str) -> str | None:
    letter = base.lower()
    if letter in WITH_CTRL:
        return WITH_CTRL[letter]
    if re.fullmatch("[a-z]", letter) or base in WITHOUT_A_LETTER:
        return f"ctrl+{letter}"
    return None


def _meant(written: str) -> str:
    modifiers, base = _taken_apart(written.strip())
    near = difflib.get_close_matches(re.sub(r"[\s_-]", "", base.lower()), _CALLED, n=1, cutoff=0.6)
    for name in near:
        key = _with(modifiers, _CALLED[name]) or _CALLED[name]
        return f" Did you mean {shown(key)}?"
    return " There are characters, ^r, Alt-r, Space, Enter, Esc, Tab, Up, Home, PgDn, Del, F1, ..."
