"""What a fresh reading of a dataset says about a decision on it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from gerra_tui.domain.decision import Verdict

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.decision import Decision

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
