"""Files that are fetched whole, one after the other: what the reviewer asked for with `d`."""

from __future__ import annotations

import asyncio
import getpass
import shlex
import socket
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gerra_tui.domain.dataset import Dataset


class Fetched(StrEnum):
    """How far a file is. Waiting and paused ones keep what has come."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


class NotFetched(Exception):
    """Why a file did not come whole, as a sentence; what came is kept for another try."""


class Fetching(Protocol):
    """One file on its way to the disk. `received` and `size` are bytes, `size` null till known."""

    @property
    def received(self) -> int: ...

    @property
    def size(self) -> int | None: ...

    async def run(self) -> Path:
        """Fetch what is missing; gives where the file is. Raises NotFetched.

        Cancelling it leaves what has come, and it can be run again.
        """
        ...


@dataclass(slots=True)
class Download:
    """One entry of the queue. `path` once it is done, `problem` where it failed."""

    dataset: Dataset
    fetching: Fetching
    state: Fetched = Fetched.WAITING
    path: Path | None = None
    problem: str | None = None


class Downloads:
    """The queue: one file at a time, in the order asked for. `changed` is told of each step."""

    def __init__(
        self, fetch: Callable[[Dataset], Fetching], *, changed: Callable[[Download], None]
    ) -> None:
        self._fetch = fetch
        self._changed = changed
        self._entries: dict[str, Download] = {}
        self._running: asyncio.Task[None] | None = None

    @property
    def entries(self) -> tuple[Download, ...]:
        return tuple(self._entries.values())

    def of(self, dataset_id: str) -> Download | None:
        return self._entries.get(dataset_id.casefold())

    def add(self, dataset: Dataset) -> Download:
        """Queue a dataset's file; one that is queued already stays as it is, if it did not end."""
        key = dataset.id.casefold()
        entry = self._entries.get(key)
        if entry is None or entry.state in (Fetched.DONE, Fetched.FAILED):
            self._entries.pop(key, None)
            entry = self._entries[key] = Download(dataset, self._fetch(dataset))
        elif entry.state is Fetched.PAUSED:
            entry.state = Fetched.WAITING
        self._changed(entry)
        self._next()
        return entry

    def pause(self, dataset_id: str) -> None:
        """Stop a file that runs or waits, and let the next one run."""
        entry = self._entries.get(dataset_id.casefold())
        if entry is None or entry.state not in (Fetched.RUNNING, Fetched.WAITING):
            return
        was_running, entry.state = entry.state is Fetched.RUNNING, Fetched.PAUSED
        if was_running and self._running is not None:
            self._running.cancel()
        self._changed(entry)

    async def aclose(self) -> None:
        """Stop; what has come stays on the disk."""
        for entry in self._entries.values():
            if entry.state is Fetched.WAITING:
                entry.state = Fetched.PAUSED
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def _next(self) -> None:
        if self._running is not None:
            return
        waiting = [one for one in self._entries.values() if one.state is Fetched.WAITING]
        if waiting:
            self._running = asyncio.create_task(self._run(waiting[0]))
            self._running.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running = None
        if not task.cancelled():
            task.result()  # a bug is no failure of a download
        self._next()

    async def _run(self, entry: Download) -> None:
        entry.state = Fetched.RUNNING
        self._changed(entry)
        try:
            entry.path = await entry.fetching.run()
            entry.state = Fetched.DONE
        except NotFetched as problem:
            entry.state, entry.problem = Fetched.FAILED, str(problem)
        except asyncio.CancelledError:
            if entry.state is Fetched.RUNNING:  # and was not queued again meanwhile
                entry.state = Fetched.PAUSED
            raise
        finally:
            self._changed(entry)


def scp_line(path: Path) -> str:
    """The command with which a person fetches the file from this machine to theirs."""
    place = f"{getpass.getuser()}@{socket.gethostname()}:{path}"
    return f"scp {shlex.quote(place)} ."
