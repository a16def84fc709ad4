"""An event loop in which waiting takes no time, so that hours can be tested at once."""

from __future__ import annotations

import asyncio
import functools
import selectors
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

P = ParamSpec("P")
T = TypeVar("T")

_real_monotonic = time.monotonic
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class _Selector(selectors.SelectSelector):
    """Its clock jumps to what is due next, unless a thread is at work."""

    def __init__(self, turn: float) -> None:
        super().__init__()
        self.now = 0.0
        self._turn = turn
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        self.now += self._turn
        if self.threads and timeout != 0:
            return super().select(None)
        events = super().select(0)
        if not events and timeout is None:
            raise AssertionError("everything waits, and nothing will ever happen")
        if not events and timeout is not None:
            self.now += max(0.0, timeout)
        return events


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Threads are waited for; everything else happens at once, in the order of its time.

    `turn` is what each turn of the loop takes, in seconds: with none at all, who reads the clock
    and waits for the rest may find that 1e-17 s are left, for ever.
    """

    def __init__(self, turn: float = 0.0) -> None:
        self._selector_with_clock = _Selector(turn)
        super().__init__(self._selector_with_clock)

    def time(self) -> float:
        return self._selector_with_clock.now

    def stand_still(self, seconds: float) -> None:
        """As if the process had been stopped for so long just now: time went by, nothing ran."""
        self._selector_with_clock.now += seconds

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future[Any]:  # type: ignore[override] # generic over args there
        self._selector_with_clock.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._landed)
        return future

    async def shutdown_default_executor(self, *args: Any) -> None:
        self._selector_with_clock.threads += 1
        await super().shutdown_default_executor(*args)
        self._selector_with_clock.threads -= 1

    def _landed(self, _: asyncio.Future[Any]) -> None:
        self._selector_with_clock.threads -= 1


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Run an async test on a loop of its own in which waiting takes no time."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            return runner.run(test(*args, **kwargs))

    return run


def stand_still(seconds: float) -> None:
    """Of the running loop, which must be a virtual one."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    loop.stand_still(seconds)


class LoopClock:
    """`service.ports.Clock` of the running loop; it was noon when that began."""

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def virtual_monotonic() -> float:
    """In place of `time.monotonic`: the running loop's time where that is virtual."""
    loop = asyncio._get_running_loop()
    return loop.time() if isinstance(loop, VirtualTimeLoop) else _real_monotonic()
