"""Which datasets `accept` and `reject` are asked to decide, by arguments and standard input."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.dataset_id import NO_ID, is_dataset_id, spelled_out
from gerra_tui.domain.readable import is_nested_too_deep, readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gerra_tui.headless.streams import Streams

STANDARD_INPUT = "-"
PIECE = 2**16  # bytes
NEEDED = frozenset({"id", "status", "data_type", "name"})


class WrongUsage(Exception):
    """What was typed or piped in makes no sense; nothing was done. A sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`seen` is the dataset of a line of `ls --json`; `problem` why that is none to decide on."""

    dataset_id: str
    seen: Dataset | None = None
    problem: str | None = None


async def read_words(words: Sequence[str], streams: Streams) -> list[str]:
    """The words, with `-` replaced by the lines of standard input. Waits for their end."""
    found: list[str] = []
    for word in words:
        if word != STANDARD_INPUT:
            found.append(word)
        else:
            text = (await _read(streams.stdin)).removeprefix("\ufeff")
            found += (line for line in text.split("\n") if line.strip())
    return found


async def _read(stdin: TextIO) -> str:
    """All of it. Neither a thread nor the event loop is blocked while nothing comes: Ctrl-C works
    although a terminal or a slow pipe is at the other end."""
    try:
        descriptor = stdin.fileno()
    except OSError:  # a stream in memory
        return stdin.read()
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    pieces = []

    def take() -> None:
        """Called when there is something to read, or the end."""
        try:
            piece = os.read(descriptor, PIECE)
        except OSError:  # the terminal is gone
            piece = b""
        if piece:
            pieces.append(piece)
        elif not ended.done():
            ended.set_result(None)

    try:
        loop.add_reader(descriptor, take)
    except PermissionError:  # epoll(7) takes no regular files: these never block
        return stdin.read()
    try:
        await ended
    finally:
        loop.remove_reader(descriptor)
    return b"".join(pieces).decode("utf-8", "surrogateescape")


def wanted(words: Iterable[str]) -> list[Wanted]:
    """Each dataset once, in the order given. Raises `WrongUsage`.

    A word is an id, a line of `ls --json`, or a line of `ls` into a pipe, which begins with the id.
    """
    found: dict[str, Wanted] = {}
    for number, word in enumerate(words, start=1):
        text = word.strip()
        one = _of_line(text, number) if text.startswith("{") else _of_id(_first(text))
        found.setdefault(one.dataset_id.casefold(), one)
    return list(found.values())


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0] if text else ""


def _of_id(word: str) -> Wanted:
    dataset_id = spelled_out(word)
    problem = None if is_dataset_id(dataset_id) else NO_ID
    return Wanted(dataset_id=dataset_id, problem=problem)


def _of_line(line: str, number: int) -> Wanted:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        raise WrongUsage(f"Line {number} is not whole JSON: nothing was decided.") from None
    dataset_id = body.get("id")
    if not isinstance(dataset_id, str) or not dataset_id:
        return Wanted(dataset_id="", problem="the line names no dataset")
    if not is_dataset_id(dataset_id):
        return Wanted(dataset_id=dataset_id, problem=NO_ID)
    seen = _dataset(body)
    problem = "the line cannot be read as a dataset" if seen is None else None
    return Wanted(dataset_id=dataset_id, seen=seen, problem=problem)


def _dataset(body: Mapping[str, Any]) -> Dataset | None:
    """The dataset as far as a decision needs it; its revision is that of the whole line."""
    fields = readable(body)
    wrong = [name for name in ("metadata", "organization_id") if name in body.keys() - fields]
    if wrong or not fields.keys() >= NEEDED or is_nested_too_deep(body):
        return None
    if not (fields.get("organization_id") or "").isascii():
        return None
    return Dataset(**fields, raw=body)
