"""What became of verdicts: one line each, and one exit code for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.decision import DecisionState
from gerra_tui.domain.text import clean, compact_json
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.service.failures import Unauthorized

if TYPE_CHECKING:
    from gerra_tui.service.decisions.dispatch import Settled

GOOD = frozenset({"done", "would_send"})
STOP_AFTER = 3  # failed ones in a row: what is wrong is probably wrong with all


def line(settled: Settled, *, as_json: bool) -> str:
    values = {
        "dataset_id": settled.dataset_id,
        "verdict": settled.verdict.value,
        "result": settled.result,
        "detail": settled.detail,
    }
    if as_json:
        return compact_json(values)
    return "\t".join(clean(value or "") for value in values.values())


class Tally:
    """Outcomes in the order in which they were settled. `why_stop` says why to try no more."""

    def __init__(self) -> None:
        self._bad = False
        self._key_refused = False
        self._reached = False
        self._failed_in_row = 0
        self.why_stop: str | None = None

    def note(self, settled: Settled) -> None:
        self._bad = self._bad or settled.result not in GOOD
        self._reached = self._reached or settled.reached
        self._count_failures(settled)
        failure = settled.failure
        if isinstance(failure, Unauthorized):
            self._key_refused = True
            self.why_stop = "the key was refused"
        elif failure is not None and not failure.reached and settled.result not in GOOD:
            self.why_stop = "the service cannot be reached"
        elif self._failed_in_row >= STOP_AFTER:
            self.why_stop = f"{STOP_AFTER} in a row failed"

    def _count_failures(self, settled: Settled) -> None:
        """Of decisions only: what could not even be decided on says nothing of the others."""
        state = None if settled.decision is None else settled.decision.state
        if state is DecisionState.FAILED:
            self._failed_in_row += 1
        elif state is DecisionState.DONE:
            self._failed_in_row = 0

    @property
    def exit_code(self) -> ExitCode:
        if self._key_refused:
            return ExitCode.NO_KEY
        if not self._bad:
            return ExitCode.DONE
        return ExitCode.FAILED if self._reached else ExitCode.UNREACHABLE
