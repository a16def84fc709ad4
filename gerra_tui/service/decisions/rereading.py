"""A dataset read again, and what that says about a decision on it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import Verdict
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import Forbidden, NotFound, OtherOrganization

if TYPE_CHECKING:
    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.ports import ReadingApi


async def read_again(api: ReadingApi, decision: Decision) -> Dataset:
    """The dataset as it is now. Raises `Failure`, `OtherOrganization` if the key is another's.

    A service says 403 or 404 to that, as it does to a dataset that nobody may read any more: no
    call tells the organization of a key, but each dataset that it lists does.
    """
    try:
        return await api.dataset_once(decision.dataset_id)
    except (Forbidden, NotFound) as failure:
        theirs = decision.origin.organization_id
        if theirs is None or (ours := await _organization(api)) in (None, theirs):
            raise
        raise OtherOrganization(
            f"Decided for organization {theirs}, and this key is of {ours}: it is kept until a key "
            f"of the first is used (profile {decision.origin.profile}).",
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


BY_READING = "settled by reading"


class Found(Enum):
    AS_SEEN = auto()  # still pending, and nothing of what the reviewer saw has changed
    OURS = auto()  # this very verdict, which may have been posted
    CHANGED = auto()  # pending, but not what the reviewer saw
    DECIDED = auto()  # not pending, and not by this decision


class Reading(NamedTuple):
    found: Found
    changes: str  # what changed since the reviewer saw it, "" if nothing did


def compare(decision: Decision, now: Dataset) -> Reading:
    """Only a decision that may have been posted can find itself at the service."""
    changes = list(decision.revision.changes(now))
    seen, organization = decision.origin.organization_id, now.organization_id
    if None not in (seen, organization) and seen != organization:
        changes.append("it belongs to another organization")
    if now.is_pending:
        return Reading(Found.CHANGED if changes else Found.AS_SEEN, "; ".join(changes))
    if decision.posted and _shows(now, decision):
        return Reading(Found.OURS, "")
    return Reading(Found.DECIDED, "; ".join(changes) or f"status is {now.status}")


def _shows(now: Dataset, decision: Decision) -> bool:
    """Claims that the verdict is the one shown: of a rejection the reason too, where it is shown.

    A backend has been seen to keep the reason in the metadata, as `rejection_reason`.
    """
    if now.status != decision.verdict.status:
        return False
    if decision.verdict is Verdict.ACCEPT:
        return True
    shown = (now.metadata or {}).get("rejection_reason")
    return not isinstance(shown, str) or shown.split() == (decision.reason or "").split()
