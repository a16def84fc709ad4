"""A verdict on its way from the reviewer's key to the service's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from gerra_tui.domain.revision import Revision


class Verdict(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"

    @property
    def status(self) -> str:
        """The status that the service shows once this verdict took effect."""
        return {"accept": "accepted", "reject": "rejected"}[self.value]


class DecisionState(StrEnum):
    HELD = "held"
    KEPT = "kept"  # left over from a console that ended
    WAITING = "waiting"  # due, not sent
    SENDING = "sending"
    UNKNOWN = "unknown"  # posted, outcome not known
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    TAKEN_BACK = "taken_back"
    DROPPED = "dropped"

    @property
    def is_end(self) -> bool:
        return self in END_STATES


END_STATES: Final = frozenset(
    {
        DecisionState.DONE,
        DecisionState.REFUSED,
        DecisionState.FAILED,
        DecisionState.TAKEN_BACK,
        DecisionState.DROPPED,
    }
)
OPEN_STATES: Final = frozenset(DecisionState) - END_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why the last attempt did not end well, in the service's words where it has any."""

    kind: str  # unavailable | rate_limited | unauthorized | refused | failed | unreadable | changed
    http_status: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The console that may send a decision."""

    pid: int
    alive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where decisions belong: one made against one service is never sent to another."""

    base_url: str
    organization_id: str | None
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision as the journal has it. Times are aware, in UTC; `seconds` is thinking time."""

    id: str
    dataset_id: str
    name: str
    data_type: str
    version: int | None
    verdict: Verdict
    reason: str | None
    state: DecisionState
    decided_at: datetime
    send_at: datetime | None
    origin: Origin
    revision: Revision
    attempts: int = 0
    posted: bool = False  # claims that a POST may have reached the service
    posted_at: datetime | None = None
    last_error: Trouble | None = None
    batch_id: str | None = None
    owner: Owner | None = None
    query: str | None = None
    seconds: float | None = None
    via: str = "console"  # or "cli"
    settled_at: datetime | None = None
    settled_detail: str | None = field(default=None)

    @property
    def can_be_taken_back(self) -> bool:
        return not self.posted and self.state in {
            DecisionState.HELD,
            DecisionState.KEPT,
            DecisionState.WAITING,
        }
