"""The audit log: JSON lines, only ever appended to, synced, one line for each decision's end."""

from __future__ import annotations

import asyncio
import getpass
import os
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from gerra_tui.domain.text import compact_json
from gerra_tui.journal.files import create_directory, locked, sync_directory, unwritable
from gerra_tui.service.decisions.records import audit_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from gerra_tui.domain.decision import Decision

T = TypeVar("T")

FILE_LIMIT: Final = 16 * 2**20  # bytes, some 20,000 lines: a file that any editor still opens
BLOCK: Final = 1 << 20  # bytes


class FileAuditLog:
    """`service.ports.AuditLog` over a file, shared by all consoles. Works on a thread of its own.

    A file that has grown beyond `limit` bytes is given a number (`audit.00001.jsonl`) and left
    alone for ever; nothing is deleted. A line is there whole or not at all.
    """

    def __init__(self, path: Path, *, limit: int = FILE_LIMIT) -> None:
        self._path = path
        self._limit = limit
        self._user = user_name()
        self._host = socket.gethostname()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="audit")

    async def record(self, decisions: Sequence[Decision]) -> None:
        await self._run(lambda: self._append(decisions, search=False))

    async def record_missing(self, decisions: Sequence[Decision]) -> None:
        await self._run(lambda: self._append(decisions, search=True))

    async def close(self) -> None:
        self._thread.shutdown(wait=False)

    def _append(self, decisions: Sequence[Decision], *, search: bool) -> None:
        if not decisions:
            return
        create_directory(self._path.parent)
        with locked(self._path.with_name(f"{self._path.name}.lock")):
            recorded = set(recorded_ids(self._path)) if search else set()
            lines = [
                compact_json(audit_record(decision, user=self._user, host=self._host))
                for decision in decisions
                if decision.id not in recorded
            ]
            if lines:
                self._write("".join(f"{line}\n" for line in lines).encode())

    def _write(self, data: bytes) -> None:
        """All of `data`, synced; what an error left of it is cut off again. Raises `OSError`."""
        self._rotate()
        is_new = not self._path.exists()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            size = _end_last_line(descriptor)
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)
        if is_new:
            sync_directory(self._path.parent)

    def _rotate(self) -> None:
        try:
            if self._path.stat().st_size < self._limit:
                return
        except FileNotFoundError:
            return
        numbers = [number for number, _ in _rotated(self._path)]
        number = max(numbers, default=0) + 1
        self._path.rename(self._path.with_name(f"{self._path.stem}.{number:05}.jsonl"))
        sync_directory(self._path.parent)

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except OSError as problem:
            raise unwritable(problem, self._path) from problem


def audit_files(path: Path) -> list[Path]:
    """All files of the log, the oldest lines first; the last one is the one written to."""
    return [*(rotated for _, rotated in _rotated(path)), path]


def audit_lines(path: Path) -> Iterator[bytes]:
    """The whole lines of all files, oldest first, without their ends. Raises `OSError`.

    The newest file is opened first: if it is rotated meanwhile, its lines still come once.
    """
    try:
        newest = path.open("rb")
    except FileNotFoundError:
        newest = None
    older = [rotated for _, rotated in _rotated(path)]
    for file_path in older:
        if newest is None or not os.path.samestat(file_path.stat(), os.fstat(newest.fileno())):
            with file_path.open("rb") as file:
                yield from _whole_lines(file)
    if newest is not None:
        with newest:
            yield from _whole_lines(newest)


def recorded_ids(path: Path) -> Iterator[str]:
    """The decisions that have their line. Raises `OSError`."""
    pattern = re.compile(rb'"decision_id":"([^"]+)"')
    for line in audit_lines(path):
        if found := pattern.search(line):
            yield found[1].decode(errors="replace")


def _whole_lines(file: Iterator[bytes]) -> Iterator[bytes]:
    return (line[:-1] for line in file if line.endswith(b"\n"))


def _rotated(path: Path) -> list[tuple[int, Path]]:
    pattern = re.compile(rf"{re.escape(path.stem)}\.(\d+)\.jsonl")
    if not path.parent.is_dir():
        return []
    matches = ((pattern.fullmatch(one.name), one) for one in path.parent.iterdir())
    return sorted((int(match[1]), one) for match, one in matches if match)


def _end_last_line(descriptor: int) -> int:
    """A line that a power cut left unfinished was never counted: cut it off; gives the size."""
    size = os.fstat(descriptor).st_size
    if not size or os.pread(descriptor, 1, size - 1) == b"\n":
        return size
    start = size
    while start:
        begin = max(0, start - BLOCK)
        end = os.pread(descriptor, start - begin, begin).rfind(b"\n")
        start = begin + end + 1 if end >= 0 else begin
        if end >= 0:
            break
    os.ftruncate(descriptor, start)
    return start


def user_name() -> str:
    """As the lines of the log name who decides here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the user database, as in some containers
        return str(os.getuid())
