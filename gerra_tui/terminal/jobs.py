"""Processes around this one, as job control sees them (POSIX, "General Terminal Interface")."""

from __future__ import annotations

import os
from pathlib import Path


def could_be_continued() -> bool:
    """Claims that a shell looks after this process group, so that it can be stopped.

    The group is orphaned where no parent of a member is in another group of the session: nothing
    would ever continue it, and the kernel does not stop it. Looked at is the line of parents.
    """
    group, session, process = os.getpgrp(), os.getsid(0), os.getpid()
    while process:
        parent = _parent(process)
        try:
            if not parent or os.getsid(parent) != session:
                return False
            if os.getpgid(parent) != group:
                return True
        except OSError:  # it has just ended
            return False
        process = parent
    return False


def _parent(process: int) -> int:
    if process == os.getpid():
        return os.getppid()
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return int(fields.rpartition(")")[2].split()[1])


def descendants(process: int) -> list[int]:
    """It and all that it has started, as far as the system tells."""
    found = [process]
    for one in found:
        try:
            children = Path(f"/proc/{one}/task/{one}/children").read_text(encoding="ascii")
        except OSError:
            continue
        found += map(int, children.split())
    return found
