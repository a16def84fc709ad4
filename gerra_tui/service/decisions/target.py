"""What a reviewer decides on, and the decision that comes of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import PENDING, Dataset
from gerra_tui.domain.decision import Decision, DecisionState, Origin, Verdict
from gerra_tui.domain.revision import Revision
from gerra_tui.domain.urls import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class ReadOnly(Exception):
    """This console decides nothing: it was opened with `--read-only` or for such a profile."""

    def __init__(self) -> None:
        super().__init__("This console is read-only: nothing is decided or sent from it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A dataset as the reviewer saw it when the dialog opened.

    `dataset` is the newest body shown; `version` that of its iterations, null if not known;
    `seconds` from the cursor's landing on it to the confirmation.
    """

    dataset: Dataset
    version: int | None = None
    seconds: float | None = None


def unseen(dataset_id: str) -> Target:
    """One of which nothing but the id is known."""
    dataset = Dataset(id=dataset_id, status=PENDING, data_type="", name="", raw={"id": dataset_id})
    return Target(dataset=dataset)


def new_decisions(
    verdict: Verdict,
    targets: Iterable[Target],
    *,
    origin: Origin,
    now: datetime,
    hold: float | None,
    reason: str | None = None,
    query: str | None = None,
) -> list[Decision]:
    """One decision a dataset, with one hold, and a batch if there are several.

    `hold` is in seconds, null if only the reviewer ends it; what is not held waits to be sent.
    """
    state = DecisionState.WAITING if hold == 0 else DecisionState.HELD
    send_at = None if hold is None else now + timedelta(seconds=hold)
    unique = {target.dataset.id.casefold(): target for target in targets}
    batch_id = str(uuid.uuid4()) if len(unique) > 1 else None
    made = (
        new_decision(verdict, target, origin=origin, now=now, reason=reason)
        for target in unique.values()
    )
    return [
        replace(one, state=state, send_at=send_at, batch_id=batch_id, query=query) for one in made
    ]


def new_decision(
    verdict: Verdict, target: Target, *, origin: Origin, now: datetime, reason: str | None = None
) -> Decision:
    """A decision on what the reviewer saw, due at once."""
    dataset = target.dataset
    if reason is not None:  # what is kept is what is sent, and UTF-8 has no lone surrogates
        reason = reason.encode("utf-8", "replace").decode()
    return Decision(
        id=str(uuid.uuid4()),
        dataset_id=dataset.id,
        name=without_secrets(dataset.name),
        data_type=without_secrets(dataset.data_type),
        version=target.version,
        verdict=verdict,
        reason=reason if verdict is Verdict.REJECT else None,
        state=DecisionState.WAITING,
        decided_at=now,
        send_at=now,
        origin=replace(origin, organization_id=dataset.organization_id or origin.organization_id),
        revision=Revision.of(dataset.raw),
        seconds=target.seconds,
    )
