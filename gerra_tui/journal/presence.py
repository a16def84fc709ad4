"""Which consoles are running, told by files that each keeps locked as long as it lives."""

from __future__ import annotations

import fcntl
import os
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from gerra_tui.journal.files import create_directory

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".lock"


class Presence:
    """One console among those of a state directory.

    A process number can be used again, also after a reboot; an flock cannot outlive its process,
    whether that ended by itself, by `kill -9` or by a power cut.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._descriptor: int | None = None
        self._before: list[int] = []  # locks on files that are no longer at their path
        self.id = uuid.uuid4().hex

    def enter(self) -> None:
        """From now on this console counts as running, also where its file was taken away.

        Raises `OSError`.
        """
        create_directory(self._directory)
        path = self._path(self.id)
        if self._descriptor is not None and not _is_file(self._descriptor, path):
            self._before.append(self._descriptor)
            self._descriptor = None
        while self._descriptor is None:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_file(descriptor, path):
                self._descriptor = descriptor
            else:
                os.close(descriptor)  # swept away by another console before it was locked

    def leave(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):  # the lock is what counts; another console sweeps the file away
                self._path(self.id).unlink()
            for descriptor in (self._descriptor, *self._before):
                os.close(descriptor)
            self._descriptor = None
            self._before.clear()

    def is_alive(self, console: str) -> bool:
        """Claims that the console of this id has not ended. Raises `OSError`."""
        if console == self.id:
            return self._descriptor is not None
        try:
            descriptor = os.open(self._path(console), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            # Shared, so that two that ask at once do not take each other for the console.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def others(self) -> list[str]:
        """Consoles that are running beside this one. Raises `OSError`."""
        return [
            path.stem
            for path in self._directory.glob(f"*{SUFFIX}")
            if path.stem != self.id and self.is_alive(path.stem)
        ]

    def sweep(self) -> None:
        """Remove the files of consoles that ended without doing so."""
        for path in self._directory.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                if not self.is_alive(path.stem):
                    path.unlink()

    def _path(self, console: str) -> Path:
        return self._directory / f"{console}{SUFFIX}"


def _is_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
