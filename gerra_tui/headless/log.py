"""`gerra-tui log`: the audit log, oldest line first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.text import clean, ended
from gerra_tui.headless.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gerra_tui.headless.streams import Streams

COLUMNS = ("time", "verdict", "result", "dataset_id", "user", "via", "reason", "detail")


class _Torn(Exception):
    """The files could not be read on; the text says why."""


def log(audit_lines: Iterable[bytes], *, as_json: bool = False, streams: Streams) -> ExitCode:
    """`audit_lines` are whole lines without their ends. Raises `BrokenPipeError`."""
    unreadable: list[int] = []
    try:
        streams.write(_shown(audit_lines, unreadable, as_json=as_json))
    except _Torn as problem:
        streams.remark(f"The audit log cannot be read: {ended(str(problem))}")
        return ExitCode.FAILED
    if unreadable:
        streams.remark(f"{len(unreadable):,} lines of the audit log could not be read.")
        return ExitCode.FAILED
    return ExitCode.DONE


def _shown(audit_lines: Iterable[bytes], unreadable: list[int], *, as_json: bool) -> Iterator[str]:
    for number, line in enumerate(_readable(audit_lines)):
        entry = _entry(line)
        if entry is None:
            unreadable.append(number)
        else:
            yield line.decode() if as_json else _text(entry)


def _readable(lines: Iterable[bytes]) -> Iterator[bytes]:
    """An error of these files is not to be taken for one of the stream written to."""
    try:
        yield from lines
    except OSError as problem:
        raise _Torn(problem.strerror or str(problem)) from problem


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _text(entry: dict[str, Any]) -> str:
    values = (entry.get(column) for column in COLUMNS)
    return "\t".join(clean("" if value is None else str(value)) for value in values)
