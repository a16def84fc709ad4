"""Whether the journal that is open is still the file at its path.

What is written to a file that was removed, moved or replaced is on no path by the next start, and
SQLite does not say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BESIDE = ("-wal", "-shm")  # SQLite's own, where the journal has a write-ahead log


@dataclass(slots=True)
class _File:
    """One that is open: which one it was, and the size in bytes that it had at least."""

    path: Path
    device: int
    inode: int
    size: int

    @classmethod
    def at(cls, path: Path) -> _File:
        """Raises `OSError`."""
        facts = path.stat()
        return cls(path, facts.st_dev, facts.st_ino, facts.st_size)

    def fate(self) -> str | None:
        """What became of it; null if it is there. Raises `OSError`."""
        try:
            facts = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return f"{self.path} was removed or moved"
        if (facts.st_dev, facts.st_ino) != (self.device, self.inode):
            return f"{self.path} was replaced by another file"
        if facts.st_size < self.size:
            return f"{self.path} was truncated"
        self.size = facts.st_size
        return None

    def is_there(self) -> bool:
        """Whether its path still leads to it, whatever it holds. Raises `OSError`."""
        try:
            facts = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return (facts.st_dev, facts.st_ino) == (self.device, self.inode)


class Standing:
    """Of a journal and of what SQLite keeps beside it. All only ever grow while they are open.

    Made when something was written, so that all are there. Raises `OSError`.
    """

    def __init__(self, path: Path) -> None:
        beside = [path.with_name(path.name + suffix) for suffix in BESIDE]
        self._journal = _File.at(path)
        self._beside = [_File.at(one) for one in beside if one.exists()]
        self._modified = path.stat().st_mtime_ns

    def fate(self) -> str | None:
        """What became of the files, for a sentence; null if all is as it was. Raises `OSError`."""
        files = (self._journal, *self._beside)
        return next((fate for file in files if (fate := file.fate())), None)

    @property
    def was_touched(self) -> bool:
        """Whether someone else wrote to the journal since `note`: another console, or a program
        that copied something over it. Raises `OSError`."""
        return self._journal.path.stat().st_mtime_ns != self._modified

    def note(self) -> None:
        """What is there now is ours, or was found to be right. Raises `OSError`."""
        self._modified = self._journal.path.stat().st_mtime_ns

    @property
    def is_there(self) -> bool:
        """Whether the path still leads to the journal that is open, whatever is in it."""
        return self._journal.is_there()

    def left_beside(self) -> list[Path]:
        """What belongs to the journal that is open, and lies where another one is to be opened:
        that one would take it for its own."""
        return [one.path for one in self._beside if one.is_there()]
