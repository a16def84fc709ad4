"""Pressing a key ends when all has been done that it asks for, however busy the machine is.

Holds, dialogs and screens wait a lot, which takes no time here.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.virtual_time import VirtualTimeLoop, virtual_monotonic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# The screen draws what changed 60 times a second.
_DRAWN = 1 / 50


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The machine's time only where it is the time of others: processes, threads, sockets."""
    if item.get_closest_marker("processes"):
        return {"real time": asyncio.new_event_loop}
    return {"virtual time": partial(VirtualTimeLoop, turn=1e-5)}


async def _nothing_left_to_run() -> None:
    loop: Any = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:  # noqa: ASYNC110 - no event tells of it
        await asyncio.sleep(0)


async def _idle(*_: float) -> None:
    """In place of Textual's, which takes a process that is given no CPU for one that rests.

    A key would go to the screen behind a dialog that was still on its way.
    """
    await _nothing_left_to_run()
    await asyncio.sleep(_DRAWN)
    await _nothing_left_to_run()


@pytest.fixture(autouse=True, scope="package")
def _keys_are_waited_for() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.app.wait_for_idle", _idle)
        patch.setattr("textual.pilot.wait_for_idle", _idle)
        patch.setattr("time.monotonic", virtual_monotonic)
        patch.setattr("textual._time.get_time", virtual_monotonic)
        yield


@pytest.fixture(autouse=True)
def _a_task_that_fails_fails_the_test(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The console goes on; `caplog.clear()` where a test has made it fail."""
    yield
    assert "a task of the console failed" not in caplog.text
