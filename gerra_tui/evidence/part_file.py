"""What has come of a file, on the disk: `NAME.part`, and in `NAME.part.json` of which version.

Private, and of one console at a time. The file gets its name when it is whole, and never takes the
name of another one.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from gerra_tui.service.downloads import NotFetched
from gerra_tui.settings.paths import make_private, write_private

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset

LONGEST_NAME: Final = 120  # characters, of 255 bytes that file systems take
MOST_OF_A_NAME: Final = 1_000  # files of one name


class PartFile:
    """The part of a file that is here. Blocking: use a thread. Raises NotFetched, OSError.

    `etag` and `size` are of the version that it is a part of, null where that is not known.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self._path = directory / name
        self._part = directory / f"{name}.part"
        self._version = directory / f"{name}.part.json"
        make_private(directory)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.fdopen(os.open(self._part, flags, 0o600), "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            self._file.close()
            if problem.errno in (errno.EAGAIN, errno.EACCES):
                raise NotFetched("another console is fetching this file") from None
            raise
        self.length = self._file.seek(0, os.SEEK_END)
        self.etag, self.size = self._known()

    def _known(self) -> tuple[str | None, int | None]:
        try:
            known = json.loads(self._version.read_text(encoding="utf-8"))
            etag, size = str(known["etag"]), int(known["size"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None, None
        return (etag, size) if self.length <= size else (None, None)

    def begin(self, etag: str | None, size: int | None) -> None:
        """Start anew, with the first byte of a version."""
        self._file.truncate(0)
        self._file.seek(0)
        self.length, self.etag, self.size = 0, etag, size
        write_private(self._version, json.dumps({"etag": etag, "size": size}))

    def append(self, data: bytes) -> None:
        view = memoryview(data)
        while view:  # a raw write may take less
            taken = self._file.write(view)
            self.length += taken
            view = view[taken:]

    def finish(self) -> Path:
        """Give the file its name, or one with a number where there is a file of that name."""
        os.fsync(self._file.fileno())
        for number in range(1, MOST_OF_A_NAME):
            path = self._path
            if number > 1:
                path = path.with_name(f"{path.stem}-{number}{path.suffix}")
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                continue
            self._part.replace(path)  # the empty one, which is ours
            self._version.unlink(missing_ok=True)
            return path
        raise NotFetched(f"there are {MOST_OF_A_NAME:,} files of the name {self._path.name}")

    def close(self) -> None:
        """Leave what has come; nothing where nothing has."""
        if not self.length:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)
                self._version.unlink(missing_ok=True)
        self._file.close()


def file_name(dataset: Dataset) -> str:
    """What a dataset's file is called here: its id's beginning, and the name that its link has."""
    link = (dataset.link or dataset.signed_url or "").partition("?")[0].partition("#")[0]
    named = PurePosixPath(link).name or dataset.name
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_"
                   for char in named)  # fmt: skip
    stem, dot, suffix = kept.strip("._-").rpartition(".")
    if not dot or len(suffix) > 10:
        stem, dot, suffix = kept.strip("._-"), "", ""
    start = "".join(filter(str.isalnum, dataset.id))[:8]
    return f"{start}_{stem[:LONGEST_NAME] or 'data'}{dot}{suffix}"
