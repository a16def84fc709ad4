"""`gerra-tui show`: one dataset with its iterations."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, TypeVar

from gerra_tui.domain.text import clean, clean_block, compact_json
from gerra_tui.domain.urls import SIGNED_FOR, shown
from gerra_tui.headless.exit_code import ExitCode, sentence
from gerra_tui.headless.forms import humane_age, humane_size, without_url_queries
from gerra_tui.service.decisions.records import outbox_record
from gerra_tui.service.failures import Failure
from gerra_tui.service.ports import JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision
    from gerra_tui.domain.iterations import Iteration, Iterations
    from gerra_tui.headless.streams import Streams
    from gerra_tui.service.ports import Clock, Journal, ReadingApi

T = TypeVar("T")

LABEL = 14  # cells


async def show(
    dataset_id: str,
    *,
    as_json: bool = False,
    api: ReadingApi,
    journal: Journal,
    clock: Clock,
    streams: Streams,
) -> ExitCode:
    """Found is done, even if only the iterations failed. Signed URLs only in JSON."""
    dataset, iterations = await asyncio.gather(
        _or_failure(api.dataset(dataset_id)), _or_failure(api.iterations(dataset_id))
    )
    if isinstance(dataset, Failure):
        streams.remark(sentence(dataset, clock.now()))
        return ExitCode.of(dataset)
    decision = await _decision_on(dataset.id, journal, streams)
    failure = iterations if isinstance(iterations, Failure) else None
    history = None if isinstance(iterations, Failure) else iterations
    if as_json:
        record = {
            "dataset": dataset.raw,
            "iterations": None if history is None else history.raw,
            "iterations_error": None if failure is None else failure.detail,
            "decision": None if decision is None else outbox_record(decision),
        }
        streams.write([compact_json(record)])
    else:
        streams.write(_lines(dataset, history, decision, clock.now()))
        if failure is not None:
            streams.remark(f"No history is available: {sentence(failure, clock.now())}")
    return ExitCode.DONE


async def _or_failure(call: Awaitable[T]) -> T | Failure:
    try:
        return await call
    except Failure as failure:
        return failure


async def _decision_on(dataset_id: str, journal: Journal, streams: Streams) -> Decision | None:
    """The one in the outbox. A journal that cannot be read is worth a remark, not a failure."""
    try:
        await journal.open()
        known = await journal.open_decisions()
    except JournalUnwritable as problem:
        streams.remark(str(problem))
        return None
    mine = [one for one in known if one.dataset_id.casefold() == dataset_id.casefold()]
    return mine[-1] if mine else None


def _lines(
    dataset: Dataset, history: Iterations | None, decision: Decision | None, now: datetime
) -> Iterator[str]:
    yield _line("id", dataset.id)
    yield _line("name", dataset.name)
    yield _line("type", dataset.data_type)
    yield _line("status", dataset.status)
    if dataset.data_byte_size is not None:
        size = humane_size(dataset.data_byte_size)
        yield _line("size", f"{size} ({dataset.data_byte_size:,} bytes)")
    yield _line("created", _moment(dataset.date_created, now))
    yield _line("updated", _moment(dataset.date_updated, now))
    yield _line("organization", dataset.organization_id or "-")
    yield _line("link", without_url_queries(dataset.link or "-"))
    if dataset.signed_url:
        till = (now + SIGNED_FOR).astimezone().strftime("%H:%M")
        yield _line("signed URL", f"{shown(dataset.signed_url)} (valid till {till})")
    if decision is not None:
        yield _line("decided here", f"{decision.verdict}, {decision.state}")
    if dataset.description:
        yield from _block("description", clean_block(without_url_queries(dataset.description)))
    if dataset.metadata:
        pretty = json.dumps(without_url_queries(dataset.metadata), indent=2, ensure_ascii=False)
        yield from _block("metadata", clean_block(pretty))
    for iteration in history.versions if history is not None else ():
        yield _line(f"version {iteration.version + 1}", _version(iteration, dataset.id, now))


def _line(label: str, value: str) -> str:
    return f"{label:<{LABEL}}{clean(value)}"


def _block(label: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n")):
        yield f"{label if number == 0 else '':<{LABEL}}{line}".rstrip()


def _moment(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "-"
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC ({humane_age(moment, now)})"


def _version(iteration: Iteration, dataset_id: str, now: datetime) -> str:
    parts = [iteration.status, humane_age(iteration.created_at, now)]
    if iteration.dataset_id.casefold() != dataset_id.casefold():
        parts.append(iteration.dataset_id)
    for label, text in (
        ("prompt", iteration.prompt),
        ("regenerated", iteration.regeneration_reason),
        ("superseded", iteration.superseded_reason),
    ):
        if text:
            parts.append(f"{label}: {text}")
    return "; ".join(parts)
