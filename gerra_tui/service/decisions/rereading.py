"""A dataset read again, and what that says about a decision on it."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.domain.reasons import is_same_reason
from gerra_tui.domain.text import clean
from gerra_tui.domain.urls import without_secrets
from gerra_tui.service.failures import BadResponse, Forbidden, NotFound, OtherOrganization

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.ports import Clock, ReadingApi

T = TypeVar("T")

LOOK: Final = 0.25  # seconds between two looks at the clock while a reading is on its way
LONGEST_WORD: Final = 80  # characters of one word of the service in a sentence of ours
BY_READING = "settled by reading"


class Found(Enum):
    AS_SEEN = auto()  # still pending, and nothing of what the reviewer saw has changed
    OURS = auto()  # this very verdict, which may have been posted
    CHANGED = auto()  # pending, but not what the reviewer saw
    DECIDED = auto()  # not pending, and not by this decision
    UNCLEAR = auto()  # pending, and it lacks something that the reviewer saw


class Comparison(NamedTuple):
    found: Found
    words: str  # what changed since the reviewer saw it, or is lacking; "" if nothing did


class Reading(NamedTuple):
    found: Found
    words: str
    at: float  # seconds by the clock: it shows the dataset as it was then, or later


async def reread(api: ReadingApi, decision: Decision, clock: Clock) -> Reading:
    """The decision compared with its dataset as it is now.

    Raises `Failure`: `OtherOrganization` if the key is another's, `BadResponse` if the answer
    lacks what the reviewer saw, which proves nothing.
    """
    dataset, at = await _timed(_read_again(api, decision), clock)
    found, words = compare(decision, dataset)
    if found is Found.UNCLEAR:
        raise BadResponse(words)
    return Reading(found, words, at)


def compare(decision: Decision, now: Dataset) -> Comparison:
    """Only a decision that may have been posted can find itself at the service."""
    changes = list(decision.revision.changes(now))
    seen, organization = decision.origin.organization_id, now.organization_id
    if None not in (seen, organization) and seen != organization:
        changes.append("it belongs to another organization")
    if not now.is_pending:
        if decision.posted and _shows(now, decision):
            return Comparison(Found.OURS, "")
        status = clean(without_secrets(now.status), LONGEST_WORD)
        return Comparison(Found.DECIDED, "; ".join(changes) or f"status is {status}")
    if changes:
        return Comparison(Found.CHANGED, "; ".join(changes))
    if lacking := decision.revision.lacking(now):
        return Comparison(
            Found.UNCLEAR,
            f"The service's answer lacks {' and '.join(lacking)}, seen when this was decided: "
            "nothing is sent until it can be compared.",
        )
    return Comparison(Found.AS_SEEN, "")


async def _read_again(api: ReadingApi, decision: Decision) -> Dataset:
    """A service says 403 or 404 to another organization's key, as it does to a dataset that nobody
    may read any more: no call tells the organization of a key, but each dataset that it lists does.
    """
    try:
        return await api.dataset_once(decision.dataset_id)
    except (Forbidden, NotFound) as failure:
        theirs = decision.origin.organization_id
        if theirs is None or (ours := await _organization(api)) in (None, theirs):
            raise
        shown = clean(ours, LONGEST_WORD)
        raise OtherOrganization(
            f"Decided for organization {theirs}, and this key is of {shown}: it is kept until a "
            f"key of the first is used (profile {decision.origin.profile}).",
            http_status=failure.http_status,
        ) from failure


async def _organization(api: ReadingApi) -> str | None:
    """Null where the key lists nothing that tells."""
    try:
        page = await api.page(Narrowing(), limit=1, offset=0)
    except (Forbidden, NotFound):
        return None
    rows = (row for row in page.rows if isinstance(row, Dataset))
    return next((row.organization_id for row in rows), None)


async def _timed(reading: Coroutine[Any, Any, T], clock: Clock) -> tuple[T, float]:
    """Its result, and the moment since when it may have lain there unread.

    An answer that came while this process could not run (stopped, asleep) is as old as that pause.
    """
    task = asyncio.create_task(reading)
    looked, pause = clock.monotonic(), 0.0
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK)
            before, looked = looked, clock.monotonic()
            pause = max(pause, looked - before)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task})
        raise
    return task.result(), looked - pause


def _shows(now: Dataset, decision: Decision) -> bool:
    """Claims that the verdict is the one shown: of a rejection the reason too, where it is shown.

    A backend has been seen to keep the reason in the metadata, as `rejection_reason`.
    """
    if now.status != decision.verdict.status:
        return False
    if decision.verdict is Verdict.ACCEPT:
        return True
    shown = (now.metadata or {}).get("rejection_reason")
    return not isinstance(shown, str) or is_same_reason(shown, decision.reason or "")
