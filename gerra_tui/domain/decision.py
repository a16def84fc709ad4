"""A verdict on its way from the reviewer's key to the service's answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
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
# Ended badly: may be tried again, and is listed until the reviewer is through with it.
TROUBLED: Final = frozenset({DecisionState.REFUSED, DecisionState.FAILED})
# What a reviewer still has to do with.
LISTED: Final = OPEN_STATES | TROUBLED
# Ended by what the service says, not by a reviewer.
SETTLED: Final = TROUBLED | {DecisionState.DONE}
# Ended so that its dataset is still to be decided.
UNDECIDED: Final = END_STATES - {DecisionState.DONE}
# The same, and the reviewer is not through with it.
GIVEN_BACK: Final = UNDECIDED - {DecisionState.DROPPED}
# Until the hold ends, or the reviewer says that it is to be sent.
HELD_BACK: Final = frozenset({DecisionState.HELD, DecisionState.KEPT})
# What the outbox tries: to send, or to read what became of it.
TRIED: Final = frozenset({DecisionState.WAITING, DecisionState.UNKNOWN})
# What the reviewer can have sent, or looked after, at once.
SENDABLE: Final = HELD_BACK | TRIED
# Only the console that owns a decision brings it there.
OWNERS_ALONE: Final = frozenset({DecisionState.WAITING, DecisionState.SENDING})
# What a console sends that is not told otherwise, and asks about when it ends.
UNSENT: Final = frozenset({DecisionState.HELD, DecisionState.WAITING})
# The same until its outcome is there, or nobody knows it.
ON_ITS_WAY: Final = UNSENT | {DecisionState.SENDING}
# Can be taken back, unless it was posted before.
NOT_SENT: Final = UNSENT | {DecisionState.KEPT}
# Can be let go unsettled: of what may have been posted nobody knows the outcome then.
DROPPABLE: Final = NOT_SENT | {DecisionState.UNKNOWN}
# May have reached the service, and did it? Nobody knows yet.
UNSETTLED: Final = frozenset({DecisionState.SENDING, DecisionState.UNKNOWN})

# What may follow what. A state that may follow itself takes note of a try that came to nothing.
TRANSITIONS: Final[Mapping[DecisionState, frozenset[DecisionState]]] = {
    DecisionState.HELD: frozenset(
        {
            DecisionState.WAITING,  # the hold ended
            DecisionState.KEPT,  # the console ended
            DecisionState.TAKEN_BACK,
            DecisionState.DROPPED,
        }
    ),
    DecisionState.KEPT: frozenset(
        {
            DecisionState.WAITING,  # the reviewer says: send
            DecisionState.UNKNOWN,  # posted once by the ended console: to be read
            DecisionState.TAKEN_BACK,
            DecisionState.DROPPED,
        }
    ),
    DecisionState.WAITING: frozenset(
        {
            DecisionState.WAITING,
            DecisionState.SENDING,
            DecisionState.KEPT,  # the console ended
            DecisionState.UNKNOWN,  # the console ended, and it was posted before
            DecisionState.DONE,  # posted before, and the service shows it
            DecisionState.REFUSED,
            DecisionState.FAILED,
            DecisionState.TAKEN_BACK,
            DecisionState.DROPPED,
        }
    ),
    DecisionState.SENDING: frozenset(
        {
            DecisionState.WAITING,  # not carried out, for certain
            DecisionState.UNKNOWN,
            DecisionState.DONE,
            DecisionState.REFUSED,
            DecisionState.FAILED,
        }
    ),
    DecisionState.UNKNOWN: frozenset(
        {
            DecisionState.UNKNOWN,
            DecisionState.WAITING,  # still pending: to be sent again, not at once
            DecisionState.KEPT,  # the same, of an ended console
            DecisionState.DONE,
            DecisionState.REFUSED,
            DecisionState.FAILED,
            DecisionState.DROPPED,
        }
    ),
    **dict.fromkeys(END_STATES, frozenset()),
}


class WrongTransition(Exception):
    """A step that `TRANSITIONS` does not have: a mistake in this program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why the last attempt did not end well, in the service's words where it has any."""

    kind: str  # that of `service.failures.Failure`, or "changed"
    http_status: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The console that may send a decision. `mine` claims that it is this one."""

    pid: int
    alive: bool
    mine: bool = False


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
    settled_detail: str | None = None
    settled_http_status: int | None = None
    window_ms: float | None = None  # from the answer of the last reading to its POST

    @property
    def can_be_taken_back(self) -> bool:
        return not self.posted and self.state in NOT_SENT

    @property
    def is_ours(self) -> bool:
        """Whether this console may send it."""
        return self.owner is None or self.owner.mine

    @property
    def is_of_another_that_runs(self) -> bool:
        return self.owner is not None and self.owner.alive and not self.owner.mine

    def becoming(self, state: DecisionState, *, trouble: Trouble | None = None) -> Decision:
        """The same decision in another open state. Raises `WrongTransition`."""
        self._check(state)
        return replace(self, state=state, last_error=trouble or self.last_error)

    def being_posted(self, *, at: datetime) -> Decision:
        """From now on a POST may have reached the service. Raises `WrongTransition`."""
        self._check(DecisionState.SENDING)
        return replace(
            self,
            state=DecisionState.SENDING,
            attempts=self.attempts + 1,
            posted=True,
            posted_at=at,
        )

    def settled(
        self,
        state: DecisionState,
        *,
        at: datetime,
        detail: str | None = None,
        http_status: int | None = None,
        trouble: Trouble | None = None,
    ) -> Decision:
        """At its end. Raises `WrongTransition`, also for taking back what may have been posted."""
        self._check(state)
        if not state.is_end or (state is DecisionState.TAKEN_BACK and not self.can_be_taken_back):
            raise WrongTransition(f"{self.state} does not end as {state}")
        return replace(
            self,
            state=state,
            settled_at=at,
            settled_detail=detail,
            settled_http_status=http_status,
            last_error=trouble,
        )

    def _check(self, state: DecisionState) -> None:
        if state not in TRANSITIONS[self.state]:
            raise WrongTransition(f"{self.state} does not become {state}")
