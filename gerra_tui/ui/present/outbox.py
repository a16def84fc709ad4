"""What the outbox screen says of decisions and batches: pure, clean lines."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final, overload

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.domain.text import clean, clean_block
from gerra_tui.service.failures import OtherOrganization
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.values import SHORT_ID, batch_counts, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.decisions.decisions import BatchProgress

STATE: Final = 14  # cells
TIME: Final = 11
TRIES: Final = 5
REASON_LINES: Final = 3
BAR: Final = 20
ROOMY: Final = 78  # below, the number of tries stands in the details only
GAP: Final = "  "


def heading(width: int) -> str:
    """The names of the columns, as wide as `row`."""
    return _columns("  STATE", "TIME", "TRIES", "NAME", "ID", width)


def row(decision: Decision, now: datetime, width: int) -> str:
    """State, when it is due or was settled, attempts, name, id; without the cursor's two cells."""
    return _columns(
        state_words(decision),
        when(decision.settled_at or decision.send_at, now),
        str(decision.attempts or ""),
        short_name(decision, 200),
        clean(decision.dataset_id[:SHORT_ID]),
        width - 2,
    )


def _columns(state: str, time: str, tries: str, name: str, short_id: str, width: int) -> str:
    cells = [fit(state, STATE + (2 if state.startswith("  ") else 0)), fit(time, TIME)]
    if width >= ROOMY:
        cells.append(fit(tries, TRIES, right=True))
    before = GAP.join(cells)
    room = max(1, width - len(before) - 2 * len(GAP) - SHORT_ID)
    return GAP.join((before, fit(name, room), short_id))


def state_words(decision: Decision) -> str:
    """`ACC held`, `REJ waiting`; once it took effect, the status that the service shows."""
    if decision.state is DecisionState.DONE:
        return decision.verdict.status
    verdict = "ACC" if decision.verdict is Verdict.ACCEPT else "REJ"
    return f"{verdict} {decision.state.replace('_', ' ')}"


def when(moment: datetime | None, now: datetime) -> str:
    """The hour, with its day if that is another one; `-` if there is none, as with manual holds."""
    if moment is None:
        return "-"
    local, today = moment.astimezone(), now.astimezone()
    return f"{local:%H:%M:%S}" if local.date() == today.date() else f"{local:%m-%d %H:%M}"


def details(decision: Decision, now: datetime, width: int) -> Iterator[str]:
    """All that is to be known of one decision."""
    version = "" if decision.version is None else f"  version {decision.version + 1}"
    yield fit(
        f"id {clean(decision.dataset_id, 40)}{version}  {clean(decision.data_type, 30)}", width
    )
    if decision.reason is not None:
        lines = wrap(f"reason: {clean_block(decision.reason)}", width)
        yield from lines[:REASON_LINES]
        if len(lines) > REASON_LINES:
            yield f"... and {len(lines) - REASON_LINES} lines more"
    yield fit(_times(decision, now), width)
    if decision.last_error is not None and decision.last_error.kind == OtherOrganization.kind:
        yield from wrap(clean(decision.last_error.detail), width)[:3]
    elif decision.last_error is not None and decision.state is not DecisionState.REFUSED:
        status = decision.last_error.http_status
        told = f" ({status})" if status else ""
        words = clean(decision.last_error.detail) or decision.last_error.kind
        yield from wrap(f"The service says{told}: {words}", width)[:2]
    elif decision.settled_detail:
        yield from wrap(clean(decision.settled_detail), width)[:2]
    ended = decision.owner is not None and not decision.owner.alive
    if ended and not decision.state.is_end:
        yield "Made in a console that has ended; nothing is sent before you say so."


def _times(decision: Decision, now: datetime) -> str:
    parts = [f"decided {when(decision.decided_at, now)}"]
    if decision.settled_at is not None:
        parts.append(f"settled {when(decision.settled_at, now)}")
    elif decision.state is DecisionState.HELD:
        due = when(decision.send_at, now)
        parts.append("held until you send it" if decision.send_at is None else f"due {due}")
    if decision.posted_at is not None:
        parts.append(f"posted {when(decision.posted_at, now)}")
    if decision.attempts:
        parts.append(f"{decision.attempts} tries" if decision.attempts > 1 else "1 try")
    return "   ".join(parts)


def batch_line(progress: BatchProgress, bar: str) -> str:
    """`Batch of 100 [######....] 61 done 2 failed 37 remaining`; `bar` is what is done."""
    ended = progress.total - progress.remaining
    length = BAR * ended // progress.total if progress.total else BAR
    counts = {**batch_counts(progress), "remaining": progress.remaining}
    told = " ".join(
        f"{count:,} {name}"
        for name, count in counts.items()
        if count or name in ("done", "failed", "remaining")
    )
    filled = f"[{bar * length}{'.' * (BAR - length)}]"
    keys = ""
    if progress.remaining:
        keys = "  (b goes on, B ends it)" if progress.paused else "  (b pauses, B ends it)"
    paused = " paused" if progress.paused and progress.remaining else ""
    return f"Batch of {progress.total:,}{paused} {filled} {told}{keys}"


class Rows(Sequence[str]):
    """Lines that are written when they are painted, however many decisions there are."""

    def __init__(self, decisions: Sequence[Decision], now: datetime, width: int) -> None:
        self._decisions = decisions
        self._now = now
        self._width = width

    def __len__(self) -> int:
        return len(self._decisions)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> str | Rows:
        if isinstance(index, slice):
            return Rows(self._decisions[index], self._now, self._width)
        return row(self._decisions[index], self._now, self._width)
