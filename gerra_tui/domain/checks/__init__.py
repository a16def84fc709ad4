"""Checks that need no bytes: what is known of a file beside what the service says of its dataset.

`whole`: is it all there; `says`: is it what the metadata says. Each is pure: (dataset or None,
facts, limits) -> checks. What depends on other datasets or on the reviewer's rules (`same`,
`declared`, `rules`) is no part of a look, and is told beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.checks import whole
from gerra_tui.domain.checks.says import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Check, Facts


def compared(dataset: Dataset | None, facts: Facts, limits: Limits) -> Iterator[Check]:
    """All of them, in the order in which they are shown; no dataset: a local file."""
    yield from whole.size(dataset, facts, limits)
    yield from whole.kind(dataset, facts)
    yield from says(dataset, facts, limits)
