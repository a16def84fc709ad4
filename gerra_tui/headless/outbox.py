"""`gerra-tui outbox`: what is decided here and not yet settled."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerra_tui.domain.text import clean, compact_json
from gerra_tui.headless.at_once import in_order
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.headless.outcome import Tally, line
from gerra_tui.service.decisions.dispatch import Settled
from gerra_tui.service.decisions.records import outbox_record, timestamp
from gerra_tui.service.decisions.target import ReadOnly
from gerra_tui.service.ports import IN_FLIGHT, JournalUnwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.decision import Decision
    from gerra_tui.headless.streams import Streams
    from gerra_tui.service.decisions.dispatch import Dispatch
    from gerra_tui.service.ports import Journal
    from gerra_tui.service.preferences import Preferences


async def outbox(*, as_json: bool = False, journal: Journal, streams: Streams) -> ExitCode:
    """List it, oldest first. A journal opened for reading only will do."""
    try:
        await journal.open()
        known = await journal.open_decisions()
    except JournalUnwritable as problem:
        streams.remark(str(problem))
        return ExitCode.FAILED
    for remark in journal.remarks:
        streams.remark(remark)
    streams.write(compact_json(outbox_record(one)) if as_json else _text(one) for one in known)
    return ExitCode.DONE


async def send(
    dataset_ids: Sequence[str],
    *,
    as_json: bool = False,
    journal: Journal,
    dispatch: Dispatch,
    preferences: Preferences,
    streams: Streams,
) -> ExitCode:
    """Send what ended consoles left: these, or all. `dispatch` writes to the same `journal`."""
    chosen = await _chosen(dataset_ids, journal, dispatch, preferences, streams)
    if chosen is None:
        return ExitCode.FAILED
    due = [one for one in chosen.ours if not one.state.is_end]
    ended = [one for one in chosen.ours if one.state.is_end] if dataset_ids else []
    chosen.explain(streams)
    for one in ended:
        streams.remark(
            f"{one.dataset_id}: this decision ended as {one.state}; to try again, decide again."
        )
    tally = Tally()

    async def sent(decision: Decision) -> Settled:
        if tally.why_stop is not None:
            return _not_tried(decision, tally.why_stop)
        settled = await dispatch.send(decision)
        tally.note(settled)
        return settled

    try:
        async with aclosing(in_order(sent, due, at_once=IN_FLIGHT)) as outcomes:
            async for settled in outcomes:
                streams.write([line(settled, as_json=as_json)])
    except JournalUnwritable as problem:
        streams.remark(str(problem))
        return ExitCode.FAILED
    if tally.why_stop is not None:
        streams.remark(f"It was stopped because {tally.why_stop}; the rest is kept.")
    code = tally.exit_code
    return ExitCode.FAILED if code == ExitCode.DONE and (chosen.amiss or ended) else code


async def drop(
    dataset_ids: Sequence[str],
    *,
    as_json: bool = False,
    journal: Journal,
    dispatch: Dispatch,
    preferences: Preferences,
    streams: Streams,
) -> ExitCode:
    """Never send these; without ids a person at a terminal is asked about all."""
    if not dataset_ids and not (streams.stdin_is_terminal and streams.stderr_is_terminal):
        streams.remark("Say which: gerra-tui outbox --drop ID... (ids of datasets).")
        return ExitCode.WRONG_USAGE
    chosen = await _chosen(dataset_ids, journal, dispatch, preferences, streams)
    if chosen is None:
        return ExitCode.FAILED
    chosen.explain(streams)
    for one in chosen.ours:
        if one.posted and not one.state.is_end:
            streams.remark(f"{one.dataset_id}: it was posted, and may have taken effect.")
    if not dataset_ids and chosen.ours:
        for one in chosen.ours:
            streams.remark(_text(one).replace("\t", "  "))
        if not streams.ask(f"Drop these {len(chosen.ours):,} decisions? They are never sent."):
            streams.remark("Nothing was dropped.")
            return ExitCode.FAILED
    try:
        dropped = await dispatch.drop(chosen.ours)
    except JournalUnwritable as problem:
        streams.remark(str(problem))
        return ExitCode.FAILED
    gone = {one.id for one in dropped}
    missed = [one for one in chosen.ours if one.id not in gone]
    for one in missed:
        streams.remark(f"{one.dataset_id}: another console has it now; it was not dropped.")
    streams.write(line(_dropped(one), as_json=as_json) for one in dropped)
    return ExitCode.FAILED if chosen.amiss or missed else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class _Chosen:
    """`ours` can be touched; `running` are those of consoles that run, which never are."""

    ours: list[Decision]
    running: list[Decision]
    unknown_ids: list[str]
    named: bool

    @property
    def amiss(self) -> bool:
        """Claims that something that was asked for by name cannot be done."""
        return self.named and bool(self.running or self.unknown_ids)

    def explain(self, streams: Streams) -> None:
        for dataset_id in self.unknown_ids:
            streams.remark(f"{dataset_id}: nothing in the outbox.")
        for one in self.running:
            if one.state.is_end and not self.named:
                continue
            pid = one.owner.pid if one.owner is not None else "?"
            streams.remark(f"{one.dataset_id}: a running console (process {pid}) has it.")


async def _chosen(
    dataset_ids: Sequence[str],
    journal: Journal,
    dispatch: Dispatch,
    preferences: Preferences,
    streams: Streams,
) -> _Chosen | None:
    """Null, after a remark, if nothing may or can be changed."""
    if preferences.read_only:
        streams.remark(str(ReadOnly()))
        return None
    try:
        await dispatch.start()
        known = await journal.open_decisions()
    except JournalUnwritable as problem:
        streams.remark(str(problem))
        return None
    ids = {one.casefold(): one for one in dataset_ids}
    there = {one.dataset_id.casefold() for one in known}
    meant = [one for one in known if not ids or one.dataset_id.casefold() in ids]
    return _Chosen(
        ours=[one for one in meant if not one.is_of_another_that_runs],
        running=[one for one in meant if one.is_of_another_that_runs],
        unknown_ids=[one for folded, one in ids.items() if folded not in there],
        named=bool(ids),
    )


def _not_tried(decision: Decision, why: str) -> Settled:
    return Settled(
        dataset_id=decision.dataset_id,
        verdict=decision.verdict,
        result="waiting",
        detail=f"not tried: {why}",
        decision=decision,
    )


def _dropped(decision: Decision) -> Settled:
    return Settled(
        dataset_id=decision.dataset_id,
        verdict=decision.verdict,
        result="dropped",
        decision=decision,
    )


def _text(decision: Decision) -> str:
    trouble = decision.last_error.detail if decision.last_error is not None else ""
    values = (
        decision.dataset_id,
        decision.state.value,
        decision.verdict.value,
        timestamp(decision.decided_at) or "",
        decision.name,
        decision.reason or "",
        trouble,
    )
    return "\t".join(map(clean, values))
