"""The parent's side of a child that parses foreign bytes: bytes on request, and the end."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Mapping

    from gerra_tui.evidence.window import Window

WALL: Final = 20.0  # seconds, from the start to the last byte
MOST_ASKED: Final = 20_000  # requests of one child, most of them for bytes that are here
LONGEST_READ: Final = 16_000_000  # bytes of one request
LONGEST_FACTS: Final = 1_000_000  # bytes of JSON
LONGEST_RAW: Final = 32_000_000  # bytes of pixels
_LONGEST_LINE: Final = 64
_PARTING: Final = 2.0  # seconds for a killed child's pipe to end

_GUEST: Final = Path(__file__).with_name("guest.py")

# Each job's library, and the extra that brings it.
LIBRARIES: Final = {
    "columns": ("pyarrow", "data"),
    "tree": ("h5py", "data"),
    "episodes": ("pyarrow", "data"),
    "picture": ("PIL", "pictures"),
    "frames": ("av", "video"),
}


class ChildFailure(Exception):
    """Why a child gave nothing, as a sentence."""


class NotInstalled(ChildFailure):
    """The job's library is an extra that is not installed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job ends with: facts, and pixels where it makes some."""

    facts: dict[str, Any]
    raw: bytes = b""


async def run(
    job: str, window: Window, needs: Mapping[str, Any] | None = None, *, wall: float = WALL
) -> Answer:
    """Do `job` over the window's bytes in a child of its own, which is gone when this returns.

    Raises NotInstalled, ChildFailure, and StorageFailure where a read of the window does. What is
    over the window's budget is refused to the child, which makes do with what it has.
    """
    library, extra = LIBRARIES[job]
    if importlib.util.find_spec(library) is None:
        raise NotInstalled(f"needs gerra-tui[{extra}]")
    order = {"job": job, "size": window.size, "needs": dict(needs or {})}
    return await converse([sys.executable, "-I", str(_GUEST)], window, order, wall=wall)


async def converse(
    command: list[str], window: Window, order: Mapping[str, Any], *, wall: float = WALL
) -> Answer:
    """Start `command` as the child, give it the order, and answer it until it ends.

    Raises ChildFailure, and StorageFailure where a read of the window does.
    """
    try:
        child = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
            cwd="/", env={}, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise ChildFailure(f"the reader could not be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(wall):
            return await _talk(child, window, order)
    except TimeoutError:
        raise ChildFailure(f"the reader was stopped after {wall:g} s") from None
    finally:
        await _end(child)


async def _talk(child: Process, window: Window, order: Mapping[str, Any]) -> Answer:
    assert child.stdin is not None  # noqa: S101 - both were asked for as pipes
    assert child.stdout is not None  # noqa: S101
    try:
        await _send(child.stdin, json.dumps(order).encode() + b"\n")
        for _ in range(MOST_ASKED):
            asked, *numbers = await _line(child.stdout)
            if asked == "R" and len(numbers) == 2:
                await _send(child.stdin, await _bytes(window, *numbers))
            elif asked == "J" and len(numbers) == 2:
                return await _answer(child.stdout, *numbers)
            else:
                raise ChildFailure("the reader spoke nonsense")
    except (ConnectionError, asyncio.IncompleteReadError):
        raise ChildFailure(_ended(await child.wait())) from None
    raise ChildFailure("the reader asked without an end")


async def _send(pipe: asyncio.StreamWriter, data: bytes) -> None:
    pipe.write(data)
    await pipe.drain()


async def _line(pipe: asyncio.StreamReader) -> list[Any]:
    """A word and its numbers. Raises ChildFailure, and IncompleteReadError at the end."""
    try:
        line = await pipe.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        raise ChildFailure("the reader spoke nonsense") from None
    word, *numbers = line[:_LONGEST_LINE].decode("ascii", "replace").split() or [""]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise ChildFailure("the reader spoke nonsense")
    return [word, *(int(number) for number in numbers)]


async def _bytes(window: Window, start: int, length: int) -> bytes:
    if length > LONGEST_READ:
        return b"N\n"
    try:
        data = await window.read(start, start + length)
    except OverBudget:
        return b"N\n"
    return b"D %d\n" % len(data) + data


async def _answer(pipe: asyncio.StreamReader, facts: int, raw: int) -> Answer:
    if facts > LONGEST_FACTS or raw > LONGEST_RAW:
        raise ChildFailure("the reader answered more than is shown")
    try:
        found = json.loads(await pipe.readexactly(facts))
    except (ValueError, RecursionError):
        raise ChildFailure("the reader spoke nonsense") from None
    if not isinstance(found, dict):
        raise ChildFailure("the reader spoke nonsense")
    if isinstance(problem := found.get("problem"), str):
        raise ChildFailure(problem)
    return Answer(found, await pipe.readexactly(raw))


def _ended(code: int) -> str:
    """What an exit status tells of a child that ended without an answer."""
    if code == -signal.SIGXCPU:
        return "the reader was stopped after 5 s of computing"
    if code < 0:
        with suppress(ValueError):
            return f"the reader crashed ({signal.Signals(-code).name})"
    return "the reader ended without an answer"


async def _end(child: Process) -> None:
    """Kill the child if it lives, and wait: no process and no pipe stays behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # it leads a session of its own
    if child.stdin is not None:
        child.stdin.close()
    try:
        async with asyncio.timeout(_PARTING):
            while child.stdout is not None and await child.stdout.read(1 << 16):
                pass  # what a child that floods has left in the pipe
    except TimeoutError:  # the pipe is held open by what the child has started
        child._transport.close()  # type: ignore[attr-defined] # nothing public does
    await child.wait()
