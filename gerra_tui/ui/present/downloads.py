"""How far files are that are fetched whole, for the pane and for the header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean
from gerra_tui.service.downloads import Fetched, scp_line
from gerra_tui.ui.present.lines import DetailLine, hanging, heading
from gerra_tui.ui.present.values import byte_size
from gerra_tui.ui.theme import PROBLEM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gerra_tui.service.downloads import Download

LARGE: Final = 10**9  # bytes


def share(entry: Download) -> str:
    """`45 %`, of a large file `45.3 %`; what has come where its size is not known."""
    received, size = entry.fetching.received, entry.fetching.size
    if not size:
        return byte_size(received)
    return f"{min(1.0, received / size) * 100:.{int(size >= LARGE)}f} %"


def how_far(entry: Download) -> str:
    """`45 % of 246.1 MB`."""
    size = entry.fetching.size
    return f"{share(entry)} of {byte_size(size)}" if size else share(entry)


def header_words(entries: Sequence[Download]) -> str:
    """`fetched 45 % of 246.1 MB, 2 wait`; empty where nothing is on its way."""
    running = [one for one in entries if one.state is Fetched.RUNNING]
    waiting = sum(one.state is Fetched.WAITING for one in entries)
    if not running:
        return ""
    return f"fetched {how_far(running[0])}{f', {waiting} wait' if waiting else ''}"


def download_lines(entry: Download | None, width: int) -> Iterator[DetailLine]:
    """What became of the dataset's file, and the command that brings it to the reviewer."""
    if entry is None:
        return
    match entry.state:
        case Fetched.RUNNING:
            told = f"{how_far(entry)}   d pauses"
        case Fetched.WAITING:
            told = "waits for its turn   d pauses"
        case Fetched.PAUSED:
            told = f"paused at {share(entry)}   d goes on"
        case Fetched.FAILED:
            told = "not fetched   d tries again"
        case Fetched.DONE:
            told = "whole, on this machine"
    yield heading("DOWNLOAD", told, width=width, anchor="download")
    if entry.problem:
        yield from hanging("! ", clean(entry.problem), width, PROBLEM)
    if entry.path is not None:
        yield from hanging("", clean(str(entry.path)), width)
        yield from hanging("", clean(scp_line(entry.path)), width)
    yield DetailLine("")
