"""Values to text: pure functions, one cleaned line each. Colour never carries meaning alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import humanize

from gerra_tui.domain import moments, urls
from gerra_tui.domain.dataset import PENDING, Dataset, UnreadableRow
from gerra_tui.domain.decision import LISTED, DecisionState, Verdict
from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.decisions.decisions import BatchProgress, OutboxStatus
    from gerra_tui.service.preferences import Preferences

MOST_READ: Final = 20_000  # characters of a value, whatever its length, for one line
SAVING: Final = "saving"
UNREADABLE: Final = "unreadable"
NOTHING: Final = "-"
SHORT_ID: Final = 8
BEYOND: Final = 10**27  # bytes: there are no more prefixes
# In the order of the header; a decision that ended well leaves it.
OUTBOX_STATES: Final = tuple(state for state in DecisionState if state in LISTED)


def state_word(row: Row, decision: Decision | None, elsewhere: str | None, *, saving: bool) -> str:
    """The state column: our decision first, then what others did, then the service's status."""
    if saving:
        return SAVING
    if isinstance(row, UnreadableRow):
        return UNREADABLE
    if decision is not None:
        match decision.state:
            case DecisionState.HELD:
                return "ACC held" if decision.verdict is Verdict.ACCEPT else "REJ held"
            case DecisionState.KEPT:
                return "ACC kept" if decision.verdict is Verdict.ACCEPT else "REJ kept"
            case DecisionState.DONE:
                return decision.verdict.status
            case DecisionState.TAKEN_BACK | DecisionState.DROPPED:
                pass
            case state:
                return state.value
    if elsewhere is not None and elsewhere != PENDING and row.is_pending:
        return "elsewhere"
    return clean(row.status, 16)


# One letter a word, small while it is still the reviewer's own to take back.
STATE_LETTERS: Final = {
    "ACC held": "a",
    "REJ held": "r",
    "accepted": "A",
    "rejected": "R",
    "saving": "s",
    "sending": "s",
    "waiting": "w",
    "ACC kept": "k",
    "REJ kept": "k",
    "unknown": "?",
    "elsewhere": "x",
    "refused": "!",
    "failed": "!",
    UNREADABLE: "!",
}


def size(row: Row) -> str:
    """`2.1 GB`; decimal, as the service's own figures are."""
    if isinstance(row, UnreadableRow) or row.data_byte_size is None:
        return NOTHING
    return byte_size(row.data_byte_size)


def byte_size(count: int) -> str:
    return humanize.naturalsize(count) if abs(count) < BEYOND else f"{count:.1e} B"


def short_size(row: Row) -> str:
    """In at most 7 cells: `612 MB`, `37.7 MB`, `3.2 MB`, `18 kB`."""
    if isinstance(row, UnreadableRow) or (count := row.data_byte_size) is None:
        return NOTHING
    if abs(count) < 1000:
        return f"{count} B"
    if abs(count) >= BEYOND:
        return f"{count:.0e}B"
    number, _, unit = byte_size(count).partition(" ")
    whole, _, _ = number.partition(".")
    exact = len(whole) < 2 or (len(whole) < 3 and unit != "kB")
    return f"{number if exact else whole} {unit}"


def age(moment: datetime | None, now: datetime) -> str:
    return NOTHING if moment is None else moments.age(moment, now)


def short_age(moment: datetime | None, now: datetime) -> str:
    """In at most 3 cells: `now`, `57m`, `3h`, `10d`, `5mo`, `2y`; `+5m` is to come."""
    if moment is None:
        return NOTHING
    seconds = (now - moment).total_seconds()
    told = _amount(abs(seconds))
    if seconds >= 0 or told == NOW:
        return told
    return f"+{told}" if len(told) < 3 else "+++"


def _amount(seconds: float) -> str:
    if seconds < 60:
        return NOW
    for unit, length, most in UNITS:
        if (count := int(seconds // length)) < most:
            return f"{count}{unit}"
    return ">99"


NOW: Final = "now"
# Each with its seconds and from how many on the next one tells it; 10 months are 43 weeks.
UNITS: Final = (
    ("m", 60, 60),
    ("h", 3_600, 24),
    ("d", 86_400, 31),
    ("mo", 2_629_800, 10),
    ("w", 604_800, 53),
    ("y", 31_557_600, 100),
)


# Types in three letters; another one's are its own first.
TYPE_LETTERS: Final = {
    "episode": "EPI",
    "telemetry": "TEL",
    "synthetic_pov": "POV",
    "synthetic_third_person": "3RD",
}


def type_letters(data_type: str) -> str:
    return TYPE_LETTERS.get(data_type) or clean(data_type)[:3].upper() or "???"


def value_text(value: Any, limit: int = 200) -> str:
    """A JSON value as one clean line; a text without its quotes, a URL without its query.

    The query of a signed URL is a secret for as long as it works, wherever the service puts it.
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return clean(urls.without_secrets(text[:MOST_READ]), limit)


def batch_words(progress: BatchProgress) -> str:
    """How a batch ended, or that it stopped: `100 sent: 93 done, 7 failed. ...`."""
    if progress.stopped and progress.remaining:
        return f"Three in a row failed: the other {progress.remaining:,} wait for your word ($)."
    counts = batch_counts(progress).items()
    told = ", ".join(f"{count:,} {name}" for name, count in counts if count)
    marked = progress.failed + progress.refused
    still = f" {marked:,} still marked: $ says why." if marked else ""
    return f"{progress.total:,} settled: {told}.{still}"


def batch_counts(progress: BatchProgress) -> dict[str, int]:
    """How many of a batch ended which way, by its name."""
    return {
        "done": progress.done,
        "failed": progress.failed,
        "decided elsewhere": progress.refused,
        "taken back": progress.taken_back,
        "dropped": progress.dropped,
    }


def outbox_words(status: OutboxStatus) -> str:
    """`outbox empty`, or `outbox: 2 held 1 sending`."""
    parts = [
        f"{status.counts[state]} {state}" for state in OUTBOX_STATES if status.counts.get(state)
    ]
    return f"outbox: {' '.join(parts)}" if parts else "outbox empty"


def place(preferences: Preferences) -> str:
    """`PROFILE @ APIHOST`."""
    return f"{clean(preferences.profile, 60)} @ {clean(preferences.api_host, 260)}"


def short_name(dataset: Dataset | Decision, limit: int = 60) -> str:
    return clean(dataset.name, limit) or "(no name)"


def label(decision: Decision) -> str:
    """`<first 8 of id> <name>`."""
    return f"{decision.dataset_id[:SHORT_ID]} {short_name(decision)}"


def local_time(moment: datetime, *, seconds: bool = True) -> str:
    return moment.astimezone().strftime("%H:%M:%S" if seconds else "%H:%M")


def summary(done: Mapping[Verdict, int], status: OutboxStatus, undecided: int = 0) -> str:
    """The closing line: `34 accepted, 6 rejected, outbox empty`.

    `undecided`: so many could not be written before the console ended.
    """
    accepted, rejected = done.get(Verdict.ACCEPT, 0), done.get(Verdict.REJECT, 0)
    told = f"{accepted} accepted, {rejected} rejected"
    if not undecided:
        return f"{told}, {outbox_words(status)}"
    others = f", {outbox_words(status)}" if status.counts else ""
    what = f"{undecided} NOT DECIDED: the disk did not take it in time, a reason typed is kept"
    return f"{told}{others}. {what}"
