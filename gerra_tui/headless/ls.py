"""`gerra-tui ls`: the list, streamed in the service's order."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Literal

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.query import parse
from gerra_tui.headless.exit_code import ExitCode, sentence
from gerra_tui.headless.forms import Aligned, Csv, Json, Piped
from gerra_tui.service.failures import Failure, Unauthorized
from gerra_tui.service.listing.walk import Walk
from gerra_tui.service.ports import LARGEST_PAGE

if TYPE_CHECKING:
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.query import Problem, Query
    from gerra_tui.domain.query.matching import Looked
    from gerra_tui.headless.forms import Form
    from gerra_tui.headless.streams import Streams
    from gerra_tui.service.looks import Looks
    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.service.preferences import Preferences

DEFAULT_QUERY = "status:pending"


async def ls(
    query: str | None,
    *,
    form: Literal["text", "json", "csv"] = "text",
    limit: int | None = None,
    api: ReadingApi,
    kept: Looks,
    clock: Clock,
    preferences: Preferences,
    streams: Streams,
) -> ExitCode:
    """Every dataset that the query fits, each once. Memory does not grow with what is listed,
    but for some 20 bytes a row. `kept` looks answer what the query asks of them. Raises
    `BrokenPipeError` if nobody reads on."""
    text = DEFAULT_QUERY if query is None else query
    parsed = parse(text)
    for problem in (*parsed.errors, *parsed.warnings):
        point_at(problem, text, streams)
    if parsed.query is None:
        return ExitCode.WRONG_USAGE
    await recall(parsed.query, kept, streams)
    listing = _Listing(
        parsed.query, kept.summary, clock, _form(form, streams, clock.now()), limit, streams
    )
    plan = parsed.query.plan(preferences.search)
    walk = Walk(api, plan.narrowing)
    page = LARGEST_PAGE if limit is None or not plan.is_whole else min(limit, LARGEST_PAGE)
    try:
        async with aclosing(walk.rows(page)) as pages:
            async for rows in pages:
                if listing.take(rows, walk):
                    break
    except Failure as failure:
        return listing.broken_off(failure, walk)
    return listing.done(walk)


class _Listing:
    """What was written so far."""

    def __init__(
        self,
        query: Query,
        looked: Looked,
        clock: Clock,
        form: Form,
        limit: int | None,
        streams: Streams,
    ) -> None:
        self._query = query
        self._looked = looked
        self._clock = clock
        self._now = clock.now()
        self._form = form
        self._limit = limit
        self._streams = streams
        self._listed = 0
        self._unreadable = 0
        self._answered = False
        self._progress = _Progress(streams)

    def take(self, rows: list[Row], walk: Walk) -> bool:
        """Write those that fit. Claims that the limit is reached."""
        fitting = [row for row in rows if self._query.admits(row, self._now, self._looked)]
        if self._limit is not None:
            fitting = fitting[: self._limit - self._listed]
        self._unreadable += sum(isinstance(row, UnreadableRow) for row in fitting)
        self._listed += len(fitting)
        self._progress.clear()
        if not self._answered:
            self._answered = True
            self._streams.write(self._form.header())
        self._streams.write(self._form.lines(fitting))
        self._progress.show(f"{_of_total(walk)} looked at, {self._listed:,} listed")
        return self._listed == self._limit

    def done(self, walk: Walk) -> ExitCode:
        self._progress.clear()
        self._tell_of_unreadable_ones()
        if walk.uncertain:
            self._streams.remark(
                "The list kept changing while it was read: some datasets may be missing. "
                "Run it again to be sure."
            )
        return ExitCode.FAILED if walk.uncertain else ExitCode.DONE

    def broken_off(self, failure: Failure, walk: Walk) -> ExitCode:
        self._progress.clear()
        self._tell_of_unreadable_ones()
        if not self._answered:
            self._streams.remark(sentence(failure, self._clock.now()))
            return ExitCode.of(failure)
        self._streams.remark(
            f"The list broke off after {self._listed:,} datasets "
            f"({_of_total(walk)} looked at): {sentence(failure, self._clock.now())}"
        )
        return ExitCode.NO_KEY if isinstance(failure, Unauthorized) else ExitCode.FAILED

    def _tell_of_unreadable_ones(self) -> None:
        if self._unreadable:
            self._streams.remark(f"{self._unreadable:,} of the rows could not be read as datasets.")


class _Progress:
    """One line on standard error that is written over, while the result goes elsewhere."""

    def __init__(self, streams: Streams) -> None:
        self._stream = streams.stderr
        self._on = streams.stderr_is_terminal and not streams.stdout_is_terminal
        self._shown = 0

    def show(self, text: str) -> None:
        if self._on:
            self._shown = len(text)
            self._stream.write(f"\r{text}")
            self._stream.flush()

    def clear(self) -> None:
        if self._shown:
            self._stream.write(f"\r{' ' * self._shown}\r")
            self._stream.flush()
            self._shown = 0


def _form(form: Literal["text", "json", "csv"], streams: Streams, now: datetime) -> Form:
    match form:
        case "json":
            return Json()
        case "csv":
            return Csv()
    return Aligned(streams.width, now) if streams.stdout_is_terminal else Piped()


def _of_total(walk: Walk) -> str:
    if walk.total is None or walk.total < walk.looked_at:
        return f"{walk.looked_at:,}"
    return f"{walk.looked_at:,} of {walk.total:,}"


async def recall(query: Query, kept: Looks, streams: Streams) -> None:
    """Bring what earlier looks found to mind, where the query asks of it."""
    if query.asks_of_looks:
        await kept.recall_all()
        if kept.is_empty:
            streams.remark(
                "No look at any dataset is kept: `check` and `kind` speak of what was looked at, "
                "in the console or by `gerra-tui evidence`."
            )


def point_at(problem: Problem, text: str, streams: Streams) -> None:
    """Tell what is wrong with a query, and at which of its words."""
    streams.remark(f"In the query, at {text[problem.start : problem.end]!r}: {problem.message}")
