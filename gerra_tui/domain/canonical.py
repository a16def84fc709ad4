"""JSON values in a form in which they can be compared, whatever they went through on their way.

Other tools write 30.0 as 30, know no integers beyond a double's 53 bits, order keys as they like,
make half of a character U+FFFD, and of a number beyond the largest double null or that double; a
URL is signed anew at each reading.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain import urls
from gerra_tui.domain.text import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_FACT: Final = 80  # characters
MOST_CHARACTERS: Final = 16_000  # of all facts of one metadata object
AND_MORE: Final = ELLIPSIS  # the key that tells of facts that were left out

_DIGEST: Final = re.compile("#[0-9a-f]{16}$")


def canonical(value: Any) -> str:
    """As JSON text: keys sorted, no spaces, numbers as doubles, what is no number null."""
    return json.dumps(_comparable(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 of its canonical text in UTF-8."""
    return _sha256(canonical(value))


def fact(value: Any) -> str:
    """A text that is another for another value, short enough to keep, and free of secrets.

    What cannot be shown whole ends in `#` and the beginning of its digest.
    """
    whole = canonical(value)
    shown = urls.without_secrets(whole)
    if shown == whole and len(shown) <= LONGEST_FACT:
        return shown
    return f"{shown[:LONGEST_FACT]}#{_sha256(whole)[:16]}"


def facts(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Its values by key, those of nested objects as `a.b`; of very many the first, and `AND_MORE`.

    A value that is there changes the fact of its own key only.
    """
    found: dict[str, str] = {}
    room = MOST_CHARACTERS
    for path, value in _leaves(metadata, ""):
        room -= len(path) + LONGEST_FACT
        if room < 0:
            found[AND_MORE] = ""
            break
        found[path] = fact(value)
    return found


def differences(seen: Mapping[str, str], now: Mapping[str, Any]) -> list[str]:
    """Which keys of `now` differ from the facts that were seen, a phrase each, for a person."""
    current = {path: fact(value) for path, value in _leaves(now, "")}
    told = []
    for path, was in seen.items():
        if path == AND_MORE or (there := current.get(path)) == was:
            continue
        if there is None:
            told.append(f"{path} is gone, was {in_words(was)}")
        elif in_words(there) == in_words(was):
            told.append(f"{path} changed, and begins as before")
        else:
            told.append(f"{path} is {in_words(there)}, was {in_words(was)}")
    if AND_MORE not in seen:
        told += [
            f"{path} is {in_words(there)}, was not there"
            for path, there in current.items()
            if path not in seen
        ]
    return told


def in_words(one: str) -> str:
    """A fact without its digest."""
    return _DIGEST.sub(ELLIPSIS, one)


def _leaves(value: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name in sorted(value):
        path = above + urls.without_secrets(_whole(str(name)[:LONGEST_FACT]))
        inner = value[name]
        if isinstance(inner, dict) and inner:
            yield from _leaves(inner, f"{path}.")
        else:
            yield path, inner


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return urls.compared(_whole(value))
    if isinstance(value, dict):
        return {_whole(str(name)): _comparable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_comparable(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _double(value)
    return value


def _double(number: float) -> float | None:
    try:
        double = float(number)
    except OverflowError:
        return None
    if not abs(double) < sys.float_info.max:
        return None
    return int(double) if double.is_integer() and abs(double) < 2**53 else double


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _whole(text: str) -> str:
    """Halves of characters as U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
