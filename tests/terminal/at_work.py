"""Whether what a test has started is still at work, however slowly the machine lets it go on."""

from __future__ import annotations

import os
from pathlib import Path

# proc(5): running or waiting for its turn, and waiting for the disk.
_AT_WORK = ("R", "D")


def any_at_work() -> bool:
    """Claims that a process started from this one, or from such a one, has something to do now.

    A console that awaits an answer sleeps, but then the service of the test is at it.
    """
    return any(_is_at_work(child) for child in _children(os.getpid()))


def _is_at_work(pid: int) -> bool:
    states = (_state(task) for task in _tasks(pid))
    return any(state in _AT_WORK for state in states) or any(map(_is_at_work, _children(pid)))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in _tasks(pid):
        found += map(int, _read(task / "children").split())
    return found


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # it has ended meanwhile
        return []


def _state(task: Path) -> str:
    return _read(task / "stat").rpartition(")")[2].strip()[:1]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
