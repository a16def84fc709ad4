"""The audit log read from its end, in pieces, so that a big one keeps nobody waiting."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.text import compact_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

BLOCK = 1 << 18  # bytes a read: some hundred lines
PIECE = 2_000  # lines: some 20 ms of work
# The fields of a line of the audit log, in its order.
FIELDS = (
    "v",
    "time",
    "decided_at",
    "user",
    "host",
    "profile",
    "base_url",
    "organization_id",
    "decision_id",
    "batch_id",
    "dataset_id",
    "version",
    "verdict",
    "reason",
    "query",
    "seconds",
    "via",
    "result",
    "http_status",
    "detail",
)

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """Entries that match, in the order of the lines; how many lines were looked at for them, and
    how many of those were no JSON object (cut short by a power loss, or not written by us)."""

    entries: tuple[Entry, ...]
    looked_at: int
    unreadable: int


class AuditSearch:
    """The entries among `lines` in which each of the words stands in some value, whatever the
    case. Not safe to call from two threads at once."""

    def __init__(self, lines: Iterator[bytes], words: str = "") -> None:
        self._lines = lines
        self._words = words.casefold().split()

    def next_piece(self) -> Piece | None:
        """Read on; null at the end. Blocks: to be called off the event loop. Raises `OSError`."""
        lines = list(islice(self._lines, PIECE))
        if not lines:
            return None
        entries = [entry for line in lines if (entry := _entry(line)) is not None]
        found = tuple(entry for entry in entries if self._matches(entry))
        return Piece(found, len(lines), len(lines) - len(entries))

    def entries(self) -> Iterator[Entry]:
        """All that match. Blocks. Raises `OSError`."""
        while (piece := self.next_piece()) is not None:
            yield from piece.entries

    def _matches(self, entry: Entry) -> bool:
        values = (str(value) for value in entry.values() if value is not None)
        text = "\n".join(values).casefold()
        return all(word in text for word in self._words)


def oldest_first(paths: Sequence[Path]) -> Iterator[bytes]:
    """The lines of all files; `paths` in the order of their age. A missing file has none."""
    for path in paths:
        try:
            with path.open("rb") as file:
                yield from file
        except FileNotFoundError:
            continue


def newest_first(paths: Sequence[Path]) -> Iterator[bytes]:
    """The same from the end, read backwards."""
    for path in reversed(paths):
        try:
            yield from _backwards(path)
        except FileNotFoundError:
            continue  # never written, or rotated away meanwhile


def export(entries: Iterable[Entry], target: Path) -> int:
    """Write a new file that only its owner can read: CSV if the name says so, else JSON lines.

    Gives the number of entries. Raises `FileExistsError` rather than overwrite, and `OSError`.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    count = 0
    flat = target.suffix.casefold() == ".csv"
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        if flat:
            table.writerow(FIELDS)
        for entry in entries:
            if flat:
                table.writerow([entry.get(field) for field in FIELDS])
            else:
                file.write(compact_json(entry) + "\n")
            count += 1
    return count


def _backwards(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        rest = b""
        while position:
            size = min(BLOCK, position)
            position -= size
            file.seek(position)
            rest, *lines = (file.read(size) + rest).split(b"\n")
            yield from (line for line in reversed(lines) if line)
        if rest:
            yield rest


def _entry(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
