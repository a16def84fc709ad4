"""A local file that is read, and counted, as if it were remote."""

from __future__ import annotations

import asyncio
import os
import stat
from typing import TYPE_CHECKING

from gerra_tui.evidence.answers import CHANGED
from gerra_tui.evidence.window import Reply, StorageFailure

if TYPE_CHECKING:
    from pathlib import Path


class FileSource:
    """`window.Source` over a regular file; each range is a request."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None

    async def get(self, start: int | None, stop: int) -> Reply:
        try:
            return await asyncio.to_thread(self._read, start, stop)
        except OSError as problem:
            words = (problem.strerror or type(problem).__name__).lower()
        except ValueError:  # a name with a null character
            words = "there is no such file"
        raise StorageFailure(f"the file cannot be read: {words}", requests=0)

    def _read(self, start: int | None, stop: int) -> Reply:
        # Without waiting for the other end of a pipe that has been named by mistake.
        opened = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise StorageFailure("the file cannot be read: it is no regular file", requests=0)
            seen = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
            if self._seen not in (None, seen):
                raise StorageFailure(CHANGED)
            self._seen = seen
            size = status.st_size
            begin = max(0, size - stop) if start is None else start
            end = size if start is None else min(stop, size)
            file.seek(begin)
            data = file.read(end - begin)
        if len(data) < end - begin:
            raise StorageFailure(CHANGED, received=len(data))
        return Reply(begin, data, size)
