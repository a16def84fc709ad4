"""What header, status line and empty screen say: pure, from the state of the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import (
    Forbidden,
    RateLimited,
    ServiceUnavailable,
    Unauthorized,
)
from gerra_tui.service.preferences import MANUAL
from gerra_tui.ui.present.spans import Span
from gerra_tui.ui.present.values import local_time, outbox_words, place
from gerra_tui.ui.theme import BOLD, DIM, KEY, PLAIN, PROBLEM, WARNING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.service.failures import Failure
    from gerra_tui.service.listing.status import QueueStatus
    from gerra_tui.service.marks import Marks
    from gerra_tui.ui.workplace import Workplace

UNREACHABLE: Final = "Cannot reach"

Spans = tuple[list[Span], list[Span]]


def header_spans(
    workplace: Workplace,
    marks: Marks,
    pending: int | None,
    pace: Sequence[str] = (),
    going_on: str = "",
) -> Spans:
    """Who, where, what is on its way; then the pace, marks, how many are pending, how old that is.

    `pace`: where the query line does not tell it. `going_on`: how far what the
    reviewer asked for is, in the pace's place.
    """
    preferences, outbox = workplace.preferences, workplace.decisions.status
    left = [Span(f" {place(preferences)}   ", BOLD)]
    if preferences.demo:
        left.append(Span("DEMO   ", WARNING))
    if preferences.read_only:
        left.append(Span("READ-ONLY   ", WARNING))
    amiss = outbox.paused or outbox.unseen_refusals or outbox.remark
    by_hand = ", manual" if outbox.counts and preferences.hold == MANUAL else ""
    left.append(Span(outbox_words(outbox) + by_hand, PROBLEM if amiss else PLAIN))
    right = []
    if going_on:
        right.append(Span(f"   {going_on}", rank=1))
    elif pace:
        right.append(Span(f"   {' '.join((pace[0], *pace[2:]))}", DIM, rank=1))
    if len(marks):
        right.append(Span(f"   {len(marks):,} marked", BOLD))
    if pending is not None:
        right.append(Span(f"   {pending:,} pending", rank=3))
    if data := _age(workplace.queue.status):
        right.append(Span(f"   {data} ", DIM, rank=2))
    return left, right


def _age(status: QueueStatus) -> str:
    if status.as_of is None:
        return ""
    if status.live:
        return f"as of {local_time(status.as_of)}"
    return f"cached {local_time(status.as_of, seconds=False)}"


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line tells: `sentence` takes the place of the key hints."""

    where: tuple[Span, ...]
    sentence: Span | None
    hints: tuple[Span, ...]


def status_of(
    workplace: Workplace,
    line: int,
    dataset_id: str | None,
    notice: str,
    hints: Sequence[tuple[str, str]],
) -> Status:
    """Position, full id, then a notice, or what is amiss, or the keys."""
    queue = workplace.queue
    status = queue.status
    total = f"{status.total:,}" if status.total is not None else "?"
    position = queue.position_of(line) if queue.length else 0
    # In no style: each move of the cursor sends this again.
    where = [Span(f" {position:,}/{total}  {clean(dataset_id or '', 36)}")]
    if status.new_rows:
        more = "+" if status.more_new_rows else ""
        where.append(Span(f"  +{status.new_rows:,}{more} new (R)", BOLD, rank=1))
    if status.sorted_within is not None and status.sorted_within != status.total:
        covered = f"  sorted within {status.sorted_within:,} of {total}"
        where += [Span(covered, WARNING, rank=2), Span(" (:load_rest)", DIM, rank=3)]
    sentence = None
    if notice:
        sentence = Span(notice, BOLD)
    elif amiss := _amiss(workplace):
        sentence = Span(amiss, PROBLEM)
    keys = []
    for rank, (key, word) in enumerate(hints, 4):
        keys += [Span(f"  {key}", KEY, rank=rank), Span(f" {word}", DIM, rank=rank)]
    return Status(tuple(where), sentence, tuple(keys))


def _amiss(workplace: Workplace) -> str:
    """What stands in the way and does not pass with the next key; empty if nothing does."""
    status, outbox = workplace.queue.status, workplace.decisions.status
    if outbox.remark:
        return clean(outbox.remark)
    if outbox.paused:
        return f"{clean(outbox.paused)} ($)"
    if workplace.queue.length and status.failure is not None:
        return trouble(status.failure, workplace.preferences.api_host)
    if status.uncertain:
        return clean(status.uncertain)
    return ""


def screen_message(workplace: Workplace, query: str, doubt: str = "") -> str:
    """Why there is no row, and what to do. `doubt`: what is odd about the query."""
    status = workplace.queue.status
    if status.failure is not None:
        return trouble(status.failure, workplace.preferences.api_host)
    if status.scan_stopped:
        return f"Stopped\n\n{_none_fits(status)} R goes on, / edits the query."
    if not status.live or not status.exhausted:
        if not status.scanning or not status.looked_at:
            return "Loading ..."
        return f"Looking ...\n\n{_none_fits(status)} Esc stops, / edits the query."
    if query == "status:pending":
        return "Nothing pending\n\nEverything is decided. R looks again, 9 shows all datasets."
    why = f"{clean(doubt)} " if doubt else ""
    asked = clean(query) or "this view"
    return f"No match\n\nNothing fits {asked}. {why}/ edits the query, 0 shows all pending."


def _none_fits(status: QueueStatus) -> str:
    of = f" of {status.looked_at_of:,}" if status.looked_at_of is not None else ""
    return f"None of the {status.looked_at:,}{of} looked at so far fits."


def trouble(failure: Failure, host: str) -> str:
    """One sentence for what is so, one for what to do."""
    detail = ended(clean(failure.detail, 300))
    match failure:
        case Unauthorized() if failure.http_status == 401:
            return f"Key refused (401): {detail} Type another with :key."
        case Unauthorized():
            return f"{detail} Type one with :key."
        case Forbidden():
            return f"The key may not list datasets (403): {detail} Ask who issued it."
        case RateLimited():
            return f"The service asks for patience (429): {detail} Trying again by itself."
        case ServiceUnavailable() if failure.http_status is None:
            told = detail if detail.startswith(UNREACHABLE) else f"{UNREACHABLE} {host}: {detail}"
            return f"{told} Trying again by itself; R tries now."
        case ServiceUnavailable():
            return f"The service is in trouble ({failure.http_status}): {detail} Trying again."
    return f"{detail} R tries again."
