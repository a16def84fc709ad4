"""What ended consoles left. It stays theirs until the reviewer says what to do with it.

Of what was posted the outcome is learned by reading, which any console may do. If the service shows
the verdict it is done; if it is still pending it is kept with the rest: even a second POST that
would be harmless is not made without the reviewer's word, and then not before `resend_after` has
passed since this console found it, since its first POST was cut off no later than that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import Decision, DecisionState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gerra_tui.service.ports import Journal


def is_orphan(decision: Decision) -> bool:
    """Claims that it is open and its console has ended."""
    return not decision.state.is_end and decision.owner is not None and not decision.owner.alive


def as_left(decision: Decision) -> Decision:
    """How an orphan is shown: what may have been posted is unknown, the rest is kept."""
    state = DecisionState.UNKNOWN if decision.posted else DecisionState.KEPT
    return decision if decision.state is state else replace(decision, state=state)


async def take_stock(journal: Journal, orphans: Iterable[Decision]) -> list[Decision]:
    """Write down the states of `as_left`; gives those that no one else moved meanwhile."""
    stock: list[Decision] = []
    moves: dict[DecisionState, list[tuple[Decision, Decision]]] = {}
    for one in orphans:
        left = as_left(one)
        if one.state is left.state:
            stock.append(one)
        else:
            moves.setdefault(one.state, []).append((one, one.becoming(left.state)))
    for state, several in moves.items():
        stock += await journal.move_all(several, from_states=frozenset({state}))
    return sorted(stock, key=lambda one: one.decided_at)


async def release(journal: Journal, ones: Iterable[Decision]) -> list[Decision]:
    """End the hold of those that have one; gives what is to be sent or read now."""
    ready = []
    moves: dict[DecisionState, list[tuple[Decision, Decision]]] = {}
    for one in ones:
        if one.state in (DecisionState.HELD, DecisionState.KEPT):
            to = one.becoming(DecisionState.WAITING)
            moves.setdefault(one.state, []).append((one, to))
        elif one.state in (DecisionState.WAITING, DecisionState.UNKNOWN):
            ready.append(one)
    for state, several in moves.items():
        ready += await journal.move_all(several, from_states=frozenset({state}))
    return ready
