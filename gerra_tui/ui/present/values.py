"""Values to text: pure functions, one cleaned line each. Colour never carries meaning alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import humanize

from gerra_tui.domain import moments, urls
from gerra_tui.domain.dataset import PENDING, Dataset, UnreadableRow
from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.domain.query.metadata import scalars_at
from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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
# In the order of the header; a decision that ended leaves it.
OUTBOX_STATES: Final = (
    DecisionState.HELD,
    DecisionState.KEPT,
    DecisionState.WAITING,
    DecisionState.SENDING,
    DecisionState.UNKNOWN,
    DecisionState.REFUSED,
    DecisionState.FAILED,
)


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


def size(row: Row) -> str:
    """`2.1 GB`; decimal, as the service's own figures are."""
    if isinstance(row, UnreadableRow) or row.data_byte_size is None:
        return NOTHING
    return byte_size(row.data_byte_size)


def byte_size(count: int) -> str:
    return humanize.naturalsize(count) if abs(count) < 10**27 else f"{count:.1e} B"


def age(moment: datetime | None, now: datetime) -> str:
    return NOTHING if moment is None else moments.age(moment, now)


def metadata_at(row: Row, path: str) -> str:
    """What the dotted path leads to in the metadata, as a line; through lists and keys with dots as
    a query goes."""
    if isinstance(row, UnreadableRow):
        return NOTHING
    value: Any = row.metadata
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None:
        return ", ".join(map(value_text, scalars_at(row.metadata, path))) or NOTHING
    return value_text(value)


def value_text(value: Any, limit: int = 200) -> str:
    """A JSON value as one clean line; a text without its quotes, a URL without its query.

    The query of a signed URL is a secret for as long as it works, wherever the service puts it.
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return clean(urls.without_secrets(text[:MOST_READ]), limit)


def cell(row: Row, column: str, now: datetime) -> str:
    """The text of one column but the state's."""
    if isinstance(row, UnreadableRow):
        texts = {"id": row.id[:SHORT_ID], "name": clean(row.problem)}
        return texts.get(column, NOTHING)
    if column in COLUMNS:
        return COLUMNS[column](row, now)
    return metadata_at(row, column.removeprefix("meta."))


COLUMNS: Final[Mapping[str, Callable[[Dataset, datetime], str]]] = {
    "name": lambda row, _: clean(row.name) or "(no name)",
    "type": lambda row, _: clean(row.data_type, 40),
    "size": lambda row, _: size(row),
    "updated": lambda row, now: age(row.date_updated or row.date_created, now),
    "created": lambda row, now: age(row.date_created, now),
    "id": lambda row, _: clean(row.id[:SHORT_ID]),
    "status": lambda row, _: clean(row.status, 40),
    "desc": lambda row, _: clean(row.description or NOTHING),
    "org": lambda row, _: clean(row.organization_id or NOTHING),
    "link": lambda row, _: value_text(row.link or NOTHING),
}


def batch_words(progress: BatchProgress) -> str:
    """How a batch ended, or that it stopped: `100 sent: 93 done, 7 failed. ...`."""
    if progress.stopped and progress.remaining:
        return f"Three in a row failed: the other {progress.remaining:,} wait for your word ($)."
    counts = {
        "done": progress.done,
        "failed": progress.failed,
        "decided elsewhere": progress.refused,
        "taken back": progress.taken_back,
        "dropped": progress.dropped,
    }
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    marked = progress.failed + progress.refused
    still = f" {marked:,} still marked: $ says why." if marked else ""
    return f"{progress.total:,} settled: {told}.{still}"


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
