"""`gerra-tui evidence`: the first look at what lies behind signed URLs, without fetching it."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.declared import lacking
from gerra_tui.domain.checks.rules import ruled
from gerra_tui.domain.checks.same import Remembered, same
from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.evidence import MOST_BYTES, MOST_REQUESTS, Cost, Look, Mark
from gerra_tui.domain.query import parse
from gerra_tui.domain.siblings import Siblings
from gerra_tui.domain.text import clean, compact_json
from gerra_tui.headless.at_once import in_order
from gerra_tui.headless.exit_code import ExitCode, sentence
from gerra_tui.headless.forms import humane_size
from gerra_tui.headless.ls import point_at, recall
from gerra_tui.headless.wanted import Wanted, WrongUsage, read_words, wanted
from gerra_tui.service.failures import Failure, ServiceUnavailable, Unauthorized
from gerra_tui.service.listing.walk import Walk, fitting
from gerra_tui.service.looking import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.query import Query
    from gerra_tui.headless.streams import Streams
    from gerra_tui.service.looks import Evidence, Looking, Looks
    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.service.preferences import Preferences

NOT_LOOKED_AT: Final = "unknown"  # the kind of what could not be
RECENT: Final = timedelta(hours=1)
MARKS: Final = {Mark.OK: "ok", Mark.ODD: "!", Mark.UNCHECKED: "?"}


async def evidence(
    words: Sequence[str],
    *,
    query: str | None = None,
    file: Path | None = None,
    more: bool = False,
    most: int | None = None,
    as_json: bool = False,
    api: ReadingApi,
    at: Evidence,
    kept: Looks,
    clock: Clock,
    preferences: Preferences,
    streams: Streams,
) -> ExitCode:
    """Look at the datasets that `words` name (`-`: standard input), at those of `query`, or at a
    local file, a few at once; lines come out in the order given.

    `more` goes on where a first look offers it, after naming the price on standard error; `most`
    bounds the bytes of each. A `query` whose looks broke off goes on: those of the last hour, of
    datasets that have not changed since, are told again and cost nothing. Raises `BrokenPipeError`.
    """
    run = _Run(api, at, kept, clock, preferences, streams, more, most, as_json)
    if sum((bool(words), query is not None, file is not None)) != 1:
        streams.remark("Name datasets by their ids (or -), or give one of --query and --file.")
        return ExitCode.WRONG_USAGE
    if file is not None:
        run.tell(str(file), await run.look(at.at_file(file, most=most), str(file)))
    elif query is not None:
        parsed = parse(query)
        for problem in (*parsed.errors, *parsed.warnings):
            point_at(problem, query, streams)
        if parsed.query is None:
            return ExitCode.WRONG_USAGE
        await recall(parsed.query, kept, streams)
        await _sweep(parsed.query, run, preferences)
    else:
        try:
            targets = wanted(await read_words(words, streams))
        except WrongUsage as problem:
            streams.remark(str(problem))
            return ExitCode.WRONG_USAGE
        async with aclosing(in_order(run.look_at, targets, at_once=AT_ONCE)) as looks:
            async for name, look in looks:
                run.tell(name, look)
    return run.done()


async def _sweep(query: Query, run: _Run, preferences: Preferences) -> None:
    """Every dataset that the query fits, each once, as the list is read."""
    walk = Walk(run.api, query.plan(preferences.search).narrowing)
    try:
        async with aclosing(fitting(walk, query, run.clock, run.kept.summary)) as pages:
            async for rows in pages:
                run.announce(walk.total)
                async with aclosing(in_order(run.look_at_row, rows, at_once=AT_ONCE)) as looks:
                    async for name, look in looks:
                        run.tell(name, look)
    except Failure as failure:
        run.broken_off(failure)


@dataclass(slots=True)
class _Run:
    """One call of the command, and what came of it so far."""

    api: ReadingApi
    at: Evidence
    kept: Looks
    clock: Clock
    preferences: Preferences
    streams: Streams
    more: bool
    most: int | None
    as_json: bool
    looks: int = 0
    known: int = 0
    odd: int = 0
    failed: int = 0
    requests: int = 0
    bytes: int = 0
    failures: list[Failure] = field(default_factory=list)
    announced: bool = False
    seen: Remembered = field(default_factory=Remembered)
    siblings: Siblings = field(default_factory=Siblings)

    async def look_at(self, one: Wanted) -> tuple[str, Look]:
        """A dataset that was named, read anew: its link may have expired."""
        if one.problem is not None:
            return one.dataset_id, _unseen(one.dataset_id, one.problem)
        if self.failures and (why := _hopeless(self.failures[-1])):
            return one.dataset_id, _unseen(one.dataset_id, f"not tried: {why}")
        try:
            dataset = await self.api.dataset(one.dataset_id)
        except Failure as failure:
            self.failures.append(failure)
            return one.dataset_id, _unseen(one.dataset_id, sentence(failure, self.clock.now()))
        return dataset.id, await self._look_anew(dataset)

    async def look_at_row(self, row: Row) -> tuple[str, Look]:
        if isinstance(row, UnreadableRow):
            told = f"the row cannot be read as a dataset: {row.problem}"
            return row.id or "", _unseen(row.id, told)
        kept = None if self.more or self.most is not None else await self.kept.recall(row)
        if kept is None or kept.look.error or self.clock.now() - kept.as_of > RECENT:
            return row.id, await self._look_anew(row)
        self.known += 1
        return row.id, self._beside_others(row, replace(kept.look, cost=Cost()))

    async def _look_anew(self, dataset: Dataset) -> Look:
        look = await self.look(self.at.at(dataset, most=self.most), dataset.id)
        await self.kept.keep(dataset, look)
        return self._beside_others(dataset, look)

    def _beside_others(self, dataset: Dataset, look: Look) -> Look:
        """With what those of this call that were looked at before say of it, and the rules."""
        checks = (
            *same(look, self.seen, self.preferences.limits),
            *lacking(self.siblings.missing(dataset)),
            *ruled(dataset, self.preferences.rules, self.clock.now()),
        )
        self.seen.add(look)
        self.siblings.learn(dataset)
        return replace(look, checks=(*look.checks, *checks))

    async def look(self, looking: Looking, name: str) -> Look:
        look = await looking.first()
        if not (self.more and look.more and look.error is None):
            return look
        for step in look.more:
            self.streams.remark(f"{name}: {step.words}, {_price(step.requests, step.bytes)}")
        return await looking.more()

    def tell(self, name: str, look: Look) -> None:
        self.looks += 1
        self.odd += look.odd > 0
        self.failed += look.error is not None
        self.requests += look.cost.requests
        self.bytes += look.cost.bytes
        self.streams.write([_json(look)] if self.as_json else _lines(name, look))

    def announce(self, total: int | None) -> None:
        """The most that it can cost, once it is known of how many."""
        if total is None or self.announced:
            return
        self.announced = True
        price = _price(total * MOST_REQUESTS, total * MOST_BYTES)
        self.streams.remark(f"{total:,} datasets, up to {price}")

    def broken_off(self, failure: Failure) -> None:
        self.failures.append(failure)
        told = sentence(failure, self.clock.now())
        after = f"The list broke off after {self.looks:,} datasets: " if self.looks else ""
        self.streams.remark(f"{after}{told}")

    def done(self) -> ExitCode:
        known = f" ({self.known:,} of them before)" if self.known else ""
        told = f"{self.looks:,} looked at{known}, {self.odd:,} odd, {self.failed:,} could not be"
        self.streams.remark(f"{told}: {_price(self.requests, self.bytes)}")
        seen = self.looks - self.failed
        if any(isinstance(failure, Unauthorized) for failure in self.failures):
            return ExitCode.NO_KEY
        if not seen and self.failures and all(map(_is_away, self.failures)):
            return ExitCode.UNREACHABLE
        return ExitCode.FAILED if self.odd or self.failed or self.failures else ExitCode.DONE


def _hopeless(failure: Failure) -> str | None:
    """Why what failed so is not tried with the others."""
    match failure:
        case Unauthorized():
            return "the key was refused"
        case ServiceUnavailable():
            return "the service cannot be reached"
    return None


def _price(requests: int, size: int) -> str:
    return f"{requests:,} request{'' if requests == 1 else 's'}, {humane_size(size)}"


def _is_away(failure: Failure) -> bool:
    return isinstance(failure, ServiceUnavailable)


def _unseen(dataset_id: str | None, problem: str) -> Look:
    return Look(dataset_id=dataset_id, kind=NOT_LOOKED_AT, error=problem)


def _json(look: Look) -> str:
    return compact_json(
        {
            "dataset_id": look.dataset_id,
            "kind": look.kind,
            "facts": look.facts,
            "checks": [
                {
                    "id": check.id,
                    "mark": check.mark,
                    "text": check.text,
                    "measured": check.measured,
                    "declared": check.declared,
                    "scope": check.scope,
                }
                for check in look.checks
            ],
            "cost": _cost(look.cost),
            "error": look.error,
        }
    )


def _cost(cost: Cost) -> dict[str, Any]:
    return {"requests": cost.requests, "bytes": cost.bytes, "seconds": round(cost.seconds, 3)}


def _lines(name: str, look: Look) -> Iterator[str]:
    for check in look.checks:
        text = f"{check.text} ({check.scope})" if check.scope else check.text
        yield "\t".join(map(clean, (name, MARKS[check.mark], check.id, text)))
    if look.error is not None:
        yield "\t".join(map(clean, (name, MARKS[Mark.UNCHECKED], "error", look.error)))
