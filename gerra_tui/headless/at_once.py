"""A few pieces of work at once, their results in the order in which the work was given."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    work: Callable[[T], Awaitable[R]], given: Iterable[T], *, at_once: int
) -> AsyncGenerator[R, None]:
    """Each result as soon as it and all before it are there.

    Errors of `work` are raised. What is in flight is cancelled, and awaited, when the generator
    is closed.
    """
    waiting = iter(given)
    running: dict[asyncio.Task[R], int] = {}
    results: dict[int, R] = {}
    started = given_out = 0

    async def do(one: T) -> R:
        return await work(one)

    try:
        while True:
            while len(running) < at_once and (one := next(waiting, None)) is not None:
                running[asyncio.create_task(do(one))] = started
                started += 1
            if not running:
                return
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                results[running.pop(task)] = task.result()
            while given_out in results:
                yield results.pop(given_out)
                given_out += 1
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
