"""What became of a verdict of the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.decision import DecisionState

if TYPE_CHECKING:
    from gerra_tui.domain.decision import Decision, Verdict
    from gerra_tui.service.failures import Failure

UNREACHED_KINDS: Final = frozenset({"unavailable", "rate_limited"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one verdict, for a line of `accept|reject --json`.

    `result` is done, refused, failed, waiting, unknown or would_send. `failure` is the last one
    met, null if the service answered as it should; `reached` is false if nothing but failures to
    reach it was met.
    """

    dataset_id: str
    verdict: Verdict
    result: str
    detail: str | None = None
    decision: Decision | None = None
    failure: Failure | None = None
    reached: bool = True


def settled(decision: Decision, failure: Failure | None, *, reached: bool) -> Settled:
    """How far one decision came; `failure` is the last one met."""
    state = decision.state
    detail = decision.settled_detail
    if not state.is_end and decision.last_error is not None:
        detail = decision.last_error.detail
    ends = {
        DecisionState.DONE: "done",
        DecisionState.REFUSED: "refused",
        DecisionState.FAILED: "failed",
        DecisionState.TAKEN_BACK: "failed",  # by another console's reviewer, while it waited
        DecisionState.DROPPED: "failed",
    }
    unsettled = "unknown" if state in (DecisionState.UNKNOWN, DecisionState.SENDING) else "waiting"
    return Settled(
        dataset_id=decision.dataset_id,
        verdict=decision.verdict,
        result=ends.get(state, unsettled),
        detail=detail,
        decision=decision,
        failure=failure,
        reached=reached or state.is_end,
    )


def met(before: Settled, failure: Failure) -> Settled:
    """The same, with what stood in the way."""
    return replace(
        before,
        detail=failure.detail,
        failure=failure,
        reached=failure.kind not in UNREACHED_KINDS,
    )
