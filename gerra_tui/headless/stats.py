"""`gerra-tui stats`: the organization's counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.text import clean, compact_json
from gerra_tui.headless.exit_code import ExitCode, sentence
from gerra_tui.headless.forms import humane_size
from gerra_tui.service.failures import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gerra_tui.domain.statistics import Statistics
    from gerra_tui.headless.streams import Streams
    from gerra_tui.service.ports import Clock, ReadingApi


async def stats(
    *, as_json: bool = False, api: ReadingApi, clock: Clock, streams: Streams
) -> ExitCode:
    try:
        counted = await api.statistics()
    except Failure as failure:
        streams.remark(sentence(failure, clock.now()))
        return ExitCode.of(failure)
    streams.write([compact_json(counted.raw)] if as_json else _lines(counted))
    return ExitCode.DONE


def _lines(counted: Statistics) -> Iterator[str]:
    if counted.total_datasets is not None:
        yield f"datasets  {counted.total_datasets:,}"
    if counted.total_size_bytes is not None:
        yield f"size      {humane_size(counted.total_size_bytes)}"
    yield from _table("by status", counted.by_status.items())
    yield from _table("by type", counted.by_data_type.items())
    yield from _table("by day", counted.daily_volume)
    for name, value in counted.further.items():
        shown = value if isinstance(value, str) else compact_json(value)
        yield f"{clean(name)}  {clean(shown)}"


def _table(title: str, counts: Iterable[tuple[str, int]]) -> Iterator[str]:
    rows = [(clean(name), f"{count:,}") for name, count in counts]
    if not rows:
        return
    names = max(len(name) for name, _ in rows)
    numbers = max(len(number) for _, number in rows)
    yield title
    for name, number in rows:
        yield f"  {name:<{names}}  {number:>{numbers}}"
