"""Private files that survive a power cut, and what kind of file system they lie on."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

MOUNTS: Final = Path("/proc/self/mountinfo")
# Where shared memory and locks work between processes, as SQLite's WAL needs them
# (sqlite.org/wal.html). A file system that is not named here may be a network's.
LOCAL_FILE_SYSTEMS: Final = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "ramfs", "reiserfs"}
    | {"tmpfs", "xfs", "zfs"}
)


def create_directory(directory: Path) -> None:
    """Make a directory and its parents, for their owner only, synced. Raises `OSError`."""
    if directory.is_dir():
        if directory.stat().st_mode & 0o077:
            directory.chmod(0o700)
        return
    if not directory.parent.is_dir():
        create_directory(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)
    sync_directory(directory.parent)


def sync_directory(directory: Path) -> None:
    """What was created or renamed in it is there after a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno != errno.EINVAL:  # some file systems cannot, and need not
            raise
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, *, patience: float = 30.0) -> Iterator[None]:
    """Alone among all processes that ask for the same path. Raises `OSError`.

    The kernel releases the lock of a process that ends, however it ends. `patience`: seconds to
    wait for one that has it, `BlockingIOError` after that.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str:
    """The file system's type by mountinfo (proc(5)), "unknown" where that cannot be read."""
    best, kind = -1, "unknown"
    place = f"{path.resolve()}/"
    with suppress(OSError):
        for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            before, _, after = line.partition(" - ")
            point = _unescaped(before.split()[4]).rstrip("/") + "/"
            # A later mount on the same point hides the earlier one.
            if place.startswith(point) and len(point) >= best:
                best, kind = len(point), after.split()[0]
    return kind


def _unescaped(point: str) -> str:
    for sign in (" ", "\t", "\n", "\\"):
        point = point.replace(f"\\{ord(sign):03o}", sign)
    return point


def unwritable(problem: OSError, path: Path) -> JournalUnwritable:
    """The sentence for an error of the operating system."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return JournalUnwritable(f"The disk is full ({path}): free some space, then try again.")
    if problem.errno == errno.EROFS:
        return JournalUnwritable(f"The file system of {path} is read-only: make it writable first.")
    if problem.errno in (errno.EACCES, errno.EPERM):
        return JournalUnwritable(f"{path} may not be written: change its owner or its mode.")
    if problem.errno in (errno.ENOLCK, errno.EOPNOTSUPP):
        return JournalUnwritable(
            f"The file system of {path} has no locks: set XDG_STATE_HOME to a local directory."
        )
    if problem.errno in (errno.EEXIST, errno.ENOTDIR):
        above = (one for one in (path, *path.parents) if os.path.exists(one))  # noqa: PTH110
        return JournalUnwritable(
            f"{path} cannot be written: {next(above)} is not a directory, move it away."
        )
    reason = problem.strerror or str(problem)
    return JournalUnwritable(f"{path} cannot be written ({reason}): mend that, then try again.")
