"""`gerra-tui accept` and `gerra-tui reject`: through the same journal and checks as the screen."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.text import is_blank
from gerra_tui.headless.at_once import in_order
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.headless.outcome import Tally, line
from gerra_tui.headless.wanted import WrongUsage, read_words, wanted
from gerra_tui.service.decisions.dispatch import Settled
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.decisions.target import ReadOnly, Target
from gerra_tui.service.failures import Failure, ServiceUnavailable
from gerra_tui.service.ports import IN_FLIGHT, JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.headless.streams import Streams
    from gerra_tui.headless.wanted import Wanted
    from gerra_tui.service.decisions.dispatch import Dispatch
    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.service.preferences import Preferences

LONGEST_REASON = 2000  # characters, as in the dialog
GIVE_UP_AFTER = 60.0  # seconds


async def decide(
    verdict: Verdict,
    words: Sequence[str],
    *,
    reason: str | None = None,
    dry_run: bool = False,
    as_json: bool = False,
    api: ReadingApi,
    dispatch: Dispatch,
    clock: Clock,
    preferences: Preferences,
    streams: Streams,
) -> ExitCode:
    """Decide on each dataset that `words` name, `-` being standard input's lines, 4 at once.

    Each is journaled just before it is sent. A line of `ls --json` says what was seen; for a bare
    id that is the first reading, and where the service is away for a minute it waits unread. Lines
    come out in the order of the words. `dispatch` is started here, and closed by whoever made it.
    Raises `BrokenPipeError`.
    """
    try:
        _check_reason(verdict, reason)
        targets = wanted(await read_words(words, streams))
    except WrongUsage as problem:
        streams.remark(str(problem))
        return ExitCode.WRONG_USAGE
    if preferences.read_only and not dry_run:
        streams.remark(str(ReadOnly()))
        return ExitCode.FAILED
    try:
        await dispatch.start()
    except JournalUnwritable as problem:
        streams.remark(str(problem))
        return ExitCode.FAILED
    run = _Run(verdict, reason, dry_run=dry_run, api=api, dispatch=dispatch, clock=clock)
    async with aclosing(in_order(run.settle, targets, at_once=IN_FLIGHT)) as outcomes:
        async for settled in outcomes:
            streams.write([line(settled, as_json=as_json)])
    if run.untried:
        streams.remark(
            f"{run.untried:,} of {len(targets):,} were not tried because {run.tally.why_stop}: "
            "mend that, then run it again with the same ids."
        )
    if dispatch.trouble is not None:
        streams.remark(dispatch.trouble)
    return run.tally.exit_code


def _check_reason(verdict: Verdict, reason: str | None) -> None:
    if verdict is Verdict.ACCEPT:
        return
    if reason is None or is_blank(reason):
        raise WrongUsage("A rejection needs a reason: --reason TEXT.")
    if len(reason) > LONGEST_REASON:
        raise WrongUsage(f"The reason is longer than {LONGEST_REASON:,} characters.")


class _Run:
    """One call of the command."""

    def __init__(
        self,
        verdict: Verdict,
        reason: str | None,
        *,
        dry_run: bool,
        api: ReadingApi,
        dispatch: Dispatch,
        clock: Clock,
    ) -> None:
        self._verdict = verdict
        self._reason = reason
        self._dry_run = dry_run
        self._api = api
        self._dispatch = dispatch
        self._clock = clock
        self.tally = Tally()
        self.untried = 0

    async def settle(self, one: Wanted) -> Settled:
        if self.tally.why_stop is not None:
            self.untried += 1
            return self._failed(one, f"not tried: {self.tally.why_stop}")
        settled = await self._tried(one)
        self.tally.note(settled)
        return settled

    async def _tried(self, one: Wanted) -> Settled:
        if one.problem is not None:
            return self._failed(one, one.problem)
        if one.seen is not None:
            return await self._decided(one, one.seen)
        try:
            seen = await self._first_reading(one.dataset_id)
        except ServiceUnavailable as failure:
            return await self._kept(one, failure)
        except Failure as failure:
            return self._failed(one, failure.detail, failure)
        return replace(await self._decided(one, seen), reached=True)

    async def _decided(self, one: Wanted, seen: Dataset) -> Settled:
        target = Target(dataset=seen)
        if self._dry_run:
            return await self._dispatch.check(self._verdict, target)
        try:
            return await self._dispatch.decide_and_send(self._verdict, target, reason=self._reason)
        except JournalUnwritable as problem:
            return self._unwritable(one, problem)

    async def _kept(self, one: Wanted, failure: Failure) -> Settled:
        """What could not be read in time waits in the journal; a trial leaves nothing there."""
        if self._dry_run:
            return self._failed(one, failure.detail, failure)
        try:
            return await self._dispatch.keep(
                self._verdict, one.dataset_id, failure, reason=self._reason
            )
        except JournalUnwritable as problem:
            return self._unwritable(one, problem)

    async def _first_reading(self, dataset_id: str) -> Dataset:
        """Raises `Failure`, `ServiceUnavailable` not before a minute of it."""
        patience, tries = Patience(), 0
        deadline = self._clock.monotonic() + GIVE_UP_AFTER
        while True:
            try:
                return await self._api.dataset(dataset_id)
            except ServiceUnavailable as failure:
                tries += 1
                pause = patience.pause(tries, failure.retry_after)
                if self._clock.monotonic() + pause > deadline:
                    raise
            await asyncio.sleep(pause)

    def _unwritable(self, one: Wanted, problem: JournalUnwritable) -> Settled:
        self.tally.why_stop = "the journal cannot be written"
        return self._failed(one, str(problem))

    def _failed(self, one: Wanted, detail: str, failure: Failure | None = None) -> Settled:
        return Settled(
            dataset_id=one.dataset_id,
            verdict=self._verdict,
            result="failed",
            detail=detail,
            failure=failure,
            reached=failure is None or failure.reached,
        )
