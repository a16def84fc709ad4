"""Texts: CSV, JSON lines, JSON, and any other: columns and guessed types, keys, first rows.

A file too long to be read whole is judged by its first 64 kB, and every word about it says so.
"""

from __future__ import annotations

import asyncio
import codecs
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Step, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats import delimited, json_texts
from gerra_tui.evidence.formats.small import FIRST_ONLY, read_whole
from gerra_tui.evidence.texts import text_kind
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.evidence.window import Window

FACTS: Final = {
    "csv": ("columns", "rows"),
    "jsonl": ("columns", "rows"),
    "json": ("keys",),
    "text": (),
}

_HEAD: Final = 65_536
_LONGEST: Final = 16_000_000
_LINES: Final = 5
_LONGEST_LINE: Final = 200


async def look(window: Window) -> FormatLook:
    """What a text holds, by the kind that its beginning shows. Raises StorageFailure."""
    found = FormatLook(kind="text")
    data = await read_whole(window)
    whole = data is not None
    if data is None:
        try:
            data = await window.read(0, _HEAD)
        except OverBudget as over:
            found.checks.append(unchecked("text", "its beginning was not read"))
            found.more.append(Step(key=MORE, words="its beginning", requests=1, bytes=over.bytes))
            return found
    found.kind = text_kind(data[:_HEAD], whole=len(data) <= _HEAD and whole) or "text"
    found.facts |= dict.fromkeys(FACTS[found.kind])
    text = _text(data, whole=whole)
    await asyncio.to_thread(_READERS[found.kind], found, text, whole)
    if not whole:
        found.facts["scope"] = FIRST_ONLY
        if window.size <= _LONGEST:
            found.more.append(Step(key=MORE, words="the whole text", requests=1, bytes=window.size))
    return found


def _text(data: bytes, *, whole: bool) -> str:
    """Decoded; without its last line where that may go on."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if wide else "utf-8-sig", "replace")
    return text if whole or "\n" not in text else text[: text.rindex("\n") + 1]


def _plain(found: FormatLook, text: str, whole: bool) -> None:
    lines = text.splitlines()
    found.facts["first_lines"] = [line[:_LONGEST_LINE] for line in lines[:_LINES]]
    found.facts["lines"] = len(lines) if whole else None


_READERS: Final[dict[str, Callable[[FormatLook, str, bool], None]]] = {
    "csv": delimited.read,
    "jsonl": json_texts.read_lines,
    "json": json_texts.read_document,
    "text": _plain,
}
