"""Requests on their way: few at once, none that is no longer wanted, a pause after a failure."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from gerra_tui.service.failures import Failure, Unauthorized, only_failures

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable, Iterable, Iterator

MOST: Final = 4
RETRY_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)

NeedT = TypeVar("NeedT", bound="Hashable")


class InFlight(Generic[NeedT]):
    """Tasks by what they are for. `go_on` is called when one has ended or a pause is over.

    `what` they do begins the sentence that tells of a bug in them.
    """

    def __init__(
        self,
        work: Callable[[NeedT], Coroutine[None, None, None]],
        failed: Callable[[Failure], None],
        go_on: Callable[[], None],
        *,
        what: str,
        most: int = MOST,
    ) -> None:
        self._work = work
        self._failed = failed
        self._go_on = go_on
        self._what = what
        self._most = most
        self._tasks: dict[NeedT, asyncio.Task[None]] = {}
        self._failures = 0
        self._pause: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    def __iter__(self) -> Iterator[NeedT]:
        return iter(self._tasks)

    @property
    def pausing(self) -> bool:
        """Claims that a failure is waited out."""
        return self._pause is not None

    def want(self, needs: Iterable[NeedT]) -> None:
        """These, most urgent first, and no others."""
        wanted = dict.fromkeys(needs)
        for need in [need for need in self._tasks if need not in wanted]:
            self._tasks.pop(need).cancel()
        for need in wanted:
            if need not in self._tasks and len(self._tasks) < self._most:
                self._start(need)

    def cancel_all(self) -> None:
        self.end_pause()
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def close(self) -> None:
        """Cancel all and wait for their end."""
        tasks = list(self._tasks.values())
        self.cancel_all()
        await asyncio.gather(*tasks, return_exceptions=True)

    def pause_after(self, failure: Failure) -> None:
        """Go on after a while that grows; a refused key waits for another one."""
        if isinstance(failure, Unauthorized) or self._pause is not None:
            return
        seconds = RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS) - 1)]
        self._failures += 1
        self._pause = asyncio.get_running_loop().call_later(seconds, self._pause_over)

    def went_well(self) -> None:
        self._failures = 0
        self.end_pause()

    def end_pause(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None

    def _pause_over(self) -> None:
        self._pause = None
        self._go_on()

    def _start(self, need: NeedT) -> None:
        task = asyncio.create_task(self._guarded(need))
        self._tasks[need] = task

        def landed(done: asyncio.Task[None]) -> None:
            if self._tasks.get(need) is done:
                del self._tasks[need]
            if not done.cancelled():
                self._go_on()

        task.add_done_callback(landed)

    async def _guarded(self, need: NeedT) -> None:
        try:
            with only_failures(self._what):
                await self._work(need)
        except Failure as failure:
            self._failed(failure)
