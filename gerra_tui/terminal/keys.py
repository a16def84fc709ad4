"""From whole pieces of input to Textual's events."""

from __future__ import annotations

from codecs import getincrementaldecoder
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from textual import events
from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from textual.message import Message

_ESCAPE: Final = "\x1b"
# Known without asking; the mouse's are too many to remember.
_ALWAYS: Final = ("\x1b[<", "\x1b[M", "\x1b[200~", "\x1b[201~")


class KeyParser:
    """Textual's own parser, given only what it can take in one go.

    So its timing never matters: it is never left within a sequence. What it does not know is
    dropped, where the parser alone would make keys of it.
    """

    def __init__(self, *, debug: bool = False) -> None:
        self._debug = debug
        self._parser = XTermParser(debug)
        self._decode = getincrementaldecoder("utf-8")("ignore").decode

    def events(self, piece: bytes) -> list[Message]:
        """The events of one piece from `InputFilter`."""
        text = self._decode(piece)
        if not text:
            return []
        if text == _ESCAPE:
            return [events.Key("escape", _ESCAPE)]
        try:
            if text[0] == _ESCAPE:
                if len(text) == 2 or text[1] not in "[O":
                    return _alone(text)
                if not text.startswith(_ALWAYS) and not _is_known(text):
                    return []
            return list(self._parser.feed(text))
        except (ValueError, OverflowError):
            # A number in it is no character.
            self._parser = XTermParser(self._debug)
            return []


def _alone(text: str) -> list[Message]:
    """The events of Alt and a key, for which the parser would wait to see if more comes.

    The parser forgets Alt where the key has a name (Enter, Tab), and where it has a character it
    gives that, as if it had been typed alone.
    """
    if len(text) == 2 and text[1].isprintable():
        return [events.Key("alt+space" if text[1] == " " else f"alt+{text[1]}", None)]
    together, plain = _parsed(text), _parsed(text[1:])
    match together, plain:
        case [events.Key(key=key)], [events.Key(key=same)] if key == same:
            return [events.Key(f"alt+{key}", None)]
    return together


def _parsed(text: str) -> list[Message]:
    parser = XTermParser()
    return [*parser.feed(text), *parser.feed("")]


@lru_cache(maxsize=256)
def _is_known(sequence: str) -> bool:
    """Claims that the parser has come to the sequence's end when it has read all of it."""
    *_, last = None, *XTermParser().feed(sequence + "x")
    return isinstance(last, events.Key) and last.key == "x"
