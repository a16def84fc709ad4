"""Which kind of text a file is, by its first bytes."""

from __future__ import annotations

import codecs
import csv
import json
from typing import Final

DELIMITERS: Final = ",\t;|"
LINES: Final = 20  # of a table: enough to see its columns
# What texts hold few of: all controls but tab, line ends, form feed and the escape of colours.
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
ALIKE: Final = 0.8  # of them have as many fields as the first one


def text_kind(head: bytes, *, whole: bool) -> str | None:
    """json, jsonl, csv or text; None where it is no text. `whole` says that nothing follows."""
    text = _decoded(head, whole=whole)
    if not text:
        return None
    lines = [line for line in text.split("\n") if line.strip()]
    if not whole and len(lines) > 1:
        lines.pop()  # it may go on
    if not lines:
        return "text"
    if lines[0].lstrip()[:1] in ("{", "["):
        return _json_kind(text, lines, whole=whole)
    return "csv" if _is_table(lines[:LINES]) else "text"


def _decoded(head: bytes, *, whole: bool) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    if b"\x00" in head:
        return None
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=whole)
    except UnicodeDecodeError:
        return None
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return text if controls <= len(text) // 100 else None


def _json_kind(text: str, lines: list[str], *, whole: bool) -> str:
    # A document of one line that ends as lines do is a table of one row (jsonlines.org): whoever
    # writes documents indents them, or ends them with their last brace.
    if (len(lines) > 1 or text.endswith("}\n")) and all(map(_is_json, lines[:3])):
        return "jsonl"
    if whole:
        return "json" if _is_json(text) or not _is_json(lines[0]) else "text"
    return "json"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_table(lines: list[str]) -> bool:
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        first = widths[0]
        alike = sum(width == first for width in widths)
        if first > 1 and len(widths) > 1 and alike >= ALIKE * len(widths):
            return True
    return False
