"""JSON documents and JSON lines: their keys, columns and types, as far as the text goes."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.evidence import fine, odd, unchecked
from gerra_tui.evidence.formats.small import FIRST_ONLY
from gerra_tui.evidence.listing import count

if TYPE_CHECKING:
    from gerra_tui.evidence.findings import FormatLook

_SHOWN: Final = 5
_LONGEST: Final = 200  # characters of a line or key
_MOST_KEYS: Final = 1_000
_DECODER: Final = json.JSONDecoder()
_SPACE: Final = " \t\r\n"


def read_lines(found: FormatLook, text: str, whole: bool) -> None:
    """JSON lines: the union of the objects' keys with their types, and how many lines."""
    lines = [line for line in text.split("\n") if line.strip()]
    columns: dict[str, str] = {}
    broken: list[int] = []
    strange = 0
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            broken.append(number)
            continue
        strange += _strange(value)
        if isinstance(value, dict):
            _add(columns, value)
    scope = None if whole else FIRST_ONLY
    found.facts["columns"] = columns
    found.facts["rows"] = len(lines) if whole else None
    found.facts["first_rows"] = [line.strip()[:_LONGEST] for line in lines[:_SHOWN]]
    if broken:
        words = f"{len(broken):,} of {len(lines):,} lines are no JSON, the first is {broken[0]:,}"
        found.checks.append(odd("rows", words, measured=len(broken), scope=scope))
    else:
        words = f"{count(len(lines), 'line')} of JSON"
        found.checks.append(fine("rows", words, measured=len(lines), scope=scope))
    if strange:
        words = f"{count(strange, 'value')} NaN or infinite"
        found.checks.append(odd("nan", words, measured=strange, scope=scope))
    if scope:
        found.checks.append(unchecked("rest", "lines beyond the first 64 kB", scope=scope))


def read_document(found: FormatLook, text: str, whole: bool) -> None:
    """One JSON document: an object's keys, or how many items a list has."""
    if not whole:
        found.facts["keys"] = _first_keys(text)
        found.checks.append(
            unchecked("document", "not read to its end: keys may be missing", scope=FIRST_ONLY)
        )
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        found.facts["keys"] = _first_keys(text) or None
        found.checks.append(odd("document", f"no JSON: {str(error)[:_LONGEST]}"))
        return
    if isinstance(value, dict):
        found.facts["keys"] = [key[:_LONGEST] for key in list(value)[:_MOST_KEYS]]
    elif isinstance(value, list):
        found.facts["items"] = len(value)
        first = value[0] if value and isinstance(value[0], dict) else {}
        found.facts["keys"] = [key[:_LONGEST] for key in list(first)[:_MOST_KEYS]]
    found.checks.append(fine("document", "it is JSON to its end"))


def _add(columns: dict[str, str], row: dict[str, Any]) -> None:
    for key, value in row.items():
        name, kind = key[:_LONGEST], _type(value)
        known = columns.get(name)
        if known is None:
            if len(columns) < _MOST_KEYS:
                columns[name] = kind
        elif known != kind:
            columns[name] = _wider(known, kind)


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {int: "int", float: "float", str: "text", list: "list", dict: "object"}
    return names.get(type(value), "null")


def _wider(known: str, kind: str) -> str:
    if "null" in (known, kind):
        return kind if known == "null" else known
    return "float" if {known, kind} == {"int", "float"} else "mixed"


def _strange(value: Any) -> int:
    """How many numbers at any depth are NaN or infinite (Python reads and writes those)."""
    count, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, float):
            count += not math.isfinite(item)
        elif isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return count


def _first_keys(text: str) -> list[str]:
    """The keys of an object at the beginning of a text that ends somewhere within it."""
    keys: list[str] = []
    at = _past_space(text, 0)
    if text[at : at + 1] != "{":
        return keys
    at += 1
    try:
        while len(keys) < _MOST_KEYS:
            key, at = _DECODER.raw_decode(text, _past_space(text, at))
            if not isinstance(key, str):
                break
            at = _past_space(text, at)
            if text[at : at + 1] != ":":
                break
            keys.append(key[:_LONGEST])
            _, at = _DECODER.raw_decode(text, _past_space(text, at + 1))
            at = _past_space(text, at)
            if text[at : at + 1] != ",":
                break
            at += 1
    except (ValueError, RecursionError):
        pass  # the text ends here
    return keys


def _past_space(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _SPACE:
        at += 1
    return at
