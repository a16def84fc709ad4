"""Decisions to write down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gerra_tui.domain.decision import Decision, Verdict
from gerra_tui.service.decisions.target import Target, new_decision
from tests.fakes import ORIGIN, body, dataset_of
from tests.virtual_time import NOON


def decision(
    number: int, *, verdict: Verdict = Verdict.ACCEPT, reason: str | None = None, **fields: Any
) -> Decision:
    """One on the dataset of that number, waiting unless `fields` say otherwise."""
    target = Target(dataset=dataset_of(body(number)), version=2, seconds=4.25)
    made = new_decision(verdict, target, origin=ORIGIN, now=NOON, reason=reason)
    return replace(made, **fields)
