"""What is written is written, even if whoever asked for it is gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class Writing:
    """Work on the disk, with the bookkeeping that goes with it; `tasks` are those under way."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[Any]] = set()

    async def surely(self, work: Coroutine[Any, Any, T]) -> T:
        """A call that is cancelled stops waiting for it, and nothing else."""
        return await asyncio.shield(self.begin(work))

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def end(self) -> None:
        """Wait for all of it; what went wrong was told to those who asked."""
        await asyncio.gather(*self.tasks, return_exceptions=True)
