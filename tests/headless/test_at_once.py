"""Several pieces of work at once, their results in order."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from gerra_tui.headless.at_once import in_order
from tests.virtual_time import in_virtual_time


@in_virtual_time
async def test_results_come_in_order_and_no_more_than_so_many_are_at_work() -> None:
    running, most = 0, 0

    async def work(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(10 if number % 5 == 0 else 1)
        running -= 1
        return number

    results = [number async for number in in_order(work, range(40), at_once=4)]
    assert results == list(range(40))
    assert most == 4
    assert asyncio.get_running_loop().time() < 40, "one slow one does not hold up the others"


@in_virtual_time
async def test_an_error_ends_it_and_nothing_goes_on_behind_it() -> None:
    finished = []

    async def work(number: int) -> int:
        await asyncio.sleep(number)
        if number == 2:
            raise ZeroDivisionError
        finished.append(number)
        return number

    async with aclosing(in_order(work, [1, 2, 3, 4, 5], at_once=3)) as results:
        assert await anext(results) == 1
        with pytest.raises(ZeroDivisionError):
            await anext(results)
    await asyncio.sleep(100)
    assert finished == [1]


@in_virtual_time
async def test_nothing_to_do_is_done_at_once() -> None:
    async def work(number: int) -> int:
        raise AssertionError(number)

    assert [number async for number in in_order(work, [], at_once=4)] == []
