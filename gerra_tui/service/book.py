"""The decisions of one session in memory, as the journal has them, found by what screens ask."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gerra_tui.domain.decision import OPEN_STATES, DecisionState
from gerra_tui.service.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gerra_tui.domain.decision import Decision

TROUBLED = frozenset({DecisionState.REFUSED, DecisionState.FAILED})


class Book:
    """Oldest first. What is counted is what is open, and what ended badly and was not seen yet."""

    def __init__(self) -> None:
        self._decisions: dict[str, Decision] = {}
        self._latest: dict[str, str] = {}
        self._states: Counter[DecisionState] = Counter()
        self._unseen: dict[str, DecisionState] = {}
        self._batches: dict[str, Batch] = {}

    def put(self, decision: Decision, *, seen: bool = False) -> None:
        """`seen`: it ended badly in an earlier session."""
        before = self._decisions.get(decision.id)
        if before is None:
            self._latest[decision.dataset_id.casefold()] = decision.id
        else:
            self._states[before.state] -= 1
        self._states[decision.state] += 1
        self._decisions[decision.id] = decision
        if decision.state in TROUBLED and not seen:
            self._unseen[decision.id] = decision.state
        if decision.batch_id is not None:
            batch = self._batches.setdefault(decision.batch_id, Batch(decision.batch_id))
            batch.note(before, decision, now_ended=not seen)

    def remove(self, decision: Decision) -> None:
        """Another console has it, or the reviewer is through with it."""
        known = self._decisions.pop(decision.id, None)
        if known is None:
            return
        self._states[known.state] -= 1
        self._unseen.pop(decision.id, None)
        if (batch := self.batch(known.batch_id)) is not None:
            batch.states[known.state] -= 1
        key = decision.dataset_id.casefold()
        if self._latest.get(key) == decision.id:
            del self._latest[key]

    def get(self, decision_id: str) -> Decision | None:
        return self._decisions.get(decision_id)

    def of(self, dataset_id: str) -> Decision | None:
        return self._decisions.get(self._latest.get(dataset_id.casefold(), ""))

    def all(self) -> tuple[Decision, ...]:
        return tuple(self._decisions.values())

    def some(self, decision_ids: Iterable[str]) -> list[Decision]:
        return [self._decisions[one] for one in decision_ids if one in self._decisions]

    def within(self, states: Iterable[DecisionState]) -> list[Decision]:
        wanted = frozenset(states)
        return [one for one in self._decisions.values() if one.state in wanted]

    def batch(self, batch_id: str | None) -> Batch | None:
        return None if batch_id is None else self._batches.get(batch_id)

    def batches(self) -> Iterable[Batch]:
        return self._batches.values()

    def counts(self) -> Mapping[DecisionState, int]:
        counts = Counter({state: self._states[state] for state in OPEN_STATES})
        counts.update(self._unseen.values())
        return {state: counts[state] for state in DecisionState if counts[state]}

    @property
    def unseen(self) -> int:
        return len(self._unseen)

    def seen(self, decision_ids: Iterable[str] | None = None) -> None:
        for one in list(self._unseen) if decision_ids is None else decision_ids:
            self._unseen.pop(one, None)
